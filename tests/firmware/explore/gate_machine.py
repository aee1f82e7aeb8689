"""The gate by itself: every reachable state under every combination of what it can be told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from typing import Any, NamedTuple

from firmware.hal.board import Inputs
from tests.firmware.explore import figures as f
from tests.firmware.explore.core_copy import CoreCopy
from tests.firmware.explore.snapshot import Snapshot
from tests.firmware.explore.walk import Move

TURN_SCANS = f.FIGURES["turn_limit_ms"] // f.SCAN_MS
OPEN_SCANS = (f.FIGURES["leaves_limit_ms"] + f.FIGURES["dwell_ms"]) // f.SCAN_MS
BACK_SCANS = f.FIGURES["leaves_limit_ms"] // f.SCAN_MS


class Told(NamedTuple):
    """What the gate sees and is told in one scan."""

    home: bool
    down: bool
    diverter: int
    forbidden: str
    lease: bool
    asked: int


class Memory(NamedTuple):
    """What the gate's properties remember between scans."""

    turned: int = 0  # scans that the diverter was driven
    opened: int = 0  # scans that the leaves were driven down
    closed: int = 0  # and up
    at: int = -1  # where the diverter was seen last


class Step:
    """One scan of the gate, for the properties to look at."""

    def __init__(self, gate: Any) -> None:
        self.gate = gate
        self.memory = Memory()
        self.told = Told(True, False, 0, "", False, -1)
        self.before = 0

    @property
    def begins(self) -> bool:
        """Whether the leaves are sent down in this scan."""
        return bool(self.gate.permille > 0 >= self.before)


def p1_nothing_begins_without_a_lease(s: Step) -> bool:
    return s.told.lease or not (s.begins or s.gate.turning)


def p1_home_leaves_stay_home_without_a_lease(s: Step) -> bool:
    return s.told.lease or not s.told.home or s.gate.permille <= 0


def p4_leaves_never_go_down_on_a_reason_not_to(s: Step) -> bool:
    return not s.told.forbidden or (s.gate.permille <= 0 and not s.gate.turning)


def leaves_go_down_only_over_the_bin_that_was_meant(s: Step) -> bool:
    """The diverter has been there for two scans, so it does not pass by."""
    there = s.told.diverter == s.memory.at == s.gate.diverter_to
    return not s.begins or (there and s.told.home)


def p8_every_drive_has_an_end(s: Step) -> bool:
    memory, gate = s.memory, s.gate
    turns = gate.turning and memory.turned > TURN_SCANS
    opens = gate.permille > 0 and memory.opened > OPEN_SCANS
    return not turns and not opens and not (gate.permille < 0 and memory.closed > BACK_SCANS)


PROPERTIES: tuple[Callable[[Step], bool], ...] = (
    p1_nothing_begins_without_a_lease,
    p1_home_leaves_stay_home_without_a_lease,
    p4_leaves_never_go_down_on_a_reason_not_to,
    leaves_go_down_only_over_the_bin_that_was_meant,
    p8_every_drive_has_an_end,
)


class GateMachine:
    """The gate over everything that it can be told.

    Args:
        core: The node's core, or a mutant of it.
        watched: Which properties are looked at.
    """

    def __init__(
        self, core: CoreCopy, watched: tuple[Callable[[Step], bool], ...] = PROPERTIES
    ) -> None:
        config = core["config"].Config().change(f.FIGURES)
        self.gate = core["gate"].Gate(config)
        self.snapshot = Snapshot(self.gate, f.GATE_LEFT_OUT, f.gate_at_most(config))
        self._begin = self.snapshot.take()
        self._watched = watched
        self._step = Step(self.gate)
        yes = (False, True)
        seen = product(yes, yes, (-1, 0, 1), ("", "presence"), yes, (-1, 0, 1))
        self._all = [Told(*one) for one in seen]
        self._inputs = Inputs()

    def starts(self) -> list[Any]:
        return [(Memory(), self._begin)]

    def moves(self, state: Any) -> Iterator[Move]:
        memory, gate = state
        for told in self._all:
            self.snapshot.put(gate)
            may_ask = self.gate.resting and self.gate.was_home and told.lease and not told.forbidden
            if told.asked >= 0 and not may_ask:
                continue  # the bay refuses such a drop
            wrong = self._scan(memory, told)
            yield told, (self._remember(), self.snapshot.take()), wrong

    def _scan(self, memory: Memory, told: Told) -> str:
        s, gate, inputs = self._step, self.gate, self._inputs
        s.memory, s.told, s.before = memory, told, gate.permille
        inputs.gate_closed, inputs.gate_open = told.home, told.down
        inputs.diverter_at = told.diverter
        if told.asked >= 0:
            gate.ask(told.asked)
        try:
            gate.step(f.SCAN_MS, inputs, told.forbidden, told.lease)
        except Exception as error:  # noqa: BLE001 - any exception breaks p15
            return f"p15_no_exception: {error!r}"
        return next((rule.__name__ for rule in self._watched if not rule(s)), "")

    def _remember(self) -> Memory:
        s, gate, memory = self._step, self.gate, self._step.memory
        return Memory(
            turned=min(memory.turned + 1, TURN_SCANS + 1) if gate.turning else 0,
            opened=min(memory.opened + 1, OPEN_SCANS + 1) if gate.permille > 0 else 0,
            closed=min(memory.closed + 1, BACK_SCANS + 1) if gate.permille < 0 else 0,
            at=s.told.diverter,
        )

    def tell(self, state: Any) -> str:
        """A state in words."""
        values = dict(zip(self.snapshot.paths, state[1], strict=False))
        return f"{values}"
