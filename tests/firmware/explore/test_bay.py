"""The whole bay, every order of what can happen and what can go wrong, one thing a scan."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from random import Random
from typing import Any, NamedTuple

import pytest

from tests.firmware.explore import figures as f
from tests.firmware.explore.bay_machine import (
    COMMANDS,
    LATE,
    RESTART,
    RESTARTING,
    BayMachine,
    RestingBay,
    State,
    is_good,
)
from tests.firmware.explore.core_copy import CoreCopy
from tests.firmware.explore.plant import CLOSED, OPEN, PUSHES, WRONGS
from tests.firmware.explore.properties import PROPERTIES
from tests.firmware.explore.walk import Walk, Ways, walk


class Group(NamedTuple):
    """What can go wrong in one walk, and how many states that must be at least.

    The floor is a little below what was measured: a walk that shrinks proves less than it says.
    """

    wrongs: tuple[str, ...]
    states: int
    learned: bool = False
    at_once: int = 1


GROUPS = {
    "people": Group(("hand", "warm body", "handle pulled"), 11_500),
    "way": Group(("obstacle", "edge pressed"), 7_400),
    "fire": Group(("smoke", "button in"), 6_600),
    "gate": Group(("gate held", "diverter held"), 6_400),
    "leaves": Group(("push leaves",), 3_900),
    "load": Group(("heavy", "cell silent", "FRAM fails"), 9_500),
    "limits": Group(("closed limit on", "open limit on"), 9_900),
    "drive": Group(("no current", "stray current"), 5_600),
    "sensors": Group(("distance stuck", "curtain dead"), 7_900),
    "learned": Group(("light obstacle",), 5_100, learned=True),
}
LONG = {
    "any sense": Group(
        (
            *("hand", "edge pressed", "edge touched", "edge broken", "curtain dead"),
            *("warm body", "thermal nonsense", "thermal stuck"),
            *("distance nonsense", "distance stuck", "handle pulled"),
        ),
        10_000,
    ),
    "any load": Group(
        (
            *("heavy", "cell saturated", "cell silent", "cell stuck", "FRAM fails"),
            *("gate held", "diverter held", "push leaves"),
        ),
        10_000,
    ),
    "any motion": Group(
        (
            *("obstacle", "hatch held", "hatch slips", "no current", "stray current"),
            *("closed limit on", "closed limit off", "open limit on", "open limit off"),
        ),
        10_000,
    ),
    "any alarm": Group(("smoke", "supply low", "button in", "hand", "obstacle"), 10_000),
    "pushes": Group(("gate held", "diverter held", *PUSHES), 100_000),
    "two of people": Group(("hand", "edge broken", "warm body", "handle pulled"), 30_000, False, 2),
    "two of fire": Group(("smoke", "button in", "hand", "obstacle"), 200_000, False, 2),
    "two of drive": Group(("hatch slips", "stray current", "supply low"), 38_000, False, 2),
}


def explored(name: str, group: Group, record: Callable[[str, object], None]) -> None:
    """Walk through the group; every property held, and from everywhere there is a way out."""
    machine = BayMachine(
        CoreCopy(),
        group.wrongs,
        group.at_once,
        learned=group.learned,
        commands=RESTARTING if name in LONG else COMMANDS,
    )
    ways = Ways(is_good)
    found = walk(machine, ways_out=ways)
    record(f"{name}: states", found.states)
    record(f"{name}: transitions", found.transitions)
    assert not found.wrong, found.story()
    assert found.complete
    assert found.states >= group.states
    for goal in ("CLOSED", "OPEN"):
        lost = ways.without(found.kept, partial(arrived, machine, goal))
        assert not lost, f"{len(lost)} never {goal}: {machine.tell(found.kept[lost[0]])}"


def arrived(machine: BayMachine, goal: str, state: Any) -> bool:
    """Whether the hatch stands where it should, and nothing is wrong any more."""
    world = state[0]
    place = CLOSED if goal == "CLOSED" else OPEN
    return not world.wrong and world.leaf == place and machine.hatch_state(state) == goal


@pytest.mark.timeout(600)  # half a minute of work, several on a machine that does more
@pytest.mark.parametrize("name", GROUPS)
def test_whatever_happens_every_property_holds_and_there_is_a_way_out(
    name: str, record_testsuite_property: Callable[[str, object], None]
) -> None:
    """One thing wrong at a time, at any moment, with any commands, silence and late commands."""
    explored(name, GROUPS[name], record_testsuite_property)


@pytest.mark.campaign
@pytest.mark.timeout(3_600)
@pytest.mark.parametrize("name", LONG)
def test_every_property_holds_whatever_goes_wrong(
    name: str, record_testsuite_property: Callable[[str, object], None]
) -> None:
    """All that can go wrong, one at a time, and pairs of what belongs together."""
    explored(name, LONG[name], record_testsuite_property)


def test_a_bay_that_rests_restarts_only_where_nothing_speaks_against_it(
    record_testsuite_property: Callable[[str, object], None],
) -> None:
    """Asked at every moment, whatever goes wrong meanwhile; the node's own motions are among it."""
    people = ("hand", "edge touched", "warm body", "handle pulled", "heavy")
    wrongs = (*people, "distance nonsense", "FRAM fails", "button in")
    commands = RESTART | {"open_hatch": COMMANDS["open_hatch"]}
    found = walk(RestingBay(CoreCopy(), wrongs, commands=commands))
    record_testsuite_property("restarts: states", found.states)
    record_testsuite_property("restarts: transitions", found.transitions)
    assert not found.wrong, found.story()
    assert found.complete
    assert found.states >= 1_000


