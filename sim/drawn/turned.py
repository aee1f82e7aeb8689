"""Bodies of revolution lying on their side: bottles and cans.

A body is its outline (radius along x) and what is wrapped around it.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

import cv2
import numpy as np

from sim.drawn.brush import (
    SIDE,
    Colour,
    Patch,
    Plane,
    axes,
    blend,
    f32,
    lit,
    printed,
    smooth,
    soft,
    tint,
)

Outline = list[tuple[float, float]]
"""Points (x, radius) from the left end to the right, in patch units."""

_DRINKS = ("COLA", "SODA", "LEMON", "WATER", "TEA", "FRESH", "JUICE", "ORANGE")
_SPIRITS = ("WINE", "ALE", "CIDER", "STOUT")
_LOUD: tuple[Colour, ...] = (
    (0.80, 0.08, 0.10),
    (0.06, 0.32, 0.72),
    (0.05, 0.50, 0.25),
    (0.95, 0.55, 0.05),
    (0.45, 0.15, 0.55),
)


@dataclass(frozen=True, slots=True)
class Body:
    """The lying body in pixels: all planes SIDE × SIDE.

    `inside` is its mask, `around` where on its visible half a pixel lies (-1 to 1 by angle),
    `across` the same by eye, `normal` the surface's x, y and z.
    """

    inside: Plane
    x: Plane
    around: Plane
    across: Plane
    normal: tuple[Plane, Plane, Plane]


def turn(outline: Outline) -> Body:
    """Turn an outline into a body."""
    x, y = axes()
    xs, radii = zip(*outline, strict=True)
    radius = np.interp(x[0], xs, radii, left=0.0, right=0.0).astype(np.float32)
    radius = np.where((x[0] < xs[0]) | (x[0] > xs[-1]), 0, radius)
    radius = np.maximum(f32(cv2.GaussianBlur(radius[None], (0, 0), 3))[0], 1e-3)
    slope = f32(np.gradient(radius, x[0]))
    ends = np.minimum(x - xs[0], xs[-1] - x)
    across = f32(np.clip(y / radius, -1, 1))
    up = np.sqrt(1 - across**2)
    length = np.sqrt(1 + slope**2)
    normal = (f32(-slope / length * np.ones_like(x)), f32(across / length), f32(up / length))
    inside = soft(f32(np.minimum(radius - np.abs(y), ends)))
    return Body(inside, x, f32(np.arcsin(across) / (np.pi / 2)), across, normal)


def wrap(body: Body, texture: Plane, left: float, right: float) -> Plane:
    """Wrap a texture (height × width × 3) around the body from x = `left` to `right`."""
    height, width = texture.shape[:2]
    columns = (body.x - left) / (right - left) * (width - 1)
    rows = (body.around + 1) / 2 * (height - 1)
    edge = cv2.BORDER_REPLICATE
    return f32(cv2.remap(texture, f32(columns), f32(rows), cv2.INTER_LINEAR, borderMode=edge))


def band(body: Body, left: float, right: float) -> Plane:
    """The mask of the stretch of the body between two places along it."""
    return f32(soft(body.x - left) * soft(right - body.x))


def _label(rng: random.Random, brand: str, ground: Colour, ink: Colour, *, wave: bool) -> Plane:
    """A printed label as it wraps round: brand in the middle, stripes or a wave, small print."""
    texture = np.full((260, 320, 3), ground, np.float32)
    shift = rng.randint(-40, 40)
    if wave:
        along = np.arange(320)
        edge = 175 + shift + 22 * np.sin(along / 50)
        for offset in (0, 26):
            points = np.stack([along, edge + offset], axis=1).astype(np.int32)
            cv2.polylines(texture, [points], False, ink, 9, cv2.LINE_AA)
    else:
        cv2.rectangle(texture, (0, 60 + shift), (320, 70 + shift), ink, -1)
        cv2.rectangle(texture, (0, 185 + shift), (320, 195 + shift), ink, -1)
    printed(texture, brand, (160, 128 + shift), 66, ink)
    for row in range(4):
        cv2.line(texture, (60, 232 + row * 8), (260, 232 + row * 8), ink, 1, cv2.LINE_AA)
    return texture


def _end(rgb: Plane, alpha: Plane, x0: float, radius: float, inner: Colour) -> tuple[Plane, Plane]:
    """Add the visible lid at the left end of a can: a flat ellipse with a rim and a tab."""
    x, y = axes()
    reach = 1 - np.sqrt(((x - x0) / (radius * 0.30)) ** 2 + (y / radius) ** 2)
    disc = soft(f32(reach * radius * 0.30))
    rgb = blend(rgb, (0.90, 0.91, 0.92), disc)
    rgb = blend(rgb, inner, soft(f32((reach - 0.12) * radius * 0.30)))
    tab = 1 - np.sqrt(((x - x0) / (radius * 0.10)) ** 2 + ((y - radius * 0.1) / 0.09) ** 2)
    rgb = blend(rgb, (0.97, 0.97, 0.98), soft(f32(tab * 0.04)))
    rgb = blend(rgb, (0.35, 0.36, 0.37), soft(f32((tab - 0.55) * 0.04)))
    return rgb, f32(np.maximum(alpha, disc))


def pet_bottle(rng: random.Random) -> Patch:
    """A clear drinks bottle with ribs, a label and a coloured screw cap."""
    r = rng.uniform(0.25, 0.30)
    shoulder = [(0.36, r), (0.5, r * 0.86), (0.68, 0.11)]
    body = turn([(-0.88, r * 0.85), (-0.82, r), *shoulder, (0.74, 0.095), (0.86, 0.095)])
    glassy = rng.choice([(0.80, 0.90, 0.96), (0.88, 0.93, 0.94), (0.72, 0.90, 0.80)])
    ribs = 0.06 * np.sin(body.x * 46) * (np.abs(body.x + 0.62) < 0.16)
    base = f32(glassy) * (1 + ribs)[..., None]
    edge = np.abs(body.across) ** 3
    streak = np.exp(-(((body.across + 0.45) / 0.07) ** 2)) + 0.6 * np.exp(
        -(((body.across - 0.55) / 0.05) ** 2)
    )
    feet = np.exp(-(((body.x + 0.84) / 0.05) ** 2)) * np.abs(np.sin(body.around * 5))
    rgb = lit(f32(base), body.normal, 0.35, 14) + f32(0.5 * streak)[..., None]
    rgb = f32(rgb * (1 - 0.45 * edge - 0.3 * feet)[..., None])
    alpha = 0.36 + 0.4 * edge + 0.35 * streak + 0.3 * feet
    label = band(body, -0.42, 0.2)
    paper = wrap(
        body,
        _label(
            rng, rng.choice(_DRINKS), tint(rng, rng.choice(_LOUD)), (0.98, 0.98, 0.95), wave=True
        ),
        -0.42,
        0.2,
    )
    rgb = blend(rgb, lit(paper, body.normal, 0.18, 10), label)
    cap_colour = tint(rng, rng.choice([*_LOUD, (0.95, 0.95, 0.95)]))
    ridges = 1 - 0.22 * (np.sin(body.around * 60) > 0)
    cap = band(body, 0.745, 0.86)
    rgb = blend(rgb, lit(f32(f32(cap_colour) * ridges[..., None]), body.normal, 0.3, 12), cap)
    return Patch(rgb, f32(np.clip(alpha + label + cap, 0, 1) * body.inside), lift=16)


def can(rng: random.Random) -> Patch:
    """An aluminium drinks can: printed all round, bare metal at the tapered ends, a ring pull."""
    r = rng.uniform(0.34, 0.38)
    body = turn([(-0.62, r * 0.84), (-0.52, r), (0.52, r), (0.60, r * 0.82)])
    colour = tint(rng, rng.choice([*_LOUD, (0.88, 0.88, 0.9)]))
    ink = (0.97, 0.97, 0.97) if sum(colour) < 2.2 else (0.75, 0.1, 0.12)
    paper = wrap(body, _label(rng, rng.choice(_DRINKS), colour, ink, wave=True), -0.53, 0.52)
    bare = f32(np.ones((SIDE, SIDE, 3)) * 0.80)
    rgb = lit(blend(bare, paper, band(body, -0.52, 0.52)), body.normal, 0.75, 22)
    streak = np.exp(-(((body.across + 0.52) / 0.06) ** 2)) * 0.35
    rgb = f32(rgb + streak[..., None])
    rgb, alpha = _end(rgb, body.inside, -0.61, r * 0.82, (0.72, 0.73, 0.75))
    return Patch(rgb, alpha, lift=18)


def steel_can(rng: random.Random) -> Patch:
    """A short tin of food: beaded steel with a half torn paper label, its lid off."""
    r = rng.uniform(0.42, 0.46)
    body = turn([(-0.52, r), (0.5, r)])
    beads = 0.16 * np.sin(body.x * 62) * smooth(0.48, 0.44, np.abs(body.x))
    mirror = 0.70 + 0.20 * np.sin(body.across * 5 + 2.2) + 0.08 * np.sin(body.across * 13)
    bare = f32(f32((0.98, 0.99, 1.0)) * (mirror * (1 + beads))[..., None])
    rgb = lit(bare, body.normal, 0.6, 30)
    left, right = -0.30, rng.uniform(0.05, 0.30)
    torn = band(body, left, right)
    ground = tint(rng, rng.choice([(0.93, 0.90, 0.80), (0.80, 0.20, 0.14), (0.25, 0.45, 0.2)]))
    ink = (0.98, 0.96, 0.9) if sum(ground) < 2 else (0.6, 0.1, 0.1)
    texture = np.full((260, 320, 3), ground, np.float32)
    printed(texture, rng.choice(["TUNA", "BEANS", "CORN", "PEAS"]), (160, 128), 60, ink)
    paper = wrap(body, texture, left, right) * (1 + beads * 0.4)[..., None]
    rgb = blend(rgb, lit(f32(paper), body.normal, 0.05, 6), torn)
    for rim in (-0.51, 0.48):
        bright = np.exp(-(((body.x - rim) / 0.016) ** 2))
        rgb = f32(rgb + (0.35 * bright * (1 - np.abs(body.across)))[..., None])
    x, y = axes()
    mouth = 1 - np.sqrt(((x + 0.52) / (r * 0.3)) ** 2 + (y / r) ** 2)
    disc = soft(f32(mouth * r * 0.3))
    rgb = blend(rgb, (0.88, 0.89, 0.90), disc)
    rgb = blend(rgb, (0.20, 0.19, 0.18), soft(f32((mouth - 0.09) * r * 0.3)))
    return Patch(rgb, f32(np.maximum(body.inside, disc)), lift=20)


def glass_bottle(rng: random.Random) -> Patch:
    """A wine or beer bottle: thick coloured glass, long neck, paper label, sharp highlights."""
    r = rng.uniform(0.21, 0.25)
    shoulder = [(0.16, r), (0.28, r * 0.86), (0.42, 0.10)]
    lip = [(0.80, 0.08), (0.805, 0.105), (0.85, 0.105), (0.855, 0.085), (0.9, 0.085)]
    body = turn([(-0.92, r * 0.93), (-0.88, r), *shoulder, *lip])
    glass = tint(
        rng, rng.choice([(0.10, 0.32, 0.14), (0.36, 0.19, 0.06), (0.16, 0.38, 0.22)]), 0.03
    )
    thick = np.abs(body.across) ** 4
    through = 1.25 + 0.9 * np.exp(-(((body.across - 0.42) / 0.3) ** 2)) - 0.85 * thick
    rgb = f32(f32(glass) * through[..., None])
    sharp = np.exp(-(((body.across + 0.5) / 0.05) ** 2)) + 0.45 * np.exp(
        -(((body.across - 0.7) / 0.03) ** 2)
    )
    alpha = np.clip(0.80 + 0.2 * thick + sharp, 0, 1)
    left, right = -0.66, rng.uniform(-0.14, -0.02)
    ground = tint(rng, (0.93, 0.90, 0.80))
    ink = rng.choice([(0.45, 0.08, 0.1), (0.1, 0.1, 0.12), (0.5, 0.38, 0.1)])
    texture = _label(rng, rng.choice(_SPIRITS), ground, ink, wave=False)
    label = f32(band(body, left, right) * smooth(0.88, 0.84, np.abs(body.around)))
    paper = lit(wrap(body, texture, left, right), body.normal, 0.05, 6)
    rgb = blend(f32(rgb + (0.9 * sharp)[..., None]), paper, label)
    return Patch(rgb, f32(np.clip(alpha + label, 0, 1) * body.inside), lift=15)
