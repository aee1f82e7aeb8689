"""The local API of service: who gets in, what they see, and how bad input is refused."""

from __future__ import annotations

import io
import json
import logging
import zipfile
from pathlib import Path

import pytest

from contract.badge import Role
from controller.core import touches
from controller.core.service.checks import CHECKS
from controller.screens.service.api import PREFIX
from controller.screens.service.desk import PASSES
from tests.controller.service.desk import Counter, at_desk, client_at
from tests.controller.service.staffed import OTHER, TECHNICIAN, acts, badge

GUARDED = [
    ("GET", "state"),
    ("GET", "checks"),
    ("GET", "inputs"),
    ("GET", "faults"),
    ("GET", "bins"),
    ("GET", "versions"),
    ("GET", "bundle"),
    ("DELETE", "session"),
    ("POST", "stay"),
]


def test_a_technician_signs_in_looks_runs_a_check_and_leaves(tmp_path: Path) -> None:
    """With one badge; afterwards the token opens nothing."""

    async def visit(counter: Counter) -> None:
        signed = (await counter.sign_in(badge(Role.SERVICE))).json()
        assert (signed["acts"], signed["waits"], signed["began"]) == (True, False, True)
        state = (await counter.client.get("state")).json()
        assert (state["by"], state["roles"]) == (TECHNICIAN, ["service"])
        found = (await counter.client.post("checks/supply", json={"bay": "a"})).json()
        assert (found["verdict"], found["running"], found["limit"]) == ("good", False, "≥ 20 V")
        rows = (await counter.client.get("checks")).json()
        assert {row["check"] for row in rows} == CHECKS.keys()
        assert {row["check"] for row in rows if row["verdict"] is None} == {
            name for name, check in CHECKS.items() if not check.at_once
        }
        assert (await counter.client.delete("session")).status_code == 204
        assert await counter.refused("GET", "state") == (401, "no-token")
        assert counter.story.state == "IDLE"

    at_desk(tmp_path, visit)


def test_what_a_bay_tells_is_seen_live(tmp_path: Path) -> None:
    """Every input, the mass and the bins' levels."""

    async def visit(counter: Counter) -> None:
        counter.story.pan_g = 500
        counter.story.rest(4)
        await counter.sign_in(badge(Role.CALIBRATION))
        counter.story.happens(counter.story.report(hand=True))
        (row,) = (await counter.client.get("inputs")).json()
        assert row["mass_g"] == pytest.approx(500, abs=2)
        assert (row["hand"], row["motor_ma"], row["temperature_c"]) == (True, 0, 21.5)
        assert row["levels_permille"].keys() == {"0", "1", "2"}

    at_desk(tmp_path, visit)


def test_a_hatch_is_checked_over_the_api(tmp_path: Path) -> None:
    """It takes a while: the answer says so, and the list has the result."""

    async def visit(counter: Counter) -> None:
        story = counter.story
        story.rest()
        await counter.sign_in(badge(Role.SERVICE))
        begun = (await counter.client.post("checks/hatch", json={"bay": "a"})).json()
        assert (begun["running"], begun["verdict"]) == (True, None)
        story.now_s += 2
        story.opened()
        story.now_s += 4
        story.closed()
        rows = (await counter.client.get("checks")).json()
        (hatch,) = [row for row in rows if row["check"] == "hatch"]
        assert (hatch["verdict"], hatch["figure"]) == ("good", "2.0 s, 4.0 s, 0 mA")

    at_desk(tmp_path, visit)


def test_the_camera_is_checked_in_its_light(tmp_path: Path) -> None:
    """A picture that is sharp and lit is good; an unplugged camera says what to do."""

    async def visit(counter: Counter) -> None:
        counter.story.rest()
        await counter.sign_in(badge(Role.SERVICE))
        found = (await counter.client.post("checks/camera", json={"bay": "a"})).json()
        assert found["verdict"] == "good"
        assert "light of bay a: on" in acts(counter.story)
        counter.camera.unplugged = True
        found = (await counter.client.post("checks/camera", json={"bay": "a"})).json()
        assert (found["verdict"], found["do"]) == ("bad", "camera-lost")
        assert "check its cable" in found["detail"]

    at_desk(tmp_path, visit)


