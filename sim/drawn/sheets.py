"""Flat and folded things: newspaper, carton and T-shirt."""

from __future__ import annotations

import random

import cv2
import numpy as np

from sim.drawn.brush import (
    SIDE,
    Colour,
    Patch,
    Plane,
    axes,
    blend,
    clouds,
    f32,
    polygon,
    printed,
    smooth,
    soft,
    tint,
)

Quad = list[tuple[float, float]]
"""Four corners in patch coordinates: upper left, upper right, lower right, lower left."""


def _stretch(texture: Plane, quad: Quad) -> Plane:
    """Stretch a texture (height × width × 3) over a quadrangle; SIDE × SIDE × 3, rest black."""
    height, width = texture.shape[:2]
    source = f32([(0, 0), (width, 0), (width, height), (0, height)])
    target = f32([((x + 1) / 2 * (SIDE - 1), (y + 1) / 2 * (SIDE - 1)) for x, y in quad])
    matrix = cv2.getPerspectiveTransform(source, target)
    edge = cv2.BORDER_REPLICATE
    return f32(cv2.warpPerspective(texture, matrix, (SIDE, SIDE), borderMode=edge))


def _column(page: Plane, rng: random.Random, left: int, top: int, bottom: int) -> None:
    """Set one column of small print, as grey lines of uneven length."""
    for y in range(top, bottom, 7):
        end = left + (rng.randint(40, 88) if rng.random() < 0.15 else 88)
        cv2.line(page, (left, y), (end, y), (0.42, 0.42, 0.44), 2, cv2.LINE_AA)


def _front_page(rng: random.Random) -> Plane:
    """A newspaper's folded front page, 320 × 430 × 3: title, headline, photograph, columns."""
    page = np.full((320, 430, 3), tint(rng, (0.87, 0.86, 0.82), 0.03), np.float32)
    ink = (0.12, 0.12, 0.13)
    printed(page, rng.choice(["CITY NEWS", "DAILY POST", "EVENING"]), (215, 30), 40, ink)
    cv2.line(page, (12, 58), (418, 58), ink, 2)
    printed(page, rng.choice(["RAIN AT LAST", "BRIDGE OPENS", "HOME WIN 3:1"]), (215, 80), 26, ink)
    photo_left = rng.choice([16, 118, 220])
    for left in (16, 118, 220, 322):
        covered = photo_left <= left < photo_left + 200
        _column(page, rng, left, 232 if covered else 112, 312)
    shades = clouds(rng, 6, 200)[:110, :190] * 0.14 + 0.45
    page[110:220, photo_left : photo_left + 190] = shades[..., None]
    return page


def newspaper(rng: random.Random) -> Patch:
    """A folded newspaper: two layers of grey-white paper full of print, a soft crease."""
    lean = rng.uniform(-0.04, 0.04)
    top: Quad = [(-0.80 + lean, -0.56), (0.78 + lean, -0.60), (0.80, 0.58), (-0.78, 0.60)]
    under = [(x + 0.035, y + 0.045) for x, y in top]
    page = np.full((SIDE, SIDE, 3), (0.70, 0.69, 0.66), np.float32)
    mask = polygon(top)
    x, y = axes()
    bend = 1 + 0.035 * clouds(rng, 5) - 0.16 * np.exp(-((x - lean) ** 2) / 0.0006)
    print_side = _stretch(_front_page(rng), top) * (bend + 0.05 * x)[..., None]
    fold = smooth(-0.60, -0.50, y) * 0.12 + 0.88
    rgb = blend(page, f32(print_side * fold[..., None]), mask)
    return Patch(f32(rgb), f32(np.maximum(mask, polygon(under))), lift=7)


def _board(rng: random.Random, brown: Colour) -> Plane:
    """Corrugated board, 240 × 320 × 3: faint stripes and speckles."""
    stripes = 0.018 * np.sin(np.arange(320) * 1.3)[None, :]
    return f32(f32(brown) * (1 + stripes + 0.03 * clouds(rng, 40, 320)[:240])[..., None])


def _lid(rng: random.Random, brown: Colour) -> Plane:
    """The carton's top: two flaps that meet under a strip of tape, and a mark."""
    face = _board(rng, brown)
    cv2.line(face, (0, 120), (320, 120), (0.25, 0.17, 0.09), 3)
    tape = f32((0.80, 0.68, 0.46))
    face[98:142, :, :] = 0.45 * face[98:142, :, :] + 0.55 * tape
    cv2.line(face, (0, 120), (320, 120), (0.45, 0.33, 0.2), 2)
    printed(
        face, rng.choice(["FRAGILE", "PAPER 5 KG", "NO. 24"]), (160, 196), 30, (0.22, 0.14, 0.08)
    )
    return face


