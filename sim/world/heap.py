"""What lies in one bin, as a heap: a cone below the chute that spreads, and things that settle.

h = V / A with a cone at the angle of repose; what has just fallen lies looser and settles.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sim.world.figures import BinFigures
    from sim.world.item import Part

BULK_G_PER_L: Mapping[str, float] = {
    "pet-bottle": 23.0,
    "can": 20.0,
    "steel-can": 87.0,
    "glass-bottle": 300.0,
    "newspaper": 305.0,
    "carton": 60.0,
    "t-shirt": 104.0,
}
"""Bulk densities of whole, loose things; kg/m³ of WRAP's table of materials for local authorities.
"""

OTHER_G_PER_L = 150.0
"""What is none of these: mixed things, between textiles and glass."""

US_PER_H = 3.6e9


def bulk_l(parts: Iterable[Part]) -> float:
    """The room in litres that things take in a bin, once settled."""
    return sum(part.mass_g / BULK_G_PER_L.get(part.item.kind, OTHER_G_PER_L) for part in parts)


class Heap:
    """The heap in one bin.

    Args:
        figures: The bin's.
    """

    def __init__(self, figures: BinFigures) -> None:
        self._figures = figures
        self._settled_l = 0.0
        self._loose_l = 0.0
        self._at_us = 0

    def grow(self, litres: float, now_us: int) -> None:
        """So much falls onto it."""
        self._settle(now_us)
        self._settled_l += litres
        self._loose_l += litres * self._figures.loose

    def clear(self) -> None:
        """The bin is emptied."""
        self._settled_l = self._loose_l = 0.0

    def top_mm(self, now_us: int) -> float:
        """Its peak, above the bin's floor."""
        flat_mm, cone_mm = self._shape(now_us)
        return flat_mm + cone_mm

    def seen_mm(self, now_us: int) -> float:
        """From the sensor down to what it sees: the slope of the cone beside its peak."""
        flat_mm, cone_mm = self._shape(now_us)
        return self._figures.sensor_mm - flat_mm - cone_mm * (1 - self._figures.aside)

    def _shape(self, now_us: int) -> tuple[float, float]:
        """How high it lies all over, and how much higher its cone is, in mm."""
        self._settle(now_us)
        figures = self._figures
        volume_l = self._settled_l + self._loose_l
        slope = math.tan(math.radians(figures.repose_deg))
        # A cone of height h is h / slope wide: V = pi h^3 / (3 slope^2), and 1 l is 1e6 mm^3.
        free_mm = (3e6 * volume_l * slope**2 / math.pi) ** (1 / 3)
        cone_mm = min(free_mm, figures.radius_mm * slope)
        cone_l = math.pi * cone_mm**3 / (3e6 * slope**2)
        return (volume_l - cone_l) / figures.floor_m2, cone_mm

    def _settle(self, now_us: int) -> None:
        hours = (now_us - self._at_us) / US_PER_H
        self._loose_l *= math.exp(-hours / self._figures.settles_h)
        self._at_us = now_us