def some_states(wrongs: tuple[str, ...], each: int) -> tuple[BayMachine, list[Any]]:
    machine = BayMachine(CoreCopy(), wrongs, commands=RESTARTING)
    found: Walk = walk(machine, 5_000)
    return machine, found.kept[::each]


def test_what_a_state_leaves_out_makes_no_difference() -> None:
    """With all of it scrambled, the same follows from the same state."""
    machine, states = some_states(("warm body", "obstacle", "heavy", "smoke"), 50)
    hidden = [one for one in machine.snapshot.hidden if type(one[0][one[1]]) in (bool, int)]
    changing = [one for one in hidden if not one[2].endswith(("_ms", "_raw"))]
    assert len(changing) > 25
    for world, witness, bay in states:
        for event in ["nothing", LATE, *machine.events(world)]:
            expected = machine.step(world, witness, bay, event)
            for values, name, _ in changing:
                values[name] = type(values[name])(values[name] ^ 1)
            assert machine.step(world, witness, bay, event) == expected


EXTREMES = (-(1 << 31), -1, 0, 1, 255, 1 << 15, (1 << 31) - 1)
NUMBERS = (
    "edge_ohm",
    "motor_ma",
    "warm_dc",
    "thermal_sum",
    "tof_mm",
    "temperature_dc",
    "supply_mv",
    "diverter_at",
)
FLAGS = (
    "limit_closed",
    "limit_open",
    "edge_touched",
    "curtain_blocked",
    "inner_release",
    "emergency_stop",
    "smoke",
    "tamper",
    "gate_closed",
    "gate_open",
    "store_failed",
)


def test_p15_no_value_of_any_sensor_brings_the_node_down(
    record_testsuite_property: Callable[[str, object], None],
) -> None:
    """From many states, three scans of impossible values: no exception, and no sin that shows."""
    machine, states = some_states(("hand", "obstacle", "smoke", "gate held"), 5)
    random = Random(3)
    scans = 0
    for state in states:
        _impossible(machine, state, random)
        scans += 3
    record_testsuite_property("impossible scans", scans)
    assert scans >= 3_000


def _impossible(machine: BayMachine, state: State, random: Random) -> None:
    world, _, bay = state
    node, inputs, outputs = machine.bay, machine.scan.inputs, machine.scan.outputs
    machine.snapshot.put(bay)
    for _ in range(3):
        for name in NUMBERS:
            setattr(inputs, name, random.choice(EXTREMES))
        for name in FLAGS:
            setattr(inputs, name, random.random() < 0.5)
        inputs.samples = tuple((0, random.choice(EXTREMES)) for _ in range(random.choice((0, 3))))
        node.step(random.choice((0, 1, f.SCAN_MS, 10_000)), inputs, (), world.lease)
        node.drive(outputs)
        machine.scan.before = world
        moved = outputs.hatch_permille or outputs.gate_permille or outputs.diverter_on
        assert not (inputs.emergency_stop and (moved or outputs.lock_on))
        bad_edge = not 1_000 <= inputs.edge_ohm <= 50_000 or inputs.edge_touched
        assert not ((bad_edge or inputs.curtain_blocked) and outputs.hatch_permille < 0)
        assert not (bad_edge and outputs.gate_permille > 0)
        assert not (inputs.limit_closed and inputs.limit_open and outputs.hatch_permille)


def test_everything_that_can_go_wrong_goes_wrong_somewhere() -> None:
    """No cause is left out of the walks."""
    groups = (*GROUPS.values(), *LONG.values())
    assert {wrong for group in groups for wrong in group.wrongs} == {*WRONGS, *PUSHES}


def test_every_property_is_watched() -> None:
    """The list of properties holds each one that is written."""
    from tests.firmware.explore import properties

    written = {name for name in vars(properties) if name[0] == "p" and name[1].isdigit()}
    assert written <= {one.__name__ for one in PROPERTIES}
    assert len(PROPERTIES) == len(set(PROPERTIES)) >= 18
