"""Crumpled sheets: how light falls on folds tells film from foil, paper and cloth."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass

import cv2
import numpy as np

from vision.rim import Plane
from vision.train.made.thing import SIDE, Thing, blob, noise


@dataclass(frozen=True, slots=True)
class Material:
    """How a sheet meets light.

    `facets` folds of about one size, softened by `soft` pixels and as steep as `relief`; `gloss`
    is the strength and `sharpness` the exponent of highlights (Blinn 1977); `opacity` is what
    the sheet hides of the ground; `weave` the depth of a fine pattern.
    """

    facets: tuple[int, int]
    soft: tuple[float, float]
    relief: tuple[float, float]
    gloss: tuple[float, float]
    sharpness: tuple[float, float]
    opacity: tuple[float, float]
    weave: float = 0.0


FILM = Material((80, 260), (0.6, 1.6), (0.4, 0.9), (0.7, 1.6), (15, 60), (0.12, 0.4))
PRINTED_FILM = Material((60, 220), (0.8, 2.0), (0.3, 0.7), (0.5, 1.3), (12, 50), (0.85, 1.0))
PAPER = Material((20, 140), (0.7, 2.0), (0.2, 0.5), (0.0, 0.05), (4, 8), (1.0, 1.0))
CLOTH = Material((8, 40), (5.0, 12.0), (0.6, 1.4), (0.0, 0.0), (4, 8), (1.0, 1.0), 0.05)
FOIL = Material((80, 320), (0.5, 1.2), (0.7, 1.3), (0.9, 1.8), (6, 25), (1.0, 1.0))


def _facets(rng: random.Random, count: int, relief: float) -> Plane:
    """Flat places side by side, each with a slope of its own; SIDE × SIDE × 2."""
    seeds = np.full((SIDE, SIDE), 255, np.uint8)
    for _ in range(count):
        seeds[rng.randrange(SIDE), rng.randrange(SIDE)] = 0
    _, facet = cv2.distanceTransformWithLabels(
        seeds, cv2.DIST_L2, 3, labelType=cv2.DIST_LABEL_PIXEL
    )
    draw = np.random.default_rng(rng.getrandbits(64))
    slopes = draw.normal(0, relief, (int(facet.max()) + 1, 2)).astype(np.float32)
    return np.asarray(slopes[facet], np.float32)


def slopes(rng: random.Random, count: int, soft: float, relief: float) -> Plane:
    """The slopes of a folded sheet: large folds, small ones on them, and a swell below both."""
    large, small = _facets(rng, count, relief), _facets(rng, 4 * count, 0.4 * relief)
    swell = np.stack([noise(rng, 14), noise(rng, 14)], axis=-1) * (0.5 * relief)
    folds = cv2.GaussianBlur(large, (0, 0), soft) + cv2.GaussianBlur(small, (0, 0), 0.7 * soft)
    return np.asarray(folds + swell, np.float32)


def sheet(rng: random.Random, material: Material, colour: Plane) -> Thing:
    """A crumpled sheet of a material; `colour` (SIDE × SIDE × 3) is what is printed on it."""
    folds, soft = rng.randint(*material.facets), rng.uniform(*material.soft)
    tilted = slopes(rng, folds, soft, rng.uniform(*material.relief))
    along, across = tilted[..., 0], tilted[..., 1]
    length = np.sqrt(1 + along**2 + across**2)
    turn, height = rng.uniform(0, 2 * math.pi), rng.uniform(0.7, 1.3)
    light = np.array([math.cos(turn), math.sin(turn), height])
    light /= np.linalg.norm(light)
    half = light + np.array([0, 0, 1.0])
    half /= np.linalg.norm(half)
    diffuse = np.clip((along * light[0] + across * light[1] + light[2]) / length, 0, 1)
    mirror = np.clip((along * half[0] + across * half[1] + half[2]) / length, 0, 1)
    shine = rng.uniform(*material.gloss) * mirror ** rng.uniform(*material.sharpness)
    shade = 0.45 + 0.65 * diffuse
    if material.weave:
        shade = shade * (1 + material.weave * noise(rng, 0.6))
    levels = colour * shade[..., None] + 160 * shine[..., None]
    solid = blob(rng, 0.22)
    opacity = rng.uniform(*material.opacity)
    through = np.clip(opacity + 0.8 * shine, 0, 1) if opacity < 0.5 else opacity
    return Thing(
        np.asarray(np.clip(levels, 0, 255), np.float32), np.asarray(solid * through, np.float32)
    )
