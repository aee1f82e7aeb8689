"""What stands on made things: one colour, a made print, or a piece of a photograph."""

from __future__ import annotations

import random
from collections.abc import Sequence

import cv2
import numpy as np

from vision.images import Image
from vision.rim import Plane
from vision.train.made.thing import SIDE


def plain(rng: random.Random, low: float, high: float, spread: float) -> Plane:
    """One colour everywhere, of a level between `low` and `high`; `spread` makes it colourful."""
    level = rng.uniform(low, high)
    colour = [min(255.0, max(0.0, level + rng.uniform(-spread, spread))) for _ in range(3)]
    return np.broadcast_to(np.asarray(colour, np.float32), (SIDE, SIDE, 3)).copy()


def printed(rng: random.Random) -> Plane:
    """A made print: fields of colour, lines of text and a few shapes."""
    page = np.asarray(plain(rng, 40, 235, 90), np.uint8)
    for _ in range(rng.randint(2, 6)):
        x, y = rng.randrange(SIDE), rng.randrange(SIDE)
        w, h = rng.randint(30, 200), rng.randint(20, 140)
        colour = tuple(rng.uniform(0, 255) for _ in range(3))
        if rng.random() < 0.6:
            cv2.rectangle(page, (x, y), (x + w, y + h), colour, -1)
        else:
            cv2.ellipse(page, (x, y), (w // 2, h // 2), rng.uniform(0, 180), 0, 360, colour, -1)
    for _ in range(rng.randint(3, 12)):
        text = "".join(rng.choice("ABCDEFGHIKLMNOPRSTUVabcdefghiklmnoprstuv ") for _ in range(12))
        place = (rng.randint(-40, SIDE - 60), rng.randint(10, SIDE))
        colour = (255, 255, 255) if rng.random() < 0.5 else (rng.uniform(0, 120),) * 3
        face = rng.choice((cv2.FONT_HERSHEY_SIMPLEX, cv2.FONT_HERSHEY_TRIPLEX, cv2.FONT_ITALIC))
        cv2.putText(
            page, text, place, face, rng.uniform(0.3, 1.6), colour, rng.randint(1, 3), cv2.LINE_AA
        )
    return np.asarray(page, np.float32)


def print_of(rng: random.Random, photos: Sequence[Image]) -> Plane:
    """A print: a random piece of one of the photos, or a made one."""
    if not photos or rng.random() < 0.4:
        return printed(rng)
    photo = rng.choice(photos)
    height, width = photo.shape[:2]
    h, w = (round(side * rng.uniform(0.25, 0.6)) for side in (height, width))
    y, x = rng.randint(height // 8, height - h), rng.randint(width // 8, width - w)
    piece = photo[y : y + h, x : x + w]
    return np.asarray(cv2.resize(piece, (SIDE, SIDE), interpolation=cv2.INTER_AREA), np.float32)
