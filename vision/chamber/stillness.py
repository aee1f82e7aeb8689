"""Has everything in the chamber come to rest: two pictures of it, one after the other."""

from __future__ import annotations

import cv2
import numpy as np

from vision.chamber.lamp import gain, reduced, strongest
from vision.chamber.opening import resized
from vision.images import Image

MOVED = 14.0
"""Grey levels by which a place must differ; the lamp's flicker is evened out before."""

STILL_FRACTION = 0.002
"""More of the picture changed than this from one picture to the next is movement."""


def is_still(previous: Image, frame: Image, limit: float = STILL_FRACTION) -> bool:
    """Whether nothing moved from one RGB picture to the next.

    Raises:
        ImageError: One of them is not RGB uint8.
    """
    before, now = reduced(resized(previous)), reduced(resized(frame))
    difference = strongest(np.abs(now * gain(before, now) - before))
    changed = (difference > MOVED).astype(np.uint8)
    opened = cv2.morphologyEx(changed, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    return bool(opened.mean() <= limit)
