"""Transactions of the fleet."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from cloud.errors import LedgerError
from cloud.store.database import cause

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine


@contextmanager
def writing(database: Engine) -> Iterator[Connection]:
    """A transaction that is done wholly or not at all.

    Raises:
        LedgerError: The database failed; nothing was noted.
    """
    try:
        with database.begin() as connection:
            yield connection
    except SQLAlchemyError as error:
        raise LedgerError(f"nothing was noted of the fleet: {cause(error)}") from error
