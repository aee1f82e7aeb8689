"""What the level at rest does from second to second: reversed, drifting, or a load that left.

Fast or slow, a stream makes one level a second here: the mean of a second at rest, or the middle
of the last three single conversions.
"""

from __future__ import annotations

from collections import deque
from statistics import fmean
from typing import TYPE_CHECKING

from controller.core.symptoms.limits import FAR_SIGMA

if TYPE_CHECKING:
    from controller.core.symptoms.limits import SignalLimits

SOME_E = 2.5
"""From here on something lies on the pan: above its noise, below the lightest item."""

AGREE = 2
"""Levels in a row that must say the same."""

PACES = ((20, 1 / 3), (4, 0.5))
"""(seconds, e): a level drifts that moves by so many e from each stretch of seconds to the next.

20 s: 1 e a minute. Creep that keeps class III, 0.5 e in half an hour (OIML R 76-1, 3.9.4.1), with
all of it in its first half minute moves 0.25 e from the second stretch to the third; temperature,
1 e in 5 °C (3.9.2.3), would need 5 °C a minute. 4 s: 7.5 e a minute, which shows in 12 s.
"""

EASED = 0.5
"""A drift is over when it is below this part of the limit."""


class Drift:
    """A level that goes one way over three stretches of equal length."""

    def __init__(self) -> None:
        self.on = False
        self._levels: deque[float] = deque(maxlen=3 * PACES[0][0])

    def restart(self) -> None:
        """Begin anew: the load or its rest has changed; what was found holds meanwhile."""
        self._levels.clear()

    def take(self, level: float, e: float) -> None:
        """The level of one more second, counts, and the e that holds there."""
        self._levels.append(level)
        if self._exceeds(e):
            self.on = True
        elif self.on and len(self._levels) == self._levels.maxlen:
            self.on = self._exceeds(EASED * e)

    def _exceeds(self, e: float) -> bool:
        return any(self._moves(stretch, limit * e) for stretch, limit in PACES)

    def _moves(self, stretch: int, limit: float) -> bool:
        """Whether the last three stretches go on one way, and no two seconds make half of it."""
        levels = list(self._levels)[-3 * stretch :]
        if len(levels) < 3 * stretch:
            return False
        first, second, third = (
            fmean(levels[at : at + stretch]) for at in range(0, 3 * stretch, stretch)
        )
        if (second - first) * (third - second) <= 0:
            return False
        if min(abs(second - first), abs(third - second)) <= limit:
            return False
        quickest = max(abs(b - a) for a, b in zip(levels, levels[2:], strict=False))
        return quickest < abs(third - first) / 2


class Levels:
    """Judges one level a second; `reversed`, `drifting` and `load_left_s` say what it found.

    Crossed signal wires make a load negative. So does a load that was there when zero was set and
    then went, but that one can fall to the calibrated zero at lowest. Hence only what lies below
    both zeros by more than the zero range is reversed. Nobody can tell from the signal a pan that
    was lifted off from crossed wires, nor crossed wires under less than the zero range from a
    zero that has moved.
    """

    def __init__(self, limits: SignalLimits) -> None:
        self.reversed = False
        self.load_left_s: float | None = None
        self._limits = limits
        self._drift = Drift()
        self._zero = float(limits.zero)
        self._load: float | None = None
        self._fell_s: float | None = None
        self._below = self._above = 0
        self._last: float | None = None

    @property
    def drifting(self) -> bool:
        """Whether the level goes one way faster than creep and temperature can make it."""
        return self._drift.on

    def zeroed(self, zero_raw: float) -> None:
        """The zero in force is `zero_raw` now."""
        self._zero = float(zero_raw)
        self._load = self._fell_s = None

    def restart(self) -> None:
        """A gap, or unrest: whatever comes next need not go on where the level was."""
        self._drift.restart()
        self._last = None

    def glimpse(self, at_s: float, level: float) -> None:
        """The level at this moment, at rest or not: tells when a load begins to be gone."""
        if self._load is None:
            return
        if level - self._zero >= self._load / 2:
            self._fell_s = None
        elif self._fell_s is None:
            self._fell_s = at_s

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
        self._judge_load(above)

    def _judge_sign(self, level: float) -> None:
        lowest = min(self._zero, float(self._limits.zero)) - self._limits.zero_range
        self._below = self._below + 1 if level < lowest - self._limits.rest else 0
        self._above = self._above + 1 if level > lowest + self._limits.rest else 0
        if self._below >= AGREE:
            self.reversed = True
        elif self._above >= AGREE:
            self.reversed = False

    def _judge_load(self, above: float) -> None:
        """A load has left when less than half of it, and of Min, is there (as after the gate)."""
        limits = self._limits
        load, fell_s = self._load, self._fell_s
        if load is not None and fell_s is not None and above < min(limits.least / 2, load / 2):
            self.load_left_s, self._load, self._fell_s = fell_s, None, None
        elif above >= SOME_E * limits.e:
            self._load, self._fell_s = above, None
