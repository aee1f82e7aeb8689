"""Items that the simulator draws itself, so that a kiosk can be tried without any photograph.

Everything is computed: shaded bodies of revolution, folded sheets and limbs, laid on the
steel pan of one fixed chamber. All chance comes from the generator that is passed in, so a
picture repeats; the empty chamber's geometry and brushed steel never change, so that an empty
reference taken once stays good.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from pathlib import Path

import cv2
import numpy as np

from sim.drawn.brush import Patch, Picture
from sim.drawn.chamber import Scene, lay, nothing, photograph
from sim.drawn.foreign import banana, battery, hand, plant
from sim.drawn.sheets import carton, newspaper, t_shirt
from sim.drawn.turned import can, glass_bottle, pet_bottle, steel_can

__all__ = [
    "ITEM_CLASS",
    "SIZE",
    "draw",
    "draw_frames",
    "draw_set",
    "empty_chamber",
    "laid_inside",
    "lying",
]

SIZE = (480, 640)
"""Height and width of a picture unless told otherwise."""

SILL = 456
"""The row from which on a picture shows the hatch's sill."""

TRIES = 20
"""So often somebody lays a thing down anew before they let it hang over."""

ITEM_CLASS: Mapping[str, str] = {
    "pet-bottle": "plastic",
    "can": "metal",
    "steel-can": "metal",
    "glass-bottle": "glass",
    "newspaper": "paper",
    "carton": "cardboard",
    "t-shirt": "textile",
    "banana": "unknown",
    "plant": "unknown",
    "battery": "unknown",
    "hand": "unknown",
}
"""What a classifier should say of each kind; `unknown` is what the kiosk gives back."""

_DRAWINGS: Mapping[str, Callable[[random.Random], Patch]] = {
    "pet-bottle": pet_bottle,
    "can": can,
    "steel-can": steel_can,
    "glass-bottle": glass_bottle,
    "newspaper": newspaper,
    "carton": carton,
    "t-shirt": t_shirt,
    "banana": banana,
    "plant": plant,
    "battery": battery,
    "hand": hand,
}


def draw(item_kind: str, rng: random.Random, size: tuple[int, int] = SIZE) -> Picture:
    """Draw one item of `item_kind` somewhere on the pan: RGB, height × width × 3, uint8.

    Raises:
        ValueError: There is no drawing of that kind; the message lists those there are.
    """
    return draw_frames(item_kind, rng, 1, size)[0]


def draw_frames(
    item_kind: str, rng: random.Random, count: int, size: tuple[int, int] = SIZE
) -> list[Picture]:
    """Draw one and the same item lying still, `count` times, as a camera would take it.

    Only sensor noise and a slight flicker of the light differ between the pictures.

    Raises:
        ValueError: There is no drawing of that kind; the message lists those there are.
    """
    scene = lying(item_kind, rng)
    return [photograph(scene, rng, size) for _ in range(count)]


def lying(item_kind: str, rng: random.Random) -> Scene:
    """Lay one item of `item_kind` somewhere on the pan, ready to be photographed.

    Raises:
        ValueError: There is no drawing of that kind; the message lists those there are.
    """
    if item_kind not in _DRAWINGS:
        known = ", ".join(sorted(_DRAWINGS))
        raise ValueError(f"no drawing of item kind {item_kind!r}; use one of: {known}")
    return lay(_DRAWINGS[item_kind](rng), rng)


def laid_inside(item_kind: str, rng: random.Random) -> Scene:
    """Lay an item down so that nothing of it hangs over the hatch's sill, as people do.

    Whatever still does after `TRIES` stays so, as a hand must.

    Raises:
        ValueError: There is no drawing of that kind; the message lists those there are.
    """
    for _ in range(TRIES):
        scene = lying(item_kind, rng)
        if not (scene.alpha[SILL:] > 0.02).any():
            break
    return scene


def empty_chamber(rng: random.Random, size: tuple[int, int] = SIZE) -> Picture:
    """Draw the chamber with nothing in it: RGB, height × width × 3, uint8."""
    return photograph(nothing(), rng, size)


def draw_set(folder: Path, per_kind: int, seed: int) -> int:
    """Write `per_kind` JPEG pictures of every kind to `folder/class/kind-n.jpg`.

    Each picture has a seed of its own, made of `seed`, kind and number, so that a larger set
    begins with the smaller one. Returns how many pictures were written.
    """
    for kind, label in ITEM_CLASS.items():
        (folder / label).mkdir(parents=True, exist_ok=True)
        for number in range(per_kind):
            picture = draw(kind, random.Random(f"{seed}/{kind}/{number}"))
            _, jpeg = cv2.imencode(".jpg", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))
            (folder / label / f"{kind}-{number}.jpg").write_bytes(np.asarray(jpeg).tobytes())
    return per_kind * len(ITEM_CLASS)
