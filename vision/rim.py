"""What a picture's rim tells of the ground: a smooth surface of colour, and things stand out."""

from __future__ import annotations

import functools

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.images import Image

Plane = NDArray[np.float32]

APART = 9.0
"""What differs by more, in stretched CIELAB, stands out; seams and grain of steel do not."""

_RIM = 0.07
"""The rim is so wide, as a share of the height."""

_STRETCH = np.array([0.6, 1.6, 1.6], np.float32)
"""Lightness counts less than hue: a shadow is no thing."""

_LIKE_RIM = 36.0
"""Square of the difference at which a place of the rim loses most of its say in the fit."""


def stretched(image: Image) -> Plane:
    """The picture's colours, spaced as they differ to the eye; height × width × 3."""
    lab = cv2.cvtColor(image, cv2.COLOR_RGB2LAB)
    return np.asarray(np.asarray(lab, np.float32) * _STRETCH, np.float32)


def rim_surface(colours: Plane, every: int, rounds: int) -> tuple[Plane, Plane]:
    """The surface (6 × 3) through the rim of height × width × 3 colours, and the places' say in it.

    One of `every` places is asked. Places that differ lose their say (Welsch's weights): a thing
    may reach over the rim. `terms` times the surface is the ground everywhere.
    """
    height, width = colours.shape[:2]
    places = _rim(height, width)[::every]
    basis = terms(height, width).reshape(-1, 6)[places]
    asked = colours.reshape(-1, 3)[places]
    say = np.ones(len(places), np.float32)
    for _ in range(rounds):
        through = surface(basis, asked, say)
        say = np.exp(squares(asked - basis @ through) / -_LIKE_RIM)
    return through, say


def surface(basis: Plane, colours: Plane, say: Plane | None = None) -> Plane:
    """The quadratic surface through N × 3 colours by least squares; 6 × 3."""
    weighed = basis if say is None else basis * say[:, None]
    normal = weighed.T @ basis + 1e-4 * len(basis) * np.eye(basis.shape[1], dtype=np.float32)
    return np.asarray(np.linalg.solve(normal, weighed.T @ colours), np.float32)


def squares(off: Plane) -> Plane:
    """The squared length of each of N × 3 differences; a sum along so short a side is slow."""
    return np.asarray(np.einsum("ij,ij->i", off, off), np.float32)


def grid(height: int, width: int) -> tuple[Plane, Plane]:
    """Across and down from -1 to 1; height × width each."""
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    return np.asarray(x, np.float32), np.asarray(y, np.float32)


@functools.lru_cache(maxsize=16)
def terms(height: int, width: int) -> Plane:
    """The terms of a quadratic surface, height × width × 6."""
    x, y = grid(height, width)
    return np.stack([np.ones_like(x), x, y, x * x, y * y, x * y], axis=-1)


@functools.lru_cache(maxsize=16)
def _rim(height: int, width: int) -> NDArray[np.intp]:
    """Which places lie at the outer rim, where the ground mostly shows."""
    rim = np.ones((height, width), np.bool_)
    wide = round(height * _RIM)
    rim[wide:-wide, wide:-wide] = False
    return np.flatnonzero(rim)
