"""Points become goods: reserved, confirmed once, or back again; each refusal by its code."""

from __future__ import annotations

import pytest
from sqlalchemy import event

from cloud.errors import LedgerError
from cloud.shop.codes import LETTERS, ShopCodes, in_groups, typed
from cloud.shop.means import LOOKED_AT_S, MOST_OPEN
from cloud.shop.redeeming import HOLDS_S
from cloud.shop.refunds import REFUND_S
from contract.fields import GUESTS
from tests.cloud.hearing import REFEREE, WHY, at
from tests.cloud.shop.market import CITY, SHOPKEEPER, SOAP, Market, open_shop, refused
from tests.contract.samples import ALICE, BOB, SampleKiosk

KEY = "a-wish-of-alice-1"


def test_soap_for_points(market: Market) -> None:
    """The points go from the resident by way of what is reserved to the partner; carbon stays."""
    market.give(ALICE, 1000)
    reserved = market.reserve(ALICE)
    assert (market.points(ALICE), market.stock(), market.books()) == (700, 2, (0, SOAP))
    redeeming = market.shop.redeeming
    seen = redeeming.look("market-1", in_groups(reserved.code).lower())
    assert (seen.names["en"], seen.points, seen.state) == ("Soap", SOAP, "reserved")
    done = redeeming.confirm("market-1", reserved.code)
    assert (done.state, done.ended_at) == ("confirmed", market.office.now_s)
    assert (market.points(ALICE), market.stock(), market.books()) == (700, 2, (SOAP, 0))
    with refused("confirmed"):
        redeeming.confirm("market-1", reserved.code)
    with refused("confirmed"):
        redeeming.cancel(ALICE, done.id)
    assert redeeming.shown(ALICE, done.id).code == ""
    assert market.office.rows("SELECT count(*) FROM carbon") == [(0,)]
    assert market.office.ledger.totals().credited_points == 1000
    assert [one.state for one in market.office.ledger.redeemed(ALICE)] == ["confirmed"]


def test_the_same_wish_twice_is_one_redemption(market: Market) -> None:
    """A phone that lost the answer asks again, and shows the same code after a restart too."""
    market.give(ALICE, 1000)
    first = market.reserve(ALICE, key=KEY)
    assert market.reserve(ALICE, key=KEY) == first
    assert (market.points(ALICE), market.stock()) == (700, 2)
    market.shop = open_shop(market.office)
    assert market.shop.redeeming.shown(ALICE, first.redeemed.id) == first
    with refused("key-reused"):
        market.shop.redeeming.reserve(ALICE, KEY, market.soap.id, SOAP - 1)
    market.shop.redeeming.confirm("market-1", first.code)
    again = market.reserve(ALICE, key=KEY)
    assert (again.redeemed.state, again.code, market.points(ALICE)) == ("confirmed", "", 700)


def test_all_that_is_reserved_is_read_at_once(market: Market) -> None:
    """The page asks each second: with five open it asks no more of the database than with one."""
    market.give(ALICE, 2000)
    asked: list[str] = []
    event.listen(
        market.office.database,
        "before_cursor_execute",
        lambda _connection, _cursor, statement, *_rest: asked.append(statement),
    )

    def reads() -> int:
        asked.clear()
        assert market.shop.redeeming.open_of(ALICE) == list(reversed(made))
        return sum(one.startswith("SELECT") for one in asked)

    made = [market.reserve(ALICE)]
    assert reads() == 2
    made += [market.reserve(ALICE), market.reserve(ALICE)]
    assert reads() == 2


def test_what_is_given_up_is_free_again(market: Market) -> None:
    """By the resident, by the till, or by time: points and goods are back, and the code is dead."""
    market.give(ALICE, 1000)
    redeeming = market.shop.redeeming
    mine, theirs, late = (market.reserve(ALICE) for _ in range(3))
    assert (market.points(ALICE), market.stock()) == (100, 0)
    assert redeeming.cancel(ALICE, mine.redeemed.id).state == "cancelled"
    assert redeeming.turn_down("market-1", theirs.code).state == "cancelled"
    market.office.now_s += HOLDS_S - 1
    assert market.shop.expiry.expire() == 0
    market.office.now_s += 1
    for code, reason in ((mine.code, "cancelled"), (late.code, "expired")):
        with refused(reason):
            redeeming.confirm("market-1", code)
    with refused("expired"):
        redeeming.cancel(ALICE, late.redeemed.id)
    assert (market.points(ALICE), market.stock(), market.books()) == (1000, 3, (0, 0))
    assert market.shop.expiry.expire() == 0


