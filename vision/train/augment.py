"""Changing pictures so that a model looks at the thing and not at where it lies.

TrashNet's things lie on white board; a kiosk's lie on steel, a phone photo's on anything. So
the board is taken away: its brightness is fitted by a smooth surface, what differs from it is
the thing, and what is only darker and of the board's own hue is its shadow, which then falls
on the new ground.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.images import Image
from vision.rim import APART, Plane, grid, rim_surface, squares, stretched, surface, terms

WORK = 336
"""The longer side at which things are cut out; enough for a model that sees fewer pixels."""


def _f32(values: object) -> Plane:
    return np.asarray(values, np.float32)


def working(image: Image) -> Image:
    """A picture reduced so that its longer side is WORK; a smaller one stays as it is."""
    share = WORK / max(image.shape[:2])
    if share >= 1:
        return image
    height, width = (max(1, round(side * share)) for side in image.shape[:2])
    return np.asarray(cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA), np.uint8)


def cut_out(image: Image) -> Plane | None:
    """How much each place belongs to the thing, 0 to 1, by the colours of the picture's rim.

    None where nothing stands out from the rim.
    """
    lab = stretched(image)
    through, _ = rim_surface(lab, every=3, rounds=4)
    off = lab - terms(*lab.shape[:2]) @ through
    apart = squares(off.reshape(-1, 3)) > APART**2
    return _solid(apart.reshape(lab.shape[:2]).view(np.uint8))


def _solid(mask: NDArray[np.uint8]) -> Plane | None:
    """Close gaps, keep the large pieces, fill their holes."""
    opened = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    round_15 = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (15, 15))
    closed = cv2.morphologyEx(opened, cv2.MORPH_CLOSE, round_15)
    outlines, _ = cv2.findContours(closed, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    if not outlines:
        return None
    largest = max(cv2.contourArea(outline) for outline in outlines)
    kept = [outline for outline in outlines if cv2.contourArea(outline) > 0.15 * largest]
    filled = cv2.drawContours(np.zeros_like(mask), kept, -1, (1,), -1)
    return _f32(cv2.GaussianBlur(_f32(filled), (0, 0), 1.2))


def ground(rng: random.Random, height: int, width: int) -> Plane:
    """A plain ground of grey, steel or any colour, lit unevenly, grained; height × width × 3."""
    level = rng.uniform(70, 210)
    spread = rng.choice((6.0, 6.0, 6.0, 60.0))
    colour = [level + rng.uniform(-spread, spread) for _ in range(3)]
    x, y = grid(height, width)
    light = 1 + rng.uniform(-0.15, 0.15) * x + rng.uniform(-0.15, 0.15) * y
    light -= rng.uniform(0, 0.15) * (x * x + y * y)
    noise = np.random.default_rng(rng.getrandbits(64)).standard_normal((height, width), np.float32)
    along, across = rng.choice((1, 2, 8, 25)), rng.choice((0.6, 1.0, 2.0))
    grain = _f32(cv2.GaussianBlur(noise, (0, 0), sigmaX=along, sigmaY=across))
    grain = grain * (rng.uniform(0.005, 0.03) / float(grain.std()))
    return _f32(_f32(colour) * (light + grain)[..., None])


@dataclass(frozen=True, slots=True)
class Cut:
    """A thing taken off its board.

    `colours` and `ratio` (to the board's own level: light and shadow) are height × width × 3,
    `solid` (0 to 1) says how much each place is the thing.
    """

    colours: Plane
    ratio: Plane
    solid: Plane


def taken_off(image: Image) -> Cut | None:
    """Take the thing of a `working` picture off its board; None where none stands out.

    A picture that the thing fills has no board to take it off, and gives None too.
    """
    thing = cut_out(image)
    if thing is None or (thing < 0.05).mean() < 0.12:
        return None
    colours = _f32(image)
    basis = terms(*image.shape[:2])
    board = thing < 0.05
    through = surface(basis[board][::7], colours[board][::7])
    ratio = _f32(colours / np.maximum(basis @ through, 20))
    return Cut(colours, ratio, _f32(thing * (1 - _shadow(ratio))))


def laid_elsewhere(cut: Cut, rng: random.Random) -> Image:
    """Lay a thing, with its shadow, on another ground; the cut's size."""
    new = ground(rng, *cut.solid.shape)
    under = new * np.clip(cut.ratio, 0.3, 1.15)
    over = cut.colours * (float(new.mean()) / 170) ** 0.35
    mixed = under + (over - under) * cut.solid[..., None]
    return np.asarray(np.clip(mixed, 0, 255), np.uint8)


def _shadow(ratio: Plane) -> Plane:
    """How much of each place is shadow: darker than the board, of its hue, without texture."""
    grey = ratio.mean(-1)
    hue = np.abs(ratio - grey[..., None]).max(-1)
    edges = cv2.Laplacian(cv2.GaussianBlur(grey, (0, 0), 1), cv2.CV_32F)
    busy = cv2.GaussianBlur(np.abs(edges), (0, 0), 3)
    shadow = (hue < 0.06) & (grey > 0.5) & (grey < 0.985) & (busy < 0.012)
    return _f32(cv2.GaussianBlur(_f32(shadow), (0, 0), 1.5))


def jittered(image: Image, rng: random.Random) -> Image:
    """Turn, mirror, shrink, shift, relight and blur a picture at random; the same shape."""
    height, width = image.shape[:2]
    turn = rng.choice((0, 90, 180, 270)) + rng.uniform(-20, 20)
    move = cv2.getRotationMatrix2D((width / 2, height / 2), turn, rng.uniform(0.55, 1.15))
    move[:, 2] += (rng.uniform(-0.08, 0.08) * width, rng.uniform(-0.08, 0.08) * height)
    mirror = cv2.BORDER_REFLECT_101
    turned = cv2.warpAffine(image, move, (width, height), borderMode=mirror)
    if rng.random() < 0.5:
        turned = turned[:, ::-1]
    gamma, tint = rng.uniform(0.75, 1.35), [rng.uniform(0.92, 1.08) for _ in range(3)]
    level = _f32((_f32(turned) / 255) ** gamma * _f32(tint))
    grey = level.mean(-1, keepdims=True)
    level = _f32(grey + (level - grey) * rng.uniform(0.6, 1.25))
    if rng.random() < 0.3:
        level = _f32(cv2.GaussianBlur(level, (0, 0), rng.uniform(0.4, 1.3)))
    return np.asarray(np.clip(level * 255, 0, 255), np.uint8)


def cropped(image: Image, rng: random.Random) -> Image:
    """A part of a picture, half of it at least, of other proportions; at random."""
    height, width = image.shape[:2]
    side, stretch = rng.uniform(0.5, 1.0) ** 0.5, float(np.exp(rng.uniform(-0.3, 0.3)))
    h, w = min(height, int(height * side * stretch)), min(width, int(width * side / stretch))
    y, x = rng.randint(0, height - h), rng.randint(0, width - w)
    return image[y : y + h, x : x + w]


def worn(image: Image, rng: random.Random) -> Image:
    """A picture as a cheap camera keeps it: noise and JPEG's blocks, each in two of five."""
    if rng.random() < 0.4:
        noise = np.random.default_rng(rng.getrandbits(64)).normal(0, rng.uniform(1, 7), image.shape)
        image = np.asarray(np.clip(image + noise, 0, 255), np.uint8)
    if rng.random() < 0.4:
        quality = [cv2.IMWRITE_JPEG_QUALITY, rng.randint(35, 92)]
        _, data = cv2.imencode(".jpg", image, quality)
        image = np.asarray(cv2.imdecode(data, cv2.IMREAD_UNCHANGED), np.uint8)
    return image
