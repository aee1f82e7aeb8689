"""What a partner earned: its balance, its redemptions, its months."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from cloud.ledger.month import bounds_of
from cloud.ledger.redeemed import redeemed_at
from cloud.ledger.statement import points_by_name
from cloud.shop.books import partner_account, reserved_account
from cloud.store.database import reading
from cloud.store.schema_shop import goods, redemptions

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import ColumnElement, Connection, Engine

    from cloud.ledger.redeemed import Redeemed


@dataclass(frozen=True, slots=True)
class Takings:
    """Points that a partner has earned, and those that residents have reserved there."""

    points: int
    reserved: int


@dataclass(frozen=True, slots=True)
class GoodMonth:
    """One good in one month: what was confirmed in it, and what was refunded in it.

    The partner's points changed by `points - refunded_points`.
    """

    code: str
    names: dict[str, str]
    confirmed: int
    points: int
    refunded: int
    refunded_points: int


class Till:
    """Reads the books for partners; whose account bought something is not told.

    Args:
        database: The ledger's.
    """

    def __init__(self, database: Engine) -> None:
        self._database = database

    def takings(self, partner: str) -> Takings:
        """What `partner` has."""
        return self.takings_of([partner])[partner]

    def takings_of(self, partners: Collection[str]) -> dict[str, Takings]:
        """What each of `partners` has, in one go: a city has hundreds of them on one page."""
        names = [name(one) for one in partners for name in (partner_account, reserved_account)]
        with reading(self._database) as connection:
            points = points_by_name(connection, names)
        return {
            one: Takings(points[partner_account(one)], points[reserved_account(one)])
            for one in partners
        }

    def statement(self, partner: str, limit: int, before: int | None = None) -> list[Redeemed]:
        """The latest redemptions at `partner`, newest first, with ids below `before`."""
        with reading(self._database) as connection:
            return redeemed_at(connection, partner, limit, before)

    def one(self, partner: str, redemption_id: int) -> Redeemed | None:
        """A redemption at `partner`; None where it is another's, or there is no such one."""
        found = self.statement(partner, 1, redemption_id + 1)
        return found[0] if found and found[0].id == redemption_id else None

    def month(self, partner: str, month: str) -> list[GoodMonth]:
        """What `partner` gave for points in a month of China's calendar, as in `2026-11`, by good.

        Raises:
            MonthError: It is no month.
        """
        first_s, next_s = bounds_of(month)
        with reading(self._database) as connection:
            ended, back = redemptions.c.ended_at, redemptions.c.refunded_at
            taken = redemptions.c.state.in_(("confirmed", "refunded"))
            given = _sums(connection, partner, taken & (ended >= first_s) & (ended < next_s))
            refunded = _sums(connection, partner, (back >= first_s) & (back < next_s))
            offered = select(goods).where(goods.c.id.in_({*given, *refunded}))
            rows = connection.execute(offered.order_by(goods.c.code)).all()
        return [
            GoodMonth(
                row.code,
                {"zh": row.zh, "en": row.en},
                *given.get(row.id, (0, 0)),
                *refunded.get(row.id, (0, 0)),
            )
            for row in rows
        ]


def _sums(
    connection: Connection, partner: str, which: ColumnElement[bool]
) -> dict[int, tuple[int, int]]:
    """Good → how many redemptions, and their points."""
    counted: Any = select(redemptions.c.good_id, func.count(), func.sum(redemptions.c.points))
    mine = counted.where((redemptions.c.partner == partner) & which)
    rows = connection.execute(mine.group_by(redemptions.c.good_id))
    # PostgreSQL adds up whole numbers as decimals.
    return {good: (int(count), int(points)) for good, count, points in rows}
