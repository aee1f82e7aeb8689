"""The chamber that everything is drawn in: one steel pan, one lamp, one camera above."""

from __future__ import annotations

import functools
import random
from dataclasses import dataclass

import cv2
import numpy as np

from sim.drawn.brush import SIDE, Patch, Picture, Plane, f32, in_colours

HEIGHT, WIDTH = 480, 640
_PAN = (34, 26, 606, 448)
"""Left, top, right and bottom edge of the pan in the picture."""


@functools.cache
def steel() -> Plane:
    """The empty chamber, HEIGHT × WIDTH × 3, always the same: walls, pan, gate seam, screws."""
    scene = np.full((HEIGHT, WIDTH, 3), (0.30, 0.31, 0.32), np.float32)
    left, top, right, bottom = _PAN
    grain = np.random.default_rng(20240501).normal(size=(HEIGHT, WIDTH)).astype(np.float32)
    blurred = f32(cv2.GaussianBlur(grain, (0, 0), sigmaX=18, sigmaY=0.6))
    brushed = f32(blurred / blurred.std())
    metal = f32((0.60, 0.61, 0.62)) + (brushed * 0.016)[..., None]
    scene[top:bottom, left:right] = metal[top:bottom, left:right]
    _walls(scene)
    _seam_and_screws(scene)
    return f32(scene * _lamp()[..., None])


def _walls(scene: Plane) -> None:
    """Draw the corners of the walls, the pan's rim and the hatch's sill along the lower edge."""
    left, top, right, bottom = _PAN
    corners = ((0, 0), (WIDTH, 0), (0, HEIGHT), (WIDTH, HEIGHT))
    rim = ((left, top), (right, top), (left, bottom), (right, bottom))
    for outer, inner in zip(corners, rim, strict=True):
        cv2.line(scene, outer, inner, (0.2, 0.21, 0.22), 2, cv2.LINE_AA)
    cv2.rectangle(scene, (left, top), (right, bottom), (0.16, 0.16, 0.17), 3, cv2.LINE_AA)
    cv2.line(scene, (left, bottom + 2), (right, bottom + 2), (0.85, 0.86, 0.87), 1, cv2.LINE_AA)
    cv2.rectangle(scene, (110, 463), (530, HEIGHT), (0.17, 0.2, 0.24), -1)


def _seam_and_screws(scene: Plane) -> None:
    """Draw the seam between the gate's two leaves and the eight screws of their hinges."""
    _, top, _, bottom = _PAN
    middle = WIDTH // 2
    cv2.line(scene, (middle, top), (middle, bottom), (0.27, 0.27, 0.28), 2, cv2.LINE_AA)
    cv2.line(scene, (middle + 2, top), (middle + 2, bottom), (0.76, 0.77, 0.78), 1, cv2.LINE_AA)
    for x in (52, 588):
        for y in (60, 180, 294, 414):
            cv2.circle(scene, (x, y), 6, (0.45, 0.46, 0.47), -1, cv2.LINE_AA)
            cv2.line(scene, (x - 4, y - 3), (x + 4, y + 3), (0.25, 0.25, 0.26), 2, cv2.LINE_AA)


def _lamp() -> Plane:
    """How bright each place is lit: a broad glow above the middle, darker corners."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    far = ((x - 290) / 420) ** 2 + ((y - 200) / 340) ** 2
    return f32(1.14 - 0.3 * far)


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """What stands still in the chamber, before any picture of it; nobody changes it any more.

    `rgb` is HEIGHT × WIDTH × 3, `alpha` HEIGHT × WIDTH: how far an item hides each place.
    """

    rgb: Plane
    alpha: Plane


def lay(patch: Patch, rng: random.Random) -> Scene:
    """Put a patch down somewhere on the pan, turned anyhow, with its shadow."""
    place = _anchored(rng) if patch.anchored else _anywhere(rng)
    wide = (WIDTH, HEIGHT)
    alpha = f32(cv2.warpAffine(patch.alpha, place, wide))
    rgb = f32(cv2.warpAffine(patch.rgb * in_colours(patch.alpha), place, wide))
    throw = f32([[1, 0, patch.lift * 0.55], [0, 1, patch.lift * 0.7]])
    shadow = cv2.GaussianBlur(cv2.warpAffine(alpha, throw, wide), (0, 0), 2 + patch.lift * 0.45)
    contact = cv2.GaussianBlur(alpha, (0, 0), 5)
    ground = steel() * in_colours(f32(1 - 0.42 * shadow - 0.22 * contact))
    return Scene(f32(rgb + ground * in_colours(f32(1 - alpha))), alpha)


@functools.cache
def nothing() -> Scene:
    """The chamber with nothing in it."""
    return Scene(steel(), np.zeros((HEIGHT, WIDTH), np.float32))


def _anywhere(rng: random.Random) -> Plane:
    turn, scale = rng.uniform(0, 360), rng.uniform(0.80, 0.95)
    place = f32(cv2.getRotationMatrix2D((SIDE / 2, SIDE / 2), turn, scale))
    place[:, 2] += ((WIDTH - SIDE) / 2 + rng.uniform(-60, 60), rng.uniform(-18, 18))
    return place


def _anchored(rng: random.Random) -> Plane:
    place = f32(cv2.getRotationMatrix2D((SIDE / 2, SIDE), rng.uniform(-14, 14), 1.0))
    place[:, 2] += ((WIDTH - SIDE) / 2 + rng.uniform(-50, 50), HEIGHT - SIDE + rng.uniform(8, 30))
    return place


def photograph(scene: Scene, rng: random.Random, size: tuple[int, int]) -> Picture:
    """Take a picture of a scene: the lamp flickers a little, lens and sensor add their part.

    `size` is (height, width); the result is RGB, height × width × 3, uint8.
    """
    noise = np.random.default_rng(rng.getrandbits(64))
    warmth = f32([1 + rng.uniform(-0.008, 0.008), 1, 1 + rng.uniform(-0.008, 0.008)])
    # Rows are long and colours three: numpy is quick along rows alone.
    rows = _through_lens(scene).reshape(HEIGHT, WIDTH * 3) * np.tile(warmth, WIDTH)
    rows *= np.float32(rng.uniform(0.975, 1.025))
    exposed = rows.reshape(HEIGHT, WIDTH, 3)
    if size != (HEIGHT, WIDTH):
        exposed = f32(cv2.resize(exposed, (size[1], size[0]), interpolation=cv2.INTER_AREA))
    return _sensed(exposed, noise)


@functools.lru_cache(maxsize=2)
def _through_lens(scene: Scene) -> Plane:
    """The scene as a good lens softens it: the same for each of its pictures."""
    return f32(cv2.GaussianBlur(scene.rgb, (0, 0), 0.6))


def _sensed(exposed: Plane, noise: np.random.Generator) -> Picture:
    """What a sensor makes of the light: grain grows with its root. `exposed` is used up.

    In place: most of the time would go into fresh memory otherwise.
    """
    grain = noise.standard_normal(exposed.shape, np.float32)
    rough = np.clip(exposed, 0, 1)
    np.sqrt(rough, out=rough)
    rough *= np.float32(1.6)
    rough += np.float32(1.2)
    rough *= grain
    exposed *= np.float32(255)
    exposed += rough
    np.rint(exposed, out=exposed)
    return np.asarray(np.clip(exposed, 0, 255, out=exposed), np.uint8)
