"""Forces on the pan that are no load: somebody leans on it, or everything shakes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random

LEANS_S = 0.15
"""Time constant with which a person shifts weight onto something."""

SWAYS_HZ = (0.15, 0.4, 1.1)
SWAYS = 0.12
"""Nobody leans evenly: posture sways by some per cent, mostly below 1 Hz."""

GUSTS = 0.3
"""How much a shaking waxes and wanes, at a tenth of its frequency."""


class Lean:
    """A force of about `force_g` that comes softly and wanders until it is let go.

    Args:
        force_g: How hard, in grams; negative for somebody who lifts.
        from_us: When it begins.
        rng: How it wanders.
    """

    def __init__(self, force_g: float, from_us: int, rng: random.Random) -> None:
        self._force_g = force_g
        self._from_us = from_us
        self._sways = [(2e-6 * math.pi * hz, rng.uniform(0, 2 * math.pi)) for hz in SWAYS_HZ]

    def grams(self, at_us: float) -> float:
        """The force at `at_us`."""
        since_us = at_us - self._from_us
        sway = sum(math.sin(turn * since_us + phase) for turn, phase in self._sways)
        comes = 1 - math.exp(-since_us / 1e6 / LEANS_S)
        return self._force_g * comes * (1 + SWAYS * sway)


class Shake:
    """Wind (0.2 to 5 Hz) or a machine nearby (10 to 30 Hz), as the cell feels it.

    Args:
        amplitude_g: Mean amplitude of the force.
        hz: Its frequency.
        rng: Where in its course it is.
    """

    def __init__(self, amplitude_g: float, hz: float, rng: random.Random) -> None:
        self._amplitude_g = amplitude_g
        self._turn = 2e-6 * math.pi * hz
        self._phase, self._gust = rng.uniform(0, 2 * math.pi), rng.uniform(0, 2 * math.pi)

    def grams(self, at_us: float) -> float:
        """The force at `at_us`."""
        gust = 1 + GUSTS * math.sin(self._turn / 10 * at_us + self._gust)
        return self._amplitude_g * gust * math.sin(self._turn * at_us + self._phase)
