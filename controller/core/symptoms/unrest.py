"""A pan that does not come to rest: rough readings, shaking or wind, someone who leans on it.

A pan that was left alone rings at 8 Hz or more and loses at least 1 - 1/e of its swing in a second
(damping 0.02 at 8 Hz). So what has not faded in eight seconds is driven from outside. Loads that
come one after the other would look so too, but they raise the level.
"""

from __future__ import annotations

import math
from collections import deque
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from controller.core.symptoms.block import CONVERSIONS
from controller.core.symptoms.table import Symptom

if TYPE_CHECKING:
    from collections.abc import Sequence

    from controller.core.symptoms.block import Block
    from controller.core.symptoms.limits import SignalLimits

WINDOW = 32
"""Blocks that are judged together: 8 s, in which ringing fades 3000-fold."""

SPAN = 4
"""Blocks of a second."""

FADED = 0.25
"""Weakest second over strongest of a shaken pan; left alone, eight seconds reach 0.001."""

ROUGH = 16
"""Blocks of rough readings: 4 s."""

UNLIKE = 0.25
"""Autocorrelation below which neighbours know nothing of each other: more than three standard
errors of `ROUGH` blocks. What comes through the HX711's filter of four has 0.75 (to the next)
and 0.5, and no tone has less than 0.5 in both."""

SLOW = 0.01
"""Mean square of a step over twice the variance, in a second: 1 - cos(2 pi f/80), so 0.004 for a
swaying body at 1.1 Hz and 0.19 for ringing at 8 Hz; this is 1.8 Hz."""

STEEP = 0.45
"""A block spans so much of a swing of 0.6 Hz (sin(pi f/4)); a step in it or beside it, half."""

MOSTLY = 0.75
"""Part of the time that a leaning hand moves; a hand that lays things down rests longer."""


class Unrest:
    """Why the pan does not rest, from blocks of a fast stream; `symptom` is None where it does."""

    def __init__(self, limits: SignalLimits) -> None:
        self.symptom: Symptom | None = None
        self._limits = limits
        self._quiet = 0
        self.restart()

    def restart(self) -> None:
        """Begin a new window after a gap; what was found holds until it is seen gone."""
        self._blocks: deque[Block] = deque(maxlen=WINDOW)
        self._still = 0

    def take(self, block: Block) -> None:
        """One block; over once a second was at rest, or eight have passed without evidence."""
        self._blocks.append(block)
        self._still = self._still + 1 if block.span <= self._limits.rest else 0
        found = self._judge()
        self._quiet = 0 if found is self.symptom else self._quiet + 1
        rested = self._still >= SPAN and found is None
        if self.symptom is None or rested or self._quiet >= WINDOW:
            self.symptom, self._quiet = found, 0

    def rests(self) -> None:
        """A block of a slow stream was at rest, 20 s: whatever moved the pan has gone."""
        self.symptom, self._quiet = None, 0

    def _judge(self) -> Symptom | None:
        blocks = tuple(self._blocks)
        whole = len(blocks) == WINDOW
        if self._still >= SPAN:
            # Each of these blocks rests, but slow wind moves one after the other.
            return Symptom.SHAKEN if whole and self._sways(blocks) else None
        if len(blocks) >= ROUGH and self._rough(blocks[-ROUGH:]):
            return Symptom.ROUGH
        if not whole:
            return None
        seconds = [Second.of(blocks[at : at + SPAN]) for at in range(0, WINDOW, SPAN)]
        if self._leaned_on(blocks, seconds):
            return Symptom.LEANED_ON
        return Symptom.SHAKEN if self._shaken(seconds) or self._sways(blocks) else None

    def _rough(self, blocks: Sequence[Block]) -> bool:
        """White and much: it arises behind the converter's filter, and no pan can move so.

        Medians over the blocks, for a spike at the edge of one is still in it. About its own mean
        white noise leaves a block `CONVERSIONS` - 1 degrees of freedom, as many as it has steps.
        """
        moving = [one for one in blocks if not self._rests(one)]
        if len(moving) < len(blocks) - 1:
            return False
        if median(one.squares for one in moving) <= CONVERSIONS * self._limits.shake**2:
            return False
        to_next = 1 - median(one.step_squares / one.squares for one in moving) / 2
        skips = median(one.skip_squares / one.squares for one in moving)
        to_second = 1 - skips * (CONVERSIONS - 1) / (CONVERSIONS - 2) / 2
        return abs(to_next) < UNLIKE and abs(to_second) < UNLIKE

    def _leaned_on(self, blocks: Sequence[Block], seconds: Sequence[Second]) -> bool:
        """Slow force most of the time, and more than Min of it."""
        means = [one.mean for one in blocks]
        if max(means) - min(means) < self._limits.least:
            return False
        if sum(map(self._rests, blocks)) > (1 - MOSTLY) * len(blocks):
            return False
        # Twice the steps that the expected noise makes are no sign of haste.
        noise_steps = 2 * SPAN * (CONVERSIONS - 1) * 2 * self._limits.noise**2
        slow = [one.step_squares <= 2 * SLOW * one.squares + noise_steps for one in seconds]
        return sum(slow) >= MOSTLY * len(slow)

    def _rests(self, block: Block) -> bool:
        return block.span <= self._limits.rest

    def _shaken(self, seconds: Sequence[Second]) -> bool:
        """Every second swings, none much less than another, about a level that stays."""
        swings = [one.swing for one in seconds]
        most = max(swings)
        if min(swings) < max(self._limits.shake, FADED * most):
            return False
        return abs(seconds[-1].mean - seconds[0].mean) <= 2 * most

    def _sways(self, blocks: Sequence[Block]) -> bool:
        """Slower than a second can show: the means go to and fro, and no block holds a step."""
        means = [one.mean for one in blocks]
        reach = max(means) - min(means)
        if reach < 2 * self._limits.e:
            return False
        smooth = max(one.span for one in blocks) <= STEEP * reach + self._limits.shake
        return smooth and turns(means, reach / 2) >= 2


class Second(NamedTuple):
    """All conversions of a second's blocks: mean, squares about it, squares of steps."""

    mean: float
    squares: float
    step_squares: float

    @classmethod
    def of(cls, blocks: Sequence[Block]) -> Second:
        """The figures of `SPAN` blocks, counts and counts²."""
        mean = sum(one.mean for one in blocks) / len(blocks)
        squares = sum(one.squares + CONVERSIONS * (one.mean - mean) ** 2 for one in blocks)
        return cls(mean, squares, sum(one.step_squares for one in blocks))

    @property
    def swing(self) -> float:
        """Root mean square about the mean, counts."""
        return math.sqrt(self.squares / (SPAN * CONVERSIONS))


def turns(values: Sequence[float], least: float) -> int:
    """How often `values` turn back by at least `least`."""
    top = bottom = values[0]
    way, count = 0, 0
    for value in values:
        top, bottom = max(top, value), min(bottom, value)
        if way >= 0 and value <= top - least:
            count, way, bottom = count + (way > 0), -1, value
        elif way <= 0 and value >= bottom + least:
            count, way, top = count + (way < 0), 1, value
    return count
