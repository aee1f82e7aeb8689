"""What others do with an empty chamber: a frame difference, and a mixture of Gaussians."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.images import Image

SIZE = (320, 180)
"""Width and height of the grey picture on which such triggers usually work."""

CHANGE = 25
"""Grey levels of the usual frame difference."""

EMPTY_FRACTION = 0.003
ROUNDS = 40
"""Times that the mixture sees each reference: it needs a history."""

Masker = Callable[[Image], NDArray[np.bool_]]
"""A picture → where something is that is not the empty chamber."""


def difference(references: Sequence[Image]) -> Masker:
    """The plain absolute difference from the mean reference."""
    mean = np.mean([_grey(one) for one in references], axis=0)

    def mask(picture: Image) -> NDArray[np.bool_]:
        return np.asarray(np.abs(_grey(picture) - mean) > CHANGE, np.bool_)

    return mask


def mixture(references: Sequence[Image]) -> Masker:
    """OpenCV's MOG2 with its defaults but for shadows, trained on the references alone."""
    model = cv2.createBackgroundSubtractorMOG2(detectShadows=True)
    for _ in range(ROUNDS):
        for one in references:
            model.apply(_grey(one).astype(np.uint8), learningRate=-1)

    def mask(picture: Image) -> NDArray[np.bool_]:
        found = np.asarray(model.apply(_grey(picture).astype(np.uint8), learningRate=0))
        opened = cv2.morphologyEx((found == 255).astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3)))
        return np.asarray(opened, np.bool_)

    return mask


def is_empty(mask: NDArray[np.bool_]) -> bool:
    """By the same share of the picture as the kiosk's."""
    return float(mask.mean()) <= EMPTY_FRACTION


def reaches_in(mask: NDArray[np.bool_]) -> bool:
    """Whether anything touches the lower edge."""
    return bool(mask[-1].any())


def _grey(picture: Image) -> NDArray[np.float32]:
    small = cv2.resize(picture, SIZE, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), np.float32)