def test_a_collector_swaps_a_bin(tmp_path: Path) -> None:
    """Weighed and tagged; the next lot is open."""

    async def visit(counter: Counter) -> None:
        await counter.sign_in(badge(Role.COLLECTION))
        body = {"bay": "a", "bin_index": 1, "weighed_g": 12_000, "tag": "BIN-0042"}
        assert (await counter.client.post("bins/emptied", json=body)).status_code == 200
        (record,) = counter.story.committed("collection")
        assert record.body["weighed_g"] == 12_000
        rows = (await counter.client.get("bins")).json()
        assert [row["lot"] for row in rows] == ["", record.body["next_lot"], ""]
        assert acts(counter.story)[-1] == "bin 1 of bay a tagged: BIN-0042"

    at_desk(tmp_path, visit)


def test_a_resident_gets_nothing(tmp_path: Path) -> None:
    """Without a token every door is shut, and their own code opens none."""

    async def visit(counter: Counter) -> None:
        for method, path in GUARDED:
            assert await counter.refused(method, path) == (401, "no-token")
        assert await counter.refused("POST", "checks/supply", bay="a") == (401, "no-token")
        assert await counter.refused("POST", "session", badge=counter.story.code()) == (
            401,
            "no-badge",
        )
        assert (await counter.sign_in(None)).status_code == 401
        assert counter.story.state == "IDLE"

    at_desk(tmp_path, visit)


STRANGERS: list[tuple[str, dict[str, str]]] = [
    ("10.0.0.7", {}),
    ("testclient", {}),
    ("127.0.0.1", {"host": "evil.example"}),
    ("127.0.0.1", {"origin": "http://evil.example"}),
]


def test_whoever_is_not_at_the_kiosk_is_refused(tmp_path: Path) -> None:
    """Another machine, another name for this one, another page in its browser."""

    async def visit(counter: Counter) -> None:
        for host, headers in STRANGERS:
            async with client_at(counter.app, host, **headers) as stranger:
                answer = await stranger.post("session", json={"badge": badge(Role.SERVICE)})
                assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
        assert counter.story.state == "IDLE"

    at_desk(tmp_path, visit)


def test_a_second_browser_looks_on(tmp_path: Path) -> None:
    """Another member of staff sees, and may not touch; the first one goes on."""

    async def visit(counter: Counter) -> None:
        await counter.sign_in(badge(Role.SERVICE))
        first = counter.client.headers["authorization"]
        looker = (await counter.sign_in(badge(Role.SERVICE, staff=OTHER))).json()
        assert looker["acts"] is False
        assert (await counter.client.get("checks")).status_code == 200
        assert await counter.refused("POST", "checks/supply", bay="a") == (403, "read-only")
        counter.client.headers["authorization"] = first
        assert (await counter.client.post("checks/supply", json={"bay": "a"})).status_code == 202

    at_desk(tmp_path, visit)


def test_who_only_looks_disturbs_nobody(tmp_path: Path) -> None:
    """Residents are served meanwhile; ten minutes later the badge is asked for again."""

    async def visit(counter: Counter) -> None:
        body = {"badge": badge(Role.SERVICE), "looks": True}
        token = (await counter.client.post("session", json=body)).json()["token"]
        counter.client.headers["authorization"] = f"Bearer {token}"
        assert (await counter.client.get("faults")).status_code == 200
        assert await counter.refused("POST", "checks/supply", bay="a") == (403, "read-only")
        counter.story.identify()
        assert counter.story.state == "LOADING"
        counter.story.now_s += 600
        assert await counter.refused("GET", "faults") == (401, "no-token")

    at_desk(tmp_path, visit)


def test_who_lost_the_connection_signs_in_again(tmp_path: Path) -> None:
    """Their old screen only looks on from then."""

    async def visit(counter: Counter) -> None:
        await counter.sign_in(badge(Role.SERVICE))
        old = counter.client.headers["authorization"]
        assert (await counter.sign_in(badge(Role.SERVICE))).json()["acts"] is True
        counter.client.headers["authorization"] = old
        assert await counter.refused("POST", "stay") == (403, "read-only")

    at_desk(tmp_path, visit)


def test_while_a_resident_is_served_staff_wait(tmp_path: Path) -> None:
    """They are signed in, see everything, and act once the resident has gone."""

    async def visit(counter: Counter) -> None:
        counter.story.identify()
        counter.story.load(28)
        assert (await counter.sign_in(badge(Role.SERVICE))).json()["waits"] is True
        assert (await counter.client.get("inputs")).status_code == 200
        assert await counter.refused("POST", "checks/supply", bay="a") == (409, "waiting")

    at_desk(tmp_path, visit)


