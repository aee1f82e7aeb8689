"""A closed bay opens again: its hatch moved, a test record was taken, or staff say so."""

from __future__ import annotations

import pytest

from contract.badge import Role, issue_badge
from contract.keys import SeedSigner
from controller.core import commands, events
from controller.core.bay import HATCH_STUCK
from controller.core.flow.give_back import LEFT_BEHIND
from controller.core.flow.refusal import RETRY_MAX_S, RETRY_S
from controller.core.flow.reopen import PROBE_S
from controller.core.identity import Doorkeeper
from controller.core.metrology.validity import FAILED
from controller.core.touches import BayChecked
from tests.controller.core.story import CITY, CONFIG, NOW_UTC_S, Story, sight

OFFICE = SeedSigner(b"o" * 32)
STAFF = "57aff00000000007"


@pytest.fixture
def story() -> Story:
    """A kiosk that knows the office's badges."""
    story = Story()
    story.session.doorkeeper = Doorkeeper(
        {CITY.key_id: CITY.public}, {OFFICE.key_id: OFFICE.public}
    )
    return story


def badge(*roles: Role) -> str:
    """Somebody of the staff."""
    return issue_badge(OFFICE, STAFF, NOW_UTC_S, roles=roles, badge_id=b"badge007")


def stuck(story: Story, hatch: str) -> None:
    """Nothing was laid in, the resident leaves, and the hatch does not arrive; nobody is there."""
    story.identify()
    story.wait(100)  # nobody lays anything in: farewell, and the hatch is told to close
    story.hatch = "CLOSING"
    idle(story, 40)
    story.hatch = hatch
    assert (story.state, story.bays["a"].why_not) == ("IDLE", HATCH_STUCK)


def idle(story: Story, seconds: int) -> list[commands.Command]:
    """Time passes in front of nobody; conversions come once a second, and reports."""
    wishes: list[commands.Command] = []
    for _ in range(seconds):
        story.wait(1)
        noisy = story.counts() + round(story.noise.gauss(0, 38))
        wishes += story.happens(events.Samples("a", int(story.now_s * 1000), (noisy,)))
        wishes += story.happens(story.report())
    return wishes


def closings(wishes: list[commands.Command]) -> int:
    """How often the hatch was asked to close."""
    return sum(isinstance(one, commands.CloseHatch) for one in wishes)


def test_a_hatch_that_goes_all_the_way_after_all_opens_its_bay(story: Story) -> None:
    """It was late by a passing cause: asked to close once more, it arrives."""
    stuck(story, "OPEN")
    assert closings(idle(story, 10)) == 1
    story.hatch = "CLOSED"
    idle(story, 1)
    assert story.bays["a"].usable
    story.show(story.code(jti=b"another1"))
    story.rest()
    story.opened()
    assert story.state == "LOADING"


def test_a_hatch_that_does_not_arrive_is_asked_rarely_and_its_bay_stays_closed(
    story: Story,
) -> None:
    """Once in ten minutes; half-way is not there."""
    stuck(story, "OPEN")
    assert closings(idle(story, int(2 * PROBE_S) + 60)) == 3
    story.hatch = "SAFE_STOP"
    idle(story, 5)
    assert story.bays["a"].why_not == HATCH_STUCK


def test_a_hatch_that_never_left_its_closed_end_proves_nothing(story: Story) -> None:
    """It did not open; that it is shut does not show that it can."""
    stuck(story, "CLOSED")
    assert closings(idle(story, 30)) == 0
    assert story.bays["a"].why_not == HATCH_STUCK


def test_nothing_is_shut_in_to_try_a_hatch(story: Story) -> None:
    """A load on the pan, a hand, or a fault of the node: the hatch stays where it is."""
    stuck(story, "OPEN")
    story.pan_g = 300
    assert closings(idle(story, 30)) == 0
    story.pan_g = 0
    story.happens(events.HandMoved("a", True))
    report = story.report(hand=True)
    for _ in range(10):
        idle_wishes = story.happens(report)
        assert closings(idle_wishes) == 0


def test_a_travel_with_a_fault_of_the_node_opens_nothing(story: Story) -> None:
    """It was pushed to its end by hand; the node says that it is not well."""
    stuck(story, "OPEN")
    story.hatch = "CLOSED"
    fields = {
        name: getattr(story.report(), name) for name in events.NodeReport.__dataclass_fields__
    }
    story.happens(events.NodeReport(**fields | {"faults": ("hatch-stuck",)}))
    assert story.bays["a"].closed_because == HATCH_STUCK


def test_a_load_that_its_owner_took_late_closes_no_bay_for_ever() -> None:
    """A hand was in as the hatch was to close over it for the refuse bin; then it is gone."""
    bay = CONFIG.bays[0].model_copy(update={"refuse_bin": 3})
    story = Story(CONFIG.model_copy(update={"bays": (bay,)}))
    story.identify()
    story.load(300)
    story.look(sight("plastic", unknown=True, unknown_score=4.0))
    story.opened()
    story.wait(CONFIG.session.idle_s)
    story.happens(events.HandMoved("a", True), events.CommandRefused("a", "CloseHatch", "edge"))
    assert story.bays["a"].why_not == LEFT_BEHIND
    story.happens(events.HandMoved("a", False))
    assert closings(idle(story, 120)) == 0
    story.pan_g = 0
    assert closings(idle(story, 10)) == 1
    story.hatch = "CLOSED"
    idle(story, 10)
    assert story.bays["a"].usable


