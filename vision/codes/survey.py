"""Look before you pay: where in a picture may a code be, from how light changes there.

Squared gradients, averaged over small blocks, are large where there are many edges. Where these
all run one way there may be bars, else a QR code. Noise is everywhere alike and so is no place.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.decoders import Corners, Grey

BLOCK_PX = 8
FINE_PX = 640
"""A picture of a longer side is surveyed at half its size."""

MOST = 3
"""So many places of a kind are given, the most striking first."""

NOISE_RATIO = 4.0
"""A place has so many times the squared gradient of the picture's calmest fifth."""

LEAST_ENERGY = 100.0
"""The squared gradient (Sobel) of a pattern with a contrast of some five grey levels."""

BARS_COHERENCE = 0.6
LEAST_BLOCKS = 8
LEAST_BARS_PX = 50

Map = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Box:
    """An upright rectangle, in pixels: from `left`, `top` to `right`, `bottom` exclusive."""

    left: int
    top: int
    right: int
    bottom: int

    @classmethod
    def around(cls, corners: Corners) -> Box:
        """The least box that holds these corners."""
        xs, ys = zip(*corners, strict=True)
        return cls(max(min(xs), 0), max(min(ys), 0), max(xs) + 1, max(ys) + 1)

    def of(self, grey: Grey) -> Grey:
        """That part of a picture."""
        return grey[self.top : self.bottom, self.left : self.right]

    def inside(self, grey: Grey) -> bool:
        """Whether any of it lies in that picture."""
        return self.of(grey).size > 0

    def grown(self, grey: Grey, share: float = 0.2, least_px: int = 16) -> Box:
        """The box with a margin around it, inside the picture."""
        height, width = grey.shape
        x_px = least_px + int(share * (self.right - self.left))
        y_px = least_px + int(share * (self.bottom - self.top))
        return Box(
            max(self.left - x_px, 0),
            max(self.top - y_px, 0),
            min(self.right + x_px, width),
            min(self.bottom + y_px, height),
        )


@dataclass(frozen=True, slots=True)
class Stripes:
    """Parallel edges: the direction across them (radians), and their extent that way and along.

    Distances are pixels from the picture's corner, measured in these two directions.
    """

    angle: float
    across_px: tuple[float, float]
    along_px: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Survey:
    """Where bars and where other fine patterns are, most striking first."""

    stripes: tuple[Stripes, ...]
    patterns: tuple[Box, ...]


def survey(grey: Grey) -> Survey:
    """Find where codes may be; two empty tuples where the picture is calm or noise alone."""
    scale = 2 if max(grey.shape) > FINE_PX else 1
    small = resized(grey, 1 / scale, cv2.INTER_AREA)
    if min(small.shape) < 2 * BLOCK_PX:
        return Survey((), (_whole(grey),))
    xx, yy, xy = (np.asarray(cv2.blur(one, (3, 3)), np.float32) for one in _gradients(small))
    energy = xx + yy
    least = max(NOISE_RATIO * float(np.percentile(energy, 20)), LEAST_ENERGY)
    strong = float(np.percentile(energy, 99))
    one_way = np.sqrt((xx - yy) ** 2 + 4 * xy * xy) > BARS_COHERENCE * energy
    bars = one_way & (energy > max(0.06 * strong, LEAST_ENERGY))
    fine = energy > max(least, 0.1 * strong)
    block_px = (grey.shape[1] / energy.shape[1], grey.shape[0] / energy.shape[0])
    stripes = (
        _stripes(part, (xx, yy, xy), block_px) for part in _parts(bars, energy, cv2.MORPH_OPEN, 2)
    )
    return Survey(
        tuple(one for one in stripes if one.across_px[1] - one.across_px[0] >= LEAST_BARS_PX),
        tuple(_box(part, block_px) for part in _parts(fine, energy, cv2.MORPH_CLOSE, 3)),
    )


def resized(grey: Grey, scale: float, interpolation: int) -> Grey:
    """The same at another scale; a side of one pixel is never rounded to none."""
    height, width = (max(1, round(side * scale)) for side in grey.shape)
    return np.asarray(cv2.resize(grey, (width, height), interpolation=interpolation), np.uint8)


def _whole(grey: Grey) -> Box:
    return Box(0, 0, grey.shape[1], grey.shape[0])


def _gradients(grey: Grey) -> Iterator[Map]:
    """Means over blocks of the products of horizontal and vertical gradient: xx, yy, xy."""
    across = cv2.Sobel(grey, cv2.CV_32F, 1, 0)
    down = cv2.Sobel(grey, cv2.CV_32F, 0, 1)
    size = (grey.shape[1] // BLOCK_PX, grey.shape[0] // BLOCK_PX)
    for one, other in ((across, across), (down, down), (across, down)):
        mean = cv2.resize(cv2.multiply(one, other), size, interpolation=cv2.INTER_AREA)
        yield np.asarray(mean, np.float32)


def _parts(mask: NDArray[np.bool_], energy: Map, tidy: int, side: int) -> list[NDArray[np.bool_]]:
    """The connected parts of a mask, those with the most energy first."""
    tidied = cv2.morphologyEx(mask.astype(np.uint8), tidy, np.ones((side, side), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(tidied, connectivity=4)
    large = np.flatnonzero(stats[1:, cv2.CC_STAT_AREA] >= LEAST_BLOCKS) + 1
    sums = np.bincount(labels.ravel(), weights=energy.ravel())
    first = sorted(large, key=lambda label: -sums[label])[:MOST]
    return [labels == label for label in first]


def _box(part: NDArray[np.bool_], block_px: tuple[float, float]) -> Box:
    rows, columns = np.flatnonzero(part.any(axis=1)), np.flatnonzero(part.any(axis=0))
    return Box(
        int(columns[0] * block_px[0]),
        int(rows[0] * block_px[1]),
        int((columns[-1] + 1) * block_px[0]),
        int((rows[-1] + 1) * block_px[1]),
    )


def _stripes(
    part: NDArray[np.bool_], gradients: tuple[Map, Map, Map], block_px: tuple[float, float]
) -> Stripes:
    """The common direction of a part's edges (structure tensor), and how far they reach."""
    xx, yy, xy = (float(one[part].sum()) for one in gradients)
    angle = 0.5 * math.atan2(2 * xy, xx - yy)
    rows, columns = np.nonzero(part)
    x_px, y_px = (columns + 0.5) * block_px[0], (rows + 0.5) * block_px[1]
    across = x_px * math.cos(angle) + y_px * math.sin(angle)
    along = y_px * math.cos(angle) - x_px * math.sin(angle)
    half = block_px[0] / 2
    low, high = np.percentile(along, (5, 95))
    return Stripes(
        angle,
        (float(across.min()) - half, float(across.max()) + half),
        (float(low), float(high) + half),
    )
