"""At which edge of the picture the hatch opens; inside `vision.chamber` it is always the lower."""

from __future__ import annotations

from enum import Enum
from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.images import Image, checked

FINE = (640, 480)
"""Width and height to which every picture is brought first."""

_Cell = TypeVar("_Cell", bound=np.generic)


class Opening(Enum):
    """The edge of the picture behind which the hatch lies; the value is quarter turns to it."""

    BOTTOM = 0
    LEFT = 1
    TOP = 2
    RIGHT = 3

    def to_bottom(self, picture: NDArray[_Cell]) -> NDArray[_Cell]:
        """Turn a picture or mask until the hatch lies at its lower edge."""
        return np.ascontiguousarray(np.rot90(picture, self.value))

    def back(self, turned: NDArray[_Cell]) -> NDArray[_Cell]:
        """Turn it back again."""
        return np.ascontiguousarray(np.rot90(turned, -self.value))

    def fine(self, frame: Image) -> Image:
        """A camera's RGB picture at `FINE`, turned until the hatch lies at its lower edge.

        Raises:
            ImageError: It is not RGB uint8.
        """
        return self.to_bottom(resized(frame))


def resized(frame: Image) -> Image:
    """An RGB picture at `FINE`, whatever its own size and proportions.

    Raises:
        ImageError: It is not RGB uint8.
    """
    if checked(frame).shape[:2] == FINE[::-1]:
        return frame
    return np.asarray(cv2.resize(frame, FINE, interpolation=cv2.INTER_AREA), np.uint8)
