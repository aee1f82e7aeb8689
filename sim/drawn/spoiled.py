"""What spoils a picture of the chamber without anybody's load: lamp, lens, mount and pan."""

from __future__ import annotations

import random
from dataclasses import replace

import cv2
import numpy as np

from sim.drawn.brush import Picture, Plane, blend, clouds, f32, smooth
from sim.drawn.chamber import HEIGHT, WIDTH, Scene


def aged(scene: Scene, gain: float) -> Scene:
    """The same scene under a lamp that gives `gain` of its light."""
    return replace(scene, rgb=f32(scene.rgb * gain))


def daylight(scene: Scene, strength: float) -> Scene:
    """The day shines in through the open hatch, `strength` of the lamp's light at its edge."""
    near = np.exp((np.arange(HEIGHT, dtype=np.float32) - HEIGHT) / 130)[:, None, None]
    sky = strength * near * f32((0.9, 1.0, 1.1))
    return replace(scene, rgb=f32(scene.rgb * (1 + sky)))


def wet(scene: Scene, rng: random.Random) -> Scene:
    """A puddle on the pan: a little darker than steel, with a bright reflection at one side."""
    puddle = _patch(rng, rng.uniform(50, 110))
    shine = np.clip(puddle - np.roll(puddle, (6, 5), (0, 1)), 0, 1)
    darker = blend(scene.rgb, f32(scene.rgb * 0.78), f32(puddle))
    return replace(scene, rgb=f32(darker + 0.25 * shine[..., None]))


def stained(scene: Scene, rng: random.Random, strength: float = 0.5) -> Scene:
    """Something brown has dried on the pan; `strength` is how much of the steel it hides."""
    stain = _patch(rng, rng.uniform(30, 80))
    return replace(scene, rgb=blend(scene.rgb, (0.33, 0.22, 0.14), f32(stain * strength)))


def spotted(picture: Picture, rng: random.Random) -> Picture:
    """Dirt on the lens: one soft spot, far out of focus, that hides part of what is behind it."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    radius_px = rng.uniform(45, 100)
    at = rng.uniform(120, WIDTH - 120), rng.uniform(100, HEIGHT - 140)
    far = np.hypot(x - at[0], y - at[1]) / radius_px
    spot = f32(rng.uniform(0.5, 0.9) * (1 - smooth(0.35, 1.25, f32(far))))
    hidden = blend(f32(picture / 255), (rng.uniform(0.1, 0.3), 0.2, 0.18), spot)
    return _levels(hidden * 255)


def covered(picture: Picture, rng: random.Random) -> Picture:
    """A thumb, tape or chewing gum on the lens: an even tone that is a little lighter at a side."""
    slope = np.linspace(-1, 1, WIDTH, dtype=np.float32) * rng.uniform(2, 7)
    # What covers it stays as it is; the sensor's noise is another one in each picture.
    fresh = [rng.getrandbits(64), int(picture.sum(dtype=np.int64))]
    noise = np.random.default_rng(fresh).normal(0, 1.8, picture.shape)
    tone = f32([rng.uniform(60, 150), rng.uniform(60, 110), rng.uniform(60, 110)])
    return _levels(f32(tone + slope[None, :, None] + noise))


def half_covered(picture: Picture, rng: random.Random) -> Picture:
    """A sticker over more than half of the lens."""
    edge = WIDTH * rng.uniform(0.55, 0.75)
    x = np.arange(WIDTH, dtype=np.float32)
    veil = np.broadcast_to(1 - smooth(edge - 40, edge + 40, f32(x)), (HEIGHT, WIDTH))
    return _levels(blend(f32(picture), (130.0, 122.0, 90.0), f32(veil)))


def defocused(picture: Picture, sigma_px: float, rng: random.Random) -> Picture:
    """The lens has turned: everything is soft, only the sensor's noise is not."""
    soft = cv2.GaussianBlur(f32(picture), (0, 0), sigma_px)
    noise = np.random.default_rng(rng.getrandbits(64)).normal(0, 2.0, picture.shape)
    return _levels(f32(soft + noise))


def nudged(picture: Picture, right_px: float, down_px: float, turn_deg: float = 0.0) -> Picture:
    """The camera sits a little otherwise than before."""
    move = cv2.getRotationMatrix2D((WIDTH / 2, HEIGHT / 2), turn_deg, 1.0)
    move[:, 2] += np.array((right_px, down_px))
    moved = cv2.warpAffine(picture, move, (WIDTH, HEIGHT), borderMode=cv2.BORDER_REFLECT_101)
    return np.asarray(moved, np.uint8)


def compressed(picture: Picture, quality: int) -> Picture:
    """As it comes back from a JPEG of this quality (1 to 100)."""
    _, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_UNCHANGED), np.uint8)


def _patch(rng: random.Random, radius_px: float) -> Plane:
    """A patch with a ragged, fairly sharp edge, somewhere on the pan."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    at = rng.uniform(150, WIDTH - 150), rng.uniform(130, HEIGHT - 150)
    ragged = clouds(rng, 14, WIDTH)[:HEIGHT] * 0.16
    far = f32(np.hypot(x - at[0], (y - at[1]) * 1.2) / radius_px + ragged)
    return f32(1 - smooth(0.92, 1.04, far))


def _levels(values: Plane) -> Picture:
    return np.asarray(np.clip(np.round(values), 0, 255), np.uint8)
