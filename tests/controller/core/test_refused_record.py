"""A record that no disk will ever take: its bay rests with a reason, and the kiosk goes on."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from controller.core import commands, events
from controller.core.flow.journal import NO_ROOM
from controller.core.trigger import Glance
from tests.controller.core.story import Story, sight


def promised(refused: set[str]) -> Story:
    """A bottle is promised, and the journal refuses these kinds."""
    story = Story(refused_kinds=frozenset(refused))
    story.identify()
    story.load(24)
    story.look(sight("plastic"))
    return story


def fallen(refused: set[str]) -> Story:
    """The bottle fell, and was seen to have fallen."""
    story = promised(refused)
    story.drop()
    story.empty()
    return story


def gate_stays_shut(refused: set[str]) -> Story:
    """The node would not drop the bottle."""
    story = promised(refused)
    story.happens(events.CommandRefused("a", "DropLoad", "fault"))
    return story


def restarted(refused: set[str], *, gate: int = 0, hatch: int = 0, left_g: int = 0) -> Story:
    """The controller ended over the promise; so often gate and hatch moved meanwhile."""
    body = promised(set()).committed("intent")[0].body
    story = Story(refused_kinds=frozenset(refused), seq=1, now_s=10_000.0, ids="t")
    story.gate_cycles = body["gate_cycles"] + gate
    story.hatch_openings = body["hatch_openings"] + hatch
    story.up_since_s = story.now_s - 3600
    story.happens(events.OpenIntent(1, body, 40.0))
    story.pan_g = left_g
    story.node_up()
    story.rest(2)
    story.watched(Glance.READY if left_g else Glance.EMPTY)
    return story


def interrupted(refused: set[str]) -> Story:
    """The bottle fell, and the controller ended before it was credited."""
    return restarted(refused, gate=1)


def reached(refused: set[str]) -> Story:
    """The hatch was opened over the bottle while the controller was away."""
    return restarted(refused, hatch=1, left_g=24)


CASES = [
    (fallen, {"deposit"}, ["intent", "uncertain"], "FAREWELL"),
    (fallen, {"deposit", "uncertain"}, ["intent"], "FAREWELL"),
    (interrupted, {"deposit"}, ["uncertain"], "FAREWELL"),
    (interrupted, {"deposit", "uncertain"}, [], "FAREWELL"),
    (reached, {"void"}, ["uncertain"], "FAREWELL"),
    (promised, {"intent"}, ["returned"], "RETURNING"),
    (gate_stays_shut, {"void"}, ["intent", "returned"], "RETURNING"),
    (gate_stays_shut, {"void", "returned"}, ["intent"], "RETURNING"),
]


@pytest.mark.parametrize(("visit", "refused", "written", "state"), CASES)
def test_a_record_that_is_refused_for_good_is_not_tried_for_ever(
    visit: Callable[[set[str]], Story], refused: set[str], written: list[str], state: str
) -> None:
    """It is named to staff, its bay rests, and room on the disk brings it up no more."""
    story = visit(refused)
    assert [one.kind for one in story.written] == written
    assert story.state == state
    assert story.bays["a"].why_not.startswith(NO_ROOM)
    notes = [one for one in story.asked if isinstance(one, commands.Note)]
    assert {one.reason.partition(":")[0] for one in notes} == refused
    assert {one.bay for one in notes} == {"a"}
    tried = len(story.asked)
    story.happens(events.RoomSeen(True))
    asked = [one for one in story.asked[tried:] if isinstance(one, commands.Commit)]
    assert [one.kind for one in asked if one.kind != "fault"] == []  # that it rests is told


def test_a_refused_record_of_no_load_closes_no_bay() -> None:
    """A badge's, for instance: it is named to staff, and whoever is served is served on."""
    story = fallen(set())
    badge = commands.Commit("service", {"what": "badge", "by": "x"})
    (note,) = story.happens(events.CommitFailed(badge, "no reader would accept it", lasting=True))
    assert note == commands.Note("record-refused", "", "service: no reader would accept it")
    assert (story.state, story.bays["a"].usable) == ("CREDITED", True)
