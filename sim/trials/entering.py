"""Somebody is in the bay while it is told to close, to drop and to open, and its sensors fail.

The controller of these trials is the worst there can be: it commands at random, again and again,
whatever it was told. Nothing may lock, and no gate may open, while any part of a person is inside.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from controller.core.commands import CloseHatch, DropLoad, OpenHatch
from sim.board_faults import KINDS
from sim.chance import rng
from sim.solo import Solo

if TYPE_CHECKING:
    import random

    from controller.core.commands import NodeCommand

WHO = ("arm", "head", "child")
BREAKS = [(part, kind) for part, kinds in KINDS.items() for kind in kinds]
MOST_FAULTS = 2
LASTS_MS = 16_000
COMES_MS = (500, 9_000)
"""From the hatch's opening on: while it opens, stands open, warns, closes, is shut."""

COMMANDS: tuple[Callable[[str], NodeCommand], ...] = (
    CloseHatch,
    CloseHatch,
    CloseHatch,
    OpenHatch,
    partial(DropLoad, bin_index=1),
)
PAUSES_MS = (50, 400, 1_200, 2_500, 4_500)
TRIES_MS = 100


@dataclass(frozen=True, slots=True)
class Entry:
    """What came of a trial.

    Attributes:
        seed: Gives the same trial again.
        who: What of a person was inside, "" where it found no way in.
        faults: Which sensors broke, as `part kind`.
        shut_in: The bolt held while somebody was inside.
        dropped_on: The gate's leaves were not home while somebody was inside.
        peak_n: The hardest that the leaf pressed anybody.
    """

    seed: int
    who: str
    faults: tuple[str, ...]
    shut_in: bool
    dropped_on: bool
    peak_n: float


def entry(seed: int, *, node: str = "cpython") -> Entry:
    """Let somebody in at a seeded time, with up to two seeded sensor faults at seeded times.

    Args:
        seed: All its chance.
        node: What runs the firmware.
    """
    chance = rng(seed, "entry")
    who = chance.choice(WHO)
    faults = [chance.choice(BREAKS) for _ in range(chance.randint(0, MOST_FAULTS))]
    with closing(Solo(seed, node=node)) as bay:
        story = _Story(bay, chance, who)
        for part, kind in faults:
            story.at(chance.uniform(0, LASTS_MS), partial(bay.board.sensor_fault, part, kind))
        story.play()
        world = bay.world
        return Entry(
            seed,
            who if story.came else "",
            tuple(f"{part} {kind}" for part, kind in faults),
            world.shut_in,
            world.dropped_on,
            world.worst_pinch_n,
        )


class _Story:
    """What happens in one trial, in order of time."""

    def __init__(self, bay: Solo, chance: random.Random, who: str) -> None:
        self.came = False
        self._bay = bay
        self._chance = chance
        self._who = who
        self._start_us = bay.now_us
        self._due: list[tuple[float, int, Callable[[], object]]] = []
        bay.submit(OpenHatch(bay.name))
        self.at(chance.uniform(2_000, 4_000), self._command)
        self.at(chance.uniform(*COMES_MS), self._come)
        if chance.random() < 0.1:
            self.at(chance.uniform(0, LASTS_MS), self._restart)
        if chance.random() < 0.1:
            self.at(chance.uniform(0, LASTS_MS), self._cut)

    def at(self, ms: float, happens: Callable[[], object]) -> None:
        """Something happens `ms` after the beginning."""
        heapq.heappush(self._due, (ms, len(self._due), happens))

    def play(self) -> None:
        """Let everything happen, in order."""
        while self._due and self._due[0][0] < LASTS_MS:
            ms, _, happens = heapq.heappop(self._due)
            self._bay.run_ms(max(0.0, ms - self._passed_ms))
            happens()
        self._bay.run_ms(max(0.0, LASTS_MS - self._passed_ms))

    @property
    def _passed_ms(self) -> float:
        return (self._bay.now_us - self._start_us) / 1000

    def _command(self) -> None:
        """One command at random, whatever has become of the last one; and the next one later."""
        bay = self._bay
        bay.submit(self._chance.choice(COMMANDS)(bay.name))
        self.at(self._passed_ms + self._chance.choice(PAUSES_MS), self._command)

    def _come(self) -> None:
        """In, where there is a gap; else again a moment later."""
        if self._bay.world.person(self._who):
            self.came = True
        else:
            self.at(self._passed_ms + TRIES_MS, self._come)

    def _restart(self) -> None:
        self._bay.restart_node(dead_ms=self._chance.uniform(50, 1_000))

    def _cut(self) -> None:
        self._bay.speaks = False
        self.at(self._passed_ms + self._chance.uniform(200, 4_000), self._mend)

    def _mend(self) -> None:
        self._bay.speaks = True
