"""A hatch that met something three times is tried again by itself, and never over anybody."""

from __future__ import annotations

from dataclasses import replace

import pytest

from controller.core import commands, events
from controller.core.bay import HATCH_STUCK
from tests.controller.core.story import Story

BLOCKED = "hatch-blocked"


@pytest.fixture
def story() -> Story:
    """A kiosk whose node is up, and nobody in front of it."""
    told = Story()
    told.node_up()
    return told


def tries(story: Story) -> int:
    """How often the node was told to clear what latched."""
    return story.commanded(commands.ClearFaults)


def blocked(story: Story, seconds: int, *, hand: bool = False, presence: bool = False) -> None:
    """A hatch that met something three times stands open for so long; the pan is weighed."""
    story.hatch = "FAULT_OPEN"
    weighs(story, seconds, BLOCKED, hand=hand, presence=presence)


def weighs(
    story: Story, seconds: int, *faults: str, hand: bool = False, presence: bool = False
) -> None:
    """Time passes with a conversion and a report a second."""
    for _ in range(seconds):
        story.wait(1)
        noisy = story.counts() + round(story.noise.gauss(0, 38))
        story.happens(events.Samples("a", int(story.now_s * 1000), (noisy,)))
        seen = replace(story.report(), faults=faults, hand=hand, presence=presence)
        story.happens(seen)


def test_a_blocked_hatch_is_tried_after_ten_minutes_and_serves_once_it_has_closed(
    story: Story,
) -> None:
    """What jammed the leaf is over: no technician, and nobody served before that is seen."""
    blocked(story, 590)
    assert tries(story) == 0
    blocked(story, 20)
    assert tries(story) == 1
    story.hatch = "OPEN"
    closings = story.commanded(commands.CloseHatch)
    weighs(story, 5)
    assert story.commanded(commands.CloseHatch) == closings + 1
    assert story.bays["a"].why_not == HATCH_STUCK
    story.hatch = "CLOSED"
    weighs(story, 5)
    assert story.bays["a"].usable


def test_what_still_blocks_the_hatch_is_met_ever_more_rarely(story: Story) -> None:
    """It meets the same again and latches: the next try is an hour and a half away."""
    blocked(story, 610)
    story.hatch = "OPEN"
    weighs(story, 60)
    blocked(story, 5_900)
    assert tries(story) == 1
    assert not story.bays["a"].usable
    blocked(story, 200)
    assert tries(story) == 2


def test_a_hand_that_came_and_went_may_have_taken_it_away(story: Story) -> None:
    """A minute later it is tried, each hand once: ten minutes are for what nobody does."""
    blocked(story, 30)
    blocked(story, 5, hand=True)
    blocked(story, 55)
    assert tries(story) == 0
    blocked(story, 10)
    assert tries(story) == 1
    story.hatch = "OPEN"
    weighs(story, 60)
    blocked(story, 5_900)
    assert tries(story) == 1
    blocked(story, 5, hand=True)
    blocked(story, 65)
    assert tries(story) == 2


@pytest.mark.parametrize("seen", [{"hand": True}, {"presence": True}])
def test_no_blocked_hatch_is_tried_while_somebody_is_near(
    story: Story, seen: dict[str, bool]
) -> None:
    """It may be them whom it met."""
    blocked(story, 3_000, **seen)
    assert tries(story) == 0


def test_a_blocked_hatch_over_a_load_is_left_alone(story: Story) -> None:
    """Whoever laid it there may come back for it, and would be shut out from it."""
    weighs(story, 5)
    story.pan_g = 900
    blocked(story, 3_000)
    assert tries(story) == 0


@pytest.mark.parametrize("seen", [{"hand": True}, {"presence": True}])
def test_who_was_long_at_a_blocked_hatch_has_a_minute_to_leave(
    story: Story, seen: dict[str, bool]
) -> None:
    """Asleep against it, or busy with the bag for longer than the pause: not tried as they stir."""
    blocked(story, 900, **seen)
    blocked(story, 55)
    assert tries(story) == 0
    blocked(story, 10)
    assert tries(story) == 1


@pytest.mark.parametrize("danger", ["emergency-stop", "edge-broken"])
def test_a_danger_that_is_over_is_given_a_minute_before_a_blocked_hatch_is_tried(
    story: Story, danger: str
) -> None:
    """Whoever pulls the red button out, or sees to the edge, is still there."""
    story.hatch = "FAULT_OPEN"
    weighs(story, 900, BLOCKED, danger)
    blocked(story, 55)
    assert tries(story) == 0
    blocked(story, 10)
    assert tries(story) == 1


def test_a_blocked_hatch_that_nobody_watched_is_watched_for_a_minute_first(story: Story) -> None:
    """While its node was away, or the other bay served somebody, nobody knows who came."""
    blocked(story, 300)
    story.wait(900)
    blocked(story, 55)
    assert tries(story) == 0
    blocked(story, 10)
    assert tries(story) == 1


def test_a_hatch_that_was_tried_is_not_asked_to_close_as_a_hand_leaves(story: Story) -> None:
    """Who still works at the bag a moment before has a minute here too."""
    blocked(story, 610)
    story.hatch = "OPEN"
    weighs(story, 30, hand=True)
    before = story.commanded(commands.CloseHatch)
    weighs(story, 55)
    assert story.commanded(commands.CloseHatch) == before
    weighs(story, 10)
    assert story.commanded(commands.CloseHatch) == before + 1


def test_a_blocked_hatch_that_is_pushed_shut_by_hand_serves_again(story: Story) -> None:
    """It was never reported as open in between, and would have waited for staff for ever."""
    blocked(story, 610)
    assert tries(story) == 1
    story.hatch = "CLOSED"
    weighs(story, 5)
    assert story.bays["a"].usable


def test_a_hatch_that_was_tried_leaves_the_gate_its_own_try(story: Story) -> None:
    """No load fell between the two, but what was tried in vain was not the gate."""
    blocked(story, 610)
    story.hatch = "CLOSED"
    weighs(story, 5)
    weighs(story, 6_100, "gate-stuck")
    assert tries(story) == 2


def test_a_node_that_restarts_over_a_blocked_hatch_has_not_unblocked_it(story: Story) -> None:
    """It forgets what it met; the bay serves nobody all the same until the hatch has closed."""
    blocked(story, 100)
    blocked(story, 5, hand=True)
    story.hatch = "INIT"
    story.happens(events.NodeLost("a", "silent"), events.NodeUp("a", 2, "watchdog", 0, 1))
    weighs(story, 2)
    story.hatch = "OPEN"
    weighs(story, 50)
    assert story.bays["a"].why_not == HATCH_STUCK
    assert story.commanded(commands.CloseHatch) == 0
    weighs(story, 20)
    assert story.commanded(commands.CloseHatch) == 1
    story.hatch = "CLOSED"
    weighs(story, 5)
    assert story.bays["a"].usable


def test_a_blocked_hatch_that_staff_have_seen_to_opens_its_bay(story: Story) -> None:
    """Cleared and closed behind the service door: nothing of it is left."""
    blocked(story, 100)
    story.hatch = "CLOSED"
    weighs(story, 5)
    assert story.bays["a"].usable