def test_a_badge_at_the_reader_opens_one_screen(tmp_path: Path) -> None:
    """The one at the kiosk; whoever comes to it without a badge afterwards is turned away."""

    async def visit(counter: Counter) -> None:
        counter.story.show(badge(Role.COLLECTION))
        assert (await counter.sign_in(None)).status_code == 201
        async with client_at(counter.app) as second:
            answer = await second.post("session", json={})
            assert (answer.status_code, answer.json()["code"]) == (409, "occupied")

    at_desk(tmp_path, visit)


def test_too_many_requests_and_too_many_badges_are_refused(tmp_path: Path) -> None:
    """A second later the desk answers again; after wrong badges, five minutes later."""

    async def visit(counter: Counter) -> None:
        for _ in range(5):
            assert (await counter.refused("POST", "session", badge="GR1:X"))[0] == 401
        wrong = await counter.refused("POST", "session", badge=badge(Role.SERVICE))
        assert wrong == (429, "too-many")
        statuses = [(await counter.client.get("state")).status_code for _ in range(80)]
        assert statuses[-1] == 429
        counter.story.now_s += 301
        assert (await counter.sign_in(badge(Role.SERVICE))).status_code == 201

    at_desk(tmp_path, visit)


BAD: list[tuple[str, dict[str, object]]] = [
    ("session", {"badge": 7}),
    ("session", {"badge": "x" * 3_000}),
    ("session", {"password": "x"}),
    ("checks/scale-load", {"bay": "a", "load_g": -3}),
    ("gate", {"bay": "a", "bin_index": 9}),
    ("bins/emptied", {"bay": "a", "bin_index": 1, "weighed_g": 10**12}),
    ("bins/emptied", {"bay": "a", "bin_index": 1, "tag": "x" * 65}),
    ("hatch", {"bay": "a"}),
]


def test_bad_input_is_named_and_changes_nothing(tmp_path: Path) -> None:
    """What was sent is not repeated: it may be a badge."""

    async def visit(counter: Counter) -> None:
        await counter.sign_in(badge(Role.SERVICE))
        before = acts(counter.story)
        for path, body in BAD:
            assert await counter.refused("POST", path, **body) == (422, "bad-request"), path
        assert acts(counter.story) == before

    at_desk(tmp_path, visit)


def test_a_script_that_looks_on_again_and_again_sends_nobody_out(tmp_path: Path) -> None:
    """An inspector waits for half an hour under one load; `kiosk diag` polls meanwhile."""

    async def visit(counter: Counter) -> None:
        await counter.sign_in(badge(Role.CALIBRATION))
        looks = {"badge": badge(Role.SERVICE, staff=OTHER), "looks": True}
        for _ in range(2 * PASSES):
            counter.story.now_s += 1
            assert (await counter.client.post("session", json=looks)).status_code == 201
        assert (await counter.client.post("stay")).status_code == 204

    at_desk(tmp_path, visit)


@pytest.mark.parametrize("body", [b"\xff", b"{", b"[" * 100_000, b"9" * 5_000])
def test_what_is_no_json_is_a_problem_like_any_other(tmp_path: Path, body: bytes) -> None:
    """Bytes, half of it, far too deep, a number that nobody can hold."""

    async def visit(counter: Counter) -> None:
        await counter.sign_in(badge(Role.SERVICE))
        answer = await counter.client.post(
            "hatch", content=body, headers={"content-type": "application/json"}
        )
        assert (answer.status_code, answer.json()["code"]) == (422, "bad-request")

    at_desk(tmp_path, visit)


BAY: dict[str, object] = {"bay": "a"}

