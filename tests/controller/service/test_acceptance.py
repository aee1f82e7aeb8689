"""A new site is accepted: check by check, over interruptions, to a report that is on record."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from contract.badge import Role
from contract.canonical import canonical
from controller.adapters.kept_rows import KeptRows
from controller.adapters.store import ThreadedStore
from controller.core import commands, events, touches
from controller.core.accepted_row import SHAPE
from controller.core.service.acceptance import Acceptance, plan
from controller.core.service.checks import CHECKS
from controller.screens.service.report_html import report_page
from controller.screens.service.words import ServiceWords
from controller.screens.texts import LANGUAGES
from controller.starting import Kept, known_at_start
from tests.controller.core.story import NOW_UTC_S
from tests.controller.drafts import journal
from tests.controller.service.desk import Counter, Vouched, at_desk
from tests.controller.service.staffed import (
    TECHNICIAN,
    acts,
    badge,
    last,
    run,
    serve,
    staffed,
    type_badge,
)

TITLE = "acceptance of hz-xihu-0001"


def accepted(folder: Path, visit: Callable[[Counter], Awaitable[None]]) -> None:
    """Let a technician accept a site whose reports lie in this folder."""

    async def visited(counter: Counter) -> None:
        counter.desk.around = replace(counter.desk.around, reports=folder / "acceptance")
        await counter.sign_in(badge(Role.SERVICE))
        await visit(counter)

    at_desk(folder, visited)


async def ask(counter: Counter, method: str, path: str) -> Any:
    """Ask for what is granted."""
    answer = await counter.client.request(method, path)
    assert answer.status_code < 300, answer.text
    return answer.json() if answer.content else None


class Cells(HTMLParser):
    """The text of a page, cell by cell, and what it asks from elsewhere."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: list[str] = []
        self.feed(page)

    def handle_data(self, data: str) -> None:
        """A piece of text."""
        self.words.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag that would fetch something is no part of such a page."""
        self.links += [tag for name, _ in attrs if name in ("src", "href")]


def test_every_check_is_in_the_plan_and_open_until_it_was_run(tmp_path: Path) -> None:
    """In the table's order; what was run tells its figure, by whom and when."""

    async def visit(counter: Counter) -> None:
        told = await ask(counter, "POST", "acceptance")
        assert [row["check"] for row in told["checks"]] == list(CHECKS)
        assert told["summary"] == f"0 good, 0 bad, 0 unknown, {len(CHECKS)} open"
        await counter.client.post("checks/journal", json={})
        told = await ask(counter, "GET", "acceptance")
        (row,) = [one for one in told["checks"] if one["check"] == "journal"]
        assert (row["verdict"], row["by"]) == ("good", TECHNICIAN)
        assert row["at"] == told["began"]
        assert told["summary"] == f"1 good, 0 bad, 0 unknown, {len(CHECKS) - 1} open"

    accepted(tmp_path, visit)


def test_the_report_says_what_is_open_and_the_record_names_it(tmp_path: Path) -> None:
    """Its hash stands in the signed record; the file is the report, byte for byte."""

    async def visit(counter: Counter) -> None:
        await ask(counter, "POST", "acceptance")
        await counter.client.post("checks/journal", json={})
        counter.story.happens(events.NodeFault("a", "undervoltage", True))
        await counter.client.post("checks/supply", json={"bay": "a"})
        report = await ask(counter, "POST", "acceptance/report")
        assert await ask(counter, "GET", "acceptance") is None
        assert await ask(counter, "GET", "acceptance/report") == report
        told = f"{TITLE}: 1 good, 1 bad, 0 unknown, {len(CHECKS) - 2} open; report "
        assert acts(counter.story)[-1] == told + report["sha256"]
        (file,) = (tmp_path / "acceptance").iterdir()
        assert hashlib.sha256(file.read_bytes()).hexdigest() == report["sha256"]
        assert json.loads(file.read_bytes()) | {"sha256": report["sha256"]} == report
        assert canonical(json.loads(file.read_bytes())) == file.read_bytes()
        assert [row["point"] for row in report["points"]][:2] == ["signs", "prices"]
        assert report["versions"]["catalogue"] == "2026-11-a"

    accepted(tmp_path, visit)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_printed_without_anything_from_elsewhere(tmp_path: Path, language: str) -> None:
    """Every check with its figure; what somebody wrote is text, and open points come first."""

    async def visit(counter: Counter) -> None:
        await ask(counter, "POST", "acceptance")
        await counter.client.post("checks/journal", json={})
        report = await ask(counter, "POST", "acceptance/report")
        words = ServiceWords(language)
        page = report_page(report | {"address": "<script>1</script>"}, words)
        cells = Cells(page)
        assert cells.links == []
        assert "<script>1</script> (hz, xihu)" in cells.words
        assert report["sha256"] in cells.words
        names = [word for word in cells.words if word.startswith(words.check("hatch"))]
        assert len(names) == 2
        journal = [word for word in cells.words if word.startswith(words.check("journal"))]
        assert len(journal) == 1

    accepted(tmp_path, visit)


