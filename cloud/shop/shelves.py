"""What partners offer: goods, what they cost in points, and how many there are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from cloud.errors import ShopError
from cloud.shop.acting import actor_of, check_names, check_slug
from cloud.shop.books import partner_account
from cloud.staff.audit import note
from cloud.store.bulk import SPENDING, take_turns
from cloud.store.database import added, reading, writing
from cloud.store.schema_shop import goods, partners

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection, Engine, Row

    from cloud.shop.partners import PartnerDesk
    from cloud.staff.desk import Staff

MOST_POINTS = 10_000_000
"""The most that one thing costs, as the most that one deposit brings."""

MOST_STOCK = 1_000_000


@dataclass(frozen=True, slots=True)
class Good:
    """One thing on a partner's shelf; `stock` counts those that nobody has reserved."""

    id: int
    partner: str
    partner_names: dict[str, str]
    district: str
    code: str
    names: dict[str, str]
    points: int
    stock: int
    on_sale: bool


@dataclass(frozen=True, slots=True)
class Offer:
    """How a partner's good is to be from now on.

    `stock_by` is what came or went on the shelf, so that nobody need know what is reserved.
    """

    code: str
    zh: str
    en: str
    points: int
    stock_by: int = 0
    on_sale: bool = True


class Shelves:
    """The goods of all partners.

    Args:
        database: The platform's.
        clock: Gives Unix seconds.
        desk: Knows the partners.
    """

    def __init__(self, database: Engine, clock: Callable[[], int], desk: PartnerDesk) -> None:
        self._database = database
        self._clock = clock
        self._desk = desk

    def put(self, staff: Staff | None, partner: str, offer: Offer) -> Good:
        """Offer something, or change what is offered under the same code.

        What is reserved already costs what it did.

        Raises:
            ShopError: `name`, `points`, `stock`, `unknown-partner`, `role` or `other-district`.
            LedgerError: The database failed; nothing was changed.
        """
        return self._enter(staff, partner, offer, lambda _row: None)

    def add(self, staff: Staff | None, partner: str, offer: Offer) -> Good:
        """Offer something that is not there yet.

        Raises:
            ShopError: As `put`, or `good-there`: it is changed where somebody has seen it.
            LedgerError: The database failed; nothing was changed.
        """

        def check(row: Row[Any] | None) -> None:
            if row is not None:
                raise ShopError("good-there", f"{partner}/{offer.code} is there: change it")

        return self._enter(staff, partner, offer, check)

    def change(self, staff: Staff | None, saw: Good, offer: Offer) -> Good:
        """Change what is offered, where it is still as they `saw` it.

        A page may be open for days, and would bring back an older price. Stock is no part of it:
        residents take from it all the time, so an offer says what came or went.

        Raises:
            ShopError: As `put`, or `changed`.
            LedgerError: The database failed; nothing was changed.
        """

        def check(row: Row[Any] | None) -> None:
            seen = (saw.names["zh"], saw.names["en"], saw.points, saw.on_sale)
            if row is None or (row.zh, row.en, row.points, row.on_sale) != seen:
                raise ShopError("changed", f"{saw.partner}/{offer.code} changed: look again")

        return self._enter(staff, saw.partner, offer, check)

    def _enter(
        self,
        staff: Staff | None,
        partner: str,
        offer: Offer,
        check: Callable[[Row[Any] | None], None],
    ) -> Good:
        """Put it where `check` has nothing against what is there, once nobody changes that."""
        _check(offer)
        district = self._desk.known(partner).district
        actor = actor_of(self._database, self._clock(), staff, district)
        with writing(self._database) as connection:
            take_turns(connection, [partner_account(partner)], SPENDING)
            row = _locked(connection, partner, offer.code)
            check(row)
            good_id = _put(connection, partner, offer, row)
            said = f"{partner}/{offer.code} points={offer.points} stock_by={offer.stock_by}"
            said += f" on_sale={offer.on_sale}"
            note(connection, self._clock(), actor, "good-put", district, detail=said)
            return _good(connection.execute(_goods().where(goods.c.id == good_id)).one())

    def offered(
        self, limit: int, after: int = 0, partner: str | None = None, district: str | None = None
    ) -> list[Good]:
        """Up to `limit` goods on sale with an id above `after`, in the order of their ids.

        Of one partner or district where that is given. Only what a till can still hand out.
        """
        which = goods.c.on_sale & (goods.c.id > after) & (partners.c.expires_at > self._clock())
        if partner is not None:
            which &= goods.c.partner == partner
        if district is not None:
            which &= partners.c.district == district
        with reading(self._database) as connection:
            rows = connection.execute(_goods().where(which).order_by(goods.c.id).limit(limit))
            return [_good(row) for row in rows]

    def of_partner(self, partner: str) -> list[Good]:
        """All that a partner ever offered, by code."""
        with reading(self._database) as connection:
            mine = _goods().where(goods.c.partner == partner).order_by(goods.c.code)
            return [_good(row) for row in connection.execute(mine)]


def _check(offer: Offer) -> None:
    check_slug("good", offer.code)
    check_names(offer.zh, offer.en)
    if not 1 <= offer.points <= MOST_POINTS:
        raise ShopError("points", f"{offer.points} points are no price: 1 to {MOST_POINTS}")
    if abs(offer.stock_by) > MOST_STOCK:
        raise ShopError("stock", f"stock by {offer.stock_by} is no change: up to {MOST_STOCK}")


def _locked(connection: Connection, partner: str, code: str) -> Row[Any] | None:
    """What is there, locked before it is read: somebody may be reserving the last one."""
    mine = (goods.c.partner == partner) & (goods.c.code == code)
    return connection.execute(select(goods).where(mine).with_for_update()).first()


def _put(connection: Connection, partner: str, offer: Offer, row: Row[Any] | None) -> int:
    stock = offer.stock_by + (row.stock if row else 0)
    if not 0 <= stock <= MOST_STOCK:
        raise ShopError("stock", f"{partner}/{offer.code} would be {stock}: 0 to {MOST_STOCK}")
    values: dict[str, Any] = {"zh": offer.zh, "en": offer.en, "points": offer.points}
    values |= {"stock": stock, "on_sale": offer.on_sale}
    if row is not None:
        connection.execute(update(goods).where(goods.c.id == row.id).values(**values))
        return int(row.id)
    return added(connection, goods, partner=partner, code=offer.code, **values)


def _goods() -> Any:
    names = partners.c.zh.label("partner_zh"), partners.c.en.label("partner_en")
    return select(goods, partners.c.district, *names).join(
        partners, partners.c.id == goods.c.partner
    )


def _good(row: Row[Any]) -> Good:
    return Good(
        id=row.id,
        partner=row.partner,
        partner_names={"zh": row.partner_zh, "en": row.partner_en},
        district=row.district,
        code=row.code,
        names={"zh": row.zh, "en": row.en},
        points=row.points,
        stock=row.stock,
        on_sale=row.on_sale,
    )
