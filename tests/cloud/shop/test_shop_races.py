"""Two workers at one shop, on either database: whatever falls together is done once."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from cloud.shop.redeeming import HOLDS_S
from cloud.shop.shop import Shop
from cloud.store.database import open_database
from contract.fields import GUESTS
from tests.cloud.conftest import Office, Server
from tests.cloud.shop.market import CITY, SHOPKEEPER, SOAP, TOWEL, Market, came_of, open_shop
from tests.contract.samples import ALICE, BOB

ROUNDS = 6


@pytest.fixture
def workers(market: Market) -> Iterator[tuple[Shop, Shop]]:
    """Two processes' shops, each with connections of its own."""
    first, second = (open_database(market.office.where) for _ in range(2))
    yield open_shop(market.office, first), open_shop(market.office, second)
    first.dispose()
    second.dispose()


def at_once(*works: Callable[[], object]) -> Counter[str]:
    """Start all together; how often each came of it: `done`, or a refusal's code."""
    start = threading.Barrier(len(works))

    def run(work: Callable[[], object]) -> str:
        start.wait(timeout=60)
        return came_of(work)

    with ThreadPoolExecutor(len(works)) as threads:
        return Counter(one.result(timeout=60) for one in [threads.submit(run, w) for w in works])


def reserving(
    shops: Sequence[Shop], market: Market, account: str, key: str
) -> Callable[[], object]:
    """One of the shops is asked for a piece of soap."""
    shop = shops[int(key[-1]) % 2]
    return lambda: shop.redeeming.reserve(account, key, market.soap.id, SOAP)


def test_the_last_points_are_spent_once(market: Market, workers: tuple[Shop, Shop]) -> None:
    """Four calls of one account that has enough for one, each under a key of its own."""
    for number in range(ROUNDS):
        market.give(ALICE, SOAP)
        market.offer("soap", SOAP, 4)
        keys = [f"wish-{number}-of-alice-{one}" for one in range(4)]
        came = at_once(*(reserving(workers, market, ALICE, key) for key in keys))
        assert came == {"done": 1, "not-enough": 3}
        assert market.points(ALICE) == 0
        market.office.now_s += HOLDS_S + 1
        market.shop.expiry.expire()
        market.give(ALICE, -SOAP)


def test_the_last_piece_is_reserved_once(market: Market, workers: tuple[Shop, Shop]) -> None:
    """Two residents who both have the points."""
    market.give(ALICE, 9 * SOAP)
    market.give(BOB, 9 * SOAP)
    market.offer("soap", SOAP, -2)
    for number in range(ROUNDS):
        works = [
            reserving(workers, market, owner, f"wish-{number}-of-many-{one}")
            for one, owner in enumerate((ALICE, BOB))
        ]
        assert at_once(*works) == {"done": 1, "sold-out": 1}
        assert market.stock() == 0
        market.offer("soap", SOAP, 1)
        for owner in (ALICE, BOB):
            for one in market.shop.redeeming.of_account(owner, 1):
                if one.state == "reserved":
                    market.shop.redeeming.cancel(owner, one.id)
                    market.offer("soap", SOAP, -1)
    assert market.points(ALICE) + market.points(BOB) == 18 * SOAP


def test_the_same_call_twice_is_one(market: Market, workers: tuple[Shop, Shop]) -> None:
    """Under one key, from two workers; both are told the same code."""
    market.give(ALICE, 4 * SOAP)
    codes: list[str] = []

    def ask(shop: Shop) -> None:
        reserved = shop.redeeming.reserve(ALICE, "one-wish-of-alice", market.soap.id, SOAP)
        codes.append(reserved.code)

    assert at_once(*(partial(ask, one) for one in (*workers, *workers))) == {"done": 4}
    assert len(set(codes)) == 1
    assert (market.points(ALICE), market.stock()) == (3 * SOAP, 2)


def test_confirmed_or_cancelled_and_never_both(market: Market, workers: tuple[Shop, Shop]) -> None:
    """The resident cancels, the till confirms twice and turns down, all at once."""
    market.give(ALICE, SOAP)
    one, other = (shop.redeeming for shop in workers)
    earned = 0
    for _ in range(ROUNDS):
        made = market.reserve(ALICE)
        came = at_once(
            partial(one.confirm, "market-1", made.code),
            partial(other.confirm, "market-1", made.code),
            partial(other.cancel, ALICE, made.redeemed.id),
            partial(one.turn_down, "market-1", made.code),
        )
        (outcome,) = (code for code in came if code != "done")
        assert came == {"done": 1, outcome: 3}
        earned += SOAP if outcome == "confirmed" else 0
        assert market.books() == (earned, 0)
        if outcome == "confirmed":
            market.give(ALICE, SOAP)
            market.offer("soap", SOAP, 1)
        assert (market.points(ALICE), market.stock()) == (SOAP, 3)


