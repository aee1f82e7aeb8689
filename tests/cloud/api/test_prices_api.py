"""Price lists over the API: the whole way, the same rights, and what anybody may read."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from cloud.api.prices import prices_api
from cloud.api.refusals import answer_refusals
from cloud.staff.desk import StaffDesk
from cloud.store.database import open_database
from contract.canonical import canonical
from contract.catalogue import load_plain, load_signed
from tests.cloud.prices.offices import LATER, NOW, PriceOffice

DEARER = {"edit": "price", "item": "can", "points_per_kg": 90, "points_per_piece": 5}
ABSURD = {"edit": "price", "item": "can", "points_per_kg": 10_001, "points_per_piece": None}
CHEAP = [
    {"edit": "low-value", "item": "textile", "low_value": True},
    {"edit": "subsidy", "item": "textile", "fen_per_t": 20_000},
    {"edit": "subsidy", "item": "textile", "district": "xihu", "fen_per_t": 30_000},
]


class Api:
    """The routes over an office; staff by name."""

    def __init__(self, office: PriceOffice) -> None:
        self.office = office
        desk = StaffDesk(office.database, lambda: office.now_s, lambda: f"token-{self._next}")
        self._next = 0
        self._tokens: dict[str, str] = {}
        for name, role in (("ann", "prices"), ("ben", "sign"), ("li", "decide")):
            self._next += 1
            self._tokens[name] = desk.admit(name, role, "*")
        app = FastAPI()
        answer_refusals(app)
        clock = lambda: office.now_s  # noqa: E731
        app.include_router(prices_api(office.desk, office.shelf, desk, clock))
        self._app = app

    def send(self, who: str, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Ask as a member of staff, or as nobody; status and JSON."""
        shown = {"Authorization": f"Bearer {self._tokens[who]}"} if who else {}
        return asyncio.run(self._send(method, f"/api/prices{path}", body, shown))

    async def _send(
        self, method: str, path: str, body: Any, headers: dict[str, str]
    ) -> tuple[int, Any]:
        carried = httpx.ASGITransport(self._app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=carried, base_url="http://platform") as client:
            answer = await client.request(method, path, json=body, headers=headers)
            return answer.status_code, answer.json()


@pytest.fixture
def api(where: Path | str, tmp_path: Path) -> Iterator[Api]:
    """Over either database."""
    database = open_database(where)
    yield Api(PriceOffice(database, tmp_path / "platform"))
    database.dispose()


@pytest.fixture
def light(tmp_path: Path) -> Iterator[Api]:
    """Over SQLite alone."""
    database = open_database(tmp_path / "prices.sqlite")
    yield Api(PriceOffice(database, tmp_path / "platform"))
    database.dispose()


def test_the_whole_way_over_the_api(api: Api) -> None:
    """Drafted, changed, frozen, read, signed; a list that is to come is public at once."""
    status, draft = api.send("ann", "POST", "/drafts", {"valid_from": LATER, "edits": [DEARER]})
    assert (status, draft["state"], draft["version"]) == (200, "open", "2026-12-a")
    wanted = {"saw": draft["sha256"], "valid_from": LATER, "edits": [DEARER, *CHEAP]}
    _, draft = api.send("ann", "PUT", "/drafts/1", wanted)
    saw = {"saw": draft["sha256"]}
    assert api.send("ben", "POST", "/drafts/1/sign", saw)[0] == 409
    assert api.send("ann", "POST", "/drafts/1/freeze", saw)[1]["state"] == "frozen"
    _, seen = api.send("ben", "GET", "/drafts/1")
    assert seen["edits"][0] == DEARER | {"district": ""}
    assert {"can", "textile"} == {one["item"] for one in seen["differences"]} - {""}
    _, unsigned = api.send("ben", "GET", "/drafts/1/unsigned")
    assert load_plain(json.dumps(unsigned).encode()).item("can").price.points_per_kg == 90
    assert api.send("ben", "POST", "/drafts/1/sign", saw)[1]["state"] == "signed"
    _, file = api.send("", "GET", f"/lists/{draft['version']}")
    assert load_signed(canonical(file), api.office.operator.public).item("can").low_value is False
    assert api.send("", "GET", "/lists/2026-13-a")[1]["code"] == "unknown-list"
    assert api.send("", "GET", "")[1] == {
        "version": "2026-11-a",
        "valid_from": "2026-11-01",
        "to_come": [{"version": "2026-12-a", "valid_from": LATER}],
    }
    assert api.send("li", "GET", "/refused")[1] == {"not-frozen": 1}


def test_the_low_value_list_is_public(light: Api) -> None:
    """As it holds today, with each district's subsidy; the new one counts from its day on."""

    def listed() -> dict[str, tuple[int, dict[str, int]]]:
        rows = light.send("", "GET", "/low-value")[1]["items"]
        return {one["item"]: (one["subsidy_fen_per_t"], one["districts"]) for one in rows}

    none = {"xihu": 0, "yuhang": 0}
    assert listed() == {"plastic-mixed": (0, none), "glass-bottle": (0, none)}
    _, draft = light.send("ann", "POST", "/drafts", {"valid_from": LATER, "edits": CHEAP})
    saw = {"saw": draft["sha256"]}
    light.send("ann", "POST", "/drafts/1/freeze", saw)
    light.send("ben", "POST", "/drafts/1/sign", saw)
    assert "textile" not in listed()
    light.office.now_s = NOW + 7 * 86_400
    assert listed()["textile"] == (20_000, {"xihu": 30_000, "yuhang": 20_000})
    light.office.now_s = 0
    assert light.send("", "GET", "/low-value")[1]["code"] == "none-in-force"


REFUSED: list[tuple[str, str, str, Any, int, str]] = [
    ("", "GET", "/drafts", None, 401, "no-token"),
    ("li", "GET", "/drafts", None, 403, "role"),
    ("", "GET", "/refused", None, 401, "no-token"),
    ("ben", "POST", "/drafts", {"valid_from": LATER, "edits": []}, 403, "role"),
    ("ann", "POST", "/drafts", {"valid_from": LATER, "edits": [ABSURD]}, 422, "absurd-price"),
    ("ann", "POST", "/drafts", {"valid_from": "2026-11-24", "edits": []}, 422, "too-early"),
    ("ann", "POST", "/drafts", {"valid_from": "soon", "edits": []}, 422, "request"),
    ("ann", "POST", "/drafts", {"valid_from": LATER, "edits": [{"edit": "x"}]}, 422, "request"),
    ("ann", "POST", "/drafts", {"valid_from": LATER, "edits": [1.5]}, 422, "request"),
    ("ann", "POST", "/drafts/9/freeze", {"saw": "0" * 64}, 404, "unknown-draft"),
    ("ann", "POST", "/drafts/1/sign", {"saw": "0" * 64}, 403, "role"),
    ("ben", "POST", "/drafts/1/sign", {"saw": "0" * 63}, 422, "request"),
    ("ben", "POST", "/drafts/0/reject", {"reason": "?"}, 422, "request"),
    ("ben", "POST", "/drafts/1/reject", {"reason": "x" * 301}, 422, "request"),
]
"""Who asks for what, and what they are told."""


def test_what_is_refused_has_a_code(light: Api) -> None:
    """And a status that says whose mistake it is; nothing is drafted."""
    for who, method, path, body, status, code in REFUSED:
        answer = light.send(who, method, path, body)
        assert (answer[0], answer[1]["code"]) == (status, code), (who, method, path)
    assert light.send("ann", "GET", "/drafts") == (200, [])
