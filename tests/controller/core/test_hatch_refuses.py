"""The node must not close the hatch: what passes is waited for, what does not ends the visit."""

from __future__ import annotations

import pytest

from controller.core import commands, events
from controller.core.flow.depart import OPEN_AT_MOST_S, PASSING, SAYS
from controller.core.flow.reopen import PROBE_S
from tests.controller.core.story import CONFIG, NOISE_COUNTS, Story
from wire import messages

IDLE_S = CONFIG.session.idle_s


@pytest.fixture
def story() -> Story:
    """A resident stands before the open hatch."""
    story = Story()
    story.identify()
    return story


def lay_in(story: Story, mass_g: int = 500) -> None:
    """A load lies on the pan, and the hatch is asked to close over it."""
    story.happens(events.HandMoved("a", True))
    story.pan_g = mass_g
    story.happens(events.HandMoved("a", False))
    story.rest(4)
    assert story.state == "CLOSING"


def refuse(story: Story, reason: str) -> None:
    """The node says no."""
    story.happens(events.CommandRefused("a", "CloseHatch", reason))


def refusing(story: Story, reason: str, for_s: float) -> float:
    """The node says no whenever it is asked, until the visit is over; after how many seconds."""
    begun_s = story.now_s
    while story.now_s < begun_s + for_s and story.state in ("LOADING", "CLOSING", "LEAVING"):
        if asked_to_close(a_second(story)):
            refuse(story, reason)
    return story.now_s - begun_s


def asked_to_close(wishes: list[commands.Command]) -> int:
    """How often the hatch was asked to close."""
    return sum(isinstance(one, commands.CloseHatch) for one in wishes)


def a_second(story: Story) -> list[commands.Command]:
    """One conversion comes, and a report."""
    wishes = story.wait(1)
    noisy = story.counts() + round(story.noise.gauss(0, NOISE_COUNTS))
    wishes += story.happens(events.Samples("a", int(story.now_s * 1000), (noisy,)))
    return wishes + story.happens(story.report())


def idle(story: Story, seconds: float) -> list[commands.Command]:
    """Nobody is there."""
    return [wish for _ in range(round(seconds)) for wish in a_second(story)]


@pytest.mark.parametrize("reason", sorted(PASSING))
def test_what_passes_is_said_and_the_hatch_asked_again(story: Story, reason: str) -> None:
    """Somebody's arm, or a late link, of which the resident need not know."""
    lay_in(story)
    refuse(story, reason)
    assert (story.state, story.message) == ("LOADING", SAYS[reason] or "put-in")
    assert asked_to_close(story.rest(4)) == 1


@pytest.mark.parametrize("reason", sorted({*messages.REFUSALS, "node-lost"} - PASSING))
def test_what_does_not_pass_ends_the_visit(story: Story, reason: str) -> None:
    """The hatch stays as it is, and nobody waits in vain."""
    lay_in(story)
    refuse(story, reason)
    assert (story.state, story.message) == ("FAREWELL", "bay-down")
    assert asked_to_close(story.rest(4)) == 0


@pytest.mark.parametrize(
    ("fault", "state"),
    [
        ("edge-broken", "FAREWELL"),
        ("load-cell-silent", "FAREWELL"),
        ("person-inside", "LOADING"),
        ("inner-release", "LOADING"),
    ],
)
def test_a_broken_sensor_refuses_for_ever_and_a_person_does_not(
    story: Story, fault: str, state: str
) -> None:
    """The node names the fault; its refusal reads like that of a hand."""
    lay_in(story)
    story.happens(events.NodeFault("a", fault, active=True))
    refuse(story, "edge")
    assert story.state == state


def test_a_fault_that_stops_nothing_ends_no_visit(story: Story) -> None:
    """It wants looking at soon, that is all."""
    lay_in(story)
    story.happens(events.NodeFault("a", "hatch-friction", active=True))
    refuse(story, "hand-inside")
    assert story.state == "LOADING"


