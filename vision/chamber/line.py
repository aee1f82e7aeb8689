"""A thin line that leads to the hatch: a string by which a load could be pulled out again.

A string is too thin for a mask, so it is followed. In the strip beside the hatch's edge of the
picture every path that goes inward, at most two pixels aside a row, gathers what is ridge-like
in the difference from the empty chamber; the best one is found by dynamic programming, row by
row. Over forty rows even a line of one pixel stands out from the best path through mere noise.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.chamber.lamp import Small
from vision.images import Image

DEPTHS_PX = (28, 44)
"""How far from the edge inward a line is followed; the shorter where an item lies near."""

LINE = 3.0
"""Mean steps of noise along a line's path. The best path through an empty or loaded chamber has
at most 2.7, a string of one to three pixels (0.8 to 2.4 mm) 4 and more (`kiosk bench chamber`)."""

MOST = 6.0
"""One place counts no more than this, so that one bright spot is no line."""

RIDGE_PX = 15
"""What is wider than this is no line but a thing, and is seen as foreground."""

FLAT = 1.2
"""Grey levels of ridge that are nothing, however quiet the sensor."""

DEPTH_PX = 52
"""How deep the strip is: the longest path, and a border for the ridges' filter."""

EDGE_SHARE = 0.25
"""Beside an edge of the chamber a ridge must exceed this share of the edge's slope as well."""

_STEP = np.ones((1, 5), np.uint8)

_Plane = NDArray[np.float32]


class Strip:
    """The strip beside the lower edge of one empty chamber (RGB, 0 to 255, any float)."""

    def __init__(self, reference: _Plane) -> None:
        self._known = np.ascontiguousarray(reference[-DEPTH_PX:], np.float32)
        slope = np.abs(cv2.Sobel(self._known, cv2.CV_32F, 1, 0, scale=1 / 8)).max(axis=2)
        self._less = np.asarray(1 / (1 + EDGE_SHARE * slope), np.float32)

    def leads_out(self, picture: Image, light: Small, foreground: NDArray[np.bool_]) -> bool:
        """Whether a thin line leads from the inside to the lower edge.

        `picture` is of the reference's size, `light` is by what its places must be
        multiplied and `foreground` what is no line, both at a quarter of the size.
        """
        rows = DEPTH_PX // 4 + 1
        full = cv2.resize(light[-rows:], (picture.shape[1], 4 * rows))[-DEPTH_PX:]
        difference = np.asarray(picture[-DEPTH_PX:] * full - self._known, np.float32)
        ridges = np.maximum.reduce(
            [_ridges(np.asarray(one, np.float32)) for one in cv2.split(difference)]
        )
        ridges = np.minimum(ridges * self._less, MOST)
        ridges[_hidden(foreground, ridges.shape)] = 0
        return strength(ridges) >= LINE


def strength(ridges: _Plane) -> float:
    """The best path's mean from the lower edge inward, over the best of `DEPTHS_PX`."""
    best = ridges[-1]
    found = 0.0
    for depth_px in range(2, max(DEPTHS_PX) + 1):
        best = cv2.dilate(best[None], _STEP)[0] + ridges[-depth_px]
        if depth_px in DEPTHS_PX:
            found = max(found, float(best.max()) / depth_px)
    return found


def _ridges(difference: _Plane) -> _Plane:
    """How many steps of noise each place of one colour stands out from its row."""
    narrow = cv2.GaussianBlur(difference, (0, 0), 1.0)
    ridge = np.abs(narrow - cv2.blur(difference, (RIDGE_PX, 3)))
    noise = 1.4826 * np.median(ridge[:, ::4], axis=1, keepdims=True)
    return np.asarray(ridge / (noise + FLAT), np.float32)


def _hidden(foreground: NDArray[np.bool_], shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """Where a thing and its outline lie in the strip, at the picture's full size."""
    rows = shape[0] // 4 + 1
    wider = cv2.dilate(foreground[-rows:].astype(np.uint8), np.ones((3, 3), np.uint8))
    full = cv2.resize(wider, (shape[1], 4 * rows), interpolation=cv2.INTER_NEAREST)
    return np.asarray(full[-shape[0] :], np.bool_)