def test_what_is_open_is_found_however_much_came_after(market: Market) -> None:
    """The code on the phone, and at the till what was done just now."""
    market.give(ALICE, 1000)
    first = market.reserve(ALICE)
    for _ in range(21):
        market.shop.redeeming.cancel(ALICE, market.reserve(ALICE).redeemed.id)
    assert market.shop.redeeming.open_of(ALICE) == [first]
    done = market.shop.redeeming.confirm("market-1", first.code)
    assert market.shop.redeeming.open_of(ALICE) == []
    assert market.shop.till.one("market-1", done.id) == done
    assert market.shop.till.one("bakery", done.id) is market.shop.till.one("market-1", 99) is None


def test_nobody_spends_what_they_have_not(market: Market) -> None:
    """Nor what is not there, costs something else by now, or is off the shelf."""
    market.give(ALICE, 10_000)
    market.give(BOB, SOAP - 1)
    with refused("not-enough"):
        market.reserve(BOB)
    with refused("unknown-good"):
        market.shop.redeeming.reserve(ALICE, KEY, 99, SOAP)
    for _ in range(3):
        market.reserve(ALICE)
    with refused("sold-out"):
        market.reserve(ALICE)
    market.offer("soap", SOAP + 1, 5)
    with refused("price-changed"):
        market.reserve(ALICE)
    now = market.offer("soap", SOAP, 5)
    for _ in range(MOST_OPEN - 3):
        market.reserve(ALICE, now)
    with refused("too-many-open"):
        market.reserve(ALICE, now)
    market.offer("soap", SOAP, on_sale=False)
    market.give(BOB, SOAP)
    with refused("not-on-sale"):
        market.reserve(BOB)
    assert (market.points(BOB), market.stock()) == (2 * SOAP - 1, 8)
    with refused("account"):
        market.reserve(GUESTS)
    with refused("account"):
        market.reserve("'; DROP TABLE goods --")
    for key in ("short", "k" * 65, "with a space in it", "k" * 15 + "\n"):
        with refused("key"):
            market.shop.redeeming.reserve(ALICE, key, now.id, SOAP)


def test_another_shops_code_is_no_code(market: Market) -> None:
    """A till sees and takes its own alone, whatever is typed there."""
    market.give(ALICE, 1000)
    market.shop.partners.admit(CITY, "bakery", "面包店", "Bakery", "yuhang")
    code = market.reserve(ALICE).code
    for partner, shown in (
        ("bakery", code),
        ("market-1", "0" * 12),
        ("market-1", ""),
        ("market-1", "\ud800 OR 1=1"),
        ("market-1", code * 1000),
    ):
        with refused("unknown-code"):
            market.shop.redeeming.confirm(partner, shown)
    with refused("unknown-redemption"):
        market.shop.redeeming.cancel(BOB, market.shop.redeeming.of_account(ALICE, 1)[0].id)
    assert market.books() == (0, SOAP)


def test_a_refund_goes_all_the_way_back(market: Market) -> None:
    """By the till or by staff, once, within a week; the shelf is the till's own business."""
    market.give(ALICE, 1000)
    redeeming, refunds = market.shop.redeeming, market.shop.refunds
    first, second, third = (market.reserve(ALICE) for _ in range(3))
    with refused("not-confirmed"):
        refunds.by_partner(market.partner, first.redeemed.id, "It was broken.")
    for one in (first, second, third):
        redeeming.confirm("market-1", one.code)
    assert refunds.by_partner(market.partner, first.redeemed.id, "Broken.").state == "refunded"
    assert refunds.by_staff(SHOPKEEPER, second.redeemed.id, "Wrong one.").state == "refunded"
    with refused("refunded"):
        refunds.by_staff(SHOPKEEPER, first.redeemed.id, "Once more.")
    with refused("text"):
        refunds.by_partner(market.partner, third.redeemed.id, " ")
    bakery = market.shop.partners.admit(CITY, "bakery", "面包店", "Bakery", "yuhang")
    with refused("unknown-redemption"):
        refunds.by_partner(market.shop.partners.whose(bakery), third.redeemed.id, "Mine?")
    market.office.now_s += REFUND_S
    with refused("too-late"):
        refunds.by_partner(market.partner, third.redeemed.id, "Too late.")
    assert (market.points(ALICE), market.stock(), market.books()) == (700, 0, (SOAP, 0))
    said = market.office.rows("SELECT detail FROM audit WHERE action = 'refunded' ORDER BY id")
    assert [str(one[0]).partition(": ")[2] for one in said] == ["Broken.", "Wrong one."]


