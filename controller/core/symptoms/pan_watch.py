"""All that can be told about pan and load: fast conversions as blocks, slow ones as they come."""

from __future__ import annotations

from collections import deque
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

from controller.core.symptoms.leaving import Leaving
from controller.core.symptoms.levels import Levels
from controller.core.symptoms.table import Symptom
from controller.core.symptoms.unrest import SPAN, Unrest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from controller.core.symptoms.block import Block
    from controller.core.symptoms.limits import SignalLimits

MOVES = 2
"""Blocks without rest after which the level may be another; one alone may hold a spike."""


class PanWatch:
    """Unrest and levels of one pan; `leaving` knows when a load left it."""

    def __init__(self, limits: SignalLimits) -> None:
        self.leaving = Leaving(limits)
        self._levels = Levels(limits)
        self._limits = limits
        self._unrest = Unrest(limits)
        self._scatters = False
        self.restart()

    @property
    def found(self) -> tuple[Symptom, ...]:
        """What is wrong, in the order of `Symptom`."""
        unrest, levels = self._unrest.symptom, self._levels
        if not (self._scatters or unrest or levels.reversed or levels.drifting):
            return ()
        signs = (
            (Symptom.ROUGH, self._scatters or unrest is Symptom.ROUGH),
            (Symptom.SHAKEN, unrest is Symptom.SHAKEN),
            (Symptom.LEANED_ON, unrest is Symptom.LEANED_ON),
            (Symptom.REVERSED, levels.reversed),
            (Symptom.DRIFTING, levels.drifting),
        )
        return tuple(symptom for symptom, on in signs if on)

    def zeroed(self, zero_raw: float) -> None:
        """The zero in force is `zero_raw` now."""
        self._levels.zeroed(zero_raw)
        self.leaving.zeroed(zero_raw)

    def restart(self) -> None:
        """After a gap or another rate: what was found holds, what was being looked at does not."""
        self._second: list[Block] = []
        self._three: deque[int] = deque(maxlen=3)
        self._unrests = 0
        self._unrest.restart()
        self._levels.restart()

    def take_slow(self, at_s: float, raw: int) -> None:
        """One conversion of a second: the middle of three is a level."""
        self._three.append(raw)
        if len(self._three) == 3:
            level = median(self._three)
            self.leaving.glimpse(at_s, level)
            self._take_level(level)

    def close(self, block: Block, raw: Sequence[int]) -> None:
        """A block, and the conversions that it was made of."""
        if block.fast:
            self._scatters = False
            self._take_fast(block)
        else:
            # One a second cannot tell shaking from roughness: half of them far off is either.
            far = sum(abs(b - a) > self._limits.rest for a, b in pairwise(raw))
            self._scatters = far >= len(raw) // 2
            if block.span <= self._limits.rest:  # a bay that rests is sampled no faster
                self._unrest.rests()

    def _take_fast(self, block: Block) -> None:
        self._unrest.take(block)
        self.leaving.glimpse(block.begun_s, block.mean)
        self._unrests = self._unrests + 1 if block.span > self._limits.rest else 0
        if self._unrests:
            self._second.clear()
            if self._unrests >= MOVES:
                self._levels.restart()
            return
        self._second.append(block)
        if len(self._second) == SPAN:
            self._take_level(sum(one.mean for one in self._second) / SPAN)
            self._second.clear()

    def _take_level(self, level: float) -> None:
        self._levels.take(level)
        self.leaving.take(level)
