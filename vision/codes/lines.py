"""From stripes in a picture to lines across them on which a barcode may begin and end."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.codes.ean import Numbers
from vision.codes.placement import Line
from vision.codes.survey import Stripes
from vision.decoders import Corners, Grey

Indices = NDArray[np.int64]

FINE_PX = 300
"""Stripes of a shorter extent are enlarged to it, at most threefold."""

BANDS = (0.5, 0.25, 0.75)
"""Where along the bars lines are taken, as shares of their length."""

APART_PX = 40
"""Bars so long have bands that share no pixel: each reaches two rows beyond its middle, and each
row of a turned picture is mixed from what lies less than three rows around it (cubic)."""

LEVEL = 0.68
"""Between black and white: high enough that a blurred thin bar still falls below it."""

QUIET_SHARE, INNER_SHARE = 0.048, 0.065
"""Of a barcode's width: the least of its quiet zones (5 of 95 modules, less than the 7 that are
demanded), and the most that a space inside may take (4 of 95 modules, tilted)."""

LEAST_BARS, MOST_BARS, LEAST_WIDTH_PX = 8, 33, 70
MOST_BEGINS = 256
"""So many places are tried as the beginning, those with the most room before them."""

MOST = 3
"""So many extents are given a line, the widest first."""


def lines(grey: Grey, stripes: Stripes) -> Iterator[list[tuple[Line, Corners]]]:
    """Give, band after band, lines across the stripes on which a barcode may begin and end.

    With each come the corners in the picture of the barcode that it would be.
    """
    patch, scale, start_px = _upright(grey, stripes)
    height = patch.shape[0]
    half = max(2, height // 20)
    for share in BANDS:
        row = int(share * height)
        band = patch[max(0, row - half) : row + half + 1]
        light = band.mean(axis=0, dtype=np.float32)
        yield [
            (Line(light, *extent), _corners(stripes, start_px, [px / scale for px in extent]))
            for extent in _extents(light)
        ]


def apart(stripes: Stripes) -> bool:
    """Whether the bands are so far from each other that they are independent of each other."""
    low, high = stripes.along_px
    return high - low >= APART_PX


def _corners(stripes: Stripes, start_px: float, extent_px: Sequence[float]) -> Corners:
    """Four corners in the picture of what lies so far on the stripes from where a line starts."""
    first, last = (start_px + px for px in extent_px)
    low, high = stripes.along_px
    cosine, sine = math.cos(stripes.angle), math.sin(stripes.angle)
    return tuple(
        (round(across * cosine - along * sine), round(across * sine + along * cosine))
        for across, along in ((first, low), (last, low), (last, high), (first, high))
    )


def _upright(grey: Grey, stripes: Stripes) -> tuple[Grey, float, float]:
    """The stripes with some room at both ends, turned so that the bars stand upright.

    Also how much they are enlarged along the line, and where on the line they begin.
    """
    (first, last), (low, high) = stripes.across_px, stripes.along_px
    width_px, margin_px = last - first, 0.15 * (last - first) + 12
    scale = min(max(FINE_PX / width_px, 1), 3)
    cosine, sine = math.cos(stripes.angle), math.sin(stripes.angle)
    across = first - margin_px
    matrix = np.array(
        [
            [cosine / scale, -sine, across * cosine - low * sine],
            [sine / scale, cosine, across * sine + low * cosine],
        ]
    )
    size = (int((width_px + 2 * margin_px) * scale), max(int(high - low), 8))
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    patch = cv2.warpAffine(grey, matrix, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(patch, np.uint8), scale, across


def envelope(light: Numbers, width_px: int) -> tuple[Numbers, Numbers]:
    """The darkest and the lightest around each place of a line, smoothed."""
    row, kernel = light[None], np.ones((1, width_px), np.uint8)
    low = cv2.blur(cv2.erode(row, kernel), (width_px, 1))[0]
    high = cv2.blur(cv2.dilate(row, kernel), (width_px, 1))[0]
    return np.asarray(low, np.float32), np.asarray(high, np.float32)


def _extents(light: Numbers) -> list[tuple[float, float]]:
    """Where a barcode may begin and end: quiet on both sides, and never so quiet between."""
    smooth = np.asarray(cv2.GaussianBlur(light[None], (0, 0), 0.6)[0], np.float32)
    low, high = envelope(smooth, max(9, len(light) // 10) | 1)
    contrast = high - low
    dark = (smooth < low + LEVEL * contrast) & (contrast > 0.2 * contrast.max())
    changes = np.flatnonzero(np.diff(np.concatenate([[0], dark.astype(np.int8), [0]])))
    begins, ends = changes[::2], changes[1::2]
    if len(begins) < LEAST_BARS:
        return []
    gaps = np.concatenate([[len(light)], begins[1:] - ends[:-1], [len(light)]])
    first, last = _alone(gaps, begins, ends)
    widest = np.argsort(begins[first] - ends[last], kind="stable")[:MOST]
    return [
        (float(begins[one]) - 0.5, float(ends[other]) - 0.5)
        for one, other in zip(first[widest], last[widest], strict=True)
    ]


def _alone(gaps: Indices, begins: Indices, ends: Indices) -> tuple[Indices, Indices]:
    """First and last bars that stand apart from others and together with those between them."""
    first = np.flatnonzero(gaps[:-1] > QUIET_SHARE * LEAST_WIDTH_PX)
    first = np.sort(first[np.argsort(-gaps[first], kind="stable")[:MOST_BEGINS]])[:, None]
    last = first + np.arange(MOST_BARS)
    inside = last < len(begins)
    last = np.minimum(last, len(begins) - 1)
    # The widest gap after the first bar and up to each last one.
    inner = np.maximum.accumulate(np.where(last > first, gaps[last], 0), axis=1)
    width_px = ends[last] - begins[first]
    quiet = np.minimum(gaps[first], gaps[last + 1])
    fits = inside & (last - first >= LEAST_BARS - 1) & (width_px >= LEAST_WIDTH_PX)
    fits &= (quiet > QUIET_SHARE * width_px) & (inner < INNER_SHARE * width_px)
    rows, columns = np.nonzero(fits)
    return first[rows, 0], last[rows, columns]
