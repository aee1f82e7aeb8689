"""What latched is tried again by itself, ever more rarely, and never over anybody."""

from __future__ import annotations

from dataclasses import replace

import pytest

from controller.core import commands
from controller.core.faults import faults_of
from controller.core.flow.heal import WORN_S
from tests.controller.core.story import Story

STUCK = "gate-stuck"


@pytest.fixture
def story() -> Story:
    """A kiosk whose node is up, and nobody in front of it."""
    told = Story()
    told.node_up()
    return told


def passes(
    story: Story, seconds: float, *faults: str, hand: bool = False, presence: bool = False
) -> None:
    """Time passes, and the node reports these faults every five seconds."""
    for _ in range(round(seconds / 5)):
        story.wait(5)
        seen = replace(story.report(), faults=faults, hand=hand, presence=presence)
        story.happens(seen)


def tries(story: Story) -> int:
    """How often the node was told to clear what latched."""
    return story.commanded(commands.ClearFaults)


def test_a_gate_that_stuck_is_tried_after_a_minute(story: Story) -> None:
    """Whatever held it may have fallen down."""
    passes(story, 55, STUCK)
    assert tries(story) == 0
    passes(story, 15, STUCK)
    assert tries(story) == 1


def test_each_try_waits_ten_times_as_long(story: Story) -> None:
    """One in the first minute, one in the next eleven, one in the next two hours."""
    passes(story, 70, STUCK)
    passes(story, 590, STUCK)
    assert tries(story) == 1
    passes(story, 30, STUCK)
    assert tries(story) == 2
    passes(story, 5_900, STUCK)
    assert tries(story) == 2
    passes(story, 200, STUCK)
    assert tries(story) == 3


@pytest.mark.parametrize("fault", [STUCK, "diverter-stuck"])
def test_a_gate_that_was_tried_in_vain_is_left_to_staff(story: Story, fault: str) -> None:
    """The next load stuck as well: the bay is not offered to one visit after the other."""
    passes(story, 70, fault)
    passes(story, 3_600)
    passes(story, 80_000, fault)
    assert tries(story) == 1


def test_after_staff_and_a_load_that_fell_it_is_tried_again(story: Story) -> None:
    """What sticks then is something else."""
    passes(story, 70, STUCK)
    passes(story, 100)
    passes(story, 1_000, STUCK)
    passes(story, 100)  # staff have cleared it
    story.gate_cycles += 1
    passes(story, 100)
    passes(story, 700, STUCK)
    assert tries(story) == 2


def test_what_latches_again_waits_longer_than_before(story: Story) -> None:
    """A gate that sticks at every other drop is not tried every minute."""
    passes(story, 70, STUCK)
    story.gate_cycles += 1
    passes(story, 3_600)
    passes(story, 500, STUCK)
    assert tries(story) == 1
    passes(story, 150, STUCK)
    assert tries(story) == 2


def test_a_day_without_it_is_a_new_beginning(story: Story) -> None:
    """The next fault is another one."""
    passes(story, 70, STUCK)
    story.wait(86_400)
    passes(story, 10)
    passes(story, 70, STUCK)
    assert tries(story) == 2


@pytest.mark.parametrize("seen", [{"hand": True}, {"presence": True}])
def test_nothing_is_tried_while_somebody_is_near(story: Story, seen: dict[str, bool]) -> None:
    """It comes as soon as they are gone."""
    passes(story, 600, STUCK, **seen)
    assert tries(story) == 0
    passes(story, 10, STUCK)
    assert tries(story) == 1


@pytest.mark.parametrize("other", ["fire", "hatch-forced", "motor-current", "tamper"])
def test_a_danger_is_left_to_staff(story: Story, other: str) -> None:
    """Alone or beside what would be tried."""
    passes(story, 3_600, other)
    passes(story, 3_600, STUCK, other)
    assert tries(story) == 0


def test_early_signs_of_wear_are_no_reason_to_wait(story: Story) -> None:
    """A hatch that runs hard still works."""
    passes(story, 70, STUCK, "hatch-friction")
    assert tries(story) == 1


def test_a_try_leaves_no_wear_forgotten(story: Story) -> None:
    """The node forgets what is worn along with what stuck; staff must still hear of it."""
    passes(story, 70, STUCK, "hatch-friction")
    assert tries(story) == 1
    passes(story, 86_400)
    present = faults_of(story.bays["a"], story.now_s)
    assert {"hatch-friction", "failing-hatch-rails"} <= present.keys()
    assert STUCK not in present
    story.wait(WORN_S)
    assert "hatch-friction" not in faults_of(story.bays["a"], story.now_s)
