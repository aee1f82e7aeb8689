"""Transactions of the shop, and how those that spend from one account keep each other off."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from cloud.errors import LedgerError
from cloud.store.bulk import POSTGRESQL
from cloud.store.database import cause

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine

_TURNS = 0x7368
"""First half of the numbers of these locks; kiosks' have another."""

_TAKE = text("SELECT pg_advisory_xact_lock(:turns, hashtext(:name))")


@contextmanager
def writing(database: Engine) -> Iterator[Connection]:
    """A transaction that is done wholly or not at all.

    Raises:
        LedgerError: The database failed; nothing was changed.
    """
    try:
        with database.begin() as connection:
            yield connection
    except SQLAlchemyError as error:
        raise LedgerError(f"nothing was changed in the shop: {cause(error)}") from error


def take_turn(connection: Connection, name: str) -> None:
    """Wait until nobody else is at the account or partner `name`, and keep others off it.

    Once a transaction, and before any row is changed, so that no two wait for each other. What is
    read after it stays true until the commit. SQLite lets one writer in anyway.
    """
    if connection.dialect.name == POSTGRESQL:
        connection.execute(_TAKE, {"turns": _TURNS, "name": name})
