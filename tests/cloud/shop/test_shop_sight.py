"""What staff find of redemptions: by code, partner and day, in their district alone."""

from __future__ import annotations

from typing import Any

from cloud.staff.desk import Staff
from contract.hours import day_of
from tests.cloud.conftest import Office
from tests.cloud.shop.market import CITY, SHOPKEEPER, Market, refused
from tests.cloud.shop.test_shop_api import Counter
from tests.contract.samples import ALICE

ELSEWHERE = Staff("sun", "shop", "yuhang")
DAY_S = 86_400


def ids(found: list[Any]) -> list[int]:
    """Which redemptions."""
    return [one.id for one in found]


def test_a_redemption_is_found_on_the_days_that_it_changed(market: Market) -> None:
    """Reserved, taken or refunded; by partner, page after page."""
    market.give(ALICE, 5000)
    sight, today = market.shop.sight, day_of(market.office.now_s)
    taken, given_up, open_one = (market.reserve(ALICE) for _ in range(3))
    market.shop.redeeming.confirm("market-1", taken.code)
    market.shop.redeeming.cancel(ALICE, given_up.redeemed.id)
    all_three = [one.redeemed.id for one in (open_one, given_up, taken)]
    assert ids(sight.redeemed(SHOPKEEPER, 9, day=today)) == all_three
    assert ids(sight.redeemed(CITY, 2, "market-1")) == all_three[:2]
    assert ids(sight.redeemed(CITY, 2, before=all_three[1])) == all_three[2:]
    market.office.now_s += 2 * DAY_S
    later = day_of(market.office.now_s)
    market.shop.refunds.by_staff(SHOPKEEPER, taken.redeemed.id, "Broken.")
    assert ids(sight.redeemed(SHOPKEEPER, 9, day=later)) == [all_three[0], all_three[2]]
    assert ids(sight.redeemed(SHOPKEEPER, 9, "market-1", today)) == all_three[1:]
    assert sight.one(SHOPKEEPER, taken.redeemed.id).state == "refunded"
    assert sight.by_code(SHOPKEEPER, open_one.code.lower()).state == "expired"


def test_another_district_finds_nothing(market: Market) -> None:
    """Neither by partner nor by code, which is in the log; the code itself never is."""
    market.give(ALICE, 1000)
    made = market.reserve(ALICE)
    sight = market.shop.sight
    assert (sight.partners(ELSEWHERE), sight.redeemed(ELSEWHERE, 9)) == ([], [])
    with refused("other-district"):
        sight.redeemed(ELSEWHERE, 9, "market-1")
    with refused("other-district"):
        sight.by_code(ELSEWHERE, made.code)
    with refused("other-district"):
        sight.one(ELSEWHERE, made.redeemed.id)
    with refused("role"):
        sight.partners(Staff("wang", "decide", "*"))
    assert ids([sight.by_code(SHOPKEEPER, made.code)]) == [made.redeemed.id]
    log = market.office.rows("SELECT actor, action, detail FROM audit ORDER BY id")[-5:]
    assert [one[:2] for one in log] == [
        *[("staff:sun", "denied")] * 3,
        ("staff:wang", "denied"),
        ("staff:zhao", "redemption-looked-up"),
    ]
    assert made.code not in str(log) and ALICE not in str(log[-1])


def test_what_cannot_be_asked_has_its_code(file_office: Office) -> None:
    """Days that are none, codes that nobody has, partners and redemptions that there are not."""
    sight = Market(file_office).shop.sight
    for day in ("2026-02-30", "today", "1999-12-31", "2026-1-1", "２０２６-01-01", "\0"):
        with refused("no-day"):
            sight.redeemed(CITY, 9, day=day)
    for code in ("", "0000-0000-0000", "\ud800", "x" * 64, "' OR 1=1"):
        with refused("unknown-code"):
            sight.by_code(CITY, code)
    with refused("unknown-partner"):
        sight.redeemed(CITY, 9, "nobody")
    with refused("unknown-redemption"):
        sight.one(CITY, 99)


def test_staff_look_over_the_api(file_office: Office) -> None:
    """A page at a time, never whose it was; refused by code and status."""
    market = Market(file_office)
    market.give(ALICE, 1000)
    made = [market.reserve(ALICE) for _ in range(2)]
    api = Counter(market)
    where = "/redemptions?partner=market-1&limit=1"
    status, found = api.send("GET", where, token="zhao")
    assert (status, found["redemptions"][0]["id"]) == (200, made[1].redeemed.id)
    status, rest = api.send("GET", f"{where}&before={found['next']}", token="zhao")
    assert ([one["id"] for one in rest["redemptions"]], rest["next"]) == (
        [made[0].redeemed.id],
        None,
    )
    shown = {"code": made[0].code}
    status, one = api.send("POST", "/redemptions/find", shown, "zhao")
    assert (status, one["state"]) == (200, "reserved")
    assert ALICE not in str((found, rest, one))
    for asked, answer in (
        (("GET", "/redemptions"), (401, "no-token")),
        (("GET", "/redemptions", None, "wang"), (403, "role")),
        (("GET", "/redemptions?day=2026-02-30", None, "li"), (422, "no-day")),
        (("GET", "/redemptions?partner=nobody", None, "li"), (404, "unknown-partner")),
        (("POST", "/redemptions/find", {"code": "none"}, "li"), (404, "unknown-code")),
    ):
        status, said = api.send(*asked)
        assert (status, said["code"]) == answer
