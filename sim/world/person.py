"""Parts of people in a bay, and what each does to sensors, pan and leaf.

A hand, an arm and a head reach in through the opening: they are in the light curtain and in the
leaf's way. A child that has climbed in is in neither; it weighs on the pan and fills the chamber.
Skin and clothes are between 26 and 35 °C, so warmth alone does not always tell.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.errors import WorldError
from sim.world.obstacle import Obstacle

if TYPE_CHECKING:
    import random

SURFACE_DC = (260, 350)
"""Clothes and cold hands to a warm forehead, tenths of a degree C."""


@dataclass(frozen=True, slots=True)
class Body:
    """Some of a person, as far as it is in the bay.

    Attributes:
        what: `hand`, `arm`, `head` or `child`.
        obstacle: What the leaf meets of it; None where it is out of the leaf's way.
        gap_mm: The gap it needs to get in or out.
        surface_dc: Its warmest spot, in tenths of a degree C.
        pixels: How many of the thermal array's 64 see it.
        tall_mm: How high above the pan the distance sensor meets it.
        load_g: What of its weight is on the pan.
    """

    what: str
    obstacle: Obstacle | None
    gap_mm: float
    surface_dc: int
    pixels: int
    tall_mm: int
    load_g: int


@dataclass(frozen=True, slots=True)
class _Build:
    """From the least to the most of each figure; anthropometry by rule of thumb."""

    height_mm: tuple[float, float] | None
    n_per_mm: tuple[float, float]
    gap_mm: tuple[float, float]
    pixels: tuple[int, int]
    tall_mm: tuple[int, int]
    load_g: tuple[int, int]


_BUILDS = {
    "hand": _Build((40, 80), (10, 50), (120, 120), (4, 12), (0, 80), (0, 0)),
    "arm": _Build((60, 110), (10, 50), (120, 140), (10, 24), (60, 200), (0, 1_500)),
    "head": _Build((140, 220), (75, 150), (230, 260), (16, 36), (120, 250), (0, 2_000)),
    "child": _Build(None, (10, 50), (250, 320), (24, 50), (230, 330), (10_000, 18_000)),
}
WHOM = tuple(_BUILDS)


def body(what: str, rng: random.Random) -> Body:
    """Some of somebody, drawn from `rng`.

    Raises:
        WorldError: There is no such part of a person.
    """
    build = _BUILDS.get(what)
    if build is None:
        raise WorldError(f"person: no {what!r}; there are {', '.join(WHOM)}, or nobody")
    height_mm = rng.uniform(*build.height_mm) if build.height_mm else 0.0
    stiff = rng.uniform(*build.n_per_mm)
    return Body(
        what=what,
        obstacle=Obstacle(height_mm, stiff) if build.height_mm else None,
        gap_mm=rng.uniform(*build.gap_mm),
        surface_dc=rng.randint(*SURFACE_DC),
        pixels=rng.randint(*build.pixels),
        tall_mm=rng.randint(*build.tall_mm),
        load_g=rng.randint(*build.load_g),
    )
