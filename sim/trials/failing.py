"""Something of a bay fails while residents use it, and the kiosk says which part it is.

The bay is used as a controller would use it, deposit after deposit, with patience for what does
not work at once. At a seeded time one thing fails, or nothing does. What is named at any time is
compared with what failed.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from controller.core.bay import Bay
from controller.core.commands import CloseHatch, DropLoad, OpenHatch
from controller.core.config import BayConfig, BinConfig, ScaleConfig
from controller.core.events import (
    CommandRefused,
    GateCycled,
    HatchClosed,
    HatchObstructed,
    HatchOpened,
)
from controller.core.health.diagnosis import Look, failing
from controller.core.health.parts import Part
from sim.chance import rng
from sim.solo import Solo
from sim.trials.naming import Naming
from sim.world import Item

if TYPE_CHECKING:
    import random

    from controller.core.commands import NodeCommand
    from controller.core.events import NodeEvent

FAILS_MS = (500.0, 15_000.0)
"""From the first visit's opening to the second's drop."""

PAPER = BinConfig(index=1, stream="paper")
USES = 4
TRIES = 3
SLICE_MS = 100
ENDS_MS = 25_000
"""After the last visit the bay rests so long: what shows itself only then has its time."""

LEVELS_MS = 150_000
"""And so long after a level sensor failed: one that finds nothing for ever shows in three minutes.
"""

Break = Callable[[Solo], object]
"""Breaks something; False where it cannot happen now, so that it is tried a moment later."""

Names = Callable[[Look], Iterable[Part]]


@dataclass(frozen=True, slots=True)
class Failure:
    """One way to fail: how it is brought about, and the parts that it is right to name.

    `parts` empty: nothing fails, or nobody can tell. Several: any of them may be named, and none
    but them. The bay is looked at for `ends_ms` after the last visit.
    """

    brings: Break
    parts: frozenset[Part]
    ends_ms: float = ENDS_MS


def _level(kind: str) -> tuple[str, Failure]:
    """The level sensor of the first bin; it is read every five seconds, behind the shut gate."""
    brings = functools.partial(_break_level, kind=kind)
    return f"level {kind}", Failure(brings, _set((Part.LEVEL,)), LEVELS_MS)


def _break_level(bay: Solo, kind: str) -> None:
    bay.board.sensor_fault("level", kind, 1)


def _sensor(part: str, kind: str, *names: Part) -> tuple[str, Failure]:
    return f"{part} {kind}", Failure(lambda bay: bay.board.sensor_fault(part, kind), _set(names))


def _world(name: str, brings: Break, *names: Part) -> tuple[str, Failure]:
    return name, Failure(brings, _set(names))


def _set(names: tuple[Part, ...]) -> frozenset[Part]:
    return frozenset(names)


def _nothing(_: Solo) -> None:
    """A bay that is well."""


def _obstructed(bay: Solo) -> bool:
    """A bag that hangs over the sill, below the curtain: laid there while it is open."""
    return bay.world.obstruct(150, 500, in_curtain=False)


def _restarting(bay: Solo) -> None:
    """A node whose watchdog bites again and again."""
    for _ in range(3):
        bay.restart_node(dead_ms=300)
        bay.run_ms(3_000)


def _unplugged(bay: Solo) -> None:
    bay.speaks = bay.hears = False


FAILURES: Mapping[str, Failure] = dict(
    [
        _world("nothing", _nothing),
        _world("nothing again", _nothing),
        _sensor("thermal", "dead", Part.THERMAL),
        _sensor("thermal", "frozen", Part.THERMAL),
        _sensor("distance", "dead", Part.DISTANCE),
        _sensor("distance", "frozen", Part.DISTANCE),
        _sensor("curtain", "stuck_off", Part.CURTAIN),
        _sensor("curtain", "noisy", Part.CURTAIN),
        _sensor("edge", "dead", Part.EDGE),
        _sensor("edge", "stuck_on", Part.EDGE),
        _sensor("edge", "noisy", Part.EDGE),
        _sensor("cell", "dead", Part.CONVERTER),
        _sensor("cell", "frozen", Part.CONVERTER),
        _sensor("cell", "stuck_on", Part.CELL, Part.CONVERTER),
        _sensor("cell", "noisy", Part.CELL),
        _sensor("cell", "reversed", Part.CELL),
        _sensor("cell", "desync", Part.CONVERTER),
        _sensor("cell", "drift", Part.CELL),
        _sensor("limit_closed", "stuck_on", Part.CLOSED_LIMIT),
        _sensor("limit_closed", "stuck_off", Part.CLOSED_LIMIT),
        _sensor("limit_open", "stuck_on", Part.OPEN_LIMIT),
        _sensor("limit_open", "stuck_off", Part.OPEN_LIMIT),
        _world("limit_worn closed", lambda bay: bay.world.limit_worn("closed", 30),
               Part.CLOSED_LIMIT),
        _world("limit_worn open", lambda bay: bay.world.limit_worn("open", 30), Part.OPEN_LIMIT),
        _sensor("motor_current", "dead", Part.CURRENT_SENSOR),
        _sensor("motor_current", "frozen", Part.CURRENT_SENSOR),
        _sensor("motor_current", "noisy", Part.CURRENT_SENSOR),
        _sensor("motor_current", "stuck_on", Part.CURRENT_SENSOR, Part.BRIDGE),
        _sensor("gate_closed", "stuck_off", Part.GATE_SWITCH),
        _sensor("gate_open", "stuck_off", Part.GATE_SWITCH),
        _sensor("supply", "dead", Part.SUPPLY),
        _world("jam hatch", lambda bay: bay.world.jam("hatch"), Part.LEAF),
        _world("jam gate", lambda bay: bay.world.jam("gate"), Part.LEAVES),
        _world("jam diverter", lambda bay: bay.world.jam("diverter"), Part.DIVERTER),
        _world("motor wire", lambda bay: bay.world.motor_wire_broken(), Part.MOTOR),
        _world("slip", lambda bay: bay.world.slip(250), Part.COUPLING),
        _world("obstruct", _obstructed, Part.OPENING),
        _world("shake", lambda bay: bay.world.shake(60, 3), Part.PAN),
        _world("lean", lambda bay: bay.world.lean(1_500), Part.PAN),
        _world("brownout", lambda bay: bay.world.brownout(15_000, 60_000), Part.SUPPLY),
        _world("power", lambda bay: bay.world.brownout(6_000, 300), Part.SUPPLY),
        _world("counters", lambda bay: bay.fram.fail("refuses"), Part.COUNTERS),
        _world("restarting", _restarting, Part.NODE),
        _world("unplugged", _unplugged, Part.CABLE),
        ("nothing for long", Failure(_nothing, _set(()), LEVELS_MS)),
        _level("dead"),
        _level("frozen"),
        _level("dirty"),
        _level("noisy"),
    ]
)  # fmt: skip
"""Name → what fails. What cannot be told from what the node says is not in it:
docs/health.md lists it."""


@dataclass(frozen=True, slots=True)
class Diagnosed(Naming):
    """What came of a trial: which failure it was, and every part that was named, in order."""

    seed: int
    failure: str
    named: tuple[Part, ...]

    @property
    def parts(self) -> frozenset[str]:
        """Those that it is right to name."""
        return FAILURES[self.failure].parts


def diagnosed(seed: int, failure: str = "", names: Names = failing) -> Diagnosed:
    """Use a bay while something fails at a seeded time; return what was named.

    Args:
        seed: All its chance.
        failure: A key of `FAILURES`; without one, the seed's turn among them.
        names: What goes from a look at the bay to parts.
    """
    failure = failure or list(FAILURES)[seed % len(FAILURES)]
    with closing(Solo(seed)) as solo:
        visits = _Visits(solo, rng(seed, "failing", failure), FAILURES[failure], names)
        visits.play()
        return Diagnosed(seed, failure, tuple(visits.named))


class _Visits:
    """Deposits on one bay, one after the other, and a watch on what is named."""

    def __init__(self, solo: Solo, chance: random.Random, failure: Failure, names: Names) -> None:
        self.named: list[Part] = []
        self._solo, self._chance, self._failure, self._names = solo, chance, failure, names
        self._fails_ms = self._now_ms + chance.uniform(*FAILS_MS)
        self._waits = True
        self._seen = 0
        zero_raw, per_kg = solo.world.hx711.zero_raw, solo.world.figures.pan.counts_per_kg
        scale = ScaleConfig(zero_raw=zero_raw, counts_per_kg=per_kg, warm_up_s=0.0)
        self._bay = Bay(BayConfig(name=solo.name, bins=(PAPER,), scale=scale))

    def play(self) -> None:
        """Visit after visit, and a rest."""
        for number in range(USES):
            self._visit(number)
        self._pass(self._failure.ends_ms)

    def _visit(self, number: int) -> None:
        solo, chance, name = self._solo, self._chance, self._solo.name
        self._pass(2_000)
        self._try(OpenHatch(name), (HatchOpened,), 6_000)
        solo.world.hand(True)
        self._pass(300)
        solo.world.put(Item(f"item {number}", "can", chance.randint(60, 900)))
        self._pass(500)
        solo.world.hand(False)
        self._pass(1_500)
        self._try(CloseHatch(name), (HatchClosed,), 9_000)
        self._pass(2_500)
        self._try(DropLoad(name, 1 + number % 2), (GateCycled,), 5_000)
        self._pass(1_500)

    def _try(self, command: NodeCommand, done: tuple[type, ...], within_ms: float) -> None:
        """Command it until it is done, a few times: refused or obstructed it is asked again."""
        for _ in range(TRIES):
            self._solo.submit(command)
            end_ms = self._now_ms + within_ms
            while self._now_ms < end_ms:
                heard = self._pass(SLICE_MS)
                if any(isinstance(one, done) for one in heard):
                    return
                if any(isinstance(one, CommandRefused | HatchObstructed) for one in heard):
                    break
            self._pass(1_000)

    def _pass(self, ms: float) -> list[NodeEvent]:
        """Let time pass; what fails then fails, and what is heard is looked at."""
        end_ms, seen = self._now_ms + ms, self._seen
        while self._now_ms < end_ms:
            if self._waits and self._now_ms >= self._fails_ms:
                self._waits = self._failure.brings(self._solo) is False
            self._solo.run_ms(SLICE_MS)
            self._look()
        return self._solo.heard[seen:]

    def _look(self) -> None:
        """Tell the kiosk's bay what was heard, and note what is named for the first time."""
        now_s = self._now_ms / 1000
        for event in self._solo.heard[self._seen :]:
            self._bay.hear(event, now_s)
        self._seen = len(self._solo.heard)
        for part in self._names(self._bay.look(now_s)):
            if part not in self.named:
                self.named.append(part)

    @property
    def _now_ms(self) -> float:
        return self._solo.now_us / 1000
