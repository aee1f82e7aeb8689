"""The shop over the API: residents, a till, staff, and whoever is none of them."""

from __future__ import annotations

import asyncio
import itertools
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import insert

from cloud.api.refusals import answer_refusals
from cloud.api.shop import shop_api
from cloud.api.shop_found import shop_found_api
from cloud.api.shop_till import shop_staff_api, till_api
from cloud.errors import SignInError
from cloud.shop.redeeming import HOLDS_S
from cloud.staff.desk import StaffDesk
from cloud.store.schema_residents import erasures
from contract.fields import GUESTS
from tests.cloud.shop.market import SOAP, Market
from tests.contract.samples import ALICE, BOB

MINE = f"/accounts/{ALICE}/redemptions"
KEY = "a-wish-of-alice-1"


class Counter:
    """The API over a market; residents' tokens are their accounts."""

    def __init__(self, market: Market) -> None:
        names = iter(("zhao", "wang", "li"))
        self.desk = StaffDesk(market.office.database, lambda: market.office.now_s, names.__next__)
        self.desk.admit("zhao", "shop", "xihu")
        self.desk.admit("wang", "decide", "*")
        self.desk.admit("li", "shop", "*")
        app = FastAPI()
        answer_refusals(app)
        app.include_router(shop_api(market.shop, _check))
        app.include_router(till_api(market.shop))
        app.include_router(shop_staff_api(market.shop, self.desk))
        app.include_router(shop_found_api(market.shop, self.desk))
        self._app = app

    def send(
        self, method: str, path: str, body: Any = None, token: str = "", key: str = ""
    ) -> tuple[int, Any]:
        """Ask; the status and what was said. A `body` of bytes goes as it is."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        headers |= {"Idempotency-Key": key} if key else {}
        headers |= {"Content-Type": "application/json"}
        given = {"content" if isinstance(body, bytes) else "json": body}
        return asyncio.run(self._send(method, f"/api/shop{path}", given, headers))

    async def _send(
        self, method: str, path: str, given: dict[str, Any], headers: dict[str, str]
    ) -> tuple[int, Any]:
        carried = httpx.ASGITransport(self._app)
        async with httpx.AsyncClient(transport=carried, base_url="http://platform") as client:
            answer = await client.request(method, path, headers=headers, **given)
            return answer.status_code, answer.json()


def _check(token: str, account: str) -> None:
    if not token:
        raise SignInError("not-signed-in", "sign in first")
    if token != account:
        raise SignInError("other-account", "this is another account's")


@pytest.fixture
def counter(market: Market) -> Counter:
    """Alice has a thousand points."""
    market.give(ALICE, 1000)
    return Counter(market)


def test_the_whole_way_over_the_api(market: Market, counter: Counter) -> None:
    """Seen, reserved, shown, confirmed, refunded; the statement of either side has it."""
    status, seen = counter.send("GET", "/goods?partner=market-1&district=xihu")
    (soap,) = seen["goods"]
    assert (status, soap["names"]["en"], soap["points"], seen["next"]) == (200, "Soap", SOAP, None)
    wish = {"good_id": soap["id"], "points": SOAP}
    status, made = counter.send("POST", MINE, wish, ALICE, KEY)
    assert (status, made["state"], len(made["code"])) == (201, "reserved", 12)
    assert counter.send("POST", MINE, wish, ALICE, KEY) == (201, made)
    assert counter.send("GET", f"{MINE}/{made['id']}", token=ALICE) == (200, made)
    till = market.token
    status, seen = counter.send("POST", "/till/look", {"code": made["code"].lower()}, till)
    assert (status, seen["names"]) == (200, soap["names"])
    assert "account" not in seen and "code" not in seen
    status, done = counter.send("POST", "/till/confirm", {"code": made["code"]}, till)
    assert (status, done["state"]) == (200, "confirmed")
    assert counter.send("POST", "/till/confirm", {"code": made["code"]}, till)[0] == 409
    status, me = counter.send("GET", "/till", token=till)
    assert (me["id"], me["points"], me["reserved"]) == ("market-1", SOAP, 0)
    refund = f"/till/redemptions/{made['id']}/refund"
    assert counter.send("POST", refund, {"reason": "Broken."}, till)[1]["state"] == "refunded"
    status, month = counter.send("GET", "/till/months/2026-11", token=till)
    assert [(one["code"], one["confirmed"], one["refunded_points"]) for one in month] == [
        ("soap", 1, SOAP)
    ]
    status, mine = counter.send("GET", MINE, token=ALICE)
    assert [one["state"] for one in mine["redemptions"]] == ["refunded"]
    assert ALICE not in str(counter.send("GET", "/till/redemptions", token=till))
    assert market.points(ALICE) == 1000


def test_every_list_has_pages(market: Market, counter: Counter) -> None:
    """Each page says where the next begins; together they have everything once."""
    for number in range(5):
        market.offer(f"thing-{number}", 10, 9)
        market.office.now_s += HOLDS_S  # what was reserved before is over
        good = market.offer(f"thing-{number}", 10)
        market.reserve(ALICE, good)
    for path, name, token in (
        ("/goods?limit=2", "goods", ""),
        (f"{MINE}?limit=2", "redemptions", ALICE),
        ("/till/redemptions?limit=2", "redemptions", market.token),
    ):
        cursor = "after" if name == "goods" else "before"
        status, found = counter.send("GET", path, token=token)
        ids = [one["id"] for one in found[name]]
        while found["next"] is not None:
            assert (status, len(found[name])) == (200, 2)
            status, found = counter.send("GET", f"{path}&{cursor}={found['next']}", token=token)
            ids += [one["id"] for one in found[name]]
        assert sorted(set(ids)) == sorted(ids)
        assert len(ids) == (6 if name == "goods" else 5)


def test_staff_look_after_the_shop(market: Market, counter: Counter) -> None:
    """Their role and district count; a token is shown once, and ended it lets nobody in."""
    partner = {"id": "bakery", "zh": "面包店", "en": "Bakery", "district": "yuhang"}
    assert counter.send("POST", "/partners", partner)[1]["code"] == "no-token"
    assert counter.send("POST", "/partners", partner, "wang")[1]["code"] == "role"
    assert counter.send("POST", "/partners", partner, "zhao")[1]["code"] == "other-district"
    status, made = counter.send("POST", "/partners", partner, "li")
    assert status == 201
    bun = {"code": "bun", "zh": "馒头", "en": "Bun", "points": 20, "stock_by": 2}
    assert counter.send("POST", "/partners/bakery/goods", bun, "li")[1]["stock"] == 2
    gone = bun | {"stock_by": -3}
    assert counter.send("POST", "/partners/bakery/goods", gone, "li")[1]["code"] == "stock"
    assert counter.send("POST", "/partners/nobody/goods", bun, "li")[0] == 404
    assert counter.send("GET", "/till", token=made["token"])[0] == 200
    assert counter.send("POST", "/partners/bakery/end", token="li") == (200, {})
    assert counter.send("GET", "/till", token=made["token"])[1]["code"] == "token-ended"
    assert "bun" not in str(counter.send("GET", "/goods"))
    wish = {"good_id": 2, "points": 20}
    assert counter.send("POST", MINE, wish, ALICE, KEY)[1]["code"] == "not-on-sale"
    denied = "SELECT actor, detail FROM audit WHERE action = 'denied' ORDER BY id"
    assert market.office.rows(denied) == [
        ("staff:wang", "shop: role"),
        ("staff:zhao", "shop: other-district"),
    ]
    refused = counter.send("GET", "/refused")[1]
    assert (refused["role"], refused["no-token"], refused["stock"]) == (1, 1, 1)
    assert [one["id"] for one in counter.send("GET", "/partners")[1]] == ["market-1"]


def test_another_districts_till_is_not_taken_over(market: Market, counter: Counter) -> None:
    """Nor is the attempt forgotten that names a district of one's own for it."""
    bakery = {"id": "bakery", "zh": "面包店", "en": "Bakery", "district": "yuhang"}
    token = counter.send("POST", "/partners", bakery, "li")[1]["token"]
    mine = bakery | {"district": "xihu"}
    assert counter.send("POST", "/partners", mine, "zhao")[1]["code"] == "other-district"
    assert counter.send("POST", "/partners", mine, "li")[1]["code"] == "other-district"
    assert counter.send("GET", "/till", token=token)[0] == 200
    denied = "SELECT actor, district FROM audit WHERE action = 'denied'"
    assert market.office.rows(denied) == [("staff:zhao", "yuhang")]


