"""A bay that a check found bad stays closed until that finds it good, power cut or not."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from contract.badge import Role
from controller.adapters.kept_rows import KeptRows
from controller.adapters.store import ThreadedStore
from controller.core import commands, events, touches
from controller.core.failed_row import SHAPE, FailedRow
from controller.core.view import View
from controller.starting import Kept, known_at_start
from tests.controller.core.story import Story
from tests.controller.drafts import journal
from tests.controller.service.desk import Vouched
from tests.controller.service.staffed import badge, last, result, run, serve, staffed, type_badge


def found_bad() -> tuple[Story, tuple[FailedRow, ...]]:
    """A technician in service whose weight of 1 kg reads 4 g too much; what is kept of it."""
    story = serve(Role.SERVICE)
    story.rest(2)
    story.pan_g = 1_004
    run(story, "scale-load", load_g=1_000, today="2026-11-18")
    story.rest(4)
    return story, last(story, commands.KeepFailedChecks).rows


def restarted(*rows: FailedRow) -> Story:
    """The next start of the controller, which is told what was kept."""
    story = staffed()
    story.happens(events.FailedChecksFound(rows))
    return story


def usable(view: View) -> bool:
    """Whether residents may use the one bay."""
    return view.bays[0].usable


def test_power_fails_in_the_middle_of_service_and_the_bay_stays_closed() -> None:
    """It was kept when the check was over, not when service ended."""
    _, rows = found_bad()
    assert [row[:2] for row in rows] == [("scale-load", "a")]
    story = restarted(*rows)
    assert story.view.bays[0].why_not == "a check failed in service"
    found = result(story, "scale-load")
    assert (found.finding.verdict, found.day, found.is_kept) == ("bad", "2026-11-18", True)
    assert found.finding.figure.startswith("1000 g: +4")


def test_the_same_check_opens_it_again_and_no_other() -> None:
    """And then nothing is kept any more."""
    _, rows = found_bad()
    story = restarted(*rows)
    for check in ("scale-zero", "scale-load"):
        assert not usable(story.view)
        assert type_badge(story, badge(Role.SERVICE)) == ""
        story.pan_g = 0
        story.rest(2)
        story.pan_g = 1_000 if check == "scale-load" else 0
        run(story, check, load_g=1_000)
        story.rest(4)
        story.pan_g = 0
        story.rest(2)
        story.happens(touches.ServiceLeft())
    assert usable(story.view)
    assert last(story, commands.KeepFailedChecks).rows == ()


def test_a_check_that_could_not_tell_makes_nothing_good() -> None:
    """The same check again with no weight named is unknown, and the bay stays closed."""
    story, _ = found_bad()
    run(story, "scale-load")
    story.rest(4)
    assert result(story, "scale-load").finding.verdict == "unknown"
    story.pan_g = 0
    story.rest(2)
    story.happens(touches.ServiceLeft())
    assert story.state == "IDLE"
    assert story.view.bays[0].why_not == "a check failed in service"
    assert [row[:2] for row in last(story, commands.KeepFailedChecks).rows] == [("scale-load", "a")]


def test_a_hatch_that_stuck_and_moves_again_opens_no_bay_that_a_check_closed() -> None:
    """Two reasons stand side by side: that one is gone takes the other not along."""
    story, _ = found_bad()
    story.happens(touches.HatchJogged("a", True))
    story.opened()
    story.pan_g = 0
    story.rest(2)
    story.happens(touches.ServiceLeft())
    story.wait(story.session.config.session.motion_s + 1)
    assert story.view.bays[0].why_not == "the hatch does not move as it should"
    story.happens(story.report())
    story.closed()
    assert story.view.bays[0].why_not == "a check failed in service"


@pytest.mark.parametrize(
    "row",
    [
        ("scale-load", "z", "", "", "", "", ""),
        ("no-such-check", "a", "", "", "", "", ""),
        ("supply", "a", "", "", "supply-low", "", ""),
    ],
)
def test_what_was_kept_of_a_bay_or_check_that_is_gone_closes_nothing(row: FailedRow) -> None:
    """Nor does a check that never keeps a bay closed."""
    assert usable(restarted(row).view)


def test_a_remedy_that_is_gone_leaves_the_finding() -> None:
    """Software that was changed in between may know it by another name."""
    story = restarted(("scale-load", "a", "+4 g", "±2 g", "hit-it", "", ""))
    assert not usable(story.view)
    assert result(story, "scale-load").finding.do is None


def test_it_lies_beside_the_journal(tmp_path: Path) -> None:
    """And comes at start, after the lots."""
    _, rows = found_bad()
    keepers = [
        KeptRows(tmp_path / f"journal.{name}", shape)
        for name, shape in (("faults", (str, str)), ("lots", (str,)), ("failed", SHAPE))
    ]
    kept = Kept(keepers[0], keepers[1], failed=keepers[2])

    async def start() -> list[object]:
        keeper = kept.keeper_of(commands.KeepFailedChecks(rows))
        assert keeper is not None
        await keeper.keep(rows)
        async with ThreadedStore(lambda: journal(tmp_path / "journal.sqlite")) as store:
            return await known_at_start(store, Vouched(), ("a",), kept)

    assert events.FailedChecksFound(rows) in asyncio.run(start())
