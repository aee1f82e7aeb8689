"""From what a bay shows to the part that fails; of its hatch see beside."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from controller.core import events
from controller.core.health.parts import DO, Part
from controller.core.symptoms.table import Symptom
from tests.controller.core.health.talking_bay import RUNS_MA, Story, refused
from wire import faults

if TYPE_CHECKING:
    from collections.abc import Collection


def _with_a_load(grams: float) -> Story:
    """It lies on the pan, and the gate has begun to move."""
    story = Story()
    story.signs.weighs(grams)
    return story.says("CLOSED").says("CLOSED", gate="MOVING")


def test_a_bay_that_opens_and_closes_has_nothing_failing() -> None:
    """Two runs as they should be."""
    story = Story().says("OPENING", 100, RUNS_MA).says("OPEN", 400).hears(events.HatchOpened("a"))
    story.says("CLOSING", 200, RUNS_MA).says("CLOSED").hears(events.HatchClosed("a"))
    assert story.fails() == ()


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
    story = Story().hears(*refused("presence", 3))
    assert story.fails() == (Part.THERMAL,)
    story.signs.weighs(14_000)
    assert story.fails() == ()
    reaching = Story().hears(*refused("presence", 3), *refused("hand-inside", 1))
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
    asked = Story().hears(*(events.NodeUp("a", boot, "asked", 0, 0) for boot in range(5)))
    assert asked.fails() == ()
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


STILL, STRUCK = (180_000, 180_020), (180_020, 182_300)
"""Conversions of a pan at 180 counts a gram: at rest, and as the leaves strike home."""


def _dropping() -> Story:
    """Leaves that were seen open a moment ago and are on their way."""
    return Story().says("CLOSED", gate="OPEN").says("CLOSED", gate="MOVING")


def test_leaves_that_were_felt_to_strike_home_are_home_whatever_their_switch_says() -> None:
    """It fell silent during a drop: nothing else tells it from leaves that hang."""
    for felt, part in ((STILL, Part.LEAVES), (STRUCK, Part.GATE_SWITCH)):
        story = _dropping().waits(0.8)
        story.signs.feels(STILL, 180.0, story.now_s)
        story.signs.feels(felt, 180.0, story.now_s)
        story.waits(0.3).says("CLOSED", 0, 0, "gate-not-closed", gate="MOVING")
        assert story.fails() == (part,)


def test_what_shakes_the_pan_before_leaves_can_be_home_is_no_strike_of_theirs() -> None:
    """The load that falls does, and so does what is laid in later."""
    story = _dropping()
    story.signs.feels(STRUCK, 180.0, story.now_s)
    story.waits(1.1).says("CLOSED", 0, 0, "gate-not-closed", gate="MOVING")
    story.waits(3)
    story.signs.feels(STRUCK, 180.0, story.now_s)
    assert story.fails() == (Part.LEAVES,)


def test_a_strike_between_two_messages_is_felt() -> None:
    """Each message holds a conversion or two."""
    story = _dropping().waits(0.8)
    for one in STRUCK:
        story.signs.feels((one,), 180.0, story.now_s)
    story.waits(0.3).says("CLOSED", 0, 0, "gate-not-closed", gate="MOVING")
    assert story.fails() == (Part.GATE_SWITCH,)
