"""The thing on the pan, cut out from the empty chamber: its mask, its box, its share."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from vision.chamber.lamp import Small
from vision.chamber.reference import Compared, EmptyReference, Mask
from vision.images import Image, checked

SHADOW = (0.38, 0.97)
"""A shadow leaves between these shares of the light."""

SHADOW_TINT = 0.05
"""Channels of a shadow lose the same share of the light within this."""

SHADOW_SLOPE = 0.045
"""From one place to the next a shadow's share changes by no more than this: it is soft."""

LEAST_PART = 0.0008
"""Parts of less than this fraction of the picture are specks, not pieces of a thing."""

BORDER = 2
"""Rows at the hatch's edge of the mask: 8 pixels of 480. A thing on the pan ends before them."""

Box = tuple[float, float, float, float]
"""Left, top, right, bottom as fractions of the picture's width and height."""


@dataclass(frozen=True, slots=True)
class Segment:
    """What lies in the chamber, in the picture as it came from the camera.

    `mask` is 120 × 160, `box` holds all of it (None where there is nothing), `area_fraction` is
    the mask's share of the picture. `touches_opening` says that it reaches the hatch's edge of
    the picture, `opening_fraction` over how much of that edge.
    """

    mask: Mask
    box: Box | None
    area_fraction: float
    touches_opening: bool
    opening_fraction: float


def segment(reference: EmptyReference, frame: Image) -> Segment:
    """Cut what lies in the chamber out of an RGB picture, without its shadow.

    Raises:
        ImageError: It is not RGB uint8.
    """
    return segment_of(reference, reference.compare(frame))


def segment_of(reference: EmptyReference, compared: Compared) -> Segment:
    """As `segment`, of a picture that was compared before."""
    thing = _whole(compared.foreground & ~_shadow(reference.small, compared.small))
    mask = reference.opening.back(thing)
    touch = float(thing[-BORDER:].all(axis=0).mean())
    return Segment(mask, _box(mask), float(mask.mean()), touch > 0, touch)


def cut_out(frame: Image, segment: Segment, margin: float = 0.15) -> Image:
    """The picture's part around the segment, wider by `margin` of its size on each side.

    The whole picture where there is no segment.
    """
    if segment.box is None:
        return frame
    height, width = checked(frame).shape[:2]
    left, top, right, bottom = segment.box
    aside, above = (right - left) * margin, (bottom - top) * margin
    columns = _pixels(left - aside, right + aside, width)
    return frame[_pixels(top - above, bottom + above, height), columns]


def _shadow(reference: Small, small: Small) -> Mask:
    """Where the chamber itself is seen, only darker: alike in every colour, and softly."""
    shares = cv2.split((small + 1) / (reference + 1))
    mean = np.asarray(sum(shares) / len(shares), np.float32)
    tint = np.maximum.reduce(shares) - np.minimum.reduce(shares)
    slope = np.hypot(*(cv2.Sobel(mean, cv2.CV_32F, *way, scale=1 / 8) for way in ((1, 0), (0, 1))))
    dark = (mean > SHADOW[0]) & (mean < SHADOW[1])
    return np.asarray(dark & (tint < SHADOW_TINT) & (slope < SHADOW_SLOPE), np.bool_)


def _whole(parts: Mask) -> Mask:
    """The parts joined, their insides filled, specks left out."""
    closed = cv2.morphologyEx(parts.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    outlines, _ = cv2.findContours(closed, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    filled = np.zeros_like(closed)
    large = [one for one in outlines if cv2.contourArea(one) >= LEAST_PART * closed.size]
    cv2.drawContours(filled, large, -1, (1,), cv2.FILLED)
    return np.asarray(filled, np.bool_)


def _box(mask: Mask) -> Box | None:
    if not mask.any():
        return None
    rows, columns = (np.flatnonzero(mask.any(axis=axis)) for axis in (1, 0))
    height, width = mask.shape
    left, right = columns[0] / width, (columns[-1] + 1) / width
    return float(left), float(rows[0] / height), float(right), float((rows[-1] + 1) / height)


def _pixels(first: float, last: float, size: int) -> slice:
    return slice(max(0, round(first * size)), max(1, min(size, round(last * size))))