def test_a_till_that_was_ended_stays_out(market: Market, counter: Counter) -> None:
    """Also when the clock is set back an hour."""
    counter.send("POST", "/partners/market-1/end", token="zhao")
    market.office.now_s -= 3600
    assert counter.send("GET", "/till", token=market.token)[1]["code"] == "token-ended"
    assert counter.send("GET", "/goods")[1]["goods"] == counter.send("GET", "/partners")[1] == []


def test_guests_points_go_to_a_cause(market: Market, counter: Counter) -> None:
    """Staff of the whole city say why; everybody sees the sums, and no more than there is goes."""
    market.give(GUESTS, 500)
    gift = {"cause": "trees", "points": 200, "reason": "Trees at the lake."}
    assert counter.send("POST", "/giving", gift, "zhao")[1]["code"] == "other-district"
    assert counter.send("POST", "/giving", gift, "wang")[1]["code"] == "role"
    assert counter.send("POST", "/giving", gift, "li") == (201, {})
    assert counter.send("POST", "/giving", gift, "li") == (201, {})
    assert counter.send("POST", "/giving", gift, "li")[1]["code"] == "not-enough"
    assert counter.send("POST", "/giving", gift | {"cause": "<b>"}, "li")[1]["code"] == "cause"
    assert counter.send("POST", "/giving", gift | {"reason": ""}, "li")[1]["code"] == "text"
    assert counter.send("POST", "/giving", gift | {"points": 0}, "li")[0] == 422
    less, key = gift | {"points": 20}, "trees-of-today-1"
    for _ in range(2):
        assert counter.send("POST", "/giving", less, "li", key) == (201, {})
    assert counter.send("POST", "/giving", gift, "li", key)[1]["code"] == "key-reused"
    assert counter.send("POST", "/giving", gift, "li", "short")[0] == 422
    (trees,) = counter.send("GET", "/giving")[1]["causes"]
    assert (trees["donations"], trees["points"]) == (3, 420)
    assert counter.send("GET", "/giving")[1]["points_left"] == 80
    log = "SELECT actor, detail FROM audit WHERE action = 'donated' ORDER BY id LIMIT 1"
    assert market.office.rows(log) == [("staff:li", "200 points to trees: Trees at the lake.")]


