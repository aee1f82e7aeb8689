"""Each property can fail: beside it stand changes of the core that break it, and are found."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.firmware.explore import figures as f
from tests.firmware.explore import gate_machine, hatch_machine, properties
from tests.firmware.explore.bay_machine import RESTARTING, BayMachine, RestingBay, is_good
from tests.firmware.explore.core_copy import CoreCopy, Edit
from tests.firmware.explore.gate_machine import GateMachine
from tests.firmware.explore.hatch_machine import HatchMachine
from tests.firmware.explore.link_machine import LinkMachine
from tests.firmware.explore.mutants import GATE, HATCH, LINK, Mutant
from tests.firmware.explore.mutants_of_motion import DEAD_ENDS
from tests.firmware.explore.mutants_of_motion import MUTANTS as OF_MOTION
from tests.firmware.explore.mutants_of_people import MUTANTS as OF_PEOPLE
from tests.firmware.explore.mutants_of_restarts import MUTANTS as OF_RESTARTS
from tests.firmware.explore.test_bay import arrived
from tests.firmware.explore.walk import Machine, Ways, walk

MUTANTS = OF_MOTION | OF_PEOPLE | OF_RESTARTS
MOST_STATES = 15_000
"""So near to the beginning each mutant shows what it breaks."""


def machine_for(mutant: Mutant, core: CoreCopy) -> Machine:
    """The machine in which it shows, watching the property that it breaks."""
    if mutant.where == LINK:
        return LinkMachine(core)
    if mutant.where == GATE:
        return GateMachine(core, _begins(gate_machine.PROPERTIES, mutant.breaks))
    if mutant.where == HATCH:
        watched = _begins(hatch_machine.PROPERTIES, mutant.breaks)
        stray = (0, f.STRAY_MA) if mutant.breaks == "stray" else (0,)
        return HatchMachine(core, watched, undriven_ma=stray, figures={"pinches": 1})
    assert isinstance(mutant.where, tuple)
    learned = "light obstacle" in mutant.where
    watched_too = _begins(properties.PROPERTIES, mutant.breaks)
    if mutant in OF_RESTARTS.values():
        return RestingBay(core, mutant.where, watched=watched_too, commands=RESTARTING)
    return BayMachine(core, mutant.where, watched=watched_too, learned=learned)


def _begins(rules: tuple[Callable[..., bool], ...], name: str) -> tuple[Callable[..., bool], ...]:
    return tuple(rule for rule in rules if rule.__name__.startswith(name))


def good(happening: Any) -> bool:
    """Whether people of good will may do that on the way to the next drop."""
    return is_good(happening) or happening == "drop_load"


def dropped(machine: BayMachine, state: Any) -> bool:
    """Whether the gate is on its way down, under a shut hatch."""
    return state[0].gate > 0 and arrived(machine, "CLOSED", state)


def never_drop(core: CoreCopy, wrongs: tuple[str, ...]) -> int:
    """The number of states from which no drop is possible any more."""
    machine, ways = BayMachine(core, wrongs, watched=()), Ways(good)
    found = walk(machine, ways_out=ways)
    assert found.complete and not found.wrong
    return len(ways.without(found.kept, lambda state: dropped(machine, state)))


@pytest.mark.parametrize("name", MUTANTS)
def test_a_core_that_breaks_a_property_is_found_out(name: str) -> None:
    """The walk ends at the property that the mutant breaks."""
    mutant = MUTANTS[name]
    machine = machine_for(mutant, CoreCopy(mutant.edits))
    found = walk(machine, MOST_STATES)
    assert found.wrong.startswith(mutant.breaks), f"{name} lives after {found.states} states"


@pytest.mark.parametrize("name", DEAD_ENDS)
def test_a_core_without_a_way_out_is_found_out(name: str) -> None:
    """From each state of the real core a drop is possible again, from some of the mutant's not."""
    wrongs, edit = DEAD_ENDS[name]
    assert never_drop(CoreCopy(), wrongs) == 0
    assert never_drop(CoreCopy((edit,)), wrongs) > 0


def test_a_mutant_whose_text_is_gone_fails_loudly() -> None:
    """An edit that no longer fits says so, and which."""
    with pytest.raises(LookupError, match="holds 0 times"):
        CoreCopy((Edit("gate.py", "no such text", ""),))


def test_every_property_has_a_mutant() -> None:
    """No property is left that nothing was seen to break."""
    rules = (*properties.PROPERTIES, *hatch_machine.PROPERTIES, *gate_machine.PROPERTIES)
    broken = {mutant.breaks for mutant in MUTANTS.values()}
    for rule in rules:
        assert any(rule.__name__.startswith(one) for one in broken), rule.__name__
    assert {"p11", "p15"} <= broken and len(DEAD_ENDS) >= 3
    assert len(MUTANTS) >= 50
