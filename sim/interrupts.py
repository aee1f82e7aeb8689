"""What the pins' interrupts of a node's board do between two scans.

An edge that is pressed while the bridge drives closed, the light curtain entered then, the limit
that the leaf drives to, and the emergency stop take the bridge off within a millisecond, whatever
the node is doing; and the bridge stays off until a scan has seen why.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.world.switch import NEVER_US

if TYPE_CHECKING:
    import random

    from sim.board_faults import SensorFaults
    from sim.world import BayWorld


class Interrupts:
    """Of one board. `look` whenever a pin may have changed, and at `next_us`.

    Args:
        world: The bay around it.
        faults: Its broken sensors.
        rng: How long an interrupt takes.
    """

    def __init__(self, world: BayWorld, faults: SensorFaults, rng: random.Random) -> None:
        self.curtain_test = False
        self.next_us = NEVER_US
        self.holds_off = False
        self._world = world
        self._faults = faults
        self._rng = rng
        self._touched = self._is_told = False

    @property
    def dark(self) -> bool:
        """The curtain's receivers see no light: something is there, or the sender is off."""
        return self.curtain_test or self._world.curtain_blocked

    def reset(self) -> None:
        """The board starts."""
        self._touched = self.holds_off = self._is_told = False

    def look(self) -> None:
        """Do what is to be done at this moment."""
        world = self._world
        hatch = world.hatch
        pressed = self._faults.signal("edge", hatch.edge_pressed)
        if pressed:
            self._touched = True
        if not hatch.driven:
            self.next_us = NEVER_US
        elif self.next_us <= world.now_us:
            self.next_us = NEVER_US
            self.holds_off, self._is_told = True, False
            drive = hatch.drive_permille
            world.drive(bridge_on=False, hatch_permille=drive, lock_on=hatch.lock_on)
        elif self.next_us == NEVER_US and self._must_stop(pressed):
            figures = world.figures.board
            takes_us = self._rng.randint(figures.interrupt_least_us, figures.interrupt_most_us)
            self.next_us = world.now_us + takes_us

    def tell(self) -> bool:
        """A scan reads: whether the edge was touched since the last one."""
        touched = self._touched or self._faults.signal("edge", self._world.hatch.edge_pressed)
        self._touched = False
        self._is_told = self.holds_off
        return touched

    def release(self) -> None:
        """A scan writes: where it knows of the stop, its bridge counts again."""
        if self._is_told:
            self.holds_off = self._is_told = False

    def _must_stop(self, pressed: bool) -> bool:
        world = self._world
        if world.switches["emergency_stop"]:
            return True
        if world.hatch.drive_permille > 0:
            return world.hatch.limit_open
        blocked = self._faults.signal("curtain", self.dark)
        return pressed or blocked or world.hatch.limit_closed
