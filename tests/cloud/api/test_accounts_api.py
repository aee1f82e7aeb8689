"""Residents over the API: every way in, and a shut door for everybody else."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from cloud.accounts.codes import CodeIssuer
from cloud.api.accounts import accounts_api
from cloud.api.document import PROBLEM
from cloud.api.refusals import answer_refusals
from cloud.api.sign_in import sign_in_api
from tests.cloud.conftest import KIOSKS, Office
from tests.cloud.residents.lodge import NUMBER, Lodge, other_digits
from tests.contract.samples import ALICE, BOB, EPOCH, SampleKiosk

MINE = f"/accounts/{ALICE}"
EVERY = [
    ("GET", ""),
    ("GET", "/code"),
    ("GET", "/held"),
    ("POST", "/appeals"),
    ("GET", "/sign-ins"),
    ("DELETE", "/sign-ins"),
    ("DELETE", f"/sign-ins/{'0' * 16}"),
    ("GET", "/export"),
    ("POST", "/erasure"),
]
"""Every call of an account."""

BODIES = {
    "/appeals": {"kiosk": KIOSKS[0], "epoch": EPOCH, "seq": 1, "sentence": "I heard it fall."},
    "/erasure": {"points": 0, "rest": "donated", "really": True},
}


class Door:
    """The API over a lodge, asked from an address."""

    def __init__(self, office: Office) -> None:
        self.lodge = Lodge(office)
        app = FastAPI()
        answer_refusals(app)
        app.include_router(sign_in_api(self.lodge.residents))
        issuer = CodeIssuer(self.lodge.keys, lambda: office.now_s, lambda: bytes(8))
        app.include_router(accounts_api(office.ledger, issuer, self.lodge.residents))
        self._app = app

    def ask(
        self, method: str, path: str, body: Any = None, token: str = "", address: str = "127.0.0.1"
    ) -> tuple[int, Any]:
        """Status, and what was said."""
        return asyncio.run(self._ask(method, f"/api{path}", body, token, address))

    async def _ask(
        self, method: str, path: str, body: Any, token: str, address: str
    ) -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        carried = httpx.ASGITransport(self._app, client=(address, 5000))
        async with httpx.AsyncClient(transport=carried, base_url="http://platform") as client:
            answer = await client.request(method, path, headers=headers, json=body)
            return answer.status_code, answer.json()

    def refused(self, *asked: Any, **more: Any) -> tuple[int, str]:
        """Status and code."""
        status, said = self.ask(*asked, **more)
        assert set(said) == set(PROBLEM["required"])
        return status, said["code"]

    def demo(self) -> str:
        """Alice's token."""
        return str(self.ask("POST", "/sign-in/demo", {})[1]["token"])


@pytest.fixture
def door() -> Iterator[Door]:
    """Over a ledger in memory: which database it is, is tested below the API."""
    office = Office(":memory:")
    yield Door(office)
    office.database.dispose()


@pytest.mark.parametrize(("method", "what"), EVERY)
def test_an_account_answers_to_its_own_resident_alone(door: Door, method: str, what: str) -> None:
    """Nobody without a token, with a forged or ended one, or with another account's."""
    body = BODIES.get(what)
    asked = (method, MINE + what, body)
    other = door.lodge.sign_in().token
    assert door.refused(*asked) == (401, "not-signed-in")
    assert door.refused(*asked, token="forged") == (401, "not-signed-in")
    assert door.refused(*asked, token=other) == (403, "other-account")
    mine = door.demo()
    assert door.ask("POST", "/sign-out", token=mine) == (200, {})
    assert door.refused(*asked, token=mine) == (401, "not-signed-in")


