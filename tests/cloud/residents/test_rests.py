"""What comes to an account after its resident is gone: it goes where they said, and is told."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, get_args

import pytest
from sqlalchemy import event

from cloud.errors import ShopError, SignInError
from cloud.ledger.book import OPERATOR, resident
from cloud.ledger.held.decisions import Place
from cloud.ledger.moving import move
from cloud.shop.left import Rest
from cloud.shop.means import LOOKED_AT_S, Means
from cloud.shop.rests import Rests
from cloud.staff.desk import Staff
from cloud.store.migrate import downgrade, upgrade
from contract.fields import GUESTS
from tests.cloud.conftest import KIOSKS, Office, Server
from tests.cloud.residents.lodge import Lodge
from tests.cloud.shop.market import CITY, SHOPKEEPER, SOAP, Market, refused
from tests.contract.samples import ALICE, BOB, EPOCH, SampleKiosk

HEAVY_G, HEAVY, LIGHT = 400, 26, 4
BROKEN = "The soap was broken."


class Street:
    """Residents and a market over one ledger."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.lodge, self.market = Lodge(office), Market(office)
        self.rests: Rests = self.market.shop.rests

    def erase(self, rest: Rest, saw_points: int, account: str = ALICE) -> None:
        """Alice goes."""
        self.lodge.residents.erasure.erase(account, rest, saw_points)

    def bought(self, account: str = ALICE) -> int:
        """They took a soap home; the redemption."""
        made = self.market.reserve(account)
        return self.market.shop.redeeming.confirm("market-1", made.code).id

    def refund(self, redemption_id: int) -> None:
        """The market takes the soap back."""
        shop = self.market.shop
        shop.refunds.by_partner(self.market.partner, redemption_id, BROKEN)

    def left(self) -> list[tuple[str, str, int]]:
        """What everybody may see of it."""
        return [(one.rest, one.cause, one.points) for one in self.market.shop.giving.given().erased]

    @property
    def to_operator(self) -> int:
        """What was forfeited."""
        asked = "SELECT coalesce(sum(points), 0) FROM transfers WHERE credit = 'operator'"
        return int(str(self.office.rows(asked)[0][0]))


@pytest.fixture
def street(office: Office) -> Street:
    """On either database."""
    return Street(office)


@pytest.fixture
def light(light: Lodge) -> Street:
    """In memory, for what is the same on both."""
    return Street(light.office)


@pytest.mark.parametrize("rest", get_args(Rest))
def test_a_refund_after_the_person_is_gone_goes_where_they_said(street: Street, rest: Rest) -> None:
    """To the guests' account or the operator, with its reason, and told; never to nobody."""
    market = street.market
    market.give(ALICE, SOAP + 8)
    redemption_id = street.bought()
    street.erase(rest, 8)
    street.refund(redemption_id)
    assert (market.points(ALICE), market.books()) == (0, (0, 0))
    went = market.points(GUESTS) if rest == "donated" else street.to_operator
    assert went == SOAP + 8
    assert street.left() == [(rest, "erasure", 8), (rest, "refund", SOAP)]
    newest, eldest = street.rests.left(CITY, 10)
    assert newest.reason == f"erased: {rest}, refunded: {BROKEN}"
    assert street.rests.left(CITY, 10, before=newest.id) == [eldest]
    log = street.office.rows("SELECT actor, action, detail FROM audit ORDER BY id DESC LIMIT 2")
    assert {action for _, action, _ in log} == {"refunded", "rest-settled"}
    assert ALICE not in str(log)
    with refused("refunded"):
        street.refund(redemption_id)
    assert street.rests.settle() == 0


def test_a_refund_fills_what_the_account_owes_first(light: Street) -> None:
    """A deposit was refused after its points were spent: only the remainder is passed on."""
    light.market.give(ALICE, SOAP)
    redemption_id = light.bought()
    light.market.give(ALICE, -50)
    light.erase("donated", -50)
    light.refund(redemption_id)
    assert (light.market.points(ALICE), light.market.points(GUESTS)) == (0, SOAP - 50)


def test_a_refund_to_somebody_stays_theirs(light: Street) -> None:
    """Nothing is passed on of an account that has its person."""
    light.market.give(BOB, SOAP)
    light.market.give(ALICE, 8)
    redemption_id = light.bought(BOB)
    light.erase("donated", 8)
    light.refund(redemption_id)
    assert light.rests.settle() == 0
    assert light.market.points(BOB) == SOAP


@pytest.mark.parametrize("rest", get_args(Rest))
def test_points_that_are_looked_at_wait_for_that_either_way(
    street: Street, kiosk: SampleKiosk, rest: Rest
) -> None:
    """The person goes at once; nothing is given out of a doubted deposit for three days."""
    office, market = street.office, street.market
    office.post(kiosk.deposit(mass_g=HEAVY_G), kiosk.deposit(bay="b"))
    has = street.lodge.residents.erasure.means(ALICE)
    assert has == Means(HEAVY + LIGHT, HEAVY)
    street.erase(rest, has.points)
    assert (market.points(ALICE), street.left()) == (HEAVY, [(rest, "erasure", LIGHT)])
    logged = "SELECT detail FROM audit WHERE action = 'erased'"
    assert office.rows(logged) == [(f"{rest} {LIGHT}, {HEAVY} are looked at first",)]
    assert street.rests.settle() == 0
    office.now_s += LOOKED_AT_S
    assert street.rests.settle() == HEAVY
    assert street.rests.settle() == 0
    assert market.points(ALICE) == 0
    went = market.points(GUESTS) if rest == "donated" else street.to_operator
    assert went == HEAVY + LIGHT
    assert street.left()[-1] == (rest, "later", HEAVY)


