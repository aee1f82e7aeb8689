"""Made things: what no licensed picture shows, put together from shapes, light and print.

Training has no printed cartons on plain ground, no film, foil or bags, no twigs or leaves. They
are made here: crumpled sheets, whose material decides how light falls on them, boxes with
printed faces, and plants of lines and leaves. None looks real; together they teach that a
highlight means film, a flat face with print a carton, and that green things are not taken.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from vision.images import Image
from vision.rim import Plane
from vision.train.augment import ground
from vision.train.made.boxes import box
from vision.train.made.plants import plant, scraps
from vision.train.made.prints import plain, print_of
from vision.train.made.sheets import CLOTH, FILM, FOIL, PAPER, PRINTED_FILM, sheet
from vision.train.made.thing import SIDE, laid, noise


def nothing(rng: random.Random) -> Image:
    """An empty pan, or a lens that sees next to nothing: dark, burnt or covered."""
    picture = ground(rng, SIDE, SIDE)
    kind = rng.randrange(4)
    if kind == 1:
        picture = picture * rng.uniform(0.05, 0.3)
    elif kind == 2:
        picture = np.asarray(picture + rng.uniform(40, 120), np.float32)
    elif kind == 3:
        stain = np.clip(noise(rng, rng.uniform(12, 50)), 0, 2)[..., None] / 2
        picture = np.asarray(picture * (1 - stain * rng.uniform(0.3, 1.0)), np.float32)
    return np.asarray(np.clip(picture, 0, 255), np.uint8)


def _film_print(rng: random.Random, photos: Sequence[Image]) -> Plane:
    return print_of(rng, photos) if rng.random() < 0.7 else plain(rng, 20, 240, 60)


def _paper_print(rng: random.Random, photos: Sequence[Image]) -> Plane:
    kind = rng.random()
    if kind < 0.35:
        return plain(rng, 200, 250, 8)
    if kind < 0.6:
        brown = np.array([190, 150, 105], np.float32) * rng.uniform(0.75, 1.1)
        return np.asarray(np.broadcast_to(brown, (SIDE, SIDE, 3)).copy(), np.float32)
    return print_of(rng, photos)


_Maker = Callable[[random.Random, Sequence[Image]], Image]

KINDS: Mapping[str, tuple[str, _Maker]] = {
    "carton": ("cardboard", lambda rng, photos: laid(rng, box(rng, photos))),
    "film": ("plastic", lambda rng, _: laid(rng, sheet(rng, FILM, plain(rng, 190, 250, 12)))),
    "wrapper": (
        "plastic",
        lambda rng, photos: laid(rng, sheet(rng, PRINTED_FILM, _film_print(rng, photos))),
    ),
    "crumpled": (
        "paper",
        lambda rng, photos: laid(rng, sheet(rng, PAPER, _paper_print(rng, photos))),
    ),
    "cloth": ("textile", lambda rng, _: laid(rng, sheet(rng, CLOTH, plain(rng, 20, 235, 40)))),
    "foil": ("metal", lambda rng, _: laid(rng, sheet(rng, FOIL, plain(rng, 120, 210, 6)))),
    "plant": ("other", lambda rng, _: laid(rng, plant(rng))),
    "scraps": ("other", lambda rng, _: laid(rng, scraps(rng))),
    "nothing": ("other", lambda rng, _: nothing(rng)),
}
"""What can be made: its class, and who makes a picture of it, given photos to print with."""


def make(kind: str, rng: random.Random, photos: Sequence[Image]) -> Image:
    """A picture of one of `KINDS`; RGB, SIDE × SIDE × 3."""
    return KINDS[kind][1](rng, photos)
