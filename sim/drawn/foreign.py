"""What does not belong in the kiosk, or not on the pan: banana, plant, battery, a hand."""

from __future__ import annotations

import itertools
import random

import numpy as np

from sim.drawn.brush import (
    SIDE,
    Patch,
    Plane,
    axes,
    blend,
    clouds,
    f32,
    limb,
    lit,
    printed,
    smooth,
    soft,
    tint,
)
from sim.drawn.turned import band, turn, wrap

Point = tuple[float, float]


def _rounded(distance: Plane, round_over: float) -> tuple[Plane, Plane, Plane]:
    """Surface normals of a flat shape whose edge falls off over `round_over`, from its distance."""
    height = np.sqrt(np.clip(1 - (1 - np.clip(distance / round_over, 0, 1)) ** 2, 0, 1))
    down, across = np.gradient(height * round_over * SIDE / 2)
    length = np.sqrt(across**2 + down**2 + 1)
    return f32(-across / length), f32(-down / length), f32(1 / length)


def banana(rng: random.Random) -> Patch:
    """A ripe banana: a bent yellow body with ridges, brown tip, stalk and freckles."""
    x, y = axes()
    from_centre, angle = np.hypot(x, y + 0.55), np.arctan2(x, y + 0.55)
    reach = rng.uniform(0.92, 1.02)
    along = angle / reach
    thick = 0.17 * np.sqrt(np.clip(1 - np.abs(along) ** 3.2, 0, 1)) + 0.03 * (np.abs(along) < 1.12)
    across = f32((from_centre - 0.82) / np.maximum(thick, 1e-3))
    inside = soft(f32(np.where(np.abs(along) < 1.12, thick - np.abs(from_centre - 0.82), -1)))
    flat = np.clip(across, -1, 1)
    out = f32(np.sin(angle)), f32(np.cos(angle))
    normal = (f32(out[0] * flat), f32(out[1] * flat), f32(np.sqrt(1 - flat**2)))
    yellow = f32(np.ones((SIDE, SIDE, 3)) * f32(tint(rng, (0.96, 0.80, 0.16), 0.03)))
    ridge = np.exp(-((flat + 0.25) ** 2) / 0.006) + np.exp(-((flat - 0.5) ** 2) / 0.006)
    rgb = f32(yellow * (1 - 0.13 * ridge)[..., None])
    rgb = blend(rgb, (0.62, 0.66, 0.18), smooth(0.80, 1.02, f32(along)))
    freckles = smooth(1.25, 1.5, clouds(rng, 44)) + 0.7 * smooth(1.3, 1.7, clouds(rng, 14))
    rgb = blend(rgb, (0.36, 0.22, 0.08), f32(np.clip(freckles, 0, 1) * 0.8))
    rgb = blend(rgb, (0.22, 0.15, 0.08), smooth(-1.0, -1.06, f32(along)))
    rgb = blend(rgb, (0.30, 0.22, 0.10), smooth(1.08, 1.11, f32(along)))
    return Patch(lit(rgb, normal, 0.16, 9), inside, lift=12)


def _leaf(rng: random.Random, rgb: Plane, alpha: Plane, root: Point, tip: Point) -> None:
    """Lay one veined leaf from `root` to `tip` (x, y) on colours and mask, in place."""
    dx, dy = tip[0] - root[0], tip[1] - root[1]
    length = float(np.hypot(dx, dy))
    around = _window(root, tip, 0.3 * length)
    x, y = (axis[around] for axis in axes())
    along = ((x - root[0]) * dx + (y - root[1]) * dy) / length**2
    across = ((x - root[0]) * -dy + (y - root[1]) * dx) / length**2
    half = 0.416 * np.sqrt(np.clip(along, 0, 1)) * np.clip(1 - along, 0, 1) ** 0.7
    half = np.where((along > 0) & (along < 1), half, -1)
    mask = soft(f32((half - np.abs(across)) * length))
    gloom = f32(0.35 * soft(f32((half * 1.12 - np.abs(across)) * length)))
    veins = 0.5 + 0.5 * np.sin((along - np.abs(across) * 1.2) * 48)
    shade = 0.86 + 0.16 * veins + np.where(across > 0, 0.14, -0.08)
    green = f32(f32(tint(rng, (0.20, 0.50, 0.14), 0.06)) * shade[..., None])
    rib = f32(np.exp(-((across / 0.018) ** 2)) * mask * 0.8)
    under = blend(rgb[around], (0.0, 0.0, 0.0), gloom)
    rgb[around] = blend(blend(under, green, mask), (0.62, 0.76, 0.40), rib)
    alpha[around] = np.maximum(alpha[around], mask)


