"""The camera's word before the hatch closes, and what it costs when there is none."""

from __future__ import annotations

import pytest

from controller.core import commands, events
from controller.core.trigger import AGAIN_S, LOST_S, STUBBORN_S, Glance
from tests.controller.core.story import NOISE_COUNTS, Story, sight


@pytest.fixture
def story() -> Story:
    """A hatch that stands open before a named resident."""
    told = Story()
    told.identify()
    return told


def lay(story: Story, mass_g: int = 24) -> None:
    """Put a thing on the pan, take the hand out, and wait until the camera is asked."""
    story.happens(events.HandMoved("a", True))
    story.pan_g = mass_g
    story.happens(events.HandMoved("a", False))
    story.rest()


def says(story: Story, glance: Glance) -> None:
    """The camera answers what it was asked last."""
    story.happens(events.Watched("a", story.session.looks, glance))


def sample(story: Story) -> None:
    """One conversion of the pan."""
    story.now_s += 1 / 80
    noisy = story.counts() + round(story.noise.gauss(0, NOISE_COUNTS))
    story.happens(events.Samples("a", int(story.now_s * 1000), (noisy,)))


def answers(story: Story, glance: Glance, *, after_s: float) -> None:
    """The camera answers what it was asked last, so much later; the pan goes on meanwhile."""
    number = story.session.looks
    end_s = story.now_s + after_s
    while story.now_s < end_s:
        sample(story)
    story.happens(events.Watched("a", number, glance))


def closings(story: Story) -> int:
    """How often the hatch was told to close."""
    return story.commanded(commands.CloseHatch)


def test_the_camera_is_asked_while_the_hand_is_out_anyway(story: Story) -> None:
    """Its word is there before the second is over that the curtain must be free."""
    lay(story)
    assert story.commanded(commands.Watch) == 1
    says(story, Glance.READY)
    story.rest()
    assert closings(story) == 1
    assert story.now_s - story.session.entered_s < 0.5
    assert story.state == "CLOSING"


def test_it_is_not_asked_before_something_lies_still(story: Story) -> None:
    """Nor while the hand is inside."""
    story.rest(2)
    story.happens(events.HandMoved("a", True))
    story.pan_g = 24
    story.rest(2)
    assert story.commanded(commands.Watch) == 0


@pytest.mark.parametrize(
    ("glance", "message"),
    [(Glance.HAND, "hand-inside"), (Glance.STRING, "returned-string"), (Glance.MOVING, "put-in")],
)
def test_what_is_in_the_way_is_said_and_looked_at_again(
    story: Story, glance: Glance, message: str
) -> None:
    """The hatch closes as soon as the camera sees it gone."""
    lay(story)
    says(story, glance)
    story.rest(2)
    assert (story.state, story.message, closings(story)) == ("LOADING", message, 0)
    assert story.commanded(commands.Watch) > 1
    says(story, Glance.READY)
    story.rest()
    assert story.state == "CLOSING"


def test_it_is_not_asked_at_the_rate_of_the_samples(story: Story) -> None:
    """Eighty pictures a second would help nobody."""
    lay(story)
    says(story, Glance.HAND)
    began_s = story.now_s
    story.rest(4)
    asked = story.commanded(commands.Watch) - 1
    assert asked <= (story.now_s - began_s) / AGAIN_S + 1


@pytest.mark.parametrize(
    "glance", [Glance.HAND, Glance.EMPTY, Glance.MOVING, Glance.STRING], ids=lambda one: one.value
)
def test_a_stubborn_camera_is_overruled_after_its_time_and_not_before(
    story: Story, glance: Glance
) -> None:
    """Curtain and scale know better than a camera that sees a hand, or nothing, for ever."""
    lay(story)
    began_s = story.now_s
    while story.state == "LOADING" and story.now_s < began_s + 2 * STUBBORN_S:
        says(story, glance)
        story.rest()
    assert story.state == "CLOSING"
    assert STUBBORN_S - 0.5 <= story.now_s - began_s <= STUBBORN_S + 1.0


def test_slow_eyes_are_heard_once_what_they_saw_is_gone(story: Story) -> None:
    """An answer of 0.6 s is not voided by asking again while it is under way."""
    lay(story)
    answers(story, Glance.HAND, after_s=0.6)
    assert story.message == "hand-inside"
    sample(story)
    assert (story.state, story.commanded(commands.Watch)) == ("LOADING", 2)
    answers(story, Glance.READY, after_s=0.6)
    sample(story)
    assert (story.state, story.commanded(commands.Watch)) == ("CLOSING", 2)


