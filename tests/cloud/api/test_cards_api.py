"""Cards over the API: made to be printed, found, replaced, blocked; by the desk alone."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from cloud.api.cards import cards_api
from cloud.api.refusals import answer_refusals
from cloud.staff.desk import StaffDesk
from cloud.store.database import open_database
from contract.card import read_card
from contract.cose import open_claims
from tests.cloud.counter.test_counter import NOW, NUMBER, Desk, opened
from tests.contract.samples import signer


class Caller:
    """The API over a counter; tokens are the names of staff."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        names = iter(("mei", "wang"))
        self.staff = StaffDesk(desk.database, lambda: self.now_s, names.__next__)
        self.now_s = NOW
        self.staff.admit("mei", "desk", "xihu")
        self.staff.admit("wang", "shop", "*")
        self._app = FastAPI()
        answer_refusals(self._app)
        self._app.include_router(cards_api(desk.counter, self.staff))

    def send(self, path: str, body: Any = None, token: str = "mei") -> httpx.Response:
        """Ask for something."""
        return asyncio.run(self._send(path, body, token))

    def code(self, path: str, body: Any = None, token: str = "mei") -> tuple[int, str]:
        """Status and code of a refusal."""
        answer = self.send(path, body, token)
        assert answer.headers["content-type"] == "application/problem+json"
        return answer.status_code, answer.json()["code"]

    async def _send(self, path: str, body: Any, token: str) -> httpx.Response:
        carried = httpx.ASGITransport(self._app)
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        async with httpx.AsyncClient(transport=carried, base_url="http://platform") as client:
            return await client.post(f"/api/cards{path}", json=body, headers=headers)


@pytest.fixture
def caller(tmp_path: Path) -> Any:
    """On SQLite: the counter itself is tried on either database."""
    database = open_database(tmp_path / "light.sqlite")
    yield Caller(Desk(database, opened(database)))
    database.dispose()


def test_a_card_is_made_printed_lost_and_replaced(caller: Caller) -> None:
    """What comes back is a card that kiosks take; nobody on the way keeps it, nor does the log."""
    answer = caller.send("", {})
    made = answer.json()
    assert (answer.status_code, answer.headers["cache-control"]) == (201, "no-store")
    city = signer("city")
    opened_card = open_claims(made["text"], {city.key_id: city.public})
    card = read_card(opened_card, NOW, clock_known=True, revoked=())
    assert (card.account, card.card_id) == (made["account"], made["card_id"])
    assert made["svg"].startswith("<svg") and len(made["pin"]) == 6
    again = caller.send("", {"account": made["account"]}).json()
    assert (again["account"], again["number"]) == (made["account"], 2)
    answer = caller.send(f"/{made['card_id']}/replace")
    third = answer.json()
    assert (answer.status_code, third["number"]) == (201, 3)
    assert caller.send(f"/{again['card_id']}/block").json() == {}
    pin = caller.send(f"/{third['card_id']}/pin").json()
    assert pin["card_id"] == third["card_id"] and len(pin["pin"]) == 6
    found = caller.send("/find", {"asked": third["card_id"]}).json()
    assert found["account"] == made["account"]
    assert [one["revoked"] for one in found["cards"]] == [True, True, False]
    log = caller.desk.log()
    assert [one[0] for one in log if one[0] not in ("staff-admitted", "pin-made")] == [
        "card-issued", "card-issued", "card-replaced", "card-blocked", "account-looked-up",
    ]  # fmt: skip
    assert not any(secret in str(log) for secret in (made["text"], made["pin"], pin["pin"]))


def test_a_number_is_linked_and_finds_its_account(caller: Caller) -> None:
    """However it is typed; it is another's no more."""
    one, other = (caller.send("", {}).json()["account"] for _ in range(2))
    assert caller.send("/numbers", {"account": one, "number": NUMBER}).json() == {}
    assert caller.send("/find", {"asked": "+86 13800138000"}).json()["account"] == one
    taken = {"account": other, "number": NUMBER}
    assert caller.code("/numbers", taken) == (409, "number-taken")
    assert caller.code("/find", {"asked": "13900139000"}) == (404, "unknown-number")


def test_each_refusal_has_its_code(caller: Caller) -> None:
    """And is in the log where it is known whose it was."""
    card = caller.send("", {}).json()["card_id"]
    caller.send(f"/{card}/block")
    nobody, absent = {"account": "a11ce00000000009"}, "/ffffffffffffffff"
    refusals: list[tuple[tuple[Any, ...], tuple[int, str]]] = [
        (("", {}, ""), (401, "no-token")),
        (("", {}, "li"), (401, "no-token")),
        (("", {}, "wang"), (403, "role")),
        (("/find", {"asked": NUMBER}, "wang"), (403, "role")),
        ((f"/{card}/pin", None, "wang"), (403, "role")),
        (("", nobody), (404, "unknown-account")),
        (("/numbers", nobody | {"number": NUMBER}), (404, "unknown-account")),
        ((f"{absent}/replace",), (404, "unknown-card")),
        ((f"{absent}/block",), (404, "unknown-card")),
        ((f"{absent}/pin",), (404, "unknown-card")),
        ((f"/{card}/replace",), (409, "revoked")),
        ((f"/{card}/block",), (409, "revoked")),
        (("/find", {"asked": "<b>li</b>"}), (422, "not-a-number")),
        (("/find", {"asked": "\0"}), (422, "not-a-number")),
        (("/find", {"asked": "x" * 41}), (422, "request")),
        (("", {"account": "alice"}), (422, "request")),
        (("/xyz/block",), (422, "request")),
        (("", None), (422, "request")),
    ]
    for asked, answer in refusals:
        assert caller.code(*asked) == answer, asked
    noted = [detail for action, detail in caller.desk.log() if action == "counter-refused"]
    assert noted == [code for (status, code) in (one for _, one in refusals[2:14])]
    caller.now_s += 365 * 86_400
    assert caller.code("", {}) == (401, "expired")