@pytest.mark.parametrize("state", ["CLOSING", "LEAVING"])
def test_a_hatch_that_opened_by_itself_is_asked_again(story: Story, state: str) -> None:
    """The node lost its link, or its supply, in mid-way; of that the resident need not know."""
    if state == "CLOSING":
        lay_in(story)
    else:
        story.wait(IDLE_S)
    assert story.state == state
    story.opened()
    assert (story.state, story.message) == ("LOADING", "put-in")
    assert asked_to_close(story.rest(4) if state == "CLOSING" else story.wait(IDLE_S)) == 1
    story.closed()
    assert story.state == ("MEASURING" if state == "CLOSING" else "FAREWELL")
    assert not story.bays["a"].closed_because


def test_a_hatch_that_opens_by_itself_for_three_minutes_ends_the_visit(story: Story) -> None:
    """A link that fails at each closing; the load stays its owner's."""
    lay_in(story)
    begun_s = story.now_s
    while story.state != "FAREWELL" and story.now_s < begun_s + 3600:
        if story.state in ("CLOSING", "LEAVING"):
            story.opened()
        a_second(story)
    assert (story.state, story.message) == ("FAREWELL", "bay-down")
    assert OPEN_AT_MOST_S <= story.now_s - begun_s <= OPEN_AT_MOST_S + IDLE_S
    assert story.committed("intent") == []


@pytest.mark.parametrize("laid_in", [True, False])
def test_a_hatch_that_refuses_for_three_minutes_ends_the_visit(story: Story, laid_in: bool) -> None:
    """A sensor that is stuck as if it were touched; nobody's load is shut in or promised."""
    if laid_in:
        lay_in(story)
        refuse(story, "edge")
    took_s = refusing(story, "edge", 3600)
    assert (story.state, story.message) == ("FAREWELL", "bay-down")
    assert OPEN_AT_MOST_S <= took_s + 1 <= OPEN_AT_MOST_S + IDLE_S + 3
    assert story.committed("intent") == []
    assert story.bays["a"].usable


def test_a_slow_resident_is_not_sent_away_for_two_refusals(story: Story) -> None:
    """Three minutes lie between them, in which more was laid in and nothing refused."""
    lay_in(story)
    refuse(story, "hand-inside")
    for _ in range(20):
        story.happens(events.HandMoved("a", True))
        story.wait(10)
    story.happens(events.HandMoved("a", False))
    story.rest(4)
    refuse(story, "hand-inside")
    assert story.state == "LOADING"


@pytest.mark.parametrize("how", ["closed", "open"])
def test_the_next_visit_begins_anew(story: Story, how: str) -> None:
    """Whether the hatch was pushed shut since, or stands open still."""
    lay_in(story)
    refuse(story, "edge")
    refusing(story, "edge", 3600)
    story.pan_g = 0
    if how == "closed":
        story.hatch = "CLOSED"
    idle(story, 2 * IDLE_S if how == "open" else 20)
    story.show(story.code(jti=b"another1"))
    story.rest(2)
    story.opened()
    lay_in(story)
    refuse(story, "hand-inside")
    assert story.state == "LOADING"


def test_a_hatch_that_was_left_open_closes_once_nothing_lies_there(story: Story) -> None:
    """A load is never shut in; its owner may be reaching for it."""
    lay_in(story)
    refuse(story, "edge")
    refusing(story, "edge", 3600)
    assert asked_to_close(idle(story, 60)) == 0
    story.pan_g = 0
    assert asked_to_close(idle(story, 10)) == 1
    assert asked_to_close(idle(story, PROBE_S - 20)) == 0
    assert asked_to_close(idle(story, 30)) == 1
    story.hatch = "CLOSED"
    assert asked_to_close(idle(story, PROBE_S + 20)) == 0
    assert story.bays["a"].usable
