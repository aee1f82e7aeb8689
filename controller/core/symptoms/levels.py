"""What the level at rest does from second to second: reversed, or drifting.

Fast or slow, a stream makes one level a second here: the mean of a second at rest, or the middle
of the last three single conversions.
"""

from __future__ import annotations

import math
from collections import deque
from statistics import fmean
from typing import TYPE_CHECKING

from controller.core.symptoms.limits import FAR_SIGMA

if TYPE_CHECKING:
    from controller.core.symptoms.limits import SignalLimits

AGREE = 2
"""Levels in a row that must say the same."""

PACES = ((20, 1 / 3), (4, 0.5))
"""(seconds, e): a level drifts that moves by so many e from each stretch of seconds to the next.

20 s: 1 e a minute. Creep that keeps class III, 0.5 e in half an hour (OIML R 76-1, 3.9.4.1), with
all of it in its first half minute moves 0.25 e from the second stretch to the third; temperature,
1 e in 5 °C (3.9.2.3), would need 5 °C a minute. 4 s: 7.5 e a minute, which shows in 12 s.
"""

LONGEST, SHORTEST = PACES[0][0], PACES[1][0]

STANDS_E = 1 / 3
"""A drift is over when the level moves less over two stretches in which it would have moved e."""


class Drift:
    """A level that goes one way over three stretches of equal length, and when it stands again.

    Whoever loads slowly, pouring or leaf by leaf, makes a drift too; it ends 12 levels after the
    load. A drift so slow that noise could hide it for so long needs up to 60 of them.
    """

    def __init__(self) -> None:
        self._levels: deque[float] = deque(maxlen=3 * LONGEST)
        self._speed = 0.0

    @property
    def on(self) -> bool:
        """Whether the level drifts."""
        return self._speed > 0

    def restart(self) -> None:
        """Begin anew: the load or its rest has changed; what was found holds meanwhile."""
        self._levels.clear()

    def take(self, level: float, e: float) -> None:
        """The level of one more second, counts, and the e that holds there."""
        self._levels.append(level)
        speeds = [self._drifts(stretch, limit * e) for stretch, limit in PACES]
        self._speed = max(self._speed, *speeds)
        if self.on:
            self._end_where_it_stands(e)

    def _end_where_it_stands(self, e: float) -> None:
        """What lies before the end is forgotten, or the long stretches would find it once more."""
        stretch = min(LONGEST, max(SHORTEST, math.ceil(e / 2 / self._speed)))
        levels = list(self._levels)[-3 * stretch :]
        if len(levels) < 3 * stretch:
            return
        if abs(fmean(levels[-stretch:]) - fmean(levels[:stretch])) < STANDS_E * e:
            self._levels = deque(levels, self._levels.maxlen)
            self._speed = 0.0

    def _drifts(self, stretch: int, limit: float) -> float:
        """Counts a second, where each of the last three stretches moves on by more than `limit`.

        0 where it does not, or goes to and fro, or two seconds make half of it: that is a step.
        """
        levels = list(self._levels)[-3 * stretch :]
        if len(levels) < 3 * stretch:
            return 0.0
        first, second, third = (
            fmean(levels[at : at + stretch]) for at in range(0, 3 * stretch, stretch)
        )
        whole = abs(third - first)
        quickest = max(abs(b - a) for a, b in zip(levels, levels[2:], strict=False))
        if (second - first) * (third - second) <= 0 or quickest >= whole / 2:
            return 0.0
        least = min(abs(second - first), abs(third - second))
        return whole / 2 / stretch if least > limit else 0.0


class Levels:
    """Judges one level a second; `reversed` and `drifting` say what it found.

    Crossed signal wires make a load negative. So does a load that was there when zero was set and
    then went, but that one can fall to the calibrated zero at lowest. Hence only what lies below
    both zeros by more than the zero range is reversed. Nobody can tell from the signal a pan that
    was lifted off from crossed wires, nor crossed wires under less than the zero range from a
    zero that has moved.
    """

    def __init__(self, limits: SignalLimits) -> None:
        self.reversed = False
        self._limits = limits
        self._drift = Drift()
        self._zero = float(limits.zero)
        self._below = self._above = 0
        self._last: float | None = None

    @property
    def drifting(self) -> bool:
        """Whether the level goes one way faster than creep and temperature can make it."""
        return self._drift.on

    def zeroed(self, zero_raw: float) -> None:
        """The zero in force is `zero_raw` now."""
        self._zero = float(zero_raw)

    def restart(self) -> None:
        """A gap, or unrest: whatever comes next need not go on where the level was."""
        self._drift.restart()
        self._last = None

    def take(self, level: float) -> None:
        """The level of one more second at rest, counts."""
        limits = self._limits
        above = level - self._zero
        e = limits.e_high if above > limits.change else limits.e
        # A jump is a load, not a drift: nothing creeps four e in a second.
        if self._last is not None and abs(level - self._last) > 4 * e + FAR_SIGMA * limits.noise:
            self._drift.restart()
        self._last = level
        self._drift.take(level, e)
        self._judge_sign(level)

    def _judge_sign(self, level: float) -> None:
        lowest = min(self._zero, float(self._limits.zero)) - self._limits.zero_range
        self._below = self._below + 1 if level < lowest - self._limits.rest else 0
        self._above = self._above + 1 if level > lowest + self._limits.rest else 0
        if self._below >= AGREE:
            self.reversed = True
        elif self._above >= AGREE:
            self.reversed = False
