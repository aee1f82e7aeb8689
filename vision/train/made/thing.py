"""A made thing and the ground it is laid on."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.images import Image
from vision.rim import Plane
from vision.train.augment import ground

SIDE = 288
"""Made pictures are square; enough for a model that sees fewer pixels."""


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing without its ground: SIDE × SIDE × 3 levels (0 to 255), and how solid, 0 to 1."""

    levels: Plane
    solid: Plane


def noise(rng: random.Random, sigma: float) -> Plane:
    """Smooth noise of mean zero and spread one."""
    drawn = np.random.default_rng(rng.getrandbits(64)).standard_normal((SIDE, SIDE), np.float32)
    smooth = np.asarray(cv2.GaussianBlur(drawn, (0, 0), sigma), np.float32)
    return np.asarray((smooth - smooth.mean()) / smooth.std(), np.float32)


def filled(outline: NDArray[np.floating]) -> Plane:
    """The inside of an outline (N × 2 pixels) as 1, its edge soft by a pixel."""
    mask = cv2.fillPoly(
        np.zeros((SIDE, SIDE), np.uint8), [np.asarray(np.round(outline), np.int32)], (255,)
    )
    return np.asarray(cv2.GaussianBlur(mask, (0, 0), 0.9).astype(np.float32) / 255, np.float32)


def blob(rng: random.Random, roughness: float) -> Plane:
    """A closed outline around the middle, filled; its edge is soft by a pixel."""
    angles = np.linspace(0, 2 * math.pi, 72, endpoint=False)
    radius = np.full(72, rng.uniform(0.24, 0.4) * SIDE)
    for order in range(2, 12):
        size, phase = rng.gauss(0, roughness / order), rng.uniform(0, 2 * math.pi)
        radius = radius * (1 + size * np.cos(order * angles + phase))
    stretch, turn = rng.uniform(0.6, 1.0), rng.uniform(0, math.pi)
    x, y = radius * np.cos(angles), radius * np.sin(angles) * stretch
    turned = np.stack(
        [x * math.cos(turn) - y * math.sin(turn), x * math.sin(turn) + y * math.cos(turn)]
    )
    return filled(turned.T + SIDE / 2)


def laid(rng: random.Random, thing: Thing) -> Image:
    """Lay a thing on a ground of its own, with its shadow; SIDE × SIDE × 3."""
    under = ground(rng, SIDE, SIDE)
    reach = rng.uniform(1, 9)
    turn = rng.uniform(0, 2 * math.pi)
    moved = [[1, 0, reach * math.cos(turn)], [0, 1, reach * math.sin(turn)]]
    shift = np.asarray(moved, np.float32)
    shadow = cv2.warpAffine(np.minimum(thing.solid * 1.5, 1), shift, (SIDE, SIDE))
    shadow = cv2.GaussianBlur(shadow, (0, 0), rng.uniform(1.5, 7)) * rng.uniform(0.15, 0.5)
    under = under * (1 - shadow)[..., None]
    mixed = under + (thing.levels - under) * thing.solid[..., None]
    return np.asarray(np.clip(mixed, 0, 255), np.uint8)
