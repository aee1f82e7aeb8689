"""From what a bay shows to the part that fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from controller.core import events
from controller.core.health.diagnosis import Look, failing
from controller.core.health.parts import DO, Part
from controller.core.health.signs import Signs
from controller.core.symptoms.table import Symptom
from wire import faults

if TYPE_CHECKING:
    from collections.abc import Collection

TRAVEL_MM = 400
RUNS_MA, STALLS_MA = 560, 1_450


class Story:
    """A bay that says something every tenth of a second."""

    def __init__(self) -> None:
        self.signs = Signs()
        self.now_s = 100.0
        self._faults: tuple[str, ...] = ()
        self.says()

    def says(
        self,
        hatch: str = "CLOSED",
        mm: int = 0,
        ma: int = 0,
        *raised: str,
        gate: str = "CLOSED",
        presence: bool = False,
    ) -> Story:
        """One report; faults that were raised stay."""
        self._faults += raised
        self.hears(
            events.NodeReport(
                "a", round(self.now_s * 1000), hatch, gate, False, presence, 0, 0, ma, mm,
                self._faults,
            )
        )  # fmt: skip
        return self

    def hears(self, *heard: events.NodeEvent) -> Story:
        """Events, a tenth of a second apart."""
        for event in heard:
            self.now_s += 0.1
            self.signs.hear(event, self.now_s)
        return self

    def waits(self, seconds: float) -> Story:
        """Nothing happens."""
        self.now_s += seconds
        return self

    def fails(self, *symptoms: Symptom) -> tuple[Part, ...]:
        """What is named."""
        return failing(Look(self.signs, symptoms, TRAVEL_MM, self.now_s))


def _with_a_load(grams: float) -> Story:
    """It lies on the pan, and the gate has begun to move."""
    story = Story()
    story.signs.weighs(grams)
    return story.says("CLOSED").says("CLOSED", gate="MOVING")


def _refused(reason: str, times: int) -> list[events.NodeEvent]:
    return [events.CommandRefused("a", "CloseHatch", reason) for _ in range(times)]


def test_a_bay_that_opens_and_closes_has_nothing_failing() -> None:
    """Two runs as they should be."""
    story = Story().says("OPENING", 100, RUNS_MA).says("OPEN", 400).hears(events.HatchOpened("a"))
    story.says("CLOSING", 200, RUNS_MA).says("CLOSED").hears(events.HatchClosed("a"))
    assert story.fails() == ()


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
    story = Story().says("OPEN", 400).hears(*_refused("edge", 1))
    assert story.fails() == ()
    assert story.hears(*_refused("edge", 1)).fails() == (Part.EDGE,)
    assert story.hears(events.HatchClosed("a")).fails() == ()


def test_hands_do_not_go_in_and_out_six_times_in_ten_seconds() -> None:
    """A curtain does that flickers; at a human pace nothing is named."""
    slow = Story()
    for number in range(8):
        slow.hears(events.HandMoved("a", number % 2 == 0)).waits(3)
    assert slow.fails() == ()
    quick = Story().hears(*(events.HandMoved("a", one % 2 == 0) for one in range(6)))
    assert quick.fails() == (Part.CURTAIN,)
    assert quick.waits(11).fails() == ()


def test_a_presence_that_weighs_nothing_is_none() -> None:
    """A person inside weighs; one who reaches in is in the curtain."""
    story = Story().hears(*_refused("presence", 3))
    assert story.fails() == (Part.THERMAL,)
    story.signs.weighs(14_000)
    assert story.fails() == ()
    reaching = Story().hears(*_refused("presence", 3), *_refused("hand-inside", 1))
    assert reaching.fails() == ()


def test_a_gate_that_let_the_load_fall_did_open() -> None:
    """The pan tells leaves that stick from a switch that does not see them open."""
    story = _with_a_load(420)
    story.says("CLOSED", 0, 0, "gate-stuck").waits(5)
    assert story.fails() == (Part.LEAVES,)
    story.signs.weighs(3)
    assert story.fails() == (Part.GATE_SWITCH,)


def test_a_load_that_was_taken_out_by_hand_did_not_fall() -> None:
    """After an opened hatch an empty pan tells nothing about the gate."""
    story = _with_a_load(420)
    story.says("CLOSED", 0, 0, "gate-stuck").hears(events.HatchOpened("a"))
    story.signs.weighs(3)
    assert story.waits(5).fails() == (Part.LEAVES,)


def test_leaves_that_were_not_opened_cannot_be_ajar() -> None:
    """Then the switch at home is silent; after a drop they hang."""
    assert Story().says("OPEN", 400, 0, "gate-not-closed").fails() == (Part.GATE_SWITCH,)
    dropped = Story().says("CLOSED", gate="OPEN").says("CLOSED", 0, 0, "gate-not-closed")
    assert dropped.fails() == (Part.LEAVES,)


def test_a_node_is_named_for_its_watchdog_and_its_supply_for_a_start_from_nothing() -> None:
    """Three bites of the watchdog; one loss of power is enough."""
    bites = Story()
    for boot in range(4):
        bites.hears(events.NodeUp("a", boot, "watchdog", 0, 0))
    assert bites.fails() == (Part.NODE,)
    assert bites.waits(601).fails() == ()
    cut = Story().hears(*(events.NodeUp("a", boot, "power", 0, 0) for boot in (1, 2)))
    assert cut.fails() == (Part.SUPPLY,)


def test_a_node_that_is_not_heard_for_ten_seconds_is_a_matter_of_its_cable() -> None:
    """A restart is over sooner."""
    story = Story().says("CLOSED", 0, 0, "edge-broken").hears(events.NodeLost("a", "silent"))
    assert story.waits(5).fails() == ()
    assert story.waits(6).fails() == (Part.CABLE,)


@pytest.mark.parametrize("symptom", list(Symptom))
def test_every_symptom_of_the_scale_names_a_part(symptom: Symptom) -> None:
    """And only one."""
    assert len(Story().fails(symptom)) == 1


NO_PART = {"emergency-stop", "fire", "inner-release", "person-inside", "tamper"}
"""People and smoke, not parts."""


def test_every_fault_of_the_node_leads_to_a_part() -> None:
    """None is left without a word to staff, and nothing is named for what people do."""
    for name, *_ in faults.TABLE.values():
        story = Story().says("OPEN", 400).says("OPEN", 400, 0, name).waits(120)
        assert len(story.fails()) == (name not in NO_PART), name


def test_every_part_has_something_to_do() -> None:
    """In the order of the parts."""
    assert list(DO) == list(Part)


def test_parts_are_named_in_their_order() -> None:
    """Several at once."""
    story = Story().says("OPEN", 400, 0, "undervoltage", "edge-broken")
    assert _ordered(story.fails(Symptom.DRIFTING))


def _ordered(parts: Collection[Part]) -> bool:
    return list(parts) == [part for part in Part if part in parts] and len(parts) == 3


def test_a_load_that_is_dropped_again_at_once_is_no_flickering_switch() -> None:
    """The gate turns eight times in a few seconds, and each time because it was told to."""
    story = Story()
    for _ in range(3):
        for gate in ("MOVING", "OPEN", "MOVING", "CLOSED"):
            story.waits(0.5).says(gate=gate)
        assert story.fails() == ()
        story.hears(events.GateCycled("a", 1, 8))
    assert story.fails() == ()


def test_a_gate_that_turns_without_a_word_has_a_bad_switch() -> None:
    """Nobody told it to."""
    story = Story()
    for _ in range(4):
        story.waits(0.5).says(gate="MOVING").says(gate="CLOSED")
    assert story.fails() == (Part.GATE_SWITCH,)
