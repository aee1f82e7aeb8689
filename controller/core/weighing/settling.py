"""From conversions to a declared level: glitches out, steps found, the ring fitted, the rule.

A window grows over what belongs to one ringing. A conversion that the fit did not expect waits
for the next: where that fits again it was a glitch, and is left out; where not, something touched
the pan, and the window begins anew behind the converter's memory. A window that its fit does not
describe loses its oldest conversions, until what lies before the last contact is gone.

The level is declared once `AGREEING` fits in a row say the same and are sure of it.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from controller.core.symptoms.converter_faults import MEMORY
from controller.core.weighing import ring

if TYPE_CHECKING:
    from collections.abc import Callable

    from controller.core.weighing.ring import Array, Ring

CONFIDENCE = 2.968
"""Standard deviations either side that hold 99.7 % of a normal distribution."""

WINDOW = 64
"""Longest window: 0.8 s, over which a pan's creep and drift are far below e."""

SURPRISE = 6.0
"""Standard deviations from which a conversion is not the noise's: one in 10^9 if it were."""

MISFIT = 4.0
MISFIT_SHARE = 0.6
"""A fit is good that leaves over at most so many times the noise, or that share of the tolerance:
the pan's small second modes may not send it looking for another beginning."""

DROP = 2
"""Oldest conversions that a window loses when its fit is bad."""

SURE = 0.7
"""Share of the tolerance that the level's own uncertainty may fill; the rest is for what no
conversion shows, such as contents that still sink."""

AGREEING = 5
AGREE_SHARE = 0.5
"""So many fits in a row, apart by at most that share of the tolerance. These figures were chosen
on seeds (below 4,000) that the bench does not use; its trials are the proof of the rule."""

PLAUSIBLE = (2 * math.pi * 6.0 / 80, 2 * math.pi * 24.0 / 80)
"""What rings slower or faster is no pan: somebody leans on it, wind, a machine nearby."""

TURN = 0.7
"""Least part of a turn that must have been seen before a ringing is believed."""

FAINT = 3.0
"""What swung with less than so many times the noise may be the noise itself, at any frequency."""

STILL = 0.5
"""A swing below so many times the noise is over."""

HALVES_SHARE = 0.25
"""Both halves of a still window agree within that share of the tolerance."""

REST = 32
REST_EVERY = 4
"""A window of so many conversions whose swing is over is fitted again at every fourth only: most
of a day is rest. Each conversion is still held against what the fit expects."""


@dataclass(frozen=True, slots=True)
class Level:
    """A level of the signal with its standard deviation."""

    value: float
    sd: float


class Settling:
    """The settling of one pan. `feed` it; ask for `estimate` and `declared`.

    Args:
        noise: Standard deviation of the conversions' noise; unit of all levels.
        tolerance: How far a declared level may be off, by level.
    """

    def __init__(self, noise: float, tolerance: Callable[[float], float]) -> None:
        self._noise = noise
        self._tolerance = tolerance
        self._at: deque[int] = deque(maxlen=WINDOW)
        self._values: deque[float] = deque(maxlen=WINDOW)
        self._agreeing: deque[Level] = deque(maxlen=AGREEING)
        self._fit: Ring | None = None
        self._first = self._fitted = 0
        self._held: int | None = None
        self._not_before = 0
        self.declared: Level | None = None
        self.estimate: Level | None = None

    def restart(self) -> None:
        """Forget everything: what comes is another situation."""
        self._begin(0)
        self.estimate = None

    def feed(self, at: int, value: float) -> None:
        """Take a conversion.

        Args:
            at: Its number; numbers rise, and leave out what was missed.
            value: The conversion.
        """
        if at < self._not_before:
            return
        if self._fit is not None and self._is_surprise(at, value):
            if self._held is None:
                self._held = at
                return
            # Two in a row are no glitch: what came before the first of them is over.
            self._begin(self._held + MEMORY - 1)
            if at < self._not_before:
                return
        self._held = None
        self._take(at, value)

    def _take(self, at: int, value: float) -> None:
        self._at.append(at)
        self._values.append(value)
        if len(self._at) < ring.LEAST or self._rests(at):
            return
        t = np.array(self._at, dtype=float) - self._at[0]
        y = np.array(self._values)
        fit = ring.fit(t, y, self._noise, self._fit)
        self._fit, self._first, self._fitted = fit, self._at[0], at
        self.estimate = Level(fit.level, fit.level_sd)
        tolerance = self._tolerance(fit.level)
        misfits = fit.misfit > max(MISFIT * self._noise, MISFIT_SHARE * tolerance)
        if misfits or self._wanders(y, fit, tolerance):
            self._shed()
        else:
            self._judge(fit, tolerance)

    def _wanders(self, y: Array, fit: Ring, tolerance: float) -> bool:
        """Whether a still pan's level goes on, so that its mean lags behind."""
        if fit.count < REST or fit.swing > STILL * self._noise:
            return False
        half = len(y) // 2
        return abs(float(y[:half].mean() - y[half:].mean())) > HALVES_SHARE * tolerance

    def _rests(self, at: int) -> bool:
        """Whether nothing swings any more and the last fit is young enough."""
        if self.declared is None or self._fit is None or self._fit.count < REST:
            return False
        return self._fit.swing < STILL * self._noise and at - self._fitted < REST_EVERY

    def _judge(self, fit: Ring, tolerance: float) -> None:
        """Declare, if this fit and those before it are sure and say the same."""
        assert self.estimate is not None
        if CONFIDENCE * fit.level_sd > SURE * tolerance or not self._is_pan(fit):
            self._agreeing.clear()
            self.declared = None
            return
        self._agreeing.append(self.estimate)
        values = [one.value for one in self._agreeing]
        agree = max(values) - min(values) <= AGREE_SHARE * tolerance
        full = len(values) == AGREEING
        self.declared = self.estimate if full and agree else None

    def _is_pan(self, fit: Ring) -> bool:
        """Whether what swings, if anything does, swings as a pan."""
        if math.hypot(fit.cosine, fit.sine) < FAINT * self._noise:
            return True
        return PLAUSIBLE[0] < fit.omega < PLAUSIBLE[1] and fit.omega * fit.last > TURN * 2 * math.pi

    def _is_surprise(self, at: int, value: float) -> bool:
        fit = self._fit
        assert fit is not None
        expected = fit.at(at - self._first)
        doubt = math.hypot(max(self._noise, fit.misfit), fit.level_sd)
        return abs(value - expected) > SURPRISE * doubt

    def _shed(self) -> None:
        """The window holds more than one ringing: let its oldest conversions go."""
        for _ in range(DROP):
            self._at.popleft()
            self._values.popleft()
        self._fit = None
        self._agreeing.clear()
        self.declared = None

    def _begin(self, not_before: int) -> None:
        """A new window, of conversions from number `not_before` on."""
        self._not_before = not_before
        self._held = None
        self._at.clear()
        self._values.clear()
        self._agreeing.clear()
        self._fit = None
        self.declared = None
