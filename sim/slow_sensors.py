"""The chamber's thermal array and distance sensor: read ten times a second, never quite alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.rounds import Rounds

if TYPE_CHECKING:
    import random

    from sim.world import BayWorld

PERIOD_US = 100_000
PIXELS = 64
PIXEL_NOISE_DC = 2.0
"""Of one pixel, 1 sigma; an AMG8833 class array has 0.05 to 0.2 °C."""

DISTANCE_NOISE_MM = 2.5
"""1 sigma; a VL53L0X class sensor has ± 3 to 5 % of the distance, mostly constant."""

NEAREST_MM = 20


class SlowSensors:
    """What both said when they were last read.

    Args:
        world: The bay around them.
        rng: Their noise, and when they are read.
    """

    def __init__(self, world: BayWorld, rng: random.Random) -> None:
        self._world = world
        self._rng = rng
        self._rounds = Rounds(world.now_us, PERIOD_US, rng)
        self.warm_dc = self.thermal_sum = self.tof_mm = 0
        self._measure()

    def look(self) -> None:
        """Read both where it is time; whoever was not asked for long reads them once."""
        if self._rounds.are_due(self._world.now_us):
            self._measure()

    def _measure(self) -> None:
        world, gauss = self._world, self._rng.gauss
        ambient_dc = world.ambient_dc
        bodies = world.bodies
        warmest_dc = max([ambient_dc, *(one.surface_dc for one in bodies)])
        # The warmest of many noisy pixels is warmer than most: about 2.4 sigma for 64.
        self.warm_dc = warmest_dc + round(gauss(2.4 * PIXEL_NOISE_DC, 0.5 * PIXEL_NOISE_DC))
        warmth_dc = ambient_dc * PIXELS
        warmth_dc += sum((one.surface_dc - ambient_dc) * one.pixels for one in bodies)
        # Quarter degrees C: 0.4 of a tenth.
        self.thermal_sum = round(0.4 * (warmth_dc + gauss(0.0, PIXEL_NOISE_DC * PIXELS**0.5)))
        tof_mm = world.figures.chamber_mm - world.tallest_mm + gauss(0.0, DISTANCE_NOISE_MM)
        self.tof_mm = max(NEAREST_MM, round(tof_mm))