def test_a_power_cut_interrupts_it_and_it_goes_on() -> None:
    """What was run is kept as soon as it was; another member of staff goes on."""
    story = serve(Role.SERVICE)
    story.happens(touches.AcceptanceBegun(NOW_UTC_S))
    run(story, "supply", utc_s=NOW_UTC_S + 60)
    rows = last(story, commands.KeepAcceptance).rows
    later = staffed()
    later.happens(events.AcceptanceFound(rows))
    other = "7ec0000000000002"
    assert type_badge(later, badge(Role.CALIBRATION, staff=other)) == ""
    run(later, "clock", "", utc_s=NOW_UTC_S + 3_600)
    acceptance = later.session.service.acceptance
    assert acceptance is not None
    assert (acceptance.by, acceptance.began_s) == (TECHNICIAN, NOW_UTC_S)
    by = {step: (row[7], row[8]) for step, row in acceptance.rows.items()}
    assert by == {
        ("supply", "a"): (TECHNICIAN, NOW_UTC_S + 60),
        ("clock", ""): (other, NOW_UTC_S + 3_600),
    }
    later.happens(touches.AcceptanceBegun(NOW_UTC_S))
    assert later.session.service.answer.code == "begun-before"
    later.happens(touches.AcceptanceGivenUp())
    assert last(later, commands.KeepAcceptance).rows == ()
    assert acts(later)[-1] == f"{TITLE}: given up"


def test_a_full_disk_only_delays_the_record_that_names_the_report() -> None:
    """A day's work is not done again for want of room, however often that is told too early."""
    story = serve(Role.SERVICE)
    story.happens(touches.AcceptanceBegun(NOW_UTC_S))
    story.disk_full = True
    story.happens(touches.AcceptanceEnded("ab" * 32))
    assert story.session.service.unrecorded == 0
    story.happens(touches.ServiceLeft())
    assert story.state == "IDLE"
    story.happens(events.RoomSeen(True))
    story.disk_full = False
    story.happens(events.RoomSeen(True))
    ended = [one for one in acts(story) if one.startswith(f"{TITLE}: ")]
    assert [one.rpartition(" ")[2] for one in ended] == ["ab" * 32]


def test_it_lies_beside_the_journal(tmp_path: Path) -> None:
    """And comes at start, for whoever goes on with it."""
    rows = Acceptance(TECHNICIAN, NOW_UTC_S).kept()
    others = KeptRows(tmp_path / "journal.others", (str,))
    kept = Kept(others, others, acceptance=KeptRows(tmp_path / "journal.acceptance", SHAPE))

    async def start() -> list[object]:
        keeper = kept.keeper_of(commands.KeepAcceptance(rows))
        assert keeper is not None
        await keeper.keep(rows)
        async with ThreadedStore(lambda: journal(tmp_path / "journal.sqlite")) as store:
            return await known_at_start(store, Vouched(), ("a",), kept)

    assert events.AcceptanceFound(rows) in asyncio.run(start())


def test_checks_outside_of_an_acceptance_and_jogs_are_no_part_of_one() -> None:
    """A check that is run again counts as it was run last."""
    story = serve(Role.SERVICE)
    run(story, "supply")
    story.happens(touches.AcceptanceBegun(NOW_UTC_S))
    story.happens(touches.HatchJogged("a", True))
    story.rest(2)
    story.opened()
    acceptance = story.session.service.acceptance
    assert acceptance is not None
    assert acceptance.rows == {}
    for verdict in ("good", "bad"):
        run(story, "supply")
        assert acceptance.rows["supply", "a"][2] == verdict
        story.happens(events.NodeFault("a", "undervoltage", True))


def test_what_is_not_there_is_refused(tmp_path: Path) -> None:
    """No acceptance, no report, no room for one, and nobody who may."""

    async def visit(counter: Counter) -> None:
        assert await counter.refused("POST", "acceptance/report") == (409, "not-begun")
        assert await counter.refused("DELETE", "acceptance") == (409, "not-begun")
        assert await counter.refused("GET", "acceptance/report") == (404, "no-report")
        await ask(counter, "POST", "acceptance")
        (tmp_path / "acceptance").write_text("a file in the folder's place")
        assert await counter.refused("POST", "acceptance/report") == (503, "not-kept")
        assert await ask(counter, "GET", "acceptance") is not None
        assert not [one for one in acts(counter.story) if "report" in one]

    accepted(tmp_path, visit)
    story = serve(Role.COLLECTION)
    story.happens(touches.AcceptanceBegun(NOW_UTC_S))
    assert story.session.service.answer.code == "forbidden"


class Ticking(Vouched):
    """A clock that goes on by a second whenever somebody looks."""

    def __init__(self) -> None:
        self._utc_s = NOW_UTC_S

    def utc_s(self) -> int:
        """One second later than before."""
        self._utc_s += 1
        return self._utc_s