def _window(root: Point, tip: Point, margin: float) -> tuple[slice, slice]:
    """The rows and columns of a patch around two points: the rest need not be looked at."""
    (left, right), (top, bottom) = (sorted(pair) for pair in zip(root, tip, strict=True))
    edges = [(edge + 1) / 2 * SIDE for edge in (top - margin, bottom + margin)]
    sides = [(edge + 1) / 2 * SIDE for edge in (left - margin, right + margin)]
    rows, columns = (slice(max(0, int(low)), int(high) + 1) for low, high in (edges, sides))
    return rows, columns


def plant(rng: random.Random) -> Patch:
    """A leafy twig: a brown-green stem with veined leaves on both sides and one at its end."""
    x, y = axes()
    lean = rng.uniform(-0.12, 0.12)
    stem = soft(limb(x, y, (0.0, 0.86, 0.030), (lean, -0.40, 0.014)))
    rgb = f32(np.ones((SIDE, SIDE, 3)) * f32((0.36, 0.34, 0.14)))
    alpha = f32(stem.copy())
    for step in range(5):
        at = 0.62 - step * 0.24
        foot = lean * (0.86 - at) / 1.26
        reach = rng.uniform(0.50, 0.64) * (1 - 0.08 * step)
        for side in (-1, 1):
            tip = (foot + side * reach, at - rng.uniform(0.24, 0.44))
            _leaf(rng, rgb, alpha, (foot, at), tip)
    _leaf(rng, rgb, alpha, (lean, -0.36), (lean * 1.4, -0.92))
    return Patch(rgb, alpha, lift=9)


def battery(rng: random.Random) -> Patch:
    """One round battery cell: copper and black jacket, bright nub, plus sign and voltage."""
    body = turn([(-0.60, 0.20), (0.54, 0.20), (0.545, 0.075), (0.62, 0.075)])
    texture = np.full((200, 480, 3), (0.09, 0.09, 0.10), np.float32)
    texture[:, 340:] = rng.choice([(0.80, 0.48, 0.20), (0.84, 0.68, 0.22), (0.2, 0.5, 0.75)])
    printed(texture, "1.5 V", (210, 100), 44, (0.92, 0.9, 0.85))
    printed(texture, "+", (420, 100), 66, (0.1, 0.1, 0.1))
    printed(texture, "-", (40, 100), 60, (0.92, 0.9, 0.85))
    jacket = wrap(body, texture, -0.57, 0.52)
    bare = f32(np.ones((SIDE, SIDE, 3)) * 0.82)
    rgb = lit(blend(bare, jacket, band(body, -0.57, 0.52)), body.normal, 0.55, 16)
    return Patch(rgb, body.inside, lift=9)


def hand(rng: random.Random) -> Patch:
    """A hand that reaches in through the hatch: sleeve, wrist, palm, fingers and nails."""
    x, y = axes()
    skin = tint(rng, rng.choice([(0.93, 0.74, 0.60), (0.84, 0.62, 0.46), (0.55, 0.37, 0.26)]), 0.03)
    spread = rng.uniform(0.85, 1.15)
    tips = [(-0.40, -0.42), (-0.18, -0.62), (0.06, -0.64), (0.28, -0.50)]
    knuckles = [(-0.22, 0.02), (-0.08, -0.03), (0.08, -0.02), (0.22, 0.05)]
    parts = [limb(x, y, (0.0, 1.1, 0.16), (0.0, 0.5, 0.15)),
             limb(x, y, (-0.04, 0.36, 0.26), (0.03, 0.14, 0.27)),
             limb(x, y, (0.16, 0.36, 0.12), (0.56 * spread, 0.02, 0.062))]  # fmt: skip
    for (kx, ky), (tx, ty) in zip(knuckles, tips, strict=True):
        parts.append(limb(x, y, (kx, ky + 0.12, 0.085), (tx * spread, ty, 0.06)))
    distance = f32(np.maximum.reduce(parts))
    rgb = f32(np.ones((SIDE, SIDE, 3)) * f32(skin) * (1 + 0.03 * clouds(rng, 20))[..., None])
    for first, second in itertools.pairwise(parts[3:]):
        gap = np.exp(-((first - second) ** 2) / 0.0004) * (y > -0.3) * (y < 0.16)
        rgb = f32(rgb * (1 - 0.18 * gap)[..., None])
    for tx, ty in tips:
        nail = 1 - np.hypot((x - tx * spread * 1.02) / 0.04, (y - ty - 0.01) / 0.055)
        rgb = blend(rgb, (0.97, 0.84, 0.78), f32(soft(f32(nail * 0.05)) * 0.85))
    rgb = lit(rgb, _rounded(distance, 0.11), 0.08, 8)
    sleeve = soft(limb(x, y, (0.0, 1.2, 0.24), (0.0, 0.80, 0.22)))
    cloth = tint(rng, (0.22, 0.28, 0.40), 0.1)
    folds = f32(f32(cloth) * (1 + 0.14 * np.sin(y * 40 + 4 * x))[..., None])
    return Patch(blend(rgb, folds, sleeve), f32(np.maximum(soft(distance), sleeve)), 24, True)