def refused(story: Story, *kinds: str) -> None:
    """A bottle is promised while the journal takes no record of these kinds; it goes back."""
    story.identify()
    story.refused_kinds = frozenset(kinds)
    story.load(24)
    story.look(sight("plastic"))
    story.pan_g = 0
    story.opened()
    story.rest(2)
    while story.state != "LEAVING":
        story.wait(10)
    story.closed()
    idle(story, 20)
    assert story.state == "IDLE"
    assert "intent refused" in story.bays["a"].why_not


def test_a_bay_whose_record_was_refused_opens_once_a_test_record_is_taken(story: Story) -> None:
    """After ten minutes, while nobody is there; not before."""
    refused(story, "intent")
    story.happens(events.RoomSeen(True))
    assert not story.bays["a"].usable
    idle(story, int(RETRY_S))
    story.happens(events.RoomSeen(True))
    assert story.bays["a"].why_not == ""
    (test,) = story.committed("service")
    assert test.body == {"what": "bay a: test after a record was refused", "by": "kiosk"}


def test_a_bay_whose_test_is_refused_stays_closed_and_is_tried_again(story: Story) -> None:
    """The journal takes nothing at all: the bay is not opened over that."""
    refused(story, "intent", "service")
    for _ in range(3):
        story.wait(RETRY_S)
        story.happens(events.RoomSeen(True), events.RoomSeen(True))
    assert len(story.committed("service")) == 3
    assert "intent refused" in story.bays["a"].why_not


def test_a_bay_that_is_refused_again_and_again_is_tried_ever_more_rarely(story: Story) -> None:
    """Each try costs a resident the way: after a while it is once a day."""
    bay = story.bays["a"]
    failed = events.CommitFailed(commands.Commit("returned", {"bay": "a"}), "no", lasting=True)
    waits = []
    for _ in range(10):
        story.happens(failed)
        waits.append(bay.retry_s - story.now_s)
    assert waits[:3] == [RETRY_S, 2 * RETRY_S, 4 * RETRY_S]
    assert waits[-1] == RETRY_MAX_S


def test_an_intent_that_could_not_be_ended_keeps_its_bay_closed(story: Story) -> None:
    """What follows would blur what became of it: the next start looks at it first."""
    story.refused_kinds = frozenset({"deposit", "uncertain"})
    story.identify()
    story.load(24)
    story.look(sight("plastic"))
    story.drop()
    story.empty()
    story.refused_kinds = frozenset()
    story.wait(10 * RETRY_S)
    story.happens(events.RoomSeen(True))
    assert story.committed("service") == []
    assert not story.bays["a"].usable


@pytest.mark.parametrize("closed", ["stuck", "refused"])
def test_staff_with_a_badge_open_a_bay(story: Story, closed: str) -> None:
    """For service; the record says who, and what it was closed for."""
    if closed == "stuck":
        stuck(story, "CLOSED")
    else:
        refused(story, "intent")
    why = story.bays["a"].closed_because
    for shown in ("", badge(Role.COLLECTION)):
        if shown:
            story.show(shown)
        story.happens(BayChecked("a"))
        assert story.bays["a"].closed_because == why
    story.show(badge(Role.SERVICE))
    story.happens(BayChecked("a"))
    assert story.bays["a"].usable
    assert story.committed("service")[-1].body == {
        "what": f"bay a was looked at, closed for: {why}",
        "by": STAFF,
    }


def test_a_bay_that_is_open_was_not_opened_by_anybody(story: Story) -> None:
    """No record says that staff have opened what was never closed."""
    story.node_up()
    story.show(badge(Role.SERVICE))
    before = len(story.committed("service"))
    story.happens(BayChecked("a"))
    assert len(story.committed("service")) == before
    assert story.bays["a"].usable


def test_after_staff_have_looked_into_a_chamber_its_pan_decides(story: Story) -> None:
    """A hatch pushed up without power is counted by nobody; their badge says it instead."""
    story.identify()
    story.load(24)
    story.look(sight("plastic"))
    story.happens(events.GateCycled("a", 1, story.gate_cycles))
    story.wait(60)
    why = story.bays["a"].closed_because
    assert why
    story.show(badge(Role.SERVICE))
    story.happens(BayChecked("a"))
    idle(story, 10)
    assert story.bays["a"].closed_because == why  # it still lies there
    story.pan_g = 0
    idle(story, 10)
    assert story.bays["a"].closed_because == ""


def test_no_badge_opens_a_bay_whose_scale_failed(story: Story) -> None:
    """It takes another calibration."""
    story.node_up()
    story.bays["a"].closed_because = FAILED
    story.show(badge(Role.SERVICE))
    story.happens(BayChecked("a"))
    assert story.bays["a"].closed_because == FAILED
    assert len(story.committed("service")) == 1  # the badge
