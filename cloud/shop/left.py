"""Reading what erased accounts left: each entry, and what all of them come to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from sqlalchemy import desc, func, literal, select

from cloud.ledger.book import resident
from cloud.store.schema import debited, entries, transfers
from cloud.store.schema_residents import rests

if TYPE_CHECKING:
    from typing import Any

    from sqlalchemy import Connection, Select

Rest = Literal["donated", "forfeited"]
"""What becomes of the points that are left: they go to the guests' account, or to the operator."""

Cause = Literal["erasure", "refund", "later"]
"""When they went: with the person, when a redemption was refunded, or once they were there."""


@dataclass(frozen=True, slots=True)
class Left:
    """One entry of what was left: when (Unix seconds), where it went, and why then.

    Whose it was is told nobody, and it is nobody's.
    """

    id: int
    at: int
    rest: Rest
    cause: Cause
    points: int
    reason: str


@dataclass(frozen=True, slots=True)
class LeftSum:
    """All that went one way for one cause: how often, how much, and when last (Unix seconds)."""

    rest: Rest
    cause: Cause
    times: int
    points: int
    last_at: int


def left_of(connection: Connection, limit: int, before: int | None = None) -> list[Left]:
    """The latest `limit` entries of what was left, newest first, with ids below `before`."""
    asked = _with_entries(
        rests.c.entry_id,
        entries.c.at,
        rests.c.rest,
        rests.c.cause,
        transfers.c.points,
        entries.c.reason,
    )
    if before is not None:
        asked = asked.where(rests.c.entry_id < before)
    found = connection.execute(asked.order_by(desc(rests.c.entry_id)).limit(limit))
    return [Left(*row) for row in found]


def left_sums(connection: Connection) -> list[LeftSum]:
    """What all erased accounts left, by where it went and why then."""
    way = (rests.c.rest, rests.c.cause)
    sums = (func.count(), func.sum(transfers.c.points), func.max(entries.c.at))
    found = connection.execute(_with_entries(*way, *sums).group_by(*way).order_by(*way))
    # PostgreSQL adds up whole numbers as decimals.
    return [LeftSum(row[0], row[1], *map(int, row[2:])) for row in found]


def _with_entries(*columns: Any) -> Select[Any]:
    asked = select(*columns).select_from(rests)
    asked = asked.join(entries, entries.c.id == rests.c.entry_id)
    # By what the account spent, which is little: of all transfers none is found by its entry alone.
    spent = debited(literal(resident("")) + rests.c.account)
    return asked.join(transfers, spent & (transfers.c.entry_id == rests.c.entry_id))