def test_what_erased_accounts_left_is_told_without_whose_it_was(
    market: Market, counter: Counter
) -> None:
    """Sums to everybody, each entry to staff of the whole city."""
    with market.office.database.begin() as connection:
        row = {"account": BOB, "at": market.office.now_s, "rest": "donated"}
        connection.execute(insert(erasures).values(**row))
    for points in (40, 2):
        market.give(BOB, points)
        market.shop.rests.settle()
    status, said = counter.send("GET", "/giving")
    told = {"rest": "donated", "cause": "later", "times": 2, "points": 42}
    assert (status, said["points_left"]) == (200, 42)
    assert said["erased"] == [told | {"last_at": market.office.now_s}]
    status, said = counter.send("GET", "/giving/erased?limit=1", token="li")
    assert (status, [one["points"] for one in said["entries"]]) == (200, [2])
    asked = f"/giving/erased?limit=1&before={said['next']}"
    (first,) = counter.send("GET", asked, token="li")[1]["entries"]
    assert (first["points"], first["reason"], BOB in str(first)) == (
        40,
        "erased: donated, later",
        False,
    )
    for token, code in (("zhao", "other-district"), ("wang", "role"), ("", "no-token")):
        assert counter.send("GET", "/giving/erased", token=token)[1]["code"] == code


ABSURD = [
    b"",
    b"null",
    b"[]",
    b"\xff\xfe",
    b'{"good_id":NaN}',
    b'{"good_id":1e400,"points":1}',
    b'{"good_id":"1; DROP TABLE goods","points":1}',
    b'{"code":"\\ud800"}',
    b'{"code":"\\u0000"}',
    b'{"code":"' + b"x" * 100_000 + b'"}',
    b'{"good_id":99999999999999999999999,"points":1}',
    b'{"good_id":-1,"points":-300}',
]


def test_an_absurd_request_changes_nothing(market: Market, counter: Counter) -> None:
    """Whatever JSON can be made to say: a 4xx in few words."""
    asked = ((MINE, ALICE), ("/till/confirm", market.token), ("/giving", "li"))
    for body, (path, token) in itertools.product(ABSURD, asked):
        status, said = counter.send("POST", path, body, token, KEY)
        assert status in (400, 404, 413, 422), said
        assert len(str(said)) < 400
    assert (market.points(ALICE), market.stock()) == (1000, 3)


def test_each_refusal_has_its_code(market: Market, counter: Counter) -> None:
    """And its status; another's redemptions are as if there were none."""
    wish = {"good_id": market.soap.id, "points": SOAP}

    def told(*asked: Any) -> tuple[int, str]:
        status, said = counter.send(*asked)
        return status, said["code"]

    theirs = f"/accounts/{BOB}/redemptions"
    assert told("POST", MINE, wish) == (401, "not-signed-in")
    assert told("POST", MINE, wish, BOB) == (403, "other-account")
    assert told("GET", MINE, None, BOB) == (403, "other-account")
    assert told("POST", MINE, wish, ALICE) == (422, "key")
    assert told("POST", MINE, wish | {"points": 1}, ALICE, KEY) == (409, "price-changed")
    assert told("POST", MINE, wish | {"good_id": 99}, ALICE, KEY) == (404, "unknown-good")
    assert told("POST", theirs, wish, BOB, KEY) == (409, "not-enough")
    guests = f"/accounts/{GUESTS}/redemptions"
    assert told("POST", guests, wish, GUESTS, KEY) == (403, "account")
    made = counter.send("POST", MINE, wish, ALICE, KEY)[1]
    assert told("POST", MINE, wish | {"points": 5}, ALICE, KEY) == (409, "key-reused")
    assert told("POST", f"{theirs}/{made['id']}/cancel", None, BOB) == (404, "unknown-redemption")
    shown = {"code": made["code"]}
    assert told("POST", "/till/confirm", shown, "forged") == (401, "no-token")
    assert told("POST", "/till/confirm", shown, ALICE) == (401, "no-token")
    market.office.now_s += HOLDS_S
    assert told("POST", "/till/confirm", shown, market.token) == (409, "expired")
    assert told("POST", f"{MINE}/{made['id']}/cancel", None, ALICE) == (409, "expired")
    assert told("GET", "/till/months/November", None, market.token) == (422, "no-month")
    assert market.points(ALICE) == 1000
