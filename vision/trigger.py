"""What has changed in the chamber: is it empty, and has everything in it come to rest.

A reference of the empty chamber is compared with a picture after both were reduced to
`SIZE` and the lamp's overall brightness was evened out, so that a lamp that ages or flickers is
no item.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.errors import ImageError
from vision.images import Image, checked

SIZE = (160, 120)
"""Width and height at which pictures are compared."""

CHANGE = 14.0
"""Grey levels (of 255, in any colour) by which a place must differ to count as changed."""

EMPTY_FRACTION = 0.003
"""More of the picture changed than this is a thing: about a bottle cap on a 450 mm pan."""

STILL_FRACTION = 0.002
"""More of the picture changed than this from one picture to the next is movement."""

Mask = NDArray[np.bool_]
"""Where something changed: `SIZE`, rows first."""

_Reduced = NDArray[np.float32]


class EmptyReference:
    """The empty chamber of one kiosk, as remembered from one or several pictures of it."""

    def __init__(self, frames: Sequence[Image]) -> None:
        """Remember the chamber from RGB pictures of it, all of them empty.

        Raises:
            ImageError: There is no picture, or one is not RGB uint8.
        """
        if not frames:
            raise ImageError("empty reference: no pictures; take at least one of the empty chamber")
        self._reference = np.median([_reduced(frame) for frame in frames], axis=0)

    def foreground(self, frame: Image) -> Mask:
        """Where the picture shows something that is not the empty chamber."""
        return _changed(self._reference.astype(np.float32), _reduced(frame))

    def filled(self, frame: Image) -> float:
        """The fraction of the picture that is foreground, 0 to 1."""
        return float(self.foreground(frame).mean())

    def is_empty(self, frame: Image, limit: float = EMPTY_FRACTION) -> bool:
        """Whether no more than the fraction `limit` of the picture is foreground."""
        return self.filled(frame) <= limit


def is_still(previous: Image, frame: Image, limit: float = STILL_FRACTION) -> bool:
    """Whether nothing moved from one RGB picture to the next.

    Raises:
        ImageError: One of them is not RGB uint8.
    """
    return bool(_changed(_reduced(previous), _reduced(frame)).mean() <= limit)


def _reduced(frame: Image) -> _Reduced:
    """The picture at `SIZE`, its sensor noise smoothed away."""
    small = cv2.resize(checked(frame), SIZE, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.GaussianBlur(small, (0, 0), 1.0), np.float32)


def _changed(reference: _Reduced, reduced: _Reduced) -> Mask:
    """Where two reduced pictures differ once the second is as bright as the first.

    The brightness is compared where most of the picture agrees (the median of the ratios), so
    an item does not shift it unless it hides more than half of the chamber.
    """
    gain = float(np.median((reference + 1) / (reduced + 1)))
    difference = np.abs(reduced * np.clip(gain, 0.7, 1.4) - reference).max(axis=2)
    kernel = np.ones((3, 3), np.uint8)
    opened = cv2.morphologyEx((difference > CHANGE).astype(np.uint8), cv2.MORPH_OPEN, kernel)
    return np.asarray(opened, np.bool_)
