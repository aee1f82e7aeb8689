"""A kiosk stops taking before it stops recording, and goes on by itself."""

from __future__ import annotations

import pytest

from controller.core import commands, events, touches
from controller.core.flow.journal import NO_ROOM
from tests.controller.core.story import CONFIG, Story, sight

UNKNOWN = sight("plastic", unknown=True, unknown_score=4.0)


@pytest.fixture
def story() -> Story:
    return Story()


def kinds(story: Story) -> list[str]:
    """Kinds of all that the journal took."""
    return [one.kind for one in story.written]


def full(story: Story, *, on: bool = True) -> None:
    """The disk is full, or there is room again, and the app has seen it."""
    story.disk_full = on
    story.happens(events.RoomSeen(not on, "disk full: make room" if on else ""))


def test_without_room_no_session_begins_on_any_bay(story: Story) -> None:
    """The screen says which bays rest and why; a resident is told before they touch anything."""
    story.node_up()
    full(story)
    (row,) = story.view.bays
    assert (row.usable, row.why_not) == (False, f"{NO_ROOM}: disk full: make room")
    story.show(story.code())
    assert (story.state, story.message) == ("FAREWELL", "out-of-service")
    assert story.commanded(commands.OpenHatch) == 0


def test_room_again_opens_the_bays_again(story: Story) -> None:
    """Nobody needs to restart anything."""
    story.node_up()
    full(story)
    full(story, on=False)
    story.show(story.code())
    story.rest()
    assert story.state == "OPENING"


def test_a_disk_that_fails_before_the_hatch_opens_leaves_it_shut(story: Story) -> None:
    """What cannot be remembered is not begun, even before anybody has asked for the room."""
    story.node_up()
    story.disk_full = True
    story.show(story.code())
    story.rest()
    assert (story.state, story.message) == ("FAREWELL", "out-of-service")
    assert story.commanded(commands.OpenHatch) == 0
    story.wait(CONFIG.session.farewell_s)
    story.disk_full = False
    story.show(story.code(jti=b"87654321"))
    story.rest()
    assert story.state == "OPENING"


def test_a_promise_that_cannot_be_written_moves_no_gate(story: Story) -> None:
    """The load goes back, the bays close, and its return is recorded once there is room."""
    story.identify()
    story.load(24)
    story.disk_full = True
    story.look(sight("plastic"))
    assert (story.state, story.message) == ("RETURNING", "store-failed")
    assert story.commanded(commands.DropLoad) == 0
    full(story)
    assert not story.bays["a"].usable
    full(story, on=False)
    assert story.bays["a"].usable
    assert kinds(story) == ["returned"]


def test_a_return_that_could_not_be_written_is_written_later_and_once(story: Story) -> None:
    """It is tried with each look at the room, also after the visit, and never twice."""
    story.identify()
    story.load(300)
    story.disk_full = True
    story.look(UNKNOWN)
    for _ in range(3):
        full(story)
    assert kinds(story) == []
    full(story, on=False)
    full(story, on=False)
    assert kinds(story) == ["returned"]


def test_a_void_that_could_not_be_written_still_closes_its_intent(story: Story) -> None:
    """The node would not open the gate: the promise stays open in no journal."""
    story.identify()
    story.load(24)
    story.look(sight("plastic"))
    story.disk_full = True
    story.happens(events.CommandRefused("a", "DropLoad", "fault"))
    assert (story.state, story.message) == ("RETURNING", "returned-gate")
    full(story, on=False)
    assert kinds(story) == ["intent", "void", "returned"]
    assert story.written[1].closes == 1


def test_an_uncertain_load_is_written_when_there_is_room(story: Story) -> None:
    """A load that hangs while the disk is full: staff hear of it all the same."""
    story.identify()
    story.load(500)
    story.look(sight("paper", 0.998))
    story.disk_full = True
    for _ in range(CONFIG.session.drop_attempts):
        story.gate_cycles += 1
        story.happens(events.GateCycled("a", 1, story.gate_cycles))
        story.rest(2)
    assert (story.state, story.message) == ("FAREWELL", "uncertain")
    full(story, on=False)
    assert kinds(story) == ["intent", "uncertain"]


def test_a_deposit_is_tried_until_it_is_written(story: Story) -> None:
    """The load is in the bin: nothing but its record ends this state."""
    story.identify()
    story.load(24)
    story.look(sight("plastic"))
    story.drop()
    story.disk_full = True
    story.empty()
    story.wait(5 * CONFIG.session.settle_s)
    assert (story.state, story.message) == ("CREDITING", "record-late")
    story.disk_full = False
    story.wait(CONFIG.session.settle_s)
    assert story.state == "CREDITED"
    assert kinds(story) == ["intent", "deposit"]
    assert story.written[-1].body["empty_check"] == "pan+camera"


