"""The hatch at work: how it opens, warns and closes, and what it does when it meets something."""

from __future__ import annotations

import pytest

from controller.core.commands import CloseHatch, OpenHatch
from controller.core.events import HatchClosed, HatchObstructed, HatchOpened
from tests.firmware.mishaps import (
    clear,
    drives,
    meets_broken_edge,
    meets_edge,
    meets_hand,
    meets_warm_body,
    meets_without_edge,
    still,
)
from tests.firmware.stand_in import closing, opened, ready


def test_it_opens_in_two_seconds_and_says_so() -> None:
    """Lock off first, then full drive, then rest at the limit; the opening is counted once."""
    rig = ready()
    assert rig.bay.outputs.lock_on
    rig.submit(OpenHatch("a"))
    rig.run(30)
    assert not rig.bay.outputs.lock_on
    assert rig.bay.driven == 0
    begun_ms = rig.bay.now_ms
    rig.until(HatchOpened)
    assert 1_900 <= rig.bay.now_ms - begun_ms <= 2_400
    assert rig.run(50).state == "OPEN"
    assert rig.reports[-1].hatch_openings == 1
    assert rig.reports[-1].position_mm == 400
    assert still(rig, 500)


def test_it_warns_for_a_second_and_closes_within_its_speeds() -> None:
    """At most 0.15 m/s, and 0.08 m/s on the last 60 mm; then it is locked."""
    rig = opened()
    rig.submit(CloseHatch("a"))
    assert still(rig, 1_000)
    assert rig.bay.outputs.warn_on
    begun_ms = rig.bay.now_ms
    rig.until(HatchClosed)
    assert 3_000 <= rig.bay.now_ms - begun_ms <= 3_700
    assert rig.bay.fastest_closing <= 0.15
    assert rig.bay.fastest_at_the_end <= 0.08
    assert rig.bay.outputs.lock_on
    assert not rig.bay.outputs.warn_on
    assert rig.reports[-1].hatch_openings == 1


def test_pushed_shut_by_hand_during_the_warning_it_is_closed() -> None:
    """Whoever is impatient waits for no motor: it is locked, and buzzer and lamp are off."""
    rig = opened()
    rig.submit(CloseHatch("a"))
    rig.run(300)
    rig.bay.hatch_mm = 0
    rig.until(HatchClosed, 1_000)
    assert rig.run(50).state == "CLOSED"
    assert rig.bay.outputs.lock_on
    assert not rig.bay.outputs.warn_on
    assert rig.refusals == []


def test_pushed_half_shut_by_hand_it_creeps_all_the_way() -> None:
    """Nobody knows where it stands, so it may meet the frame at any moment."""
    rig = opened()
    rig.bay.hatch_mm = 150
    rig.run(1_000)
    rig.bay.fastest_closing = 0
    rig.submit(CloseHatch("a"))
    rig.until(HatchClosed)
    assert 0 < rig.bay.fastest_closing <= 0.08


def test_asking_for_what_is_already_so_is_answered_at_once() -> None:
    """Nothing moves, and the controller hears what it waits for."""
    rig = opened()
    rig.submit(OpenHatch("a"))
    rig.until(HatchOpened, 50)
    rig.submit(CloseHatch("a"))
    rig.until(HatchClosed)
    rig.submit(CloseHatch("a"))
    rig.until(HatchClosed, 50)
    assert rig.reports[-1].hatch_openings == 1


@pytest.mark.parametrize(
    ("meets", "within_ms"),
    [
        (meets_edge, 40 + 25),  # 5 mm of way first
        (meets_without_edge, 40 + 25),
        (meets_hand, 25),
        (meets_broken_edge, 25),
        (meets_warm_body, 125),
    ],
)
def test_whatever_it_meets_it_lets_go_opens_and_waits(meets: object, within_ms: int) -> None:
    """Bridge off, at rest, open again, and five seconds before anything else."""
    assert callable(meets)
    rig = closing(2_000)
    meets(rig)
    assert drives(rig, 0) <= within_ms
    assert 50 <= drives(rig, 1000) <= 100
    rig.until(HatchObstructed)
    assert rig.bay.hatch_mm >= 395
    clear(rig)
    rig.run(1_500)
    rig.submit(CloseHatch("a"))
    rig.run(50)
    assert rig.refusals[-1] == ("CloseHatch", "busy")
    assert still(rig, 3_000)
    rig.run(1_000)
    rig.submit(CloseHatch("a"))
    rig.until(HatchClosed)


def test_a_hand_during_the_warning_is_never_closed_on() -> None:
    """Nothing has moved yet, and nothing does; the controller hears why."""
    rig = opened()
    rig.submit(CloseHatch("a"))
    rig.run(500)
    rig.bay.hand = True
    rig.bay.fastest_closing = 0
    rig.until(HatchObstructed, 50)
    rig.run(3_000)
    assert rig.bay.fastest_closing == 0
    assert rig.state == "OPEN"


def test_three_pinches_leave_it_open_until_staff_have_looked() -> None:
    """Then it closes no more, whatever is asked, but never stands in anybody's way."""
    rig = opened()
    for _ in range(3):
        rig.submit(CloseHatch("a"))
        rig.run(2_500)
        meets_edge(rig)
        rig.run(2_500)
        clear(rig)
        rig.run(5_000)
    assert rig.state == "FAULT_OPEN"
    assert "hatch-blocked" in rig.reports[-1].faults
    rig.submit(CloseHatch("a"))
    assert still(rig, 2_000)
    assert rig.refusals[-1] == ("CloseHatch", "fault")
    rig.wire("clear_faults")
    rig.run(100)
    assert rig.reports[-1].faults == ()
    rig.submit(CloseHatch("a"))
    rig.until(HatchClosed)


def test_two_pinches_with_a_closing_between_them_are_forgiven() -> None:
    """Only pinches in a row count."""
    rig = closing(2_500)
    for _ in range(4):
        meets_edge(rig)
        rig.run(2_500)
        clear(rig)
        rig.run(5_000)
        rig.submit(CloseHatch("a"))
        rig.until(HatchClosed)
        rig.submit(OpenHatch("a"))
        rig.until(HatchOpened)
        rig.submit(CloseHatch("a"))
        rig.run(2_500)
    assert "hatch-blocked" not in rig.reports[-1].faults