def test_points_that_staff_take_back_are_missing(
    market: Market, kiosk: SampleKiosk, decisions: object
) -> None:
    """Spent before the deposit was refused: the balance is negative, and redeems nothing until
    new deposits have filled it."""
    office = market.office
    office.post(kiosk.deposit())
    cheap = market.offer("match", 4, 9)
    code = market.reserve(ALICE, cheap).code
    office.ledger.decisions.decide(REFEREE, at(2), "refused", WHY)
    assert market.points(ALICE) == -4
    with refused("not-enough"):
        market.reserve(ALICE, cheap)
    # What was reserved while the points were there is still handed out.
    market.shop.redeeming.confirm("market-1", code)
    office.post(kiosk.deposit(bay="b"))
    with refused("not-enough"):
        market.reserve(ALICE, cheap)
    office.post(kiosk.deposit(bay="c"))
    market.reserve(ALICE, cheap)
    assert (market.points(ALICE), market.books()) == (0, (4, 4))


def test_points_of_what_is_implausible_are_looked_at_first(
    market: Market, kiosk: SampleKiosk, decisions: object
) -> None:
    """For three days, or until staff refuse it; other points are spent meanwhile."""
    office = market.office
    office.post(kiosk.deposit(mass_g=400), kiosk.deposit(mass_g=400, bay="b"))
    office.post(kiosk.deposit(bay="c"))
    cheap = market.offer("match", 4, 9)
    means = market.shop.redeeming.means(ALICE)
    assert (means.points, means.waiting, means.to_spend) == (56, 52, 4)
    market.reserve(ALICE, cheap)
    with refused("looked-at"):
        market.reserve(ALICE, cheap)
    office.ledger.decisions.decide(REFEREE, at(2), "refused", WHY)
    assert market.shop.redeeming.means(ALICE).waiting == 26
    office.ledger.decisions.decide(REFEREE, at(2), "released", WHY)
    assert market.shop.redeeming.means(ALICE).waiting == 26
    market.reserve(ALICE, cheap)
    office.now_s += LOOKED_AT_S
    market.shop.expiry.expire()
    assert market.shop.redeeming.means(ALICE).to_spend == 56


def test_a_full_disk_reserves_nothing(market: Market) -> None:
    """Whichever table refuses the row: all of it is undone."""
    market.give(ALICE, 1000)
    for table in ("redemptions", "entries", "transfers", "redemption_entries", "audit"):
        rows = int(str(market.office.rows(f"SELECT count(*) FROM {table}")[0][0]))
        with market.office.full_disk(table, after=rows), pytest.raises(LedgerError) as failed:
            market.reserve(ALICE)
        assert ALICE not in str(failed.value)
        assert (market.points(ALICE), market.stock(), market.books()) == (1000, 3, (0, 0))
    market.reserve(ALICE)


def test_the_log_names_every_step(market: Market) -> None:
    """Who reserved, confirmed and cancelled; never the code."""
    market.give(ALICE, 1000)
    first, second = market.reserve(ALICE), market.reserve(ALICE)
    market.shop.redeeming.confirm("market-1", first.code)
    market.shop.redeeming.cancel(ALICE, second.redeemed.id)
    log = market.office.rows("SELECT actor, action, district, detail FROM audit ORDER BY id")
    assert [row[:3] for row in log] == [
        ("staff:zhao", "partner-admitted", "xihu"),
        ("staff:zhao", "good-put", "xihu"),
        (f"resident:{ALICE}", "reserved", "xihu"),
        (f"resident:{ALICE}", "reserved", "xihu"),
        ("partner:market-1", "confirmed", "xihu"),
        (f"resident:{ALICE}", "cancelled", "xihu"),
    ]
    assert log[2][3] == "redemption 1 at market-1, 300 points"
    kept = market.office.rows("SELECT code_sha256, key_sha256 FROM redemptions")
    assert not any(first.code in str(row) or "the-wish" in str(row) for row in kept)


def test_a_code_is_read_as_it_is_shown() -> None:
    """Groups, lower case and look-alikes forgiven; nothing that people confuse is in it."""
    codes = ShopCodes(b"s" * 32)
    made = {codes.code(ALICE, f"{number:064x}") for number in range(2000)}
    assert len(made) == 2000
    assert set("".join(made)) == set(LETTERS)
    for code in made:
        assert typed(in_groups(code)) == typed(f" {code.lower()} ") == code
    assert typed("oil0-11") == "011011"
    assert codes.code(ALICE, "0") != codes.code(BOB, "0")
    assert codes.code(ALICE, "0") != ShopCodes(b"t" * 32).code(ALICE, "0")
