"""The gate by itself: every reachable state under every combination of what it can be told."""

from __future__ import annotations

from collections.abc import Callable

from tests.firmware.explore.core_copy import CoreCopy
from tests.firmware.explore.gate_machine import GateMachine
from tests.firmware.explore.walk import Ways, walk


def test_every_state_under_everything_it_can_be_told(
    record_testsuite_property: Callable[[str, object], None],
) -> None:
    """Leaves, diverter, reasons, lease and drops in any order; and it always comes to rest."""
    machine = GateMachine(CoreCopy())
    at_rest = machine.snapshot.paths.index("state")
    ways = Ways(lambda told: not told.forbidden)
    found = walk(machine, ways_out=ways)
    record_testsuite_property("gate alone: states", found.states)
    record_testsuite_property("gate alone: transitions", found.transitions)
    assert not found.wrong, found.story()
    assert found.complete
    assert found.states >= 130
    assert not ways.without(found.kept, lambda state: state[1][at_rest] == 0)
