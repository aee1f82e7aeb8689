"""The fleet over the API: pages, commands, bundles, and every refusal by its code."""

from __future__ import annotations

import asyncio
import itertools
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from cloud.api.fleet import fleet_api
from cloud.api.refusals import answer_refusals
from cloud.staff.desk import StaffDesk
from tests.cloud.conftest import KIOSKS, Office
from tests.cloud.fleet.afar import HOUR_S, City, condition


class Caller:
    """Calls the API as one member of staff or another."""

    def __init__(self, city: City) -> None:
        tokens = (f"token-{number}" for number in itertools.count(1))
        desk = StaffDesk(city.office.database, lambda: city.office.now_s, lambda: next(tokens))
        self.desk = desk
        self.tokens = {
            "wang": desk.admit("wang", "fleet", "xihu"),
            "li": desk.admit("li", "read", "xihu"),
            "zhao": desk.admit("zhao", "fleet", "yuhang"),
            "chen": desk.admit("chen", "fleet", "*"),
        }
        self._app = FastAPI()
        answer_refusals(self._app)
        self._app.include_router(fleet_api(city.fleet, desk))

    def get(self, path: str, who: str = "wang") -> tuple[int, Any]:
        """Read something."""
        answer = asyncio.run(self._call("GET", path, who, None))
        is_json = "json" in answer.headers["content-type"]
        return answer.status_code, answer.json() if is_json else answer.content

    def command(self, who: str = "wang", kiosk: str = KIOSKS[0], **said: Any) -> tuple[int, Any]:
        """Ask a kiosk for something."""
        body = {"verb": "close-bay", "arguments": {"bay": "a"}} | said
        answer = asyncio.run(self._call("POST", f"/api/fleet/{kiosk}/commands", who, body))
        return answer.status_code, answer.json()

    def withdraw(self, command: str, who: str = "wang") -> tuple[int, Any]:
        """Take a command of the first kiosk's back."""
        path = f"/api/fleet/{KIOSKS[0]}/commands/{command}/withdraw"
        answer = asyncio.run(self._call("POST", path, who, None))
        return answer.status_code, answer.json()

    async def _call(self, method: str, path: str, who: str, body: Any) -> httpx.Response:
        transport = httpx.ASGITransport(self._app, raise_app_exceptions=False)
        headers = {"Authorization": f"Bearer {self.tokens.get(who, who)}"}
        async with httpx.AsyncClient(transport=transport, base_url="http://platform") as client:
            return await client.request(method, path, json=body, headers=headers)


@pytest.fixture
def city(file_office: Office) -> City:
    """Two kiosks in two districts, of which the first is there."""
    city = City(file_office)
    city.greets()
    city.says(condition(), "condition")
    return city


@pytest.fixture
def caller(city: City) -> Caller:
    return Caller(city)


def test_staff_see_page_after_page(caller: Caller) -> None:
    """By id; each sees their district."""
    assert [one["kiosk"] for one in caller.get("/api/fleet", "chen")[1]] == list(KIOSKS)
    status, (first,) = caller.get("/api/fleet?limit=1", "chen")
    assert (status, first["trouble"], first["condition"]["bays"][0]["bay"]) == (200, "well", "a")
    (second,) = caller.get(f"/api/fleet?limit=1&after={first['kiosk']}", "chen")[1]
    assert (second["kiosk"], second["trouble"], second["state"]) == (KIOSKS[1], "never", None)
    assert [one["kiosk"] for one in caller.get("/api/fleet", "zhao")[1]] == [KIOSKS[1]]
    assert caller.get(f"/api/fleet/{KIOSKS[0]}", "li")[1]["online"] is True


def test_a_command_and_what_became_of_it(caller: Caller, city: City) -> None:
    """With an id of one's own it is given once; the history comes in pages, newest first."""
    mine = "ab" * 8
    status, given = caller.command(id=mine, ttl_s=HOUR_S)
    assert (status, given["command_id"], given["state"]) == (200, mine, "issued")
    assert caller.command(id=mine)[1] == given
    other = caller.command(verb="reload-catalogue", arguments={})[1]
    city.due()
    city.answers(mine, detail="closed")
    status, (latest,) = caller.get(f"/api/fleet/{KIOSKS[0]}/commands?limit=1", "li")
    assert latest["command_id"] == other["command_id"]
    path = f"/api/fleet/{KIOSKS[0]}/commands?before={latest['number']}"
    ((earlier),) = caller.get(path)[1]
    assert (earlier["command_id"], earlier["state"], earlier["detail"]) == (mine, "done", "closed")
    verbs = caller.get("/api/fleet/verbs")[1]
    assert verbs["close-bay"] == verbs["restart-node"] == ["bay"]


def test_a_command_is_taken_back(caller: Caller) -> None:
    """Once more changes nothing; whoever only reads takes nothing back."""
    given = caller.command()[1]["command_id"]
    status, taken = caller.withdraw(given)
    assert (status, taken["state"], taken["code"]) == (200, "expired", "withdrawn")
    assert caller.withdraw(given) == (200, taken)
    assert caller.withdraw(given, "li")[1]["code"] == "role"
    status, said = caller.withdraw("0" * 16)
    assert (status, said["code"]) == (404, "unknown-command")


def test_a_bundle_is_a_zip_for_those_who_command(caller: Caller, city: City) -> None:
    """Nobody else, and nobody's browser keeps it."""
    given = caller.command(verb="send-diagnostics", arguments={})[1]["command_id"]
    city.sends(given, b"PK12", 0)
    assert caller.get(f"/api/fleet/{KIOSKS[0]}/bundles")[1][0]["size_bytes"] == 4
    assert caller.get(f"/api/fleet/bundles/{given}") == (200, b"PK12")
    assert caller.get(f"/api/fleet/bundles/{given}", "li")[0] == 403
    assert caller.get(f"/api/fleet/bundles/{'0' * 16}")[1]["code"] == "unknown-bundle"


def test_every_refusal_has_its_status_and_code(caller: Caller) -> None:
    """And a message that says what to do."""
    refused = [
        (caller.command("nobody"), 401, "no-token"),
        (caller.command("li"), 403, "role"),
        (caller.command("zhao"), 403, "other-district"),
        (caller.command(kiosk="hz-nowhere-1"), 404, "unknown-kiosk"),
        (caller.get("/api/fleet/hz-nowhere-1"), 404, "unknown-kiosk"),
        (caller.get(f"/api/fleet/{KIOSKS[1]}"), 403, "other-district"),
        (caller.get("/api/fleet", "nobody"), 401, "no-token"),
        (caller.command(verb="open-hatch"), 422, "unknown-verb"),
        (caller.command(arguments={}), 422, "arguments"),
        (caller.command(arguments={"bay": "z"}), 422, "no-such-bay"),
        (caller.command(verb="<b>"), 422, "request"),
        (caller.command(ttl_s=1), 422, "request"),
        (caller.command(id="x"), 422, "request"),
        (caller.command(arguments={"bay": "a'; DROP TABLE commands"}), 422, "request"),
    ]
    for (status, said), wanted, code in refused:
        assert (status, said.get("code")) == (wanted, code), said
    assert caller.command()[0] == 200
    assert caller.command()[1]["code"] == "already"
