"""Which accounts are nobody's any more: whoever had them was erased."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from cloud.store.schema_residents import erasures

if TYPE_CHECKING:
    from sqlalchemy import Connection


def is_erased(connection: Connection, account: str) -> bool:
    """Whether an account was erased."""
    found = select(erasures.c.at).where(erasures.c.account == account)
    return connection.execute(found).first() is not None
