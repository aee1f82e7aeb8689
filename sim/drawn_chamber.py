"""One bay's chamber as a camera finds it: what lies there, what reaches in, what the lens adds."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from sim.chance import rng
from sim.drawn import SIZE, laid_inside
from sim.drawn.chamber import Scene, nothing, photograph
from sim.drawn.reaching import with_arm, with_string
from sim.drawn.spoiled import daylight, wet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from controller.ports import Image
    from sim.world import BayWorld

Lens = Callable[["Image", random.Random], "Image"]
"""What a lens makes of a picture, for instance `sim.drawn.spoiled.spotted`."""

DARK = 6
"""Brightest pixel of a chamber whose light is off: sensor noise only."""


def no_daylight() -> float:
    """A hatch that opens into a dark room."""
    return 0.0


@dataclass(slots=True)
class DrawnChamber:
    """The chamber of the bay called `name`; how each item lies follows from `seed`.

    Verbs: set `string` to tie a string to the load and hang it out of the hatch, `lens` to
    spoil the lens (None: it is clean), `lamp_dead` to blow the lamp; each lasts until it is set
    back. `wet` leaves a puddle beside what is laid down; `daylight` is how much of the lamp's light
    the day adds at the open hatch.
    """

    seed: int
    name: str
    string: bool = False
    lens: Lens | None = None
    lamp_dead: bool = False
    wet: bool = False
    daylight: Callable[[], float] = no_daylight
    _taken: int = 0
    _scene: tuple[str, Scene] = field(default_factory=lambda: ("", nothing()))

    def photographs(self, world: BayWorld, count: int) -> Sequence[Image]:
        """Take `count` pictures of the lit or dark chamber, of whatever lies on top of the pan."""
        self._taken += 1
        if not self.lit(world):
            return self._dark(count)
        chance = rng(self.seed, self.name, str(self._taken))
        scene = self._reached(self._lying(world), world)
        if self.wet and world.on_pan:
            scene = wet(scene, rng(self.seed, self.name, "puddle"))
        open_share = world.hatch.x_mm / world.figures.hatch.travel_mm
        if shine := self.daylight() * open_share:
            scene = daylight(scene, shine)
        return [self.spoiled(photograph(scene, chance, SIZE)) for _ in range(count)]

    def lit(self, world: BayWorld) -> bool:
        """Whether the lamp shines."""
        return world.light_on and not self.lamp_dead

    def spoiled(self, picture: Image) -> Image:
        """The picture through the lens as it is; a spot stays where it is."""
        if self.lens is None:
            return picture
        return self.lens(picture, rng(self.seed, self.name, "lens"))

    def _lying(self, world: BayWorld) -> Scene:
        """The item laid down last, drawn once; the empty chamber without one."""
        top = world.on_pan[-1:]  # taken once: the pan may be emptied while a thread draws
        if not top:
            return nothing()
        item = top[0].item
        if self._scene[0] != item.name:
            chance = rng(self.seed, item.name, "lying")
            self._scene = (item.name, laid_inside(item.kind, chance))
        return self._scene[1]

    def _reached(self, scene: Scene, world: BayWorld) -> Scene:
        if self.string:
            scene = with_string(scene, rng(self.seed, self.name, "string"))
        if world.hand_inside:
            scene = with_arm(scene, rng(self.seed, self.name, "arm"))
        return scene

    def _dark(self, count: int) -> Sequence[Image]:
        noise = np.random.default_rng([self.seed, self._taken])
        return list(noise.integers(0, DARK, size=(count, *SIZE, 3), dtype=np.uint8))
