"""The hatch by itself: every reachable state under every combination of what it can be told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.firmware.explore import figures as f
from tests.firmware.explore.core_copy import CoreCopy
from tests.firmware.explore.hatch_machine import HatchMachine
from tests.firmware.explore.walk import Ways, walk

BAD = {"STOPPED", "BOTH_LIMITS", "BURNING", "OBSTRUCTED", "NO_LEASE", "WEAK", "UNPROVED"}


def is_good(happening: Any) -> bool:
    """Whether nothing is wrong in that scan, and the motor draws what it should."""
    assert isinstance(happening, tuple)
    return not BAD & set(happening) and happening[0] in ("0 mA", f"{f.RUN_MA} mA")


def explored(machine: HatchMachine, states: int, record: Callable[[str, object], None]) -> None:
    ways = Ways(is_good)
    found = walk(machine, ways_out=ways)
    record("hatch alone: states", found.states)
    record("hatch alone: transitions", found.transitions)
    assert not found.wrong, found.story()
    assert found.complete
    assert found.states >= states
    for goal in ("CLOSED ", "OPEN "):
        there = [machine.tell(state).startswith(goal) for state in found.kept]
        lost = ways.without(found.kept, dict(zip(found.kept, there, strict=True)).__getitem__)
        assert not lost, f"{len(lost)} never {goal}: {machine.tell(found.kept[lost[0]])}"


@pytest.mark.timeout(400)
def test_every_state_under_every_combination_of_guards(
    record_testsuite_property: Callable[[str, object], None],
) -> None:
    """With a motor that draws nothing without drive; one pinch stands for three."""
    explored(HatchMachine(CoreCopy(), figures={"pinches": 1}), 3_800, record_testsuite_property)


@pytest.mark.campaign
@pytest.mark.timeout(3_600)
def test_three_pinches_and_any_current(
    record_testsuite_property: Callable[[str, object], None],
) -> None:
    """The same with three pinches, and with current where there should be none."""
    currents = (0, f.RUN_MA, f.STALL_MA)
    machine = HatchMachine(CoreCopy(), driven_ma=currents, undriven_ma=(0, f.STRAY_MA))
    explored(machine, 15_000, record_testsuite_property)
