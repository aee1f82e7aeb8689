"""What is wrong with lens or mount, told by comparing with the empty chamber."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.chamber.lamp import Small, strongest
from vision.chamber.reference import FURTHEST_PX, Compared, EmptyReference, Mask

FLAT_SHARE = 0.3
"""A picture whose steepest twentieth has less than this share of the chamber's slope is covered."""

BLURRED = (0.1, 0.6)
"""Edges with these shares of the reference's steepness are out of focus by 1.5 pixels or more;
with less there are none: something hides them."""

SOFT_PLACES = 6.8
"""A thing whose contrast takes more than this (27 pixels) to turn is a spot on the lens, far out
of focus; drawn items and hands turn within 5.5, a spot takes 7 to 13."""

LEAST_SPOT = 0.004
"""A spot that hides less of the picture than this changes no verdict."""


def spoiled_by(reference: EmptyReference, compared: Compared) -> tuple[str, ...]:
    """Name any of `covered`, `moved`, `blurred`, `dirty`; empty where lens and mount are good.

    `dirty` is a spot that no sharp thing overlaps, so it shows best in an empty chamber.
    """
    pose = compared.pose
    blurred = BLURRED[0] < pose.sharpness < BLURRED[1]
    if not compared.seen:
        if _is_flat(reference.small, compared.small):
            return ("covered",)
        moved = pose.moved_px > FURTHEST_PX
        return ("moved",) if moved else ("blurred",) if blurred else ("covered",)
    spot = _has_spot(reference.small, compared.small, compared.foreground)
    signs = (("blurred", blurred), ("dirty", spot))
    return tuple(name for name, present in signs if present)


def _is_flat(reference: Small, small: Small) -> bool:
    steepest = [np.percentile(_slope(one.mean(axis=2)), 95) for one in (small, reference)]
    return bool(steepest[0] < FLAT_SHARE * steepest[1])


def _has_spot(reference: Small, small: Small, foreground: Mask) -> bool:
    """Whether some part of the foreground is soft all around."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(foreground.astype(np.uint8))
    large = [
        number
        for number in range(1, count)
        if stats[number, cv2.CC_STAT_AREA] >= LEAST_SPOT * foreground.size
    ]
    if not large:
        return False
    strong = strongest(np.abs(small - reference))
    difference = np.asarray(cv2.GaussianBlur(strong, (0, 0), 1.0), np.float32)
    slope = _slope(difference)
    return any(_is_soft(labels == number, difference, slope) for number in large)


def _is_soft(part: Mask, difference: NDArray[np.float32], slope: NDArray[np.float32]) -> bool:
    """Turning width is contrast over slope, each at its strongest, the part's outline included."""
    around = cv2.dilate(part.astype(np.uint8), np.ones((5, 5), np.uint8)).astype(np.bool_)
    contrast, steepest = np.percentile(difference[around], 90), np.percentile(slope[around], 97)
    return bool(contrast > SOFT_PLACES * steepest)


def _slope(plane: NDArray[np.float32]) -> NDArray[np.float32]:
    """How steep each place is, per place."""
    right, down = (cv2.Sobel(plane, cv2.CV_32F, *way, scale=1 / 8) for way in ((1, 0), (0, 1)))
    return np.asarray(np.hypot(right, down), np.float32)