def test_after_a_no_a_lost_answer_is_asked_for_again(story: Story) -> None:
    """One lost word must not cost the resident the camera's whole time."""
    lay(story)
    says(story, Glance.HAND)
    story.rest(1)
    assert story.commanded(commands.Watch) == 2
    story.rest(round(LOST_S / 0.5) + 1)
    assert (story.state, story.commanded(commands.Watch)) == ("LOADING", 3)
    says(story, Glance.READY)
    story.rest(1)
    assert story.state == "CLOSING"


def test_what_was_seen_before_the_hand_came_back_closes_no_hatch(story: Story) -> None:
    """The answer comes while the hand is in again; the next question stays unanswered."""
    lay(story)
    old = story.session.looks
    story.happens(events.HandMoved("a", True), events.Watched("a", old, Glance.READY))
    story.happens(events.HandMoved("a", False))
    story.rest(1)
    assert story.commanded(commands.Watch) == 2
    asked_s = story.now_s
    story.rest(1)
    assert story.state == "LOADING"
    while story.state == "LOADING":
        story.rest(1)
    assert story.now_s - asked_s >= LOST_S - 0.5


@pytest.mark.parametrize(
    ("glance", "after"),
    [
        (Glance.EMPTY, Glance.HAND),
        (Glance.MOVING, Glance.STRING),
        (Glance.BLIND, Glance.HAND),
        (Glance.READY, Glance.STRING),
    ],
    ids=lambda one: one.value,
)
def test_a_reproach_is_taken_back_as_soon_as_nothing_reaches_in(
    story: Story, glance: Glance, after: Glance
) -> None:
    """Who took the hand out is not told to for ever."""
    lay(story)
    says(story, after)
    assert story.message in ("hand-inside", "returned-string")
    story.rest(1)
    says(story, glance)
    assert (story.state, story.message) == ("LOADING", "put-in")


def test_a_camera_that_sees_nothing_does_not_talk_over_a_warning(story: Story) -> None:
    """Too heavy stays too heavy, and who is about to be sent away still reads it."""
    lay(story)
    story.pan_g = story.config.bays[0].load_limit_g + 500
    story.rest(4)
    assert story.message == "returned-too-heavy"
    says(story, Glance.EMPTY)
    assert story.message == "returned-too-heavy"


def test_the_idle_warning_comes_back_after_a_reproach(story: Story) -> None:
    """The time goes on while a hand is seen."""
    lay(story)
    says(story, Glance.HAND)
    story.rest(1)
    story.wait(story.config.session.warning_s - (story.now_s - story.session.entered_s))
    assert story.message == "idle-warning"
    says(story, Glance.HAND)
    assert story.message == "hand-inside"
    story.session.trigger.asked(story.session.next_look(), story.now_s)
    says(story, Glance.EMPTY)
    assert story.message == "idle-warning"


def test_a_lost_answer_holds_nobody_up(story: Story) -> None:
    """The eyes may hang; the hatch closes by curtain and scale alone, and not much later."""
    lay(story)
    story.rest(round(LOST_S / 0.5))
    assert story.state == "CLOSING"


def test_blind_eyes_hold_nobody_up(story: Story) -> None:
    """A covered lens is found out behind the closed hatch."""
    lay(story)
    says(story, Glance.BLIND)
    story.rest(2)
    assert story.state == "CLOSING"


def test_an_answer_to_an_older_question_counts_for_nothing(story: Story) -> None:
    """What was seen before the hand came back is past."""
    lay(story)
    old = story.session.looks
    story.happens(events.HandMoved("a", True), events.HandMoved("a", False))
    story.rest()
    story.happens(events.Watched("a", old, Glance.HAND))
    says(story, Glance.READY)
    story.rest(2)
    assert (story.state, story.message) == ("CLOSING", "closing")


@pytest.mark.parametrize(
    ("problem", "reason"), [("string", "returned-string"), ("hand", "returned-at-hatch")]
)
def test_what_reaches_out_of_the_closed_hatch_comes_back(
    story: Story, problem: str, reason: str
) -> None:
    """It could be pulled out after it is credited; the record says why it was not taken."""
    story.load(24)
    story.look(sight(problems=(problem,), unknown=True))
    assert (story.state, story.message) == ("RETURNING", reason)
    assert story.committed("returned")[0].body["reason"] == reason
    assert story.commanded(commands.DropLoad) == 0


def test_what_still_rolls_is_weighed_and_looked_at_again_and_comes_back_in_the_end(
    story: Story,
) -> None:
    """A can may roll once; something that never rests is no load."""
    story.load(24)
    for _ in range(2):
        story.look(sight(problems=("moving",), unknown=True))
        assert story.state == "MEASURING"
        story.rest(2)
    story.look(sight(problems=("moving",), unknown=True))
    assert (story.state, story.message) == ("RETURNING", "returned-unsteady")
