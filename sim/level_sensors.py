"""The bins' level sensors: one in each bin's lid, looking down, and the ways in which they err."""

from __future__ import annotations

from typing import TYPE_CHECKING

from firmware.hal.board import Inputs
from sim.rounds import Rounds
from wire.messages import NO_LEVEL_MM

if TYPE_CHECKING:
    import random

    from sim.world import BayWorld

PERIOD_US = 800_000
"""Eight pieces, one a round of 0.1 s (`firmware.hal.levels`)."""

BIAS = 0.02
"""1 sigma, each sensor's own for life; a VL53L0X class sensor is right to 3 to 5 %."""

NOISE, NOISE_MM = 0.01, 2.5
"""1 sigma: a share of the distance, and at least so much."""

DARK = 0.1
"""So many measurements meet something dark, clear or shiny that sends nothing back (10 to 30 %)."""

NOTHING_MM = 8_190
"""What the chip says of a measurement that found nothing."""

NEAREST_MM, FARTHEST_MM = 30, 1_200
COVER_MM, COVER_NOISE_MM = 45.0, 4.0
"""A dirty cover sends the light back by itself."""

WRONG_MM = 300
"""A noisy one is off by up to that."""

LEVELS = len(Inputs().levels_mm)


class LevelSensors:
    """What each bin's sensor said when it was last read.

    Args:
        world: The bay around them.
        rng: Their errors, and when they are read.
    """

    def __init__(self, world: BayWorld, rng: random.Random) -> None:
        self._world = world
        self._rng = rng
        self._rounds = Rounds(world.now_us, PERIOD_US, rng)
        self._bias = [max(-0.05, min(0.05, rng.gauss(0.0, BIAS))) for _ in range(LEVELS)]
        self._kinds = ["well"] * LEVELS
        self._mm = tuple(self._measured(at) for at in range(LEVELS))

    def fault(self, index: int, kind: str) -> None:
        """One breaks in a way of `sim.board_faults.KINDS["level"]`, or is `well` again."""
        self._kinds[index] = kind

    def look(self) -> tuple[int, ...]:
        """Millimetres by bin; all are read where it is time."""
        if self._rounds.are_due(self._world.now_us):
            self._mm = tuple(self._read(at) for at in range(LEVELS))
        return self._mm

    def _read(self, index: int) -> int:
        match self._kinds[index]:
            case "dead":
                return NO_LEVEL_MM
            case "frozen":
                return self._mm[index]
            case "dirty":
                return max(NEAREST_MM, round(self._rng.gauss(COVER_MM, COVER_NOISE_MM)))
            case "noisy":
                wrong_mm = self._rng.randint(-WRONG_MM, WRONG_MM)
                return max(NEAREST_MM, self._measured(index) + wrong_mm)
        return self._measured(index)

    def _measured(self, index: int) -> int:
        """What a sound sensor makes of the heap below it."""
        rng = self._rng
        true_mm = self._world.below.seen_mm(index, self._world.now_us)
        noise_mm = rng.gauss(0.0, max(NOISE_MM, NOISE * true_mm))
        if rng.random() < DARK or true_mm > FARTHEST_MM:
            return NOTHING_MM
        return max(NEAREST_MM, round(true_mm * (1 + self._bias[index]) + noise_mm))
