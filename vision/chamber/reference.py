"""The empty chamber of one bay, and what a picture shows that it does not."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.chamber.lamp import Small, gain, reduced, strongest
from vision.chamber.landmarks import Landmarks, Pose
from vision.chamber.line import Strip
from vision.chamber.opening import Opening
from vision.errors import ImageError
from vision.images import Image

CHANGE = 14.0
"""Grey levels (of 255, in any colour) by which a place must differ to count as changed."""

ROUGH = 0.3
"""Beside an edge of the chamber a place must differ by this share of the edge more: what is left
of a camera's movement after it was taken back, and of leaves that close a little otherwise."""

EMPTY_FRACTION = 0.003
"""More of the picture changed than this is a thing: about a bottle cap on a 450 mm pan."""

LEAST_SEEN = 0.7
"""With fewer of its landmarks found than this, the chamber is not what the picture shows."""

STEADY_PX = 0.5
"""A camera that moved by less has not moved."""

FURTHEST_PX = 8.0
"""A corner of the picture (640 × 480) further off than this is no mount that gives a little."""

LINE_PLACES = 5
"""What is narrower than this (20 pixels) may be a line and hides none."""

RENEWAL = 0.1
"""How much of the reference a picture replaces: dirt of ten deposits is forgotten in thirty."""

Mask = NDArray[np.bool_]
"""Where something changed: a quarter of the picture's size, rows first."""


@dataclass(frozen=True, slots=True)
class Compared:
    """A picture laid over the reference, the hatch at its lower edge.

    `picture` is RGB uint8 at full size, moved back to where the camera once was; `small` is
    reduced and lit as the reference, `light` by what its places had to be multiplied for that.
    `foreground` marks what is not the empty chamber, shadows included.
    """

    picture: Image
    light: Small
    small: Small
    foreground: Mask
    pose: Pose

    @property
    def seen(self) -> bool:
        """Whether the picture shows the chamber at all; else nothing can be told from it."""
        return self.pose.seen >= LEAST_SEEN and self.pose.moved_px <= FURTHEST_PX

    @property
    def filled(self) -> float:
        """The fraction of the picture that is foreground, 0 to 1."""
        return float(self.foreground.mean())


class EmptyReference:
    """The empty chamber of one bay, as remembered from one or several pictures of it."""

    def __init__(self, frames: Sequence[Image], opening: Opening = Opening.BOTTOM) -> None:
        """Remember the chamber from RGB pictures of it, all of them empty.

        Raises:
            ImageError: There is no picture, or one is not RGB uint8.
        """
        if not frames:
            raise ImageError("empty reference: no pictures; take at least one of the empty chamber")
        self.opening = opening
        middle = np.median([opening.fine(frame) for frame in frames], axis=0)
        self._remember(np.asarray(middle, np.float32))

    def compare(self, frame: Image) -> Compared:
        """Lay an RGB picture over the empty chamber.

        Raises:
            ImageError: It is not RGB uint8.
        """
        picture = self.opening.fine(frame)
        pose = self._landmarks.find(picture)
        if pose.seen >= LEAST_SEEN and STEADY_PX < pose.moved_px <= FURTHEST_PX:
            picture = _moved_back(picture, pose)
        small = reduced(picture)
        light = gain(self.small, small)
        lit = small * light
        difference = strongest(np.abs(lit - self.small))
        return Compared(picture, light, lit, _opened(difference > self._tolerance), pose)

    def foreground(self, frame: Image) -> Mask:
        """Where the picture, as it came, shows something that is not the empty chamber."""
        return self.opening.back(self.compare(frame).foreground)

    def filled(self, frame: Image) -> float:
        """The fraction of the picture that is foreground, 0 to 1."""
        return self.compare(frame).filled

    def is_empty(self, frame: Image, limit: float = EMPTY_FRACTION) -> bool:
        """Whether no more than `limit` of the picture is foreground, and no line hangs in it."""
        return self.calls_empty(self.compare(frame), limit)

    def calls_empty(self, compared: Compared, limit: float = EMPTY_FRACTION) -> bool:
        """As `is_empty`, of a picture that was compared before."""
        return compared.filled <= limit and not self.has_line(compared)

    def has_line(self, compared: Compared) -> bool:
        """Whether a thin line leads from the inside to the hatch's edge of the picture."""
        thick = _opened(compared.foreground, LINE_PLACES)
        return self._strip.leads_out(compared.picture, compared.light, thick)

    def renewed(self, compared: Compared) -> EmptyReference:
        """The reference a little more like this picture, so that slow dirt stays no thing.

        Only for a picture that both this reference and the pan call empty. Its lamp does not
        matter, and a camera that moved is not followed.
        """
        size = compared.picture.shape[1::-1]
        lit = compared.picture * cv2.resize(compared.light, size)
        younger = copy.copy(self)
        younger._remember(np.asarray(self.picture * (1 - RENEWAL) + lit * RENEWAL, np.float32))
        return younger

    def _remember(self, picture: NDArray[np.float32]) -> None:
        self.picture = picture
        levels = np.asarray(np.clip(picture, 0, 255), np.uint8)
        self._landmarks = Landmarks(levels)
        self._strip = Strip(picture)
        self.small = reduced(levels)
        kernel = np.ones((3, 3), np.uint8)
        edges = cv2.morphologyEx(self.small, cv2.MORPH_GRADIENT, kernel).max(axis=2)
        self._tolerance = np.asarray(CHANGE + ROUGH * edges, np.float32)


def _moved_back(picture: Image, pose: Pose) -> Image:
    """The picture as the camera would have taken it from where it once was."""
    size = (picture.shape[1], picture.shape[0])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    edge = cv2.BORDER_REPLICATE
    return np.asarray(cv2.warpAffine(picture, pose.matrix, size, None, flags, edge), np.uint8)


def _opened(changed: Mask, places: int = 3) -> Mask:
    """Without what is narrower than so many places: that is noise, or a line (see `line`)."""
    kernel = np.ones((places, places), np.uint8)
    return np.asarray(cv2.morphologyEx(changed.astype(np.uint8), cv2.MORPH_OPEN, kernel), np.bool_)
