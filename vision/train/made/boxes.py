"""Printed cartons, seen from above at an angle."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence

import cv2
import numpy as np

from vision.images import Image
from vision.train.made.prints import plain, print_of
from vision.train.made.sheets import slopes
from vision.train.made.thing import SIDE, Thing, filled


def box(rng: random.Random, photos: Sequence[Image]) -> Thing:
    """A printed carton seen from above at an angle: up to three faces, a little dented."""
    size = np.array([rng.uniform(0.5, 1.0), rng.uniform(0.35, 0.9), rng.uniform(0.08, 0.6)])
    size *= rng.uniform(0.45, 0.8) * SIDE
    turn, tilt = rng.uniform(0, 2 * math.pi), rng.uniform(0.0, 0.7)
    corners = np.array([[x, y, z] for z in (0, 1) for y in (-0.5, 0.5) for x in (-0.5, 0.5)]) * size
    x = corners[:, 0] * math.cos(turn) - corners[:, 1] * math.sin(turn)
    y = corners[:, 0] * math.sin(turn) + corners[:, 1] * math.cos(turn)
    down = y * math.cos(tilt) - corners[:, 2] * math.sin(tilt)
    near = 1 + 0.0006 * corners[:, 2]
    seen = np.stack([x * near, down * near], axis=1) + SIDE / 2
    art = [print_of(rng, photos)] + [
        print_of(rng, photos) if rng.random() < 0.5 else None for _ in "12"
    ]
    base = plain(rng, 60, 235, 60)
    levels = np.zeros((SIDE, SIDE, 3), np.float32)
    solid = np.zeros((SIDE, SIDE), np.float32)
    faces = ((2, 3, 7, 6), (0, 1, 5, 4), (0, 2, 6, 4), (1, 3, 7, 5), (4, 5, 7, 6))
    order = sorted(
        faces, key=lambda face: float(corners[list(face)][:, 2].mean() * 10 + y[list(face)].mean())
    )
    for number, face in enumerate(order):
        page = art[0] if face == faces[-1] else art[1 + number % 2]
        page = base if page is None else page
        shade = 1.0 if face == faces[-1] else rng.uniform(0.55, 0.9)
        square = np.array([[0, 0], [SIDE, 0], [SIDE, SIDE], [0, SIDE]], np.float32)
        warp = cv2.getPerspectiveTransform(square, np.asarray(seen[list(face)], np.float32))
        laid = cv2.warpPerspective(page * shade, warp, (SIDE, SIDE), flags=cv2.INTER_AREA)
        mask = filled(seen[list(face)])
        levels = levels * (1 - mask[..., None]) + laid * mask[..., None]
        solid = np.maximum(solid, mask)
    dents = slopes(rng, rng.randint(3, 25), rng.uniform(3, 10), rng.uniform(0.02, 0.2))[..., :1]
    levels = levels * (1 + 0.6 * dents)
    return Thing(np.asarray(np.clip(levels, 0, 255), np.float32), np.asarray(solid, np.float32))