def test_what_staff_refuse_meanwhile_is_given_to_nobody(light: Street, kiosk: SampleKiosk) -> None:
    """It was never worth anything: neither the guests' account nor the old one has it."""
    office = light.office
    office.post(kiosk.deposit(mass_g=HEAVY_G), kiosk.deposit(bay="b"))
    light.erase("donated", HEAVY + LIGHT)
    place = Place(KIOSKS[0], EPOCH, 2)
    office.ledger.decisions.decide(Staff("wang", "decide", "*"), place, "refused", "Stones.")
    office.now_s += LOOKED_AT_S
    assert light.rests.settle() == 0
    assert (light.market.points(ALICE), light.market.points(GUESTS)) == (0, LIGHT)


def test_what_a_kiosk_delivers_later_is_passed_on(light: Street, kiosk: SampleKiosk) -> None:
    """It was offline while the person went."""
    light.erase("donated", 0)
    light.office.post(kiosk.deposit())
    assert light.market.points(ALICE) == LIGHT
    assert light.rests.settle() == LIGHT
    assert (light.market.points(ALICE), light.market.points(GUESTS)) == (0, LIGHT)


def test_refund_and_erasure_at_once_lose_and_double_nothing(street: Street) -> None:
    """And two workers pass it on once, whoever comes first."""
    market = street.market
    market.give(ALICE, SOAP + 8)
    redemption_id = street.bought()
    start = threading.Barrier(4)

    def at_once(work: Callable[[], object]) -> str:
        start.wait(timeout=60)
        try:
            work()
        except SignInError as error:
            return error.code
        return "done"

    acts: tuple[Callable[[], object], ...] = (
        partial(street.erase, "donated", 8),
        partial(street.refund, redemption_id),
        street.rests.settle,
        street.rests.settle,
    )
    with ThreadPoolExecutor(len(acts)) as pool:
        erased, *others = [pool.submit(at_once, act) for act in acts]
        assert [one.result(timeout=60) for one in others] == ["done"] * 3
        came = erased.result(timeout=60)
    both = (market.points(ALICE), market.points(GUESTS))
    # Where the refund was first the balance was another than Alice had seen.
    assert (came, both) in (("done", (0, SOAP + 8)), ("changed", (SOAP + 8, 0)))


def test_who_looks_is_of_the_whole_city(light: Street) -> None:
    """The guests' account is nobody's district's; whoever may not is in the log."""
    for staff, code in ((SHOPKEEPER, "other-district"), (Staff("li", "read", "*"), "role")):
        with pytest.raises(ShopError) as error:
            light.rests.left(staff, 10)
        assert error.value.code == code
    assert light.rests.left(None, 10) == []


def test_erasures_of_before_go_as_it_was_said_then(street: Street) -> None:
    """The audit log knew; what came to them since is passed on."""
    office = street.office
    street.erase("donated", 0)
    street.erase("forfeited", 0, BOB)
    with office.database.begin() as connection:
        downgrade(connection, "0012")
        upgrade(connection, "head")
        for account in (ALICE, BOB):
            move(connection, OPERATOR, resident(account), 5, "a gift", office.now_s)
    assert office.rows("SELECT account, rest FROM erasures ORDER BY account") == sorted(
        [(ALICE, "donated"), (BOB, "forfeited")]
    )
    assert street.rests.settle() == 10
    assert street.left() == [("donated", "later", 5), ("forfeited", "later", 5)]


def test_what_was_left_is_found_by_an_index(postgresql: Server) -> None:
    """Everybody may ask for it: a city's books of years are not gone through each time."""
    street, asked = Street(Office(postgresql.new_address())), []
    street.market.give(ALICE, 8)
    street.erase("donated", 8)

    def hear(_c: Any, _k: Any, statement: str, given: Any, _x: Any, _m: bool) -> None:
        asked.append((statement, given))

    event.listen(street.office.database, "before_cursor_execute", hear)
    assert street.left() == [("donated", "erasure", 8)]
    assert [one.points for one in street.rests.left(CITY, 10)] == [8]
    event.remove(street.office.database, "before_cursor_execute", hear)
    with street.office.database.begin() as connection:
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")  # as with many rows
        explained = [(f"EXPLAIN {one}", given) for one, given in asked if "FROM rests" in one]
        plans = [str(connection.exec_driver_sql(*one).all()) for one in explained]
    assert len(plans) == 2 and all("transfers_spent" in one for one in plans)
    street.office.database.dispose()
