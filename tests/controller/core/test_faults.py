"""Faults leave records: one as they begin, one once they have stayed away, and no flood."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.bodies import FaultBody
from controller.core import events
from controller.core.faults import AWAY_S, FaultBook
from controller.core.health.parts import DO, Part
from tests.controller.core.story import Story, sight

FIRE = "fire"
"""People and smoke are no part that fails: such a fault has one record alone."""


def told(story: Story) -> list[tuple[str, bool]]:
    """Code and whether it began, of every fault that the journal took."""
    for one in story.faults:
        FaultBody.model_validate(one.body)
    return [(one.body["fault"], one.body["active"]) for one in story.faults]


def idle(story: Story, seconds: float, *faults: str) -> None:
    """Let time pass in front of nobody, while the node reports these faults."""
    for second in range(1, int(seconds) + 1):
        story.wait(1)
        noisy = story.counts() + round(story.noise.gauss(0, 38))
        story.happens(events.Samples("a", int(story.now_s * 1000), (noisy,)))
        if second % 10:
            continue
        fields = {
            name: getattr(story.report(), name) for name in events.NodeReport.__dataclass_fields__
        }
        story.happens(events.NodeReport(**fields | {"faults": faults}))


def test_a_fault_leaves_one_record_as_it_begins_and_one_as_it_ends() -> None:
    """The second says how often it came and for how long; both name bay and catalogue."""
    story = Story()
    story.node_up()
    story.happens(events.NodeFault("a", FIRE, True))
    idle(story, 100, FIRE)
    assert told(story) == [(FIRE, True)]
    idle(story, AWAY_S + 20)
    assert told(story) == [(FIRE, True), (FIRE, False)]
    begun, ended = (one.body for one in story.faults)
    assert begun["detail"].startswith("call the fire brigade")
    assert (ended["times"], ended["lasted_s"], ended["bay"]) == (1, 100, "a")
    assert begun["catalogue_version"] == story.catalogue.version


def test_the_part_that_fails_is_told_beside_the_fault() -> None:
    """What the node cannot do, and which part that is, with what staff do about it."""
    story = Story()
    story.node_up()
    story.happens(events.NodeFault("a", "edge-broken", True))
    assert told(story) == [("edge-broken", True), ("failing-soft-edge", True)]
    assert "check its cable" in story.faults[1].body["detail"]


def test_a_loose_plug_is_one_fault_and_not_hundreds() -> None:
    """It flickers all day: one record at its beginning, one when it stays away at last."""
    story = Story()
    story.node_up()
    for _ in range(200):
        idle(story, 10, "person-inside")
        idle(story, 10)
    assert told(story) == [("person-inside", True)]
    idle(story, AWAY_S + 10)
    assert story.faults[-1].body["times"] == 200


def test_a_node_that_falls_silent_is_one_fault_and_says_nothing_of_the_others() -> None:
    """What stood before its silence still stands after it, without a second record."""
    story = Story()
    story.node_up()
    idle(story, 10, FIRE)
    story.happens(events.NodeLost("a", "node silent"))
    story.wait(2 * AWAY_S)
    story.happens(events.RoomSeen(True))
    story.happens(events.NodeUp("a", 2, "software", story.gate_cycles, story.hatch_openings))
    idle(story, 10, FIRE)
    away = ["node-lost", "failing-node-cable"]
    assert told(story) == [(FIRE, True), *((one, True) for one in away)]
    idle(story, AWAY_S, FIRE)
    assert told(story)[3:] == [(one, False) for one in away]


def test_a_kiosk_that_starts_before_its_nodes_records_no_fault_of_them() -> None:
    """Nobody has heard of them yet; a node that does not come is told by its link."""
    story = Story()
    story.happens(events.RoomSeen(True))
    assert told(story) == []
    story.happens(events.NodeLost("a", "node silent"))
    assert told(story) == [("node-lost", True)]


def test_a_lost_camera_and_a_closed_bay_are_faults_as_well() -> None:
    """What no node names has a code of its own, and its reason stands in the record."""
    story = Story()
    story.node_up()
    story.happens(events.CameraLost("a", "no such device"))
    story.bays["a"].closed_because = "the hatch does not move as it should"
    story.happens(story.report(), events.CameraBack("a"))
    details = {one.body["fault"]: one.body["detail"] for one in story.faults}
    assert details == {
        "camera-lost": "no such device",
        "failing-camera": DO[Part.CAMERA],
        "bay-closed": "the hatch does not move as it should",
    }


def test_no_fault_holds_up_a_deposit() -> None:
    """Faults begin in every state of a visit whose journal refuses them."""
    story = Story(refused_kinds=frozenset({"fault"}))
    story.identify()
    story.happens(events.NodeFault("a", "limit-bouncing", True))
    story.load(24)
    story.happens(events.NodeFault("a", "hatch-friction", True))
    story.look(sight("plastic"))
    story.happens(events.NodeFault("a", "hatch-slipping", True))
    story.drop()
    story.happens(events.CameraLost("a", "gone"))
    story.empty()
    assert (story.state, story.message) == ("CREDITED", "accepted")
    assert [one.kind for one in story.written] == ["intent", "deposit"]
    assert story.bays["a"].usable


def test_without_room_records_are_dropped_and_counted_and_what_stands_is_told_later() -> None:
    """Nothing is queued: what began and still stands is recorded once there is room."""
    story = Story()
    story.node_up()
    story.happens(events.RoomSeen(False, "disk full"))
    for name in (FIRE, "tamper"):
        story.happens(events.NodeFault("a", name, True))
    idle(story, 60, FIRE)
    idle(story, AWAY_S, FIRE)  # the cabinet was closed again
    assert (told(story), story.session.faults.missed) == ([], 4)
    story.happens(events.RoomSeen(True))
    assert told(story) == [(FIRE, True)]
    assert story.faults[0].body["missed"] == 4
    idle(story, AWAY_S + 10, FIRE)
    assert told(story)[1:] == [("journal-full", False)]
    assert "missed" not in story.faults[-1].body


@pytest.mark.parametrize("lost", [False, True])
def test_a_fault_whose_beginning_is_recorded_ends_when_there_is_room_again(lost: bool) -> None:
    """Else whoever reads the journal would take it to stand for ever."""
    story = Story()
    story.node_up()
    story.happens(events.NodeFault("a", "tamper", True))
    story.happens(events.RoomSeen(False, "disk full"), events.NodeFault("a", "tamper", False))
    if lost:
        story.happens(events.NodeLost("a", "node silent"))
    story.wait(AWAY_S + 10)
    story.happens(events.RoomSeen(False, "disk full"))
    assert told(story) == [("tamper", True)]
    story.happens(events.RoomSeen(True))
    assert ("tamper", False) in told(story)
    assert story.faults[-1].body["lasted_s"] == 0


def test_a_disk_that_fails_unseen_is_asked_again_only_when_it_has_room() -> None:
    """A refused record is not tried with every report."""
    story = Story()
    story.node_up()
    story.disk_full = True
    idle(story, 60, FIRE)
    assert len(story.committed("fault")) == 1
    story.disk_full = False
    story.happens(events.RoomSeen(True))
    assert told(story) == [(FIRE, True)]
    assert story.faults[0].body["missed"] == 1


def test_a_fault_of_a_bay_that_was_taken_out_ends() -> None:
    """It stood when the kiosk was rebuilt, and nobody would ever hear of that bay again."""
    story = Story()
    story.happens(events.FaultFound("z", FIRE), events.RoomSeen(True))
    assert told(story) == []
    story.wait(AWAY_S)
    story.happens(events.RoomSeen(True))
    assert [(one.body["bay"], one.body["fault"]) for one in story.faults] == [("z", FIRE)]
    assert told(story) == [(FIRE, False)]
    assert story.session.faults.recorded == ()


def test_a_restart_neither_doubles_a_fault_nor_forgets_that_it_must_end() -> None:
    """What was recorded before it is known; what is gone by then ends, without how long."""
    story = Story()
    story.happens(events.FaultFound("a", FIRE), events.FaultFound("a", "tamper"))
    story.node_up()
    idle(story, AWAY_S + 10, FIRE)
    assert told(story) == [("tamper", False)]
    assert "lasted_s" not in story.faults[0].body


@given(
    st.lists(
        st.tuples(st.floats(0.1, 2 * AWAY_S), st.sets(st.sampled_from("abc")), st.booleans()),
        max_size=60,
    )
)
def test_whatever_flickers_beginnings_and_ends_take_turns_and_are_rare(
    looks: list[tuple[float, set[str], bool]],
) -> None:
    """Of each fault: begin, end, begin ...; never two pairs within `AWAY_S`."""
    book, now_s, log = FaultBook(), 0.0, dict[str, list[tuple[float, bool]]]()
    for passed_s, present, lost in looks:
        now_s += passed_s
        names = dict.fromkeys(present, "")
        bodies: list[dict[str, Any]] = (
            book.look_lost("a", {"node-lost": "silent"}, now_s)
            if lost
            else book.look("a", names, now_s)
        )
        for body in bodies:
            FaultBody.model_validate(body)
            log.setdefault(body["fault"], []).append((now_s, body["active"]))
    for rows in log.values():
        assert [active for _, active in rows] == [n % 2 == 0 for n in range(len(rows))]
        for (began_s, active), (ended_s, _) in pairwise(rows):
            assert not active or ended_s - began_s >= AWAY_S - 1e-6


@pytest.mark.parametrize("text", ["x" * 400, ""])
def test_a_long_reason_is_cut_to_what_a_record_takes(text: str) -> None:
    """A sentence of staff's or of a driver's may be of any length."""
    (body,) = FaultBook().look("a", {"camera-lost": text}, 1.0)
    assert FaultBody.model_validate(body).detail == text[:300]


@pytest.mark.parametrize("sensor", ["thermal-sensor", "distance-sensor"])
def test_a_sensor_that_dies_is_one_fault_and_the_fear_of_somebody_is_none(sensor: str) -> None:
    """The node doubts, opens and stays open all the same; staff are told what to replace."""
    story = Story()
    story.node_up()
    story.happens(events.NodeFault("a", "person-inside", True))
    story.happens(events.NodeFault("a", sensor, True))
    idle(story, 30, "person-inside", sensor)
    assert {code for code, _ in told(story)} >= {sensor}
    assert ("person-inside", True) not in told(story)
    assert not story.bays["a"].usable


def test_somebody_inside_is_told_a_moment_later_where_no_sensor_is_to_blame() -> None:
    """As soon as it is known that no sensor's fault comes with it."""
    story = Story()
    story.node_up()
    story.happens(events.NodeFault("a", "person-inside", True))
    assert told(story) == []
    idle(story, 10, "person-inside")
    assert told(story) == [("person-inside", True)]
