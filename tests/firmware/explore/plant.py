"""The bay that the node moves: where its leaves truly are, what is wrong, and what it senses.

The leaf stands on one of five places, the gate's leaves on one of three. They follow their drive
unless something that is wrong holds them. One thing happens between two scans.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from firmware.hal.board import Inputs, Outputs
from tests.firmware.explore import figures as f

CLOSED, FAR, OPEN = 0, 2, 4
"""Places of the leaf, in halves of a millimetre; from `FAR` on no closed limit can report."""

HOME, DOWN = 0, 2
TURNING = -1

WRONGS: dict[str, Callable[[Inputs], None] | None] = {
    # People, and what stands for them.
    "hand": lambda i: setattr(i, "curtain_blocked", True),
    "edge pressed": lambda i: setattr(i, "edge_ohm", 450),
    "edge touched": lambda i: setattr(i, "edge_touched", True),
    "warm body": lambda i: setattr(i, "warm_dc", 330),
    "handle pulled": lambda i: setattr(i, "inner_release", True),
    "button in": lambda i: setattr(i, "emergency_stop", True),
    "heavy": None,
    # Fire and power.
    "smoke": lambda i: setattr(i, "smoke", True),
    "supply low": lambda i: setattr(i, "supply_mv", 17_000),
    # Sensors that fail.
    "edge broken": lambda i: setattr(i, "edge_ohm", 99_999),
    "curtain dead": lambda i: setattr(i, "curtain_blocked", False),
    "thermal nonsense": lambda i: setattr(i, "warm_dc", -9_999),
    "distance nonsense": lambda i: setattr(i, "tof_mm", 0),
    "thermal stuck": None,
    "distance stuck": None,
    "cell saturated": None,
    "cell silent": None,
    "cell stuck": None,
    "FRAM fails": lambda i: setattr(i, "store_failed", True),
    "closed limit on": lambda i: setattr(i, "limit_closed", True),
    "closed limit off": lambda i: setattr(i, "limit_closed", False),
    "open limit on": lambda i: setattr(i, "limit_open", True),
    "open limit off": lambda i: setattr(i, "limit_open", False),
    # What moves, or does not.
    "obstacle": None,
    "light obstacle": None,
    "hatch held": None,
    "hatch slips": None,
    "no current": lambda i: setattr(i, "motor_ma", 0),
    "stray current": lambda i: setattr(i, "motor_ma", max(i.motor_ma, f.STRAY_MA)),
    "gate held": None,
    "diverter held": None,
}
"""What can be wrong, and what it does to the inputs; None where `sense` or `follow` does it."""

PUSHES = ("push up", "push down", "push leaves")
"""What hands can do to what is neither locked nor driven."""


class World(NamedTuple):
    """The bay between two scans, and what the last one drove."""

    leaf: int = CLOSED
    leaves: int = HOME
    diverter: int = 0
    wrong: tuple[str, ...] = ()
    lease: bool = False
    hatch: int = 0
    gate: int = 0
    turns_to: int = TURNING
    lock: bool = False
    test: bool = False

    def follow(self, event: str) -> World:
        """Half a second of what was driven, and what a hand did."""
        leaf, leaves = self._leaf(event), self._leaves(event)
        return self._replace(leaf=leaf, leaves=leaves, diverter=self._diverter())

    def driven(self, outputs: Outputs) -> World:
        """The same world, driven like that from now on."""
        return self._replace(
            hatch=outputs.hatch_permille if outputs.bridge_on else 0,
            gate=outputs.gate_permille,
            turns_to=outputs.diverter_to if outputs.diverter_on else TURNING,
            lock=outputs.lock_on,
            test=outputs.curtain_test,
        )

    def has(self, *wrongs: str) -> bool:
        """Whether one of these is wrong."""
        for one in self.wrong:  # noqa: SIM110 - half the time of `any`, and asked a million times
            if one in wrongs:
                return True
        return False

    @property
    def held(self) -> bool:
        """Whether something stops the hatch the way that it is driven."""
        return self.has("hatch held") or (
            self.hatch < 0 and self.has("obstacle", "light obstacle") and self.leaf <= FAR
        )

    def _leaf(self, event: str) -> int:
        by_hand = (event == "push up") - (event == "push down")
        if by_hand and not self.lock and not self.hatch:
            return max(CLOSED, min(OPEN, self.leaf + FAR * by_hand))
        if self.held or self.has("hatch slips"):
            return self.leaf
        return max(CLOSED, min(OPEN, self.leaf + self.hatch // 500))

    def _leaves(self, event: str) -> int:
        if self.has("gate held"):
            return self.leaves
        if event == "push leaves" and self.gate == 0:
            return max(self.leaves, 1)
        return max(HOME, min(DOWN, self.leaves + (1 if self.gate > 0 else -1)))

    def _diverter(self) -> int:
        if self.turns_to in (TURNING, self.diverter) or self.has("diverter held"):
            return self.diverter
        return self.turns_to if self.diverter == TURNING else TURNING


def sense(world: World, inputs: Inputs, bay: Any) -> None:
    """Set what the node reads of this world; `bay` says which readings it has had."""
    inputs.limit_closed = world.leaf == CLOSED
    inputs.limit_open = world.leaf == OPEN
    inputs.edge_ohm = 8_200
    inputs.edge_touched = inputs.inner_release = inputs.emergency_stop = inputs.smoke = False
    inputs.store_failed = False
    inputs.curtain_blocked = world.test
    inputs.warm_dc = inputs.temperature_dc = 220
    inputs.supply_mv = 24_000
    inputs.motor_ma = _current(world) if world.hatch else 0
    inputs.gate_closed = world.leaves == HOME
    inputs.gate_open = world.leaves == DOWN
    inputs.diverter_at = world.diverter
    inputs.thermal_sum = f.THERMAL + (_began(bay) and not world.has("thermal stuck"))
    inputs.tof_mm = f.DISTANCE + (_began(bay) and not world.has("distance stuck"))
    inputs.samples = _conversions(world, bay.cell)
    for one in world.wrong:
        change = WRONGS[one]
        if change is not None:
            change(inputs)


def _current(world: World) -> int:
    if not world.held:
        return f.RUN_MA
    return f.HARD_MA if world.has("light obstacle") else f.STALL_MA


def _began(bay: Any) -> bool:
    """Whether the node has read its sensors before."""
    return bay.senses._thermal._last is not None


def _conversions(world: World, cell: Any) -> tuple[tuple[int, int], ...]:
    if world.has("cell silent"):
        return ()
    if world.has("cell stuck"):
        return ((0, cell._latest[-1] if cell._latest else f.LIGHT),) * 3
    if world.has("cell saturated"):
        return ((0, f.SATURATED),) * 3
    raw = f.HEAVY if world.has("heavy") else f.LIGHT
    return ((0, raw), (0, raw + 1), (0, raw))
