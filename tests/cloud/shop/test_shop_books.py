"""The shop in the books: months, statements, and the revision that lets entries have no record."""

from __future__ import annotations

import pytest
from sqlalchemy import inspect

from cloud.errors import LedgerError, MonthError
from cloud.store.migrate import downgrade, upgrade
from tests.cloud.conftest import Office
from tests.cloud.shop.market import SOAP, Market
from tests.contract.samples import ALICE, SampleKiosk

DAY_S = 86_400


def test_a_month_says_what_was_given_and_what_came_back(market: Market) -> None:
    """In the month in which each happened, by China's calendar; the sums are the balance's."""
    market.give(ALICE, 5 * SOAP)
    office, redeeming = market.office, market.shop.redeeming
    office.now_s = 1_796_054_399 - 60  # the last minute of November in China
    towel = market.offer("towel", 2 * SOAP, 1)
    made = [market.reserve(ALICE), market.reserve(ALICE), market.reserve(ALICE, towel)]
    office.now_s += 60
    for one in made[:2]:
        redeeming.confirm("market-1", one.code)
    office.now_s += 1
    redeeming.confirm("market-1", made[2].code)
    office.now_s += DAY_S
    market.shop.refunds.by_partner(market.partner, made[0].redeemed.id, "Broken.")
    november, december = (market.shop.till.month("market-1", f"2026-{one}") for one in (11, 12))
    assert [(one.code, one.confirmed, one.points, one.refunded) for one in november] == [
        ("soap", 2, 2 * SOAP, 0)
    ]
    assert [(one.code, one.confirmed, one.refunded_points) for one in december] == [
        ("soap", 0, SOAP),
        ("towel", 1, 0),
    ]
    both = (*november, *december)
    assert sum(one.points - one.refunded_points for one in both) == market.books()[0] == 3 * SOAP
    assert market.shop.till.month("market-1", "2026-10") == []
    assert market.shop.till.month("nobody", "2026-11") == []
    with pytest.raises(MonthError):
        market.shop.till.month("market-1", "November")


def test_what_is_reserved_keeps_its_price_and_name(market: Market) -> None:
    """However the shelf changes meanwhile."""
    market.give(ALICE, SOAP)
    made = market.reserve(ALICE)
    market.offer("soap", 9 * SOAP, on_sale=False)
    done = market.shop.redeeming.confirm("market-1", made.code)
    assert (done.points, done.names["en"], market.books()) == (SOAP, "Soap", (SOAP, 0))


def test_a_ledger_of_before_learns_to_redeem(office: Office, kiosk: SampleKiosk) -> None:
    """Its entries stay as they are, and an entry may have no record from then on."""
    office.post(kiosk.deposit(), kiosk.deposit())
    entries = office.rows("SELECT * FROM entries ORDER BY id")
    with office.database.begin() as connection:
        downgrade(connection, "0003")
        columns = {one["name"]: one for one in inspect(connection).get_columns("entries")}
        assert not columns["record_id"]["nullable"]
        upgrade(connection, "head")
    office.restart()
    assert office.rows("SELECT * FROM entries ORDER BY id") == entries
    market = Market(office)
    market.give(ALICE, SOAP)
    market.shop.redeeming.confirm("market-1", market.reserve(ALICE).code)
    assert (market.points(ALICE), market.books()) == (8, (SOAP, 0))
    office.post(kiosk.deposit())
    assert market.points(ALICE) == 12


def test_books_with_redemptions_are_not_shortened(market: Market) -> None:
    """The revision of before has no place for them: going back is refused, and nothing is lost."""
    market.give(ALICE, SOAP)
    market.reserve(ALICE)
    before = market.office.rows("SELECT * FROM transfers ORDER BY id")
    with (
        pytest.raises(LedgerError, match="no place for"),
        market.office.database.begin() as connection,
    ):
        downgrade(connection, "0003")
    market.office.restart()
    assert market.office.rows("SELECT * FROM transfers ORDER BY id") == before
