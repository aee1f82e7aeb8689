"""`kiosk diag` against a desk that is served on loopback."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from typer.testing import CliRunner

from contract.badge import Role
from contract.errors import KioskError
from controller.cli_diag import Looking, diag
from controller.core import events
from controller.diag_tables import checks_table
from controller.screens.server import listen, serve_on
from controller.screens.service.call import DeskError
from controller.screens.service.desk import LOOK_S
from controller.screens.service.words import ServiceWords
from tests.controller.core.story import Story
from tests.controller.service.desk import open_counter
from tests.controller.service.staffed import acts, badge

REPORT = {
    "kiosk": "hz-xihu-0001",
    "city": "hz",
    "district": "xihu",
    "address": "",
    "began": "2026-11-18T00:00:00Z",
    "begun_by": "7ec0000000000001",
    "ended": "2026-11-18T00:00:00Z",
    "ended_by": "7ec0000000000001",
    "versions": {
        "software": "0.1.0",
        "catalogue": "2026-11-a",
        "catalogue_from": "2026-11-01",
        "calibrations": {},
        "nodes": {},
    },
    "parts": {},
    "checks": [
        {
            "check": "hatch",
            "bay": "a",
            "verdict": "",
            "figure": "",
            "limit": "",
            "do": "",
            "detail": "",
            "by": "",
            "at": "",
        }
    ],
    "points": [],
}
"""What an acceptance leaves of which the hatch was not tried."""


class Served:
    """A kiosk whose desk is served, and a technician with a badge in a file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.story: Story
        self._loop = asyncio.new_event_loop()
        self._up = threading.Event()
        listening = listen(0)
        self.address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        self._task: asyncio.Task[None] = self._loop.create_task(self._serve(listening))
        self._thread = threading.Thread(target=self._run)
        self.show(badge(Role.SERVICE))

    def __enter__(self) -> Served:
        self._thread.start()
        assert self._up.wait(60)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._task.cancel)
        self._thread.join()

    def show(self, text: str) -> None:
        """Put this into the file that is named as the badge."""
        (self.folder / "badge.txt").write_text(text + "\n")

    def diag(self, *words: str, stdin: str | None = None, as_json: bool = True) -> tuple[int, Any]:
        """Exit code, and what came out."""
        file = "-" if stdin is not None else str(self.folder / "badge.txt")
        arguments = [*words, "--badge", file, "--address", self.address]
        arguments += ["--json"] if as_json else []
        result = CliRunner().invoke(diag, arguments, input=stdin)
        if isinstance(result.exception, KioskError):
            raise result.exception
        assert result.exit_code in (0, 1), result.output
        return result.exit_code, json.loads(result.stdout) if as_json else result.stdout

    def _run(self) -> None:
        with contextlib.suppress(asyncio.CancelledError):
            self._loop.run_until_complete(self._task)
        self._loop.close()

    async def _serve(self, listening: Any) -> None:
        async with open_counter(self.folder) as counter:
            self.story = counter.story
            self._up.set()
            await serve_on(counter.app, listening)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """A kiosk that runs."""
    with Served(tmp_path) as served:
        yield served


def test_a_technician_looks_without_disturbing_anybody(served: Served) -> None:
    """Status, checks, inputs and faults are told while the kiosk serves residents."""
    code, told = served.diag("status")
    assert (code, told["state"], told["versions"]["catalogue"]) == (0, "IDLE", "2026-11-a")
    code, told = served.diag("checks")
    found = {row["check"]: row["verdict"] for row in told["checks"]}
    assert (code, found["supply"], found["journal"], found["hatch"]) == (0, "good", "good", None)
    assert acts(served.story) == ["badge 7ec0000000000001 looks on"]
    _, told = served.diag("inputs")
    assert told["bays"][0]["hatch"] == "CLOSED"
    served.story.happens(events.NodeFault("a", "undervoltage", True))
    code, told = served.diag("faults")
    assert (code, told["now"][0]["fault"]) == (1, "undervoltage")
    assert "20 V" in told["now"][0]["do"]
    assert served.story.state == "IDLE"


def test_what_is_bad_now_is_told_though_nobody_has_run_its_check(served: Served) -> None:
    """Over SSH a technician sees what is wrong at once; 1 says that something is."""
    served.story.happens(events.NodeFault("a", "undervoltage", True))
    code, told = served.diag("checks")
    (supply,) = [row for row in told["checks"] if row["check"] == "supply"]
    assert (code, supply["verdict"], supply["do"]) == (1, "bad", "supply-low")
    assert served.story.session.service.results == {}


def test_a_check_is_run_in_service_and_service_is_left(served: Served) -> None:
    """Good ends with 0, bad with 1; the journal has who did it."""
    code, row = served.diag("run", "supply", "--bay", "a")
    assert (code, row["verdict"]) == (0, "good")
    assert acts(served.story)[-1] == "service ended (left): ok"
    served.story.happens(events.NodeFault("a", "undervoltage", True))
    code, row = served.diag("run", "supply", "--bay", "a", stdin=badge(Role.SERVICE))
    assert (code, row["do"]) == (1, "supply-low")
    assert served.story.state == "IDLE"


