"""Whether anything stirs before a camera: what shows the same as before need not be read again.

A kiosk's front camera looks at nobody for nearly all of the day, and to find no code costs most.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from vision.images import Image

CELLS = (32, 24)
"""Columns and rows that a picture is reduced to: a code that can be read covers several."""

ROWS = 2
"""One row in so many is looked at: memory that is not read costs nothing."""

STIRS = 3.0
"""Grey levels by which a cell has changed apart from the light. The mean of a cell's 200 pixels
of a cheap sensor (5 levels of noise) moves by 0.5 levels, one sigma, from picture to picture."""

SETTLES = 10
"""Pictures that are read after the last stir: exposure and focus need a second or two."""

EVERY = 30
"""Of still pictures one in so many is read all the same: one in some seven seconds."""

_GREY = np.full(3, 1 / 3, np.float32)
_MIDDLE = CELLS[0] * CELLS[1] // 2


@dataclass(frozen=True, slots=True)
class Stillness:
    """What the last pictures of one camera tell about the next; a value, never changed.

    Attributes:
        cells: The last picture, reduced; None before the first.
        still: Pictures since something stirred last.
    """

    cells: NDArray[np.float32] | None = None
    still: int = 0

    def look(self, image: Image) -> tuple[Stillness, bool]:
        """Take the next picture (height × width × 3).

        Returns:
            What is known after it, and whether it is to be read.
        """
        small = cv2.resize(image[::ROWS], CELLS, interpolation=cv2.INTER_AREA)
        cells = np.asarray(small, np.float32) @ _GREY
        still = 0 if self.cells is None or _stirs(self.cells, cells) else self.still + 1
        return Stillness(cells, still), still <= SETTLES or still % EVERY == 0


def _stirs(before: NDArray[np.float32], after: NDArray[np.float32]) -> bool:
    """Whether a cell has changed otherwise than the light as a whole."""
    light = np.partition(((after + 1) / (before + 1)).ravel(), _MIDDLE)[_MIDDLE]
    return bool(np.abs(after + 1 - light * (before + 1)).max() >= STIRS)
