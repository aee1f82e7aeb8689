"""From what a hatch shows to the part of it that fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from controller.core import events
from controller.core.health.parts import Part
from tests.controller.core.health.talking_bay import RUNS_MA, STALLS_MA, Story, refused

if TYPE_CHECKING:
    pass


@pytest.mark.parametrize(
    ("way", "at_mm", "part"),
    [
        ("OPENING", 130, Part.LEAF),
        ("OPENING", 398, Part.OPEN_LIMIT),
        ("CLOSING", 200, Part.LEAF),
        ("CLOSING", 0, Part.CLOSED_LIMIT),
    ],
)
def test_where_a_stuck_leaf_pushed_says_what_holds_it(way: str, at_mm: int, part: Part) -> None:
    """At the end of its way the leaf has arrived, and only the limit does not know."""
    story = Story().says(way, at_mm, RUNS_MA).says(way, at_mm, STALLS_MA)
    assert story.says("FAULT", at_mm, 0, "hatch-stuck").fails() == (part,)


def test_a_leaf_that_never_pushed_and_is_late_slips() -> None:
    """A motor that turns freely does not hold against anything."""
    story = Story().says("OPENING", 200, RUNS_MA).says("OPENING", 400, RUNS_MA)
    assert story.says("FAULT", 400, 0, "hatch-stuck").fails() == (Part.COUPLING,)


def test_no_current_and_a_leaf_that_arrives_is_the_sensor() -> None:
    """Nothing is named before it is known whether it arrives."""
    story = Story().says("CLOSING", 330, 0).says("SAFE_STOP", 330, 0, "motor-silent")
    assert story.fails() == ()
    story.says("OPEN", 400).hears(events.HatchOpened("a"))
    assert story.fails() == (Part.CURRENT_SENSOR,)


def test_no_current_and_a_leaf_that_does_not_arrive_is_the_motor() -> None:
    """By its fault, or by the time that any hatch may take."""
    story = Story().says("CLOSING", 380, 0).says("SAFE_STOP", 380, 0, "motor-silent")
    assert story.waits(12).fails() == (Part.MOTOR,)
    assert story.says("FAULT", 380, 0, "hatch-stuck").fails() == (Part.MOTOR,)


def test_a_leaf_that_never_left_its_open_end_did_not_arrive_there() -> None:
    """The open limit was on all the while."""
    story = Story().says("CLOSING", 400, 0).says("SAFE_STOP", 400, 0, "motor-silent")
    story.says("OPEN", 400).hears(events.HatchOpened("a"))
    assert story.fails() == ()
    assert story.waits(12).fails() == (Part.MOTOR,)


@pytest.mark.parametrize(("ma", "part"), [(560, Part.CURRENT_SENSOR), (1_450, Part.BRIDGE)])
def test_current_with_the_bridge_off_stalls_the_motor_or_is_none(ma: int, part: Part) -> None:
    """A bridge that conducts drives the leaf to its end."""
    story = Story().says("OPEN", 300, 0).says("FAULT", 300, 1_450, "motor-current")
    assert story.says("FAULT", 300, ma).fails() == (part,)


def test_current_that_comes_and_goes_while_the_hatch_stands_is_the_sensor() -> None:
    """Once may be the end of a run."""
    story = Story().says("CLOSED", 0, 0).says("CLOSED", 0, 240)
    assert story.fails() == ()
    for ma in (0, 310, 0, 150, 420, 0, 200, 180):
        story.says("CLOSED", 0, ma)
    assert story.fails() == (Part.CURRENT_SENSOR,)


@pytest.mark.parametrize(("met_mm", "part"), [(3, Part.CLOSED_LIMIT), (150, Part.OPENING)])
def test_what_three_closings_met_lies_where_they_met_it(met_mm: int, part: Part) -> None:
    """At the sill it is the sill."""
    story = Story()
    for _ in range(3):
        story.says("CLOSING", 300, RUNS_MA).says("CLOSING", met_mm, STALLS_MA)
        story.says("PINCH", met_mm, 0).hears(events.HatchObstructed("a"))
    assert story.says("FAULT_OPEN", 400, 0, "hatch-blocked").fails() == (part,)


def test_a_closing_that_met_nothing_ends_what_was_met_before() -> None:
    """One bag in the way weeks ago is no part of three closings on the sill."""
    story = Story().says("CLOSING", 200, STALLS_MA).hears(events.HatchObstructed("a"))
    story.says("CLOSED").hears(events.HatchClosed("a"))
    for _ in range(3):
        story.says("CLOSING", 2, STALLS_MA).says("PINCH", 2).hears(events.HatchObstructed("a"))
    assert story.says("FAULT_OPEN", 400, 0, "hatch-blocked").fails() == (Part.CLOSED_LIMIT,)


@pytest.mark.parametrize(
    ("hatch", "part"), [("CLOSED", Part.OPEN_LIMIT), ("OPEN", Part.CLOSED_LIMIT)]
)
def test_of_two_limits_the_far_one_is_wrong(hatch: str, part: Part) -> None:
    """The leaf stood at the other."""
    assert Story().says(hatch).says("FAULT", 0, 0, "both-limits").fails() == (part,)


def test_of_two_limits_after_a_whole_closing_the_open_one_is_wrong() -> None:
    """The node's own position is no witness: it believed the open limit."""
    story = Story().says("OPEN", 400)
    for _ in range(20):
        story.says("CLOSING", 400, RUNS_MA)
    assert story.says("FAULT", 400, 0, "both-limits").fails() == (Part.OPEN_LIMIT,)


def test_a_forced_hatch_is_its_lock_unless_its_limit_lost_it() -> None:
    """A limit that finds the leaf again is well; one that chatters tells of what nobody moved."""
    forced = Story().says("INIT", 0, 0, "hatch-forced")
    assert forced.fails() == ()
    assert forced.hears(events.HatchClosed("a")).fails() == (Part.LOCK,)
    assert Story().says("INIT", 0, 0, "hatch-forced").waits(120).fails() == (Part.LOCK,)
    chatter = Story().says("CLOSED").says("INIT", 0, 0, "hatch-forced", "limit-bouncing")
    assert chatter.fails() == (Part.CLOSED_LIMIT,)


def test_an_edge_that_forbids_closing_again_and_again() -> None:
    """Once, somebody may lean on it."""
    story = Story().says("OPEN", 400).hears(*refused("edge", 1))
    assert story.fails() == ()
    assert story.hears(*refused("edge", 1)).fails() == (Part.EDGE,)
    assert story.hears(events.HatchClosed("a")).fails() == ()