def test_two_who_expire_give_back_once(market: Market, workers: tuple[Shop, Shop]) -> None:
    """Whatever reads or reserves at that moment may start it as well."""
    market.give(ALICE, 3 * SOAP)
    for _ in range(3):
        market.reserve(ALICE)
    market.office.now_s += HOLDS_S
    found: list[int] = []
    works = [lambda one=one: found.append(one.expiry.expire()) for one in workers]
    assert at_once(*works) == {"done": 2}
    assert sum(found) == 3
    assert (market.points(ALICE), market.stock(), market.books()) == (3 * SOAP, 3, (0, 0))


def test_a_good_that_somebody_does_not_let_go_keeps_no_other(postgresql: Server) -> None:
    """A hand in the database was forgotten overnight: what is due of soap waits for it, and all
    else at the shop goes on."""
    market = Market(Office(postgresql.new_address()))
    towel = market.offer("towel", TOWEL, 1)
    for account, good in ((ALICE, market.soap), (BOB, towel)):
        market.give(account, good.points)
        market.reserve(account, good)
    market.office.now_s += HOLDS_S
    hand = open_database(market.office.where)
    with hand.begin() as connection:
        connection.exec_driver_sql("SELECT id FROM goods WHERE code = 'soap' FOR UPDATE")
        assert market.reserve(BOB, towel).code
        assert (market.points(ALICE), market.points(BOB)) == (0, 0)
    assert market.shop.expiry.expire() == 1
    assert market.points(ALICE) == SOAP
    hand.dispose()
    market.office.database.dispose()


def test_a_refund_and_a_gift_happen_once(market: Market, workers: tuple[Shop, Shop]) -> None:
    """The till and staff refund the same; two of staff give the same points of the guests."""
    one, other = workers
    market.give(ALICE, SOAP)
    made = market.reserve(ALICE)
    market.shop.redeeming.confirm("market-1", made.code)
    came = at_once(
        lambda: one.refunds.by_staff(SHOPKEEPER, made.redeemed.id, "Broken."),
        lambda: other.refunds.by_partner(market.partner, made.redeemed.id, "Broken."),
    )
    assert came == {"done": 1, "refunded": 1}
    assert (market.points(ALICE), market.books()) == (SOAP, (0, 0))
    market.give(GUESTS, 100)
    came = at_once(*(partial(one.giving.donate, CITY, "trees", 100, "Trees.") for one in workers))
    assert came == {"done": 1, "not-enough": 1}
    assert one.giving.given().points_left == 0
    market.give(GUESTS, 200)
    twice = (CITY, "trees", 100, "Trees.", "a-double-click-1")
    assert at_once(*(partial(one.giving.donate, *twice) for one in workers)) == {"done": 2}
    assert one.giving.given().points_left == 100


def test_many_at_one_shelf_never_wait_for_each_other_for_ever(
    market: Market, workers: tuple[Shop, Shop]
) -> None:
    """Six residents take and give back two goods in opposite order, while a clerk restocks."""
    towel = market.offer("towel", SOAP, 3)
    residents = [f"{number:016x}" for number in range(1, 7)]
    for account in residents:
        market.give(account, 2 * SOAP)

    def shopping(number: int) -> None:
        mine, account = workers[number % 2].redeeming, residents[number]
        for turn in range(3):
            for good in (market.soap, towel)[:: 1 if number % 2 else -1]:
                key = f"wish-{turn}-{good.id}-of-{account}"
                came = came_of(partial(mine.reserve, account, key, good.id, SOAP))
                if came == "done":
                    mine.cancel(account, mine.of_account(account, 1)[0].id)
                else:
                    assert came == "sold-out"

    works: list[Callable[[], object]] = [partial(shopping, one) for one in range(6)]
    works.append(lambda: [market.offer("soap", SOAP, by) for by in (1, -1, 1, -1)])
    came = at_once(*works)
    assert set(came) <= {"done", "stock"}
    assert all(market.points(one) == 2 * SOAP for one in residents)
    assert market.stock(towel) == 3
