"""Doing alone what several transactions at once would spoil for each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

from cloud.store.bulk import POSTGRESQL

if TYPE_CHECKING:
    from sqlalchemy import Connection

OPENING = 0x6B696F736B
"""Making tables: two that both find one missing would both make it, and the second fails."""

PHONES = 0x70686F6E65
"""Entering new numbers: two that know each other's in opposite order would wait for ever."""

CARDS = 0x6361726473
"""Numbering an account's cards: two made at once would get the same number."""

PRICES = 0x7072696365
"""Deciding about price lists: of two made from the same one, only one may be signed."""


def alone(connection: Connection, task: int) -> None:
    """Wait until no other transaction is at `task`, and keep others from it until this one ends.

    Take it after any kiosk's turn, never before. SQLite lets one writer in anyway.
    """
    if connection.dialect.name == POSTGRESQL:
        connection.execute(text("SELECT pg_advisory_xact_lock(:task)"), {"task": task})
