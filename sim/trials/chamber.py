"""One bay's camera over one visit: empty, an arm, an item, an item on a string, what is left."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.drawn import ITEM_CLASS, SIZE, empty_chamber, laid_inside
from sim.drawn.chamber import Scene, nothing, photograph
from sim.drawn.reaching import with_arm, with_string
from sim.drawn.spoiled import (
    aged,
    compressed,
    covered,
    daylight,
    defocused,
    nudged,
    spotted,
)

if TYPE_CHECKING:
    from sim.drawn.brush import Picture, Plane

KINDS = tuple(sorted(set(ITEM_CLASS) - {"hand"}))


@dataclass(frozen=True, slots=True)
class Visit:
    """Pictures of one visit, each as taken in service.

    `alpha` is how far the item hides each place of the chamber, before the camera moved.
    `spoiled` are pictures of the empty chamber through a lens or from a mount that is out of
    order, by what is wrong.
    """

    empty: Picture
    arm: Picture
    item: Picture
    alpha: Plane
    on_string: Picture
    left_string: Picture
    spoiled: dict[str, Picture]


def visit(seed: int) -> Visit:
    """Draw the visit of `seed`."""
    rng = random.Random(seed)
    item = laid_inside(rng.choice(KINDS), rng)
    bare = in_service(nothing(), rng)
    return Visit(
        empty=bare,
        arm=in_service(with_arm(rng.choice((item, nothing())), rng), rng),
        item=in_service(item, rng),
        alpha=item.alpha,
        on_string=in_service(with_string(item, rng), rng),
        left_string=in_service(with_string(nothing(), rng), rng),
        spoiled={
            "covered": covered(bare, rng),
            "dirty": spotted(bare, rng),
            "blurred": defocused(bare, rng.uniform(2, 4), rng),
            "moved": nudged(bare, rng.choice((-1, 1)) * rng.uniform(11, 30), rng.uniform(-5, 5)),
        },
    )


def references() -> list[Picture]:
    """Three pictures of the empty chamber, taken when the kiosk was set up."""
    return [empty_chamber(random.Random(seed)) for seed in range(3)]


def in_service(scene: Scene, rng: random.Random) -> Picture:
    """A picture by an old or a new lamp, with the day or without, from a mount that gives.

    The lamp gives 0.7 to 1.2 of its light, the day up to 0.3 of that at the hatch, the camera
    moves by 2 pixels and 0.15 degrees, and the picture comes as a JPEG of quality 75 to 95.
    """
    lit = daylight(aged(scene, rng.uniform(0.7, 1.2)), rng.choice((0.0, 0.3)))
    shift_px = rng.uniform(-2, 2), rng.uniform(-2, 2)
    moved = nudged(photograph(lit, rng, SIZE), *shift_px, rng.uniform(-0.15, 0.15))
    return compressed(moved, rng.randint(75, 95))
