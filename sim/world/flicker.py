"""1/f noise as the sum of a few first-order ones, each eight times as slow as the one before."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random

TIMES_S = (0.4, 3.2, 25.6, 204.8)
SPACING = 8.0


class Flicker:
    """Noise whose power goes as 1/f between about 1 mHz and 0.4 Hz.

    First-order noises of equal variance v with time constants spaced by a factor r add up to a
    one-sided power of v / (f ln r). White noise of `sigma_g` at `rate_hz` has 2 sigma² / rate; the
    two are equal at `corner_hz` for v = 2 sigma² corner ln r / rate.

    Args:
        sigma_g: The white noise it belongs to.
        corner_hz: Where both are equal.
        rate_hz: Conversions a second.
        rng: Makes it.
    """

    def __init__(
        self, sigma_g: float, corner_hz: float, rate_hz: float, rng: random.Random
    ) -> None:
        self._rng = rng
        self._sigma_g = sigma_g * math.sqrt(2 * corner_hz * math.log(SPACING) / rate_hz)
        self._parts = [rng.gauss(0.0, self._sigma_g) for _ in TIMES_S]

    def go_on(self, seconds: float) -> float:
        """Its value, in grams, so much later."""
        sigma_g, gauss = self._sigma_g, self._rng.gauss
        for at, time_s in enumerate(TIMES_S):
            keeps = math.exp(-seconds / time_s)
            fresh_g = gauss(0.0, sigma_g * math.sqrt(1 - keeps * keeps))
            self._parts[at] = keeps * self._parts[at] + fresh_g
        return sum(self._parts)
