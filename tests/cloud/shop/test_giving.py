"""Guests' points: a gift is given once, out of what nobody has to look at first."""

from __future__ import annotations

from functools import partial

from cloud.shop.means import LOOKED_AT_S
from cloud.staff.desk import Staff
from cloud.store.migrate import downgrade, upgrade
from contract.fields import GUESTS
from tests.cloud.shop.market import CITY, Market, came_of, refused
from tests.contract.samples import SampleKiosk

KEY = "a-gift-of-trees-1"
WHY = "Trees at the lake."


def test_a_gift_that_is_asked_for_twice_is_given_once(market: Market) -> None:
    """By its key; another gift under it is refused, and a key is its giver's own."""
    market.give(GUESTS, 500)
    give = market.shop.giving.donate
    for _ in range(2):
        give(CITY, "trees", 100, WHY, KEY)
    assert market.shop.giving.given().points_left == 400
    for other in (("seeds", 100, WHY), ("trees", 101, WHY), ("trees", 100, "Others.")):
        with refused("key-reused"):
            give(CITY, *other, KEY)
    for absurd in ("short", "x" * 65, "a key of words with spaces", "\0" * 16, "é" * 16):
        with refused("key"):
            give(CITY, "trees", 100, WHY, absurd)
    give(None, "trees", 100, WHY, KEY)
    give(CITY, "trees", 100, WHY, KEY + "2")
    give(CITY, "trees", 100, WHY)
    assert market.shop.giving.given().points_left == 100
    noted = "SELECT count(*) FROM audit WHERE action = 'donated'"
    assert market.office.rows(noted) == [(4,)]
    give(CITY, "trees", 100, WHY, KEY)  # however little is left by then
    give(CITY, "trees", 100, WHY)
    give(CITY, "trees", 100, WHY, KEY)


def test_who_may_not_give_learns_nothing_of_a_key(market: Market) -> None:
    """Not even that it is another gift's."""
    market.give(GUESTS, 500)
    market.shop.giving.donate(CITY, "trees", 100, WHY, KEY)
    for stranger, code in ((Staff("li", "shop", "xihu"), "other-district"), (None, "done")):
        work = partial(market.shop.giving.donate, stranger, "seeds", 100, WHY, KEY)
        assert came_of(work) == code


def test_guests_points_of_what_is_implausible_are_looked_at_first(
    market: Market, kiosk: SampleKiosk
) -> None:
    """For three days, as those of residents are; others are given meanwhile."""
    office, give = market.office, market.shop.giving.donate
    office.post(kiosk.deposit(account=GUESTS, mass_g=400), kiosk.deposit(account=GUESTS, bay="b"))
    assert market.shop.giving.given().points_left == 30
    with refused("looked-at"):
        give(CITY, "trees", 5, WHY, KEY)
    give(CITY, "trees", 4, WHY)
    office.now_s += LOOKED_AT_S - 1
    with refused("looked-at"):
        give(CITY, "trees", 5, WHY, KEY)
    with refused("not-enough"):
        give(CITY, "trees", 27, WHY)
    office.now_s += 1
    give(CITY, "trees", 26, WHY, KEY)
    assert market.shop.giving.given().points_left == 0


def test_gifts_of_before_they_had_keys_stay(market: Market) -> None:
    """And may be as many as there are."""
    market.give(GUESTS, 500)
    for key in ("", "", KEY):
        market.shop.giving.donate(CITY, "trees", 100, WHY, key)
    with market.office.database.begin() as connection:
        downgrade(connection, "0007")
        upgrade(connection, "head")
    market.office.restart()
    (trees,) = Market(market.office).shop.giving.given().causes
    assert (trees.donations, trees.points) == (3, 300)
