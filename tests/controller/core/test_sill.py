"""A bag hangs over the sill: whoever brought it is told, and has time before the next closing."""

from __future__ import annotations

import pytest

from controller.core import commands, events
from controller.core.touches import ResidentLeft
from controller.core.trigger import STUBBORN_S, Glance
from tests.controller.core.story import CONFIG, RESTS, Story

REST_S = RESTS / 80


@pytest.fixture
def story() -> Story:
    """A resident laid 500 g in, and the hatch closes over it."""
    story = Story()
    story.identify()
    story.happens(events.HandMoved("a", True))
    story.pan_g = 500
    story.happens(events.HandMoved("a", False))
    story.rest(4)
    assert story.state == "CLOSING"
    return story


def meets(story: Story, *, hand: bool = False) -> None:
    """The hatch met something and is open again."""
    story.happens(story.report(hand=hand), events.HatchObstructed("a"))


def hand(story: Story) -> None:
    """A hand comes and goes."""
    story.happens(events.HandMoved("a", True))
    story.rest()
    story.happens(events.HandMoved("a", False))


def closes_after_s(
    story: Story, most_s: float = 100, glance: Glance = Glance.READY, says: str = ""
) -> float:
    """How long it is until the hatch is asked to close, while the screen `says` all the time."""
    waited_s, before = 0.0, story.commanded(commands.CloseHatch)
    while waited_s < most_s:
        wishes = story.rest()
        if any(isinstance(one, commands.Watch) for one in wishes):
            wishes += story.watched(glance)
            waited_s += REST_S
        waited_s += REST_S
        wishes += story.wait(0)
        if story.commanded(commands.CloseHatch) > before:
            return waited_s
        assert not says or story.message == says
    return waited_s


def test_what_lies_over_the_sill_is_said_until_the_hatch_closes_again(story: Story) -> None:
    """Ten seconds to read it, then half a minute: three closings are spread over a visit."""
    meets(story)
    assert closes_after_s(story, says="obstructed") == pytest.approx(11, abs=1)
    meets(story)
    assert closes_after_s(story, says="obstructed") == pytest.approx(31, abs=1)
    assert story.state == "CLOSING"


def test_whoever_pulls_it_in_does_not_wait(story: Story) -> None:
    """The hand that came and went is the sign; the screen asks for more as ever."""
    meets(story)
    story.rest(4)
    hand(story)
    assert closes_after_s(story, says="put-in") == pytest.approx(2, abs=1)


def test_the_sentence_stays_while_the_hand_is_inside(story: Story) -> None:
    """It is what the hand is there for."""
    meets(story)
    story.happens(events.HandMoved("a", True))
    assert story.message == "obstructed"
    story.rest()
    story.happens(events.HandMoved("a", False))
    assert story.message == "put-in"


def test_a_hand_that_did_not_help_has_the_next_one_take_its_time(story: Story) -> None:
    """The third closing in vain would call staff."""
    meets(story)
    hand(story)
    closes_after_s(story)
    meets(story)
    hand(story)
    assert closes_after_s(story) == pytest.approx(11, abs=1)


def test_an_arm_in_the_light_curtain_needs_no_pause(story: Story) -> None:
    """The hatch reversed for it, and sees it leave."""
    for _ in range(3):
        story.happens(events.HandMoved("a", True))
        meets(story, hand=True)
        assert story.message == "obstructed"
        story.rest()
        story.happens(events.HandMoved("a", False))
        assert closes_after_s(story) == pytest.approx(2, abs=1)


def test_an_arm_that_is_out_before_the_hatch_is_open_again_needs_none_either(story: Story) -> None:
    """The leaf takes two seconds for its way back."""
    story.rest()
    hand(story)
    story.rest(2)
    meets(story)
    assert closes_after_s(story) == pytest.approx(2, abs=1)


def test_what_was_met_and_is_seen_is_not_closed_upon(story: Story) -> None:
    """Elsewhere a stubborn camera is overruled; here idleness ends the visit first."""
    meets(story)
    closed_s = closes_after_s(story, glance=Glance.STRING)
    assert closed_s == pytest.approx(CONFIG.session.idle_s, abs=2)
    assert closed_s > STUBBORN_S
    assert story.state == "LEAVING"


def test_after_a_look_the_camera_finds_the_sill_clear(story: Story) -> None:
    """What it said is taken back, and what the hatch met is said again."""
    meets(story)
    story.rest(2 * 10)
    story.watched(Glance.HAND)
    assert story.message == "hand-inside"
    story.rest(2)
    story.happens(events.Watched("a", story.session.looks, Glance.MOVING))
    assert story.message == "obstructed"


def test_the_link_lapses_in_between(story: Story) -> None:
    """Whether it is refused or opens again: the resident has no part in it, and sees the same."""
    meets(story)
    closes_after_s(story)
    story.happens(events.CommandRefused("a", "CloseHatch", "expired"))
    assert (story.state, story.message) == ("LOADING", "obstructed")
    closes_after_s(story)
    story.happens(events.HatchOpened("a"))
    assert (story.state, story.message) == ("LOADING", "obstructed")


@pytest.mark.parametrize("touches", [1, 5])
def test_who_has_enough_has_the_hatch_closed_after_the_pause(story: Story, touches: int) -> None:
    """However often they say so: three closings at once would call staff."""
    story.pan_g = 0
    meets(story)
    for _ in range(touches):
        story.rest()
        story.happens(ResidentLeft())
        story.wait(0)
        assert (story.state, story.message) == ("LOADING", "obstructed")
    assert closes_after_s(story, says="obstructed") == pytest.approx(10 - touches * REST_S, abs=1)
    assert story.state == "LEAVING"


def test_the_next_load_begins_anew(story: Story) -> None:
    """The node counts from the last closing that arrived, and so does the kiosk."""
    meets(story)
    closes_after_s(story)
    story.closed()
    assert story.session.sill.met == 0
