"""The node's end of the wire: nothing foreign, repeated or replayed is ever obeyed."""

from __future__ import annotations

from collections.abc import Callable

from tests.firmware.explore.core_copy import CoreCopy
from tests.firmware.explore.link_machine import LinkMachine
from tests.firmware.explore.walk import walk


def test_every_order_of_frames_of_three_sessions(
    record_testsuite_property: Callable[[str, object], None],
) -> None:
    """Greetings, heartbeats and commands, old, new, repeated and out of order, and silence."""
    machine = LinkMachine(CoreCopy())
    found = walk(machine)
    record_testsuite_property("link: states", found.states)
    record_testsuite_property("link: transitions", found.transitions)
    assert not found.wrong, found.story()
    assert found.complete
    assert found.states >= 4_600
