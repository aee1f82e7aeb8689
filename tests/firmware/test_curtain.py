"""The light curtain proves itself before each closing."""

from __future__ import annotations

from controller.core.commands import CloseHatch
from controller.core.events import CommandRefused, HatchClosed, HatchObstructed
from tests.firmware.mishaps import still
from tests.firmware.stand_in import opened, ready


def test_each_closing_begins_with_a_test_that_nobody_notices() -> None:
    """The sender goes off for a moment, the curtain sees it, and no hand is reported."""
    rig = opened()
    for _ in range(2):
        rig.submit(CloseHatch("a"))
        dark_ms = 0
        for _ in range(1_000):
            rig.run(1)
            dark_ms += rig.bay.outputs.curtain_test
        assert 0 < dark_ms <= 20
        assert not any(report.hand for report in rig.reports)
        rig.bay.hand = True
        rig.until(HatchObstructed)
        rig.bay.hand = False
        rig.run(6_000)
        rig.heard.clear()
    rig.submit(CloseHatch("a"))
    rig.until(HatchClosed)


def test_a_curtain_that_sees_nothing_closes_nothing() -> None:
    """Stuck clear: it would close on a hand. Refused, named, and staff must look."""
    rig = opened()
    rig.bay.curtain_works = False
    rig.submit(CloseHatch("a"))
    refused = rig.until(CommandRefused)
    assert refused == CommandRefused("a", "CloseHatch", "curtain")
    assert still(rig, 3_000)
    assert rig.state == "OPEN"
    assert "curtain-stuck" in rig.reports[-1].faults
    rig.bay.curtain_works = True
    rig.submit(CloseHatch("a"))
    rig.run(100)
    assert rig.refusals[-1] == ("CloseHatch", "fault")
    rig.wire("clear_faults")
    rig.run(100)
    rig.submit(CloseHatch("a"))
    rig.until(HatchClosed)


def test_a_curtain_that_sees_nothing_closes_for_no_fire_either() -> None:
    """Fire doors do not close blindly."""
    rig = opened()
    rig.bay.curtain_works = False
    rig.bay.inputs.smoke = True
    assert still(rig, 10_000)
    assert rig.bay.hatch_mm >= 395


def test_a_hand_that_comes_with_the_test_is_a_hand() -> None:
    """What stays blocked when the light is back ends the warning."""
    rig = opened()
    rig.submit(CloseHatch("a"))
    rig.run(10)
    rig.bay.hand = True
    rig.until(HatchObstructed, 250)
    assert rig.reports[-1].hand


def test_a_curtain_that_is_never_free_behind_a_shut_hatch_is_dirty_or_broken() -> None:
    """Nobody can reach through there: after half a minute it is no hand."""
    rig = ready()
    rig.bay.hand = True
    rig.run(29_000)
    assert "curtain-stuck" not in rig.reports[-1].faults
    rig.run(2_000)
    assert "curtain-stuck" in rig.reports[-1].faults