def test_a_check_that_asks_is_answered_on_the_command_line(served: Served) -> None:
    """By a person at a terminal, or by a script that was told what they saw."""
    code, row = served.diag("run", "speaker", "--yes")
    assert (code, row["verdict"]) == (0, "good")
    code, shown = served.diag("run", "touch", stdin=f"{badge(Role.SERVICE)}\nn\n", as_json=False)
    assert code == 1
    assert "bad" in shown
    assert acts(served.story)[-2] == "check touch: bad"


def test_people_read_tables_in_their_language(served: Served) -> None:
    """What to do stands beside what is bad."""
    served.story.happens(events.NodeFault("a", "undervoltage", True))
    served.diag("run", "supply", "--bay", "a")
    code, shown = served.diag("checks", "--lang", "zh", as_json=False)
    assert code == 1
    assert "供电" in shown
    assert "bad" not in shown
    for command in ("status", "inputs", "faults"):
        assert served.diag(command, as_json=False)[1]


def test_the_audit_is_printed_and_fails_with_1(served: Served) -> None:
    """Seven lines; nobody has verified this scale, and of signs nobody has said anything."""
    code, told = served.diag("audit")
    found = {row["point"]: row["verdict"] for row in told["points"]}
    assert (code, len(found)) == (1, 7)
    assert (found["measuring"], found["signs"]) == ("fail", "unknown")
    code, shown = served.diag("audit", "--lang", "zh", as_json=False)
    assert code == 1
    assert "统一标识" in shown


def test_the_report_of_an_acceptance_is_a_page(served: Served, tmp_path: Path) -> None:
    """What is open ends with 1; without a report it is said that there is none."""
    out = tmp_path / "acceptance.html"
    with pytest.raises(DeskError) as caught:
        served.diag("acceptance", str(out))
    assert caught.value.code == "no-report"
    (tmp_path / "acceptance").mkdir()
    (tmp_path / "acceptance" / "2026-11-18T000000Z.json").write_text(json.dumps(REPORT))
    code, told = served.diag("acceptance", str(out), "--lang", "zh")
    assert (code, told["open"]) == (1, True)
    assert "站点验收" in out.read_text()


def test_a_watch_outlasts_its_sign_in(served: Served) -> None:
    """A look is good for ten minutes; who watches for longer signs in anew by the same badge."""
    looking = Looking(served.address, badge(Role.SERVICE))
    served.story.now_s += LOOK_S + 1
    assert looking.get("state")["state"] == "IDLE"


def test_a_name_in_brackets_is_shown_as_it_is() -> None:
    """Rich would take it for markup, and end the command over it."""
    row = {"check": "camera", "bay": "a", "verdict": "bad", "figure": "[/dev/video0]", "limit": ""}
    row |= {"do": "camera-lost", "detail": "[/dev/video0] is gone"}
    out = io.StringIO()
    Console(width=200, file=out).print(checks_table([row | {"ago_s": 1}], ServiceWords("en")))
    assert "[/dev/video0] is gone" in out.getvalue()


def test_the_bundle_is_a_file(served: Served, tmp_path: Path) -> None:
    """A zip that can be sent."""
    out = tmp_path / "bundle.zip"
    code, told = served.diag("bundle", str(out))
    assert (code, told["bytes"]) == (0, out.stat().st_size)
    assert "checks.json" in zipfile.ZipFile(io.BytesIO(out.read_bytes())).namelist()


@pytest.mark.parametrize(
    ("words", "text", "code"),
    [
        (("status",), "nonsense", "foreign"),
        (("run", "supply", "--bay", "a"), badge(Role.COLLECTION), "forbidden"),
        (("run", "brakes"), badge(Role.SERVICE), "no-such-check"),
        (("run", "../session"), badge(Role.SERVICE), "no-desk"),
        (("run", "supply", "--bay", "z"), badge(Role.SERVICE), "no-such-bay"),
    ],
)
def test_bad_input_is_named(served: Served, words: tuple[str, ...], text: str, code: str) -> None:
    """And service, where it was begun, is left all the same."""
    served.show(text)
    with pytest.raises(DeskError) as caught:
        served.diag(*words)
    assert caught.value.code == code
    assert served.story.state == "IDLE"


def test_a_badge_is_sent_to_no_other_machine() -> None:
    """Nor is it said that nobody answers, where nobody was asked."""
    arguments = ["status", "--badge", "-", "--address", "http://10.0.0.7:8080"]
    result = CliRunner().invoke(diag, arguments, input="GR1:X\n")
    assert isinstance(result.exception, DeskError)
    assert result.exception.code == "not-local"


def test_a_kiosk_that_does_not_run_is_named() -> None:
    """With what would help."""
    with listen(0) as listening:
        port = listening.getsockname()[1]
    arguments = ["status", "--badge", "-", "--address", f"http://127.0.0.1:{port}"]
    result = CliRunner().invoke(diag, arguments, input="GR1:X\n")
    assert isinstance(result.exception, DeskError)
    assert "is `kiosk run` up?" in str(result.exception)
