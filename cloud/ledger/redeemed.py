"""Reading what was redeemed, for the resident's statement and the partner's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, cast

from sqlalchemy import desc, or_, select

from cloud.store.schema_shop import partners, redemptions

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import ColumnElement, Connection

State = Literal["reserved", "confirmed", "cancelled", "expired", "refunded"]


@dataclass(frozen=True, slots=True)
class Redeemed:
    """Goods that points were spent on, or are about to be.

    `names` are the goods', `partner_names` the shop's, by language. Times are Unix seconds:
    `ended_at` is when it was confirmed, cancelled or given up, None while it is reserved, and
    `refunded_at` when points came back after that.
    """

    id: int
    partner: str
    partner_names: dict[str, str]
    names: dict[str, str]
    points: int
    state: State
    reserved_at: int
    expires_at: int
    ended_at: int | None
    refunded_at: int | None


def redeemed_of(
    connection: Connection, account: str, limit: int, before: int | None = None
) -> list[Redeemed]:
    """The latest `limit` redemptions of a resident's account, newest first.

    Those with an id below `before`, where that is given.
    """
    return _found(connection, redemptions.c.account == account, limit, before)


def redeemed_at(
    connection: Connection, partner: str, limit: int, before: int | None = None
) -> list[Redeemed]:
    """The latest `limit` redemptions of a partner's goods, as `redeemed_of` gives them."""
    return _found(connection, redemptions.c.partner == partner, limit, before)


def redeemed_among(
    connection: Connection,
    shops: Collection[str],
    within: tuple[int, int] | None,
    limit: int,
    before: int | None = None,
) -> list[Redeemed]:
    """The latest redemptions at any of these partners, as `redeemed_of` gives them.

    Where `within` is given, those that ended or were refunded from its first second on and before
    its second one (Unix seconds), or were reserved then and still are.
    """
    which: ColumnElement[bool] = redemptions.c.partner.in_(shops)
    if within is not None:
        first_s, next_s = within
        # Each of the three has an index.
        still = (redemptions.c.state == "reserved") & (redemptions.c.reserved_at >= first_s)
        times = (redemptions.c.ended_at, redemptions.c.refunded_at)
        on = [(one >= first_s) & (one < next_s) for one in times]
        which &= or_(*on, still & (redemptions.c.reserved_at < next_s))
    return _found(connection, which, limit, before)


def redeemed_by_id(connection: Connection, ids: Collection[int]) -> list[Redeemed]:
    """The redemptions with these ids, newest first, in one query."""
    return _found(connection, redemptions.c.id.in_(ids), len(ids), None)


def one_redeemed(connection: Connection, redemption_id: int) -> Redeemed:
    """A redemption that there is."""
    return redeemed_by_id(connection, [redemption_id])[0]


def _found(
    connection: Connection, which: ColumnElement[bool], limit: int, before: int | None
) -> list[Redeemed]:
    if before is not None:
        which &= redemptions.c.id < before
    rows = connection.execute(
        select(redemptions, partners.c.zh.label("partner_zh"), partners.c.en.label("partner_en"))
        .join(partners, partners.c.id == redemptions.c.partner)
        .where(which)
        .order_by(desc(redemptions.c.id))
        .limit(limit)
    )
    return [
        Redeemed(
            id=row.id,
            partner=row.partner,
            partner_names={"zh": row.partner_zh, "en": row.partner_en},
            names={"zh": row.zh, "en": row.en},
            points=row.points,
            state=cast("State", row.state),
            reserved_at=row.reserved_at,
            expires_at=row.expires_at,
            ended_at=row.ended_at,
            refunded_at=row.refunded_at,
        )
        for row in rows
    ]
