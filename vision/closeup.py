"""The part of a picture that holds the thing, so that every camera's things fill the picture alike.

A phone holds a lid to a quarter of its picture's width, TrashNet's fill theirs, a kiosk's camera
stands where it was mounted. What the thing stands out from is the picture's own rim: its colours
are fitted by a smooth surface, and what differs from that is the thing. Where the rim has no one
colour (a shelf, a hand that reaches in, a garment that fills the picture) there is no telling, and
the whole picture stays.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.images import Image
from vision.rim import APART, rim_surface, squares, stretched, terms
from vision.runtime import SIDE

MARGIN = 0.12
"""Room left around the thing, of its width and height, on each side."""

LEAST_SIDE = 0.25
"""A close-up is never smaller than this share of the picture's longer side: specks stay specks."""

GRID = 64
"""The picture is looked over at GRID × GRID places."""

_EVERY, _ROUNDS = 2, 3
"""Every second place of the rim is asked; a fourth fit moves no box."""

_ONE_COLOUR = 0.55
"""The rim is of one colour where its places keep this much of their say on average."""

_LEAST_PART = (0.1, 4)
"""Smaller parts, of the largest and in places, are specks."""

_LEAST_THING = 0.004
"""Less of the picture than this is nothing."""

Box = tuple[float, float, float, float]
"""Left, top, right, bottom, as shares of the picture's width and height."""


def fitted(image: Image) -> Image:
    """Reduce a picture to the model's square; the whole of it, at the cost of its proportions."""
    # Below half, points between pixels would miss some; above, the exact mean costs eight times.
    method = cv2.INTER_AREA if max(image.shape[:2]) >= 2 * SIDE else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(image, (SIDE, SIDE), interpolation=method), np.uint8)


def shown(image: Image) -> Image:
    """What the model is shown of a picture: a close-up of the thing, at the model's size."""
    return fitted(closeup(image))


def closeup(image: Image, margin: float = MARGIN) -> Image:
    """The part around the thing, square where the picture allows; or the whole picture.

    `image` is RGB, uint8, height × width × 3; the part is a view of it.
    """
    box = thing_box(image)
    if box is None:
        return image
    height, width = image.shape[:2]
    left, top, right, bottom = box
    room = 1 + 2 * margin
    side = max(
        (right - left) * width * room, (bottom - top) * height * room,
        LEAST_SIDE * max(height, width),
    )  # fmt: skip
    rows = _span((top + bottom) / 2 * height, side, height)
    return image[rows, _span((left + right) / 2 * width, side, width)]


def _span(middle: float, side: float, whole: int) -> slice:
    """`side` pixels around the middle, moved so that they lie in the picture, or all of it."""
    length = min(side, float(whole))
    first = min(max(middle - length / 2, 0.0), whole - length)
    return slice(int(first), max(int(first) + 1, round(first + length)))


def thing_box(image: Image) -> Box | None:
    """Where the thing is, or None where nothing stands out or the rim is of many colours."""
    # Two steps take a quarter of the time of one exact mean; every picture comes through here.
    double = cv2.resize(image, (2 * GRID, 2 * GRID), interpolation=cv2.INTER_LINEAR)
    small = cv2.resize(double, (GRID, GRID), interpolation=cv2.INTER_AREA)
    lab = stretched(np.asarray(small, np.uint8))
    through, say = rim_surface(lab, _EVERY, _ROUNDS)
    if float(say.mean()) < _ONE_COLOUR:
        return None
    apart = lab.reshape(-1, 3) - terms(GRID, GRID).reshape(-1, 6) @ through
    mask = (squares(apart) > APART**2).reshape(GRID, GRID).view(np.uint8)
    opened = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((2, 2), np.uint8))
    joined = cv2.morphologyEx(opened, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    parts = cv2.connectedComponentsWithStats(joined, connectivity=8)[2][1:]
    return _box_of_parts(np.asarray(parts, np.int32))


def _box_of_parts(parts: NDArray[np.int32]) -> Box | None:
    """The box around all parts but specks; a part is left, top, width, height, places."""
    if not len(parts):
        return None
    share, places = _LEAST_PART
    kept = parts[parts[:, 4] > max(share * parts[:, 4].max(), places)]
    if kept[:, 4].sum() < _LEAST_THING * GRID * GRID:
        return None
    first, last = kept[:, :2].min(axis=0), (kept[:, :2] + kept[:, 2:4]).max(axis=0)
    return (
        float(first[0]) / GRID, float(first[1]) / GRID,
        float(last[0]) / GRID, float(last[1]) / GRID,
    )  # fmt: skip
