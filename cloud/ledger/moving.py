"""Entries that no kiosk's record asks for: points that somebody spends, gives or gets back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert

from cloud.store.database import added
from cloud.store.schema import entries, transfers

if TYPE_CHECKING:
    from sqlalchemy import Connection


def move(
    connection: Connection, debit: str, credit: str, points: int, reason: str, now_s: int
) -> int:
    """Enter a transfer of `points` (at least 1) from `debit` to `credit`; the entry's id.

    Both are names of accounts in the books, as in `resident:a11ce00000000001`. Whether `debit` has
    as much is the caller's to know, with whoever else spends from it kept off until the commit.
    Carbon never moves.
    """
    entry_id = added(connection, entries, reason=reason, at=now_s)
    values = {"entry_id": entry_id, "debit": debit, "credit": credit, "points": points}
    connection.execute(insert(transfers).values(**values))
    return entry_id