def test_a_finger_that_ends_it_twice_leaves_one_report(tmp_path: Path) -> None:
    """The one that the record names; the second touch finds nothing to end."""

    async def visit(counter: Counter) -> None:
        counter.desk.clock = Ticking()
        await ask(counter, "POST", "acceptance")
        ends = [counter.client.post("acceptance/report") for _ in range(2)]
        told = sorted([one.status_code for one in await asyncio.gather(*ends)])
        assert told == [201, 409]
        (file,) = (tmp_path / "acceptance").iterdir()
        sha256 = hashlib.sha256(file.read_bytes()).hexdigest()
        assert acts(counter.story)[-1].endswith(f"report {sha256}")

    accepted(tmp_path, visit)


def test_who_may_not_accept_leaves_no_report(tmp_path: Path) -> None:
    """A collector comes while an acceptance is interrupted, and one ends it while a check runs."""

    async def visit(counter: Counter) -> None:
        await ask(counter, "POST", "acceptance")
        await counter.client.post("checks/hatch", json={"bay": "a"})
        assert await counter.refused("POST", "acceptance/report") == (409, "busy")
        await ask(counter, "DELETE", "session")
        counter.story.rest(2)
        await counter.sign_in(badge(Role.COLLECTION, staff="7ec0000000000002"))
        assert await counter.refused("POST", "acceptance/report") == (403, "forbidden")
        assert not list((tmp_path / "acceptance").glob("*"))
        assert await ask(counter, "GET", "acceptance") is not None

    accepted(tmp_path, visit)


@pytest.mark.parametrize("damaged", [b"", b"[1]", b"7", b"\xff", b"{}"])
def test_a_report_that_a_dying_card_has_spoiled_is_refused(tmp_path: Path, damaged: bytes) -> None:
    """By name, so that somebody looks into the file."""

    async def visit(counter: Counter) -> None:
        (tmp_path / "acceptance").mkdir()
        (tmp_path / "acceptance" / "2026-11-18T000000Z.json").write_bytes(damaged)
        assert await counter.refused("GET", "acceptance/report") == (404, "no-report")

    accepted(tmp_path, visit)


def test_the_last_report_is_the_one_that_ended_last_whatever_its_file_is_called(
    tmp_path: Path,
) -> None:
    """Files come back from a copy under other names; one that is no report stands in no way."""

    async def visit(counter: Counter) -> None:
        await ask(counter, "POST", "acceptance")
        report = await ask(counter, "POST", "acceptance/report")
        (file,) = (tmp_path / "acceptance").iterdir()
        text = file.read_text()
        assert text.count(report["ended"]) >= 1
        older = text.replace(report["ended"], "2020-01-01T00:00:00Z")
        (tmp_path / "acceptance" / "z-copy.json").write_text(older)
        (tmp_path / "acceptance" / "zz-damaged.json").write_text(text[:40])
        file.rename(tmp_path / "acceptance" / "a-copy.json")
        found = await ask(counter, "GET", "acceptance/report")
        assert (found["ended"], found["sha256"]) == (report["ended"], report["sha256"])
        damaged = text.replace(report["ended"], "some day")
        (tmp_path / "acceptance" / "a-copy.json").write_text(damaged)
        found = await ask(counter, "GET", "acceptance/report")
        assert found["ended"] == "2020-01-01T00:00:00Z"

    accepted(tmp_path, visit)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_report_of_an_older_release_is_printed(tmp_path: Path, language: str) -> None:
    """A check or a remedy that is gone stands there by its name."""

    async def visit(counter: Counter) -> None:
        await ask(counter, "POST", "acceptance")
        report = await ask(counter, "POST", "acceptance/report")
        report["checks"][0] |= {"check": "brakes", "verdict": "bad", "do": "oil-brakes"}
        cells = Cells(report_page(report, ServiceWords(language)))
        assert "oil-brakes" in cells.words
        assert any(word.startswith("brakes ") for word in cells.words)

    accepted(tmp_path, visit)


def test_what_was_kept_of_a_check_that_is_gone_is_left_out() -> None:
    """And nothing at all is no acceptance."""
    begun = ("", "", "", "", "", "", "", TECHNICIAN, NOW_UTC_S)
    gone = ("brakes", "a", "good", "", "", "", "", TECHNICIAN, NOW_UTC_S)
    assert Acceptance.of([gone]) is None
    found = Acceptance.of([begun, gone])
    assert found is not None
    assert found.rows == {}
    assert found.open_steps(["a", "b"]) == plan(["a", "b"])
    found = Acceptance.of([begun, ("supply", "z", "good", "", "", "", "", TECHNICIAN, NOW_UTC_S)])
    assert found is not None
    assert found.summary(["a"]) == f"0 good, 0 bad, 0 unknown, {len(CHECKS)} open"
