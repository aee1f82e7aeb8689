"""What all drawings are made of: patches, soft edges, light, cloth-like noise and print.

A patch is a square of `SIDE` × `SIDE` pixels; coordinates run from -1 to 1, x to the right and
y downwards. Colours are floats from 0 to 1.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
"""RGB, height × width × 3."""

Plane = NDArray[np.float32]
"""Floats of any shape: coordinates, a mask, or colours in the last axis."""

Colour = tuple[float, float, float]

SIDE = 480
"""Pixels along each side of a patch; one pixel here is about one in the picture."""

LIGHT = np.array([-0.35, -0.45, 0.82], np.float32)
"""Where the chamber's lamp is: towards the upper left, above the pan."""


@dataclass(frozen=True, slots=True)
class Patch:
    """A drawn thing before it lies anywhere.

    `rgb` is SIDE × SIDE × 3, `alpha` SIDE × SIDE (how much of the pan it hides), `lift` how far
    its shadow falls, in pixels. `anchored` things keep their place: a hand comes from the hatch.
    """

    rgb: Plane
    alpha: Plane
    lift: float = 10.0
    anchored: bool = False


def f32(values: Any) -> Plane:
    """Give any array-like as float32."""
    return np.asarray(values, np.float32)


def axes() -> tuple[Plane, Plane]:
    """The x and y coordinates of every pixel of a patch, each SIDE × SIDE."""
    line = np.linspace(-1, 1, SIDE, dtype=np.float32)
    x, y = np.meshgrid(line, line)
    return f32(x), f32(y)


def soft(distance: Plane) -> Plane:
    """Turn a signed distance (positive inside, patch units) into a mask with a smooth edge."""
    return f32(np.clip(distance * SIDE / 2 + 0.5, 0, 1))


def smooth(low: float, high: float, values: Plane) -> Plane:
    """0 below `low`, 1 above `high`, a smooth step between."""
    t = np.clip((values - low) / (high - low), 0, 1)
    return f32(t * t * (3 - 2 * t))


def in_colours(plane: Plane) -> Plane:
    """A plane as often as there are colours, side × side × 3.

    As `plane[..., None]` says it too, but numpy is slow along an axis of three.
    """
    return f32(cv2.merge((plane, plane, plane)))


def blend(under: Plane, over: Plane | Colour, mask: Plane) -> Plane:
    """Lay `over` on `under` where `mask` (SIDE × SIDE) is one."""
    return f32(under + (f32(over) - under) * in_colours(f32(mask)))


def lit(rgb: Plane, normal: Sequence[Plane], gloss: float, shine: int) -> Plane:
    """Shade `rgb` by its surface normals (x, y, z planes): diffuse light, then a highlight.

    `gloss` is the highlight's strength and `shine` its exponent (Phong's model, with the eye
    straight above).
    """
    facing = sum(n * c for n, c in zip(normal, LIGHT, strict=True))
    mirrored = np.clip(2 * facing * normal[2] - LIGHT[2], 0, 1)
    shade = 0.42 + 0.68 * np.clip(facing, 0, 1)
    return f32(rgb * in_colours(f32(shade)) + in_colours(f32(gloss * mirrored**shine)))


def clouds(rng: random.Random, cells: int, side: int = SIDE) -> Plane:
    """Smooth noise around zero, side × side, with about `cells` bumps along each side."""
    coarse = np.random.default_rng(rng.getrandbits(64)).normal(size=(cells, cells))
    return f32(cv2.resize(f32(coarse), (side, side), interpolation=cv2.INTER_CUBIC))


def polygon(points: Sequence[tuple[float, float]]) -> Plane:
    """The mask of a polygon in patch coordinates, with smooth edges."""
    corners = np.array(points, np.float64)
    pixels = np.round((corners + 1) / 2 * (SIDE - 1) * 16).astype(np.int32)
    mask = np.zeros((SIDE, SIDE), np.uint8)
    cv2.fillPoly(mask, [pixels], (255,), lineType=cv2.LINE_AA, shift=4)
    return f32(mask / 255)


def limb(x: Plane, y: Plane, start: Colour, end: Colour) -> Plane:
    """Signed distance to a tapered limb; `start` and `end` are (x, y, radius)."""
    ax, ay, a_radius = start
    dx, dy = end[0] - ax, end[1] - ay
    along = np.clip(((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy), 0, 1)
    radius = a_radius + (end[2] - a_radius) * along
    return f32(radius - np.hypot(x - ax - along * dx, y - ay - along * dy))


def tint(rng: random.Random, colour: Colour, spread: float = 0.05) -> Colour:
    """The colour, a little off in each channel."""
    red, green, blue = (min(1.0, max(0.0, c + rng.uniform(-spread, spread))) for c in colour)
    return red, green, blue


def printed(texture: Plane, text: str, centre: tuple[int, int], size: int, ink: Colour) -> None:
    """Print bold `text` on `texture` (height × width × 3), `size` pixels high, in place.

    `centre` is (x, y) of the text's middle.
    """
    scale = size / 22
    weight = max(1, round(scale * 2.4))
    (width, height), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_DUPLEX, scale, weight)
    corner = (centre[0] - width // 2, centre[1] + height // 2)
    mask = np.zeros(texture.shape[:2], np.uint8)
    cv2.putText(mask, text, corner, cv2.FONT_HERSHEY_DUPLEX, scale, (255,), weight, cv2.LINE_AA)
    texture[:] = blend(texture, ink, f32(mask / 255))