def test_a_deposit_that_waits_for_the_disk_needs_no_node(story: Story) -> None:
    """The load was seen to have fallen; that its node is gone meanwhile changes nothing."""
    story.identify()
    story.load(24)
    story.look(sight("plastic"))
    story.drop()
    story.disk_full = True
    story.empty()
    story.happens(events.NodeLost("a", "node silent"))
    story.disk_full = False
    story.wait(CONFIG.session.settle_s)
    assert kinds(story) == ["intent", "deposit"]
    assert story.state == "CREDITED"


def test_a_late_return_is_no_deposit(story: Story) -> None:
    """Two records wait for the disk: the first one's commit credits nobody."""
    story.identify()
    story.load(300)
    story.disk_full = True
    story.look(UNKNOWN)
    story.disk_full = False
    story.opened()
    story.pan_g = 0
    story.rest(4)
    story.load(24)
    story.look(sight("plastic"))
    story.drop()
    story.disk_full = True
    story.empty()
    assert story.state == "CREDITING"
    story.happens(events.RoomSeen(True))  # and yet it refuses
    story.disk_full = False
    story.happens(events.RoomSeen(True))
    assert story.state == "CREDITING"
    assert kinds(story) == ["intent", "returned"]


def test_a_full_disk_ends_the_visit_after_the_load_in_hand(story: Story) -> None:
    """What was begun is recorded; another load is not taken."""
    story.identify()
    story.load(24)
    story.look(sight("plastic"))
    story.happens(events.RoomSeen(False, "16 MiB are needed"))
    story.drop()
    story.empty()
    assert story.state == "CREDITED"
    story.happens(touches.Answered("more"))
    assert story.state == "FAREWELL"


@pytest.mark.parametrize(("bay", "bays"), [("a", {"a"}), ("z", {"a", "b"}), (None, {"a", "b"})])
def test_the_pan_decides_over_an_intent_that_cannot_be_read(
    bay: str | None, bays: set[str]
) -> None:
    """A load was promised, to nobody knows whom; where the bay is unknown too, it may be any."""
    other = CONFIG.bays[0].model_copy(update={"name": "b"})
    story = Story(CONFIG.model_copy(update={"bays": (CONFIG.bays[0], other)}))
    notes = story.happens(events.IntentUnreadable(bay, 41, "bad signature"))
    assert notes == [
        commands.Note("intent-unreadable", name, "record 41, bad signature")
        for name in sorted(bays)
    ]
    assert {name for name, one in story.bays.items() if one.unfinished} == bays


@pytest.mark.parametrize(
    ("mass_g", "why_not"),
    [(0, ""), (24, "a load was left behind"), (500, "a load was left behind")],
)
def test_a_bay_with_an_unreadable_intent_serves_once_its_pan_is_empty(
    mass_g: int, why_not: str
) -> None:
    """By the zero that was remembered, though the memory calls the bay finished."""
    story = Story(pan_g=300 + mass_g)
    zero_raw = story.counts() - mass_g * CONFIG.bays[0].scale.counts_per_kg / 1000
    story.happens(
        events.IntentUnreadable(None, 41, "bad signature"),
        events.BayMemoryFound("a", zero_raw, False),
    )
    story.happens(
        events.NodeUp("a", 1, "watchdog", story.gate_cycles, story.hatch_openings), story.report()
    )
    story.rest(2)
    story.show(story.code())
    story.rest(2)
    assert story.bays["a"].closed_because == why_not
    assert (story.state == "OPENING") is (why_not == "")


def test_what_is_remembered_of_another_bay_opens_no_hatch(story: Story) -> None:
    """Nor does the end of a visit that is remembered late."""
    story.node_up()
    story.show(story.code())
    story.happens(events.BayRemembered("b", True), events.BayRemembered("a", False))
    story.happens(events.BayNotRemembered("b", "disk full"))
    assert story.state == "PREPARING"


def test_a_withdrawn_promise_is_not_examined_again(story: Story) -> None:
    """The node is lost while the load is given back: its voided intent is not examined again."""
    story.identify()
    story.load(24)
    story.look(sight("plastic"))
    story.happens(events.CommandRefused("a", "DropLoad", "fault"))
    story.happens(events.NodeLost("a", "node silent"))
    assert story.state == "FAREWELL"
    assert not story.session.open_intents