def _side(rng: random.Random, brown: Colour) -> Plane:
    """A carton's side with two arrows that say which way is up."""
    face = _board(rng, brown)
    ink = (0.2, 0.13, 0.08)
    for x in (115, 205):
        cv2.line(face, (x, 188), (x, 100), ink, 14)
        head = np.array([(x - 30, 112), (x, 52), (x + 30, 112)], np.int32)
        cv2.fillPoly(face, [head], ink, cv2.LINE_AA)
    cv2.line(face, (80, 210), (240, 210), ink, 9)
    return face


def carton(rng: random.Random) -> Patch:
    """A closed box of brown board, seen from above one corner: lid and two sides."""
    brown = tint(rng, (0.70, 0.52, 0.33), 0.04)
    back, tall = rng.uniform(-0.62, -0.52), rng.uniform(0.30, 0.40)
    wide, deep = rng.uniform(0.58, 0.66), rng.uniform(0.40, 0.50)
    top: Quad = [(-wide + 0.1, back), (wide + 0.16, back + 0.06),
                 (wide - 0.04, back + 2 * deep), (-wide - 0.1, back + 2 * deep - 0.07)]  # fmt: skip
    front: Quad = [top[3], top[2], (top[2][0] - 0.02, top[2][1] + tall),
                   (top[3][0] + 0.05, top[3][1] + tall)]  # fmt: skip
    right: Quad = [top[2], top[1], (top[1][0] - 0.04, top[1][1] + tall),
                   (top[2][0] - 0.02, top[2][1] + tall)]  # fmt: skip
    rgb = np.zeros((SIDE, SIDE, 3), np.float32)
    alpha = np.zeros((SIDE, SIDE), np.float32)
    faces = ((right, _board(rng, brown), 0.55), (front, _side(rng, brown), 0.76),
             (top, _lid(rng, brown), 1.12))  # fmt: skip
    for quad, face, light in faces:
        mask = polygon(quad)
        rgb = blend(rgb, _stretch(face, quad) * light, mask)
        alpha = np.maximum(alpha, mask)
    return Patch(f32(rgb), f32(alpha), lift=14)


_CLOTH: tuple[Colour, ...] = (
    (0.15, 0.25, 0.55),
    (0.75, 0.15, 0.20),
    (0.92, 0.92, 0.90),
    (0.15, 0.16, 0.17),
    (0.30, 0.60, 0.45),
    (0.93, 0.75, 0.20),
)

_SHIRT = [(-0.22, -0.74), (-0.40, -0.70), (-0.88, -0.34), (-0.70, -0.06), (-0.46, -0.22),
          (-0.47, 0.80), (0.47, 0.80), (0.46, -0.22), (0.70, -0.06), (0.88, -0.34),
          (0.40, -0.70), (0.22, -0.74)]  # fmt: skip
"""Outline of a T-shirt laid flat, from the collar's left end round to its right."""


def t_shirt(rng: random.Random) -> Patch:
    """A T-shirt laid out with its folds, collar, seams and something printed on the chest."""
    x, y = axes()
    points = [(px + rng.uniform(-0.02, 0.02), py + rng.uniform(-0.01, 0.02)) for px, py in _SHIRT]
    below = y > -0.735
    neck = 1 - np.sqrt((x / 0.2) ** 2 + ((y + 0.735) / np.where(below, 0.19, 0.045)) ** 2)
    collar = soft(f32((neck + np.where(below, 0.26, 0.7)) * 0.08)) - soft(f32(neck * 0.08))
    colour = tint(rng, rng.choice(_CLOTH))
    rgb = f32(np.ones((SIDE, SIDE, 3)) * f32(colour))
    ink = (0.95, 0.94, 0.9) if sum(colour) < 1.8 else (0.15, 0.15, 0.2)
    badge = soft(f32(0.17 - np.hypot(x, y + 0.18)))
    rgb = blend(rgb, ink, badge)
    rgb = blend(rgb, colour, soft(f32(0.05 - np.abs(np.hypot(x, y + 0.18) - 0.08))) * 0.9)
    seams = sum(np.exp(-((s * x - 0.44 - 0.12 * (y + 0.4)) ** 2) / 0.00005) for s in (-1, 1))
    hems = np.exp(-((y - 0.72) ** 2) / 0.00004)
    folds = 0.10 * clouds(rng, 7) + 0.08 * np.sin(x * 9 + 5 * clouds(rng, 3) + y * 3)
    weave = 0.03 * clouds(rng, 160)
    shade = 1 + folds + weave - 0.25 * seams * (y < -0.1) - 0.2 * hems
    rgb = blend(f32(rgb * shade[..., None]), f32(f32(colour) * 0.72), f32(np.clip(collar, 0, 1)))
    rgb = blend(rgb, f32(f32(colour) * 0.45), soft(f32(neck * 0.08)))
    mask = np.maximum(polygon(points), soft(f32((neck + np.where(below, 0.1, 0.7)) * 0.08)))
    return Patch(rgb, f32(mask), lift=7)
