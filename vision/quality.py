"""Whether a picture is good enough to be judged: light, contrast, sharpness.

Everything is measured on the grey picture reduced to `WIDTH` pixels, so that the figures do not
depend on the camera's resolution.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from vision.images import Image, checked

WIDTH = 320
MOST_HEIGHT = 4 * WIDTH
"""A picture taller than this is squeezed. No camera's is; a tall strip would fill the memory."""

NOISE_SIGMA = 1.0
"""Smoothing before sharpness is measured: noise has edges too, and would pass for detail."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Where a picture stops being usable; levels are 0 to 255.

    The defaults refuse one photograph in 150 of TrashNet's validation split and none of the
    field set, while a lamp that is off, a blinded sensor, a covered lens and one defocused by
    eight pixels in 640 or more are refused (see docs/vision.md).

    `dark_level`: the brightest twentieth of the picture lies below it.
    `burnt_fraction`: more of the picture than this is at `burnt_level` or above.
    `flat_level`: the grey levels' standard deviation is below it: something covers the lens.
    `blur_variance`: the Laplacian's variance, sensor noise smoothed away, is below it.
    """

    dark_level: float = 50.0
    burnt_level: float = 250.0
    burnt_fraction: float = 0.6
    flat_level: float = 4.0
    blur_variance: float = 1.0


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Quality:
    """What was measured in a picture and what is wrong with it.

    `problems` holds any of `dark`, `overexposed`, `covered`, `blurred`; empty is good.
    What takes the empty chamber to compare with, such as `moved` and `dirty`, is told by
    `vision.chamber.spoiled_by`.
    """

    bright_level: float
    burnt_fraction: float
    contrast: float
    sharpness: float
    problems: tuple[str, ...]


def judge(image: Image, limits: Limits = DEFAULT_LIMITS) -> Quality:
    """Measure a picture (RGB, uint8) against `limits`.

    A histogram answers what sorting and comparing every pixel would: this is on the way of every
    picture to its verdict.

    Raises:
        ImageError: It is not a picture of that shape and type.
    """
    grey = _reduced(image)
    shares = cv2.calcHist([grey], [0], None, [256], [0, 256]).ravel() / grey.size
    bright = float(np.searchsorted(np.cumsum(shares), 0.95))
    burnt = float(shares[math.ceil(limits.burnt_level) :].sum())
    contrast = float(cv2.meanStdDev(grey)[1][0, 0])
    smooth = cv2.GaussianBlur(grey.astype(np.float32), (0, 0), NOISE_SIGMA)
    _, spread = cv2.meanStdDev(cv2.Laplacian(smooth, cv2.CV_32F))
    sharpness = float(spread[0, 0]) ** 2
    signs = (
        ("dark", bright < limits.dark_level),
        ("overexposed", burnt > limits.burnt_fraction),
        ("covered", contrast < limits.flat_level),
        ("blurred", sharpness < limits.blur_variance),
    )
    problems = tuple(name for name, present in signs if present)
    return Quality(bright, burnt, contrast, sharpness, problems)


def _reduced(image: Image) -> Image:
    """The picture in grey at the width that all figures are meant for, never over `MOST_HEIGHT`."""
    grey = cv2.cvtColor(checked(image), cv2.COLOR_RGB2GRAY)
    height = min(max(1, round(grey.shape[0] * WIDTH / grey.shape[1])), MOST_HEIGHT)
    return np.asarray(cv2.resize(grey, (WIDTH, height), interpolation=cv2.INTER_AREA), np.uint8)
