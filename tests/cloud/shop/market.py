"""A market that gives soap and towels for points, and residents who have some."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine

from cloud.errors import ShopError
from cloud.ledger.book import OPERATOR, resident
from cloud.ledger.moving import move
from cloud.shop.codes import ShopCodes
from cloud.shop.partners import Partner
from cloud.shop.redeeming import Reserved
from cloud.shop.shelves import Good, Offer
from cloud.shop.shop import Shop, make_shop
from cloud.staff.desk import Staff
from tests.cloud.conftest import Office

SHOPKEEPER = Staff("zhao", "shop", "xihu")
CITY = Staff("qian", "shop", "*")
SOAP, TOWEL = 300, 1200


def open_shop(office: Office, database: Engine | None = None) -> Shop:
    """The shop as one process has it; its tokens are token-1, token-2 and so on.

    Over connections of its own where another `database` is given.
    """
    tokens = itertools.count(1)
    return make_shop(
        database or office.database,
        ShopCodes(b"s" * 32),
        lambda: office.now_s,
        lambda: f"token-{next(tokens)}",
    )


class Market:
    """One partner in Xihu, its shelf, and whoever comes to it."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.shop = open_shop(office)
        self.token = self.shop.partners.admit(SHOPKEEPER, "market-1", "小超市", "Market", "xihu")
        self.soap = self.offer("soap", SOAP, 3)
        self._keys = itertools.count(1)

    @property
    def partner(self) -> Partner:
        """Who the till is."""
        return self.shop.partners.known("market-1")

    def offer(self, code: str, points: int, stock_by: int = 0, on_sale: bool = True) -> Good:
        """Something on the shelf."""
        offer = Offer(code, f"商品{code}", code.title(), points, stock_by, on_sale)
        return self.shop.shelves.put(SHOPKEEPER, "market-1", offer)

    def give(self, account: str, points: int) -> None:
        """The account has more, or less, than before."""
        payer, payee = (OPERATOR, resident(account))[:: 1 if points > 0 else -1]
        with self.office.database.begin() as connection:
            move(connection, payer, payee, abs(points), "a gift", self.office.now_s)

    def reserve(self, account: str, good: Good | None = None, key: str = "") -> Reserved:
        """A resident reserves one, at the price that it has."""
        good, key = good or self.soap, key or f"the-wish-number-{next(self._keys)}"
        return self.shop.redeeming.reserve(account, key, good.id, good.points)

    def points(self, account: str) -> int:
        """What a resident has."""
        return self.office.ledger.balance(account).points

    def stock(self, good: Good | None = None) -> int:
        """How many nobody has reserved."""
        code = (good or self.soap).code
        return next(
            one.stock for one in self.shop.shelves.of_partner("market-1") if one.code == code
        )

    def books(self) -> tuple[int, int]:
        """What the partner has earned, and what is reserved there."""
        takings = self.shop.till.takings("market-1")
        return takings.points, takings.reserved


@contextmanager
def refused(code: str) -> Iterator[None]:
    """The shop refuses what is done within, for this reason."""
    with pytest.raises(ShopError) as found:
        yield
    assert found.value.code == code, str(found.value)


def came_of(work: Callable[[], object]) -> str:
    """`done`, or the code of the shop's refusal."""
    try:
        work()
    except ShopError as error:
        return error.code
    return "done"
