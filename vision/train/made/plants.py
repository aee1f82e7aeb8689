"""Things that the kiosk does not take: twigs and leaves, peels and leftovers."""

from __future__ import annotations

import math
import random

import cv2
import numpy as np

from vision.train.made.thing import SIDE, Thing, blob, noise


def _colour(
    rng: random.Random, hues: tuple[int, int], levels: tuple[int, int]
) -> tuple[float, ...]:
    """A colour of a hue range (OpenCV's 0 to 179) as RGB."""
    pixel = np.array([[[rng.randint(*hues), rng.randint(60, 220), rng.randint(*levels)]]], np.uint8)
    return tuple(float(value) for value in cv2.cvtColor(pixel, cv2.COLOR_HSV2RGB)[0, 0])


def plant(rng: random.Random) -> Thing:
    """Twigs, leaves or petals: branching lines and pointed ellipses, green, brown or red."""
    levels = np.zeros((SIDE, SIDE, 3), np.uint8)
    mask = np.zeros((SIDE, SIDE), np.uint8)
    hues = rng.choice(((30, 60), (10, 22), (10, 28), (170, 179)))
    leafy = rng.random() < 0.75
    tips: list[tuple[float, float, float, float]] = []
    for _ in range(rng.randint(1, 4)):
        start = (SIDE * rng.uniform(0.35, 0.65), SIDE * rng.uniform(0.35, 0.65))
        tips.append((*start, rng.uniform(0, 2 * math.pi), rng.uniform(2, 7)))
    for _ in range(rng.randint(25, 90)):
        x, y, turn, width = tips.pop(rng.randrange(len(tips)))
        length = rng.uniform(12, 42)
        end = (x + length * math.cos(turn), y + length * math.sin(turn))
        ends = (round(x), round(y)), (round(end[0]), round(end[1]))
        stem = _colour(rng, (10, 35), (50, 170))
        cv2.line(levels, *ends, stem, max(1, round(width)), cv2.LINE_AA)
        cv2.line(mask, *ends, (255,), max(1, round(width)), cv2.LINE_AA)
        if leafy and rng.random() < 0.6:
            axes = (rng.randint(9, 32), rng.randint(4, 14))
            leaf, angle = _colour(rng, hues, (60, 220)), math.degrees(turn) + rng.uniform(-60, 60)
            cv2.ellipse(levels, ends[1], axes, angle, 0, 360, leaf, -1, cv2.LINE_AA)
            cv2.ellipse(mask, ends[1], axes, angle, 0, 360, (255,), -1, cv2.LINE_AA)
            darker = tuple(0.75 * value for value in leaf)
            cv2.line(levels, ends[1], ends[0], darker, 1, cv2.LINE_AA)
        tips += [
            (*end, turn + rng.uniform(-0.8, 0.8), width * rng.uniform(0.6, 1.0))
            for _ in range(rng.choice((1, 1, 2)))
        ]
    shade = 1 + 0.2 * noise(rng, 4) + 0.08 * noise(rng, 1)
    return Thing(
        np.asarray(np.clip(levels * shade[..., None], 0, 255), np.float32),
        np.asarray(mask.astype(np.float32) / 255, np.float32),
    )


def scraps(rng: random.Random) -> Thing:
    """Peels and leftovers: a few mottled, rough blobs in the colours of food."""
    levels = np.zeros((SIDE, SIDE, 3), np.float32)
    solid = np.zeros((SIDE, SIDE), np.float32)
    hues = rng.choice(((5, 22), (8, 30), (25, 50), (0, 10)))
    for _ in range(rng.randint(1, 5)):
        mask = blob(rng, 0.5)
        scale = rng.uniform(0.3, 0.8)
        move = cv2.getRotationMatrix2D((SIDE / 2, SIDE / 2), rng.uniform(0, 360), scale)
        move[:, 2] += np.array([rng.uniform(-50, 50), rng.uniform(-50, 50)])
        mask = np.asarray(cv2.warpAffine(mask, move, (SIDE, SIDE)), np.float32)
        colour = np.asarray(_colour(rng, hues, (70, 230)), np.float32)
        mottled = 1 + 0.22 * noise(rng, 5) + 0.12 * noise(rng, 1.2)
        levels = levels * (1 - mask[..., None]) + colour * mottled[..., None] * mask[..., None]
        solid = np.maximum(solid, mask)
    return Thing(np.asarray(np.clip(levels, 0, 255), np.float32), solid)