def test_the_whole_way_by_number(door: Door) -> None:
    """A code is asked for, told, and opens what it made."""
    status, asked = door.ask("POST", "/sign-in/number", {"number": NUMBER})
    assert (status, set(asked)) == (200, {"challenge", "expires_at"})
    code = door.lodge.texts.sent[-1][1][-6:]
    told = {"challenge": asked["challenge"], "code": other_digits(code)}
    assert door.refused("POST", "/sign-in/code", told) == (403, "wrong-code")
    status, made = door.ask("POST", "/sign-in/code", told | {"code": f" {code} "})
    assert (status, set(made)) == (200, {"token", "account", "expires_at"})
    status, found = door.ask("GET", f"/accounts/{made['account']}", token=made["token"])
    assert (status, found["points"], found["deposits"]) == (200, 0, [])
    status, (only,) = door.ask("GET", f"/accounts/{made['account']}/sign-ins", token=made["token"])
    assert (only["way"], only["device"], only["this"]) == ("number", "computer", True)
    assert "token" not in str(only)


def test_the_whole_way_by_card(door: Door) -> None:
    """For whoever has no phone."""
    card, pin = door.lodge.card()
    shown = {"card": card.text, "pin": pin}
    status, made = door.ask("POST", "/sign-in/card", shown)
    assert (status, made["account"]) == (200, ALICE)
    wrong = shown | {"pin": other_digits(pin)}
    assert door.refused("POST", "/sign-in/card", wrong) == (403, "wrong-card")


def test_what_is_refused_says_which_kind(door: Door) -> None:
    """Bad input, too often, no gateway, another machine."""
    assert door.refused("POST", "/sign-in/number", {"number": "12"}) == (422, "not-a-number")
    for body in (None, {}, {"number": 13800001111}, {"number": "1" * 100}):
        assert door.refused("POST", "/sign-in/number", body) == (422, "request")
    assert door.refused("POST", "/sign-in/code", {"challenge": "x"}) == (422, "request")
    for _ in range(3):
        door.ask("POST", "/sign-in/number", {"number": NUMBER})
    again = ("POST", "/sign-in/number", {"number": NUMBER})
    assert door.refused(*again) == (429, "too-many")
    far = {"address": "192.0.2.9"}
    assert door.refused("POST", "/sign-in/demo", {}, **far) == (404, "not-here")
    assert door.refused("POST", "/sign-in/demo", {"account": BOB}) == (404, "not-here")
    assert door.refused("POST", "/sign-out") == (401, "not-signed-in")
    assert door.refused("GET", "/accounts/alice") == (422, "request")
    mine = door.demo()
    gone = f"{MINE}/sign-ins/{'0' * 16}"
    assert door.refused("DELETE", gone, token=mine) == (404, "unknown-sign-in")


def test_signing_out_everywhere(door: Door) -> None:
    """From one of two; both are out."""
    one, other = door.demo(), door.demo()
    (first, second) = door.ask("GET", f"{MINE}/sign-ins", token=one)[1]
    assert [first["this"], second["this"]].count(True) == 1
    assert door.ask("DELETE", f"{MINE}/sign-ins", token=one) == (200, {})
    for token in (one, other):
        assert door.refused("GET", MINE, token=token) == (401, "not-signed-in")


def test_erasure_asks_twice_and_freshly(office: Office, kiosk: SampleKiosk) -> None:
    """Not without a yes, not on an old sign-in, not over another balance than was told."""
    door = Door(office)
    door.lodge.office.post(kiosk.deposit())
    mine, sure = door.demo(), {"points": 4, "rest": "donated", "really": True}
    for body in ({}, sure | {"really": False}, sure | {"rest": "kept"}, sure | {"points": "all"}):
        assert door.refused("POST", f"{MINE}/erasure", body, token=mine) == (422, "request")
    wrong = sure | {"points": 5}
    assert door.refused("POST", f"{MINE}/erasure", wrong, token=mine) == (409, "changed")
    door.lodge.office.now_s += 601
    assert door.refused("POST", f"{MINE}/erasure", sure, token=mine) == (403, "sign-in-again")
    mine = door.demo()
    status, told = door.ask("GET", f"{MINE}/export", token=mine)
    assert (status, told["balance"]["points"]) == (200, 4)
    assert door.ask("POST", f"{MINE}/erasure", sure, token=mine) == (200, {})
    assert door.refused("GET", MINE, token=mine) == (401, "not-signed-in")
    assert door.refused("POST", "/sign-in/demo", {}) == (409, "erased")