DOES: dict[tuple[str, str], dict[str, object]] = {
    ("POST", "checks/supply"): BAY,
    ("POST", "answer"): {"yes": True},
    ("POST", "hatch"): BAY | {"open": True},
    ("POST", "gate"): BAY | {"bin_index": 0},
    ("POST", "faults/clear"): BAY,
    ("POST", "node/restart"): BAY,
    ("POST", "light"): BAY | {"on": True},
    ("POST", "bins/emptied"): BAY | {"bin_index": 0},
    ("POST", "bays/checked"): BAY,
    ("POST", "procedure"): BAY | {"kind": "verify"},
    ("POST", "procedure/reading"): {},
    ("DELETE", "procedure"): {},
    ("POST", "focus"): BAY,
    ("POST", "empty"): BAY,
    ("POST", "empty/undo"): BAY,
    ("POST", "lesson/pictures"): BAY | {"item": "foreign"},
    ("DELETE", "lesson/pictures"): {},
    ("POST", "lesson"): {},
    ("DELETE", "lesson"): {},
    ("POST", "acceptance"): {},
    ("DELETE", "acceptance"): {},
    ("POST", "acceptance/report"): {},
    ("POST", "stay"): {},
}
"""Every call that does something, and what is sent with it."""

OF_A_COLLECTOR = {
    ("POST", "bins/emptied"): "",
    ("POST", "stay"): "",
    ("POST", "answer"): "not-now",
    ("POST", "procedure/reading"): "not-now",
    ("DELETE", "procedure"): "",
}
"""What comes of those that are no matter of roles; `answer` and readings are of what they began."""


def calls(counter: Counter) -> list[tuple[str, str]]:
    """Every call of the API, as it is served."""
    return [
        (method.upper(), path.removeprefix(f"{PREFIX}/").replace("{name}", "supply"))
        for path, methods in counter.app.openapi()["paths"].items()
        for method in methods
    ]


async def code_of(counter: Counter, method: str, path: str) -> str:
    """What comes of a call; empty where it was done."""
    answer = await counter.client.request(method, path, json=DOES.get((method, path), {}))
    return answer.json()["code"] if answer.status_code >= 400 else ""


def test_every_call_wants_a_token_and_those_that_do_something_one_that_acts(
    tmp_path: Path,
) -> None:
    """None is forgotten: they are asked of the application itself."""

    async def visit(counter: Counter) -> None:
        known = set(calls(counter)) - {("POST", "session")}
        assert {call for call in known if call[0] != "GET"} == {*DOES, ("DELETE", "session")}
        for call in known:
            counter.story.now_s += 1
            assert await code_of(counter, *call) == "no-token", call
        looks = {"badge": badge(Role.SERVICE), "looks": True}
        token = (await counter.client.post("session", json=looks)).json()["token"]
        counter.client.headers["authorization"] = f"Bearer {token}"
        for call in DOES:
            counter.story.now_s += 1
            assert await code_of(counter, *call) in {"read-only", "no-eyes"}, call
        assert not counter.story.session.service.acts

    at_desk(tmp_path, visit)


def test_a_collector_may_empty_bins_and_nothing_else(tmp_path: Path) -> None:
    """Whatever the call; what they began themselves they may answer and give up."""

    async def visit(counter: Counter) -> None:
        await counter.sign_in(badge(Role.COLLECTION))
        for call in DOES:
            counter.story.now_s += 1
            assert await code_of(counter, *call) == OF_A_COLLECTOR.get(call, "forbidden"), call

    at_desk(tmp_path, visit)


def test_the_bundle_holds_no_secret_and_no_person(tmp_path: Path) -> None:
    """No badge, no staff, no key's place, no id in its log; figures and faults are in it."""

    async def visit(counter: Counter) -> None:
        text = badge(Role.SERVICE)
        await counter.sign_in(text)
        line = f"event=code-shown-again jti={'ab' * 8} phone=13800138000 text={text}"
        counter.log.handle(logging.LogRecord("k", logging.WARNING, "", 0, line, None, None))
        counter.story.happens(touches.LightSwitched("a", True))
        answer = await counter.client.get("bundle")
        file = zipfile.ZipFile(io.BytesIO(answer.content))
        parts = {name: file.read(name).decode() for name in file.namelist()}
        everything = "\n".join(parts.values())
        for secret in (TECHNICIAN, "13800138000", "ab" * 8, text, "kiosk.pem", "secret-"):
            assert secret not in everything
        assert "event=code-shown-again" in parts["log.txt"]
        assert json.loads(parts["configuration.json"])["kiosk"] == "hz-xihu-0001"
        assert json.loads(parts["journal.json"])["waiting"] == 0
        assert json.loads(parts["links.json"])[0]["bay"] == "a"

    at_desk(tmp_path, visit)
