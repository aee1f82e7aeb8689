"""Reversing entries: nothing is ever taken out of the books, it is entered back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, select

from cloud.ledger.book import OPERATOR
from cloud.store.database import added
from cloud.store.schema import carbon, entries, postings, transfers

if TYPE_CHECKING:
    from sqlalchemy import Connection


def reverse(connection: Connection, record_id: int, reason: str, now_s: int) -> None:
    """Enter back whatever a record's entries come to, points and carbon, with the reason why."""
    about = select(entries.c.id).where(entries.c.record_id == record_id)
    # Told to the database as values: of a subquery it believes that there may be many.
    mine = connection.execute(about).scalars().all()
    points = _sums(connection, postings.c.account, postings.c.points, postings.c.entry_id.in_(mine))
    grams = _sums(connection, carbon.c.account, carbon.c.grams, carbon.c.entry_id.in_(mine))
    why = f"reversed: {reason}"
    entry_id = added(connection, entries, record_id=record_id, reason=why, at=now_s)
    for account, amount in points.items():
        if account != OPERATOR and amount:
            payer, payee = (account, OPERATOR) if amount > 0 else (OPERATOR, account)
            values = {"entry_id": entry_id, "debit": payer, "credit": payee, "points": abs(amount)}
            connection.execute(insert(transfers).values(**values))
    for account, amount in grams.items():
        values = {"entry_id": entry_id, "account": account, "grams": -amount}
        connection.execute(insert(carbon).values(**values))


def _sums(connection: Connection, account: Any, amount: Any, where: Any) -> dict[str, int]:
    rows = connection.execute(select(account, func.sum(amount)).where(where).group_by(account))
    return {name: int(total) for name, total in rows}
