"""What comes in through the hatch and stays there: an arm, or a string tied to the item.

The hatch lies at the picture's lower edge. Arms come in any sleeve or glove, so that nothing can
know them by the colour of skin.
"""

from __future__ import annotations

import random
from typing import Any

import cv2
import numpy as np

from sim.drawn.brush import Colour, Plane, blend, clouds, f32
from sim.drawn.chamber import HEIGHT, WIDTH, Scene

HATCH = (110, 530)
"""From where to where along the lower edge the hatch lies, in pixels."""

_SLEEVES: tuple[Colour, ...] = (
    (0.93, 0.74, 0.60),
    (0.55, 0.37, 0.26),
    (0.10, 0.10, 0.12),
    (0.88, 0.88, 0.86),
    (0.45, 0.46, 0.47),
    (0.20, 0.30, 0.55),
    (0.95, 0.55, 0.10),
)
_STRINGS: tuple[tuple[Colour, float], ...] = (
    ((0.95, 0.95, 0.93), 1.0),
    ((0.08, 0.08, 0.09), 1.0),
    ((0.62, 0.47, 0.28), 1.0),
    ((0.15, 0.35, 0.75), 1.0),
    ((0.80, 0.15, 0.15), 1.0),
    ((0.92, 0.94, 0.96), 0.5),
)
"""Colour and opacity: cotton, thread, twine, ribbon, and a nylon line half seen through."""


def with_arm(scene: Scene, rng: random.Random) -> Scene:
    """Let a sleeved or bare arm, or a glove's tip, reach in through the hatch."""
    width_px = rng.uniform(46, 110)
    root = (rng.uniform(HATCH[0] + width_px / 2, HATCH[1] - width_px / 2), HEIGHT + width_px)
    tip = (root[0] + rng.uniform(-90, 90), HEIGHT - rng.uniform(45, 300))
    alpha = _stroke([root, tip], width_px)
    colour = f32(rng.choice(_SLEEVES)) * (1 + 0.07 * _cloth(rng))[..., None]
    rounded = cv2.GaussianBlur(alpha, (0, 0), width_px / 5)
    shadow = cv2.GaussianBlur(_shifted(alpha, 14, 10), (0, 0), 12)
    under = scene.rgb * (1 - 0.4 * shadow)[..., None]
    lit = f32(colour * (0.45 + 0.6 * rounded)[..., None])
    return Scene(blend(f32(under), lit, alpha), f32(np.maximum(scene.alpha, alpha)))


def with_string(scene: Scene, rng: random.Random, width_px: float | None = None) -> Scene:
    """Tie a string to what lies there, or to something that fell, and lead it out of the hatch.

    `width_px` is how thick it is: 1 to 4 pixels (0.8 to 3 mm) by chance without it.
    """
    thick_px = width_px or rng.uniform(1.0, 4.0)
    rows, columns = np.nonzero(scene.alpha > 0.5)
    chosen = rng.randrange(len(rows)) if len(rows) else 0
    knot = (float(columns[chosen]), float(rows[chosen])) if len(rows) else _anywhere(rng)
    out = (rng.uniform(HATCH[0] + 20, HATCH[1] - 20), HEIGHT + 6.0)
    colour, opacity = rng.choice(_STRINGS)
    alpha = _stroke(_sagging(knot, out, rng), thick_px)
    shadow = cv2.GaussianBlur(_shifted(alpha, 3, 4), (0, 0), 1.5)
    under = f32(scene.rgb * (1 - 0.3 * shadow)[..., None])
    return Scene(blend(under, colour, f32(alpha * opacity)), scene.alpha)


def _anywhere(rng: random.Random) -> tuple[float, float]:
    """Where a string goes down beside the gate's leaves."""
    return rng.uniform(200, 440), rng.uniform(120, 330)


def _sagging(
    start: tuple[float, float], end: tuple[float, float], rng: random.Random
) -> list[tuple[float, float]]:
    """A slack line between two points, as a quadratic curve of 25 pieces."""
    bow = (np.add(start, end)) / 2 + (rng.uniform(-40, 40), rng.uniform(-15, 15))
    steps = np.linspace(0, 1, 26)[:, None]
    path = (1 - steps) ** 2 * start + 2 * steps * (1 - steps) * bow + steps**2 * end
    return [(float(x), float(y)) for x, y in path]


def _stroke(points: list[tuple[float, float]], width_px: float) -> Plane:
    """The mask of a line of any width, drawn four times as large and reduced: smooth edges."""
    large = np.zeros((HEIGHT * 4, WIDTH * 4), np.uint8)
    path: Any = np.round(np.array(points) * 4).astype(np.int32)
    cv2.polylines(large, [path], isClosed=False, color=(255,), thickness=round(width_px * 4))
    small = cv2.resize(large, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
    return f32(small / 255)


def _shifted(mask: Plane, right_px: float, down_px: float) -> Plane:
    move = f32([[1, 0, right_px], [0, 1, down_px]])
    return f32(cv2.warpAffine(mask, move, (WIDTH, HEIGHT)))


def _cloth(rng: random.Random) -> Plane:
    """Folds all over the picture."""
    square = clouds(rng, 30, WIDTH)
    return f32(square[:HEIGHT])
