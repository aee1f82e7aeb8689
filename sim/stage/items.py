"""What a visitor of the demo can bring: eight things, cut out of the simulator's own drawings."""

from __future__ import annotations

import base64
import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np

from sim.drawn.brush import Patch
from sim.drawn.foreign import banana
from sim.drawn.sheets import carton, newspaper, t_shirt
from sim.drawn.turned import can, glass_bottle, pet_bottle, steel_can

CUTOUT_PX = 200
"""Side of a picture on the page."""


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing on the visitor's table; `kind` as in `sim.drawn.ITEM_CLASS`."""

    kind: str
    mass_g: int
    names: dict[str, str]
    drawing: Callable[[random.Random], Patch]


THINGS: tuple[Thing, ...] = (
    Thing("pet-bottle", 25, {"zh": "饮料瓶", "en": "Plastic bottle"}, pet_bottle),
    Thing("can", 14, {"zh": "易拉罐", "en": "Drink can"}, can),
    Thing("steel-can", 55, {"zh": "铁罐头", "en": "Steel can"}, steel_can),
    Thing("newspaper", 420, {"zh": "报纸", "en": "Newspapers"}, newspaper),
    Thing("carton", 310, {"zh": "纸板箱", "en": "Cardboard box"}, carton),
    Thing("glass-bottle", 380, {"zh": "玻璃瓶", "en": "Glass bottle"}, glass_bottle),
    Thing("t-shirt", 160, {"zh": "旧衣服", "en": "T-shirt"}, t_shirt),
    Thing("banana", 118, {"zh": "香蕉", "en": "Banana"}, banana),
)


@cache
def cutout(kind: str) -> str:
    """The thing of that kind alone, on nothing: a PNG as a data URL."""
    patch = thing_of(kind).drawing(random.Random(f"table/{kind}"))
    colours = np.clip(patch.rgb * 255, 0, 255)
    whole = np.dstack([colours, patch.alpha * 255]).astype(np.uint8)
    small = cv2.resize(_trimmed(whole), (CUTOUT_PX, CUTOUT_PX), interpolation=cv2.INTER_AREA)
    _, png = cv2.imencode(".png", cv2.cvtColor(small, cv2.COLOR_RGBA2BGRA))
    return "data:image/png;base64," + base64.b64encode(png.tobytes()).decode()


def thing_of(kind: str) -> Thing:
    """The thing of that kind.

    Raises:
        KeyError: There is none on the table.
    """
    return {one.kind: one for one in THINGS}[kind]


def _trimmed(picture: np.ndarray) -> np.ndarray:
    """The square around all that is drawn."""
    ys, xs = np.nonzero(picture[..., 3] > 8)
    middle_y, middle_x = int(ys.min() + ys.max()) // 2, int(xs.min() + xs.max()) // 2
    half = int(max(np.ptp(ys), np.ptp(xs))) // 2 + 4
    padded = np.pad(picture, ((half, half), (half, half), (0, 0)))
    return padded[middle_y : middle_y + 2 * half, middle_x : middle_x + 2 * half]
