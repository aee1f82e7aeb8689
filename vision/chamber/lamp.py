"""The light of two pictures, evened out: lamp, flicker, daylight from the hatch.

Light changes smoothly over the chamber and things do not. So the logarithm of the ratio of two
pictures is fitted by a low polynomial, most of all where most of the picture agrees, and what is
left over is what changed.
"""

from __future__ import annotations

import functools

import cv2
import numpy as np
from numpy.typing import NDArray

_BINS, _RANGE = 240, 1.2
_GREY = np.ones(3, np.float32)

_STEP = 4
"""Every fourth place in each direction is enough to fit seven numbers."""

_SPREAD = 0.04
"""The light's logarithm is known this well at one place: noise and fine texture."""

_ROUNDS = 5

_STIFF = np.diag([0.0, 1.0, 1.0, 3.0, 3.0, 3.0, 3.0])
"""How many places' word it takes to bend the light: little daylight is likelier than much."""

Small = NDArray[np.float32]
"""A reduced picture: rows × columns × 3, 0 to 255."""


def reduced(picture: NDArray[np.uint8]) -> Small:
    """A quarter of the size in each direction, sensor noise smoothed away."""
    size = (picture.shape[1] // 4, picture.shape[0] // 4)
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.GaussianBlur(small, (0, 0), 1.0), np.float32)


def strongest(planes: Small) -> NDArray[np.float32]:
    """The greatest of three channels; numpy's own is slow along so short an axis."""
    found = np.maximum.reduce([planes[..., channel] for channel in range(3)])
    return np.asarray(found, np.float32)


def gain(reference: Small, small: Small) -> Small:
    """By how much each place and channel of `small` must be multiplied to be lit as `reference`."""
    few, known = small[::_STEP, ::_STEP] + 1, reference[::_STEP, ::_STEP] + 1
    basis = _basis(few.shape[0], few.shape[1])
    logs = np.log(known / few).reshape(-1, 3)
    grey = np.log((known @ _GREY) / (few @ _GREY)).ravel()
    bend, weights = _fit(basis, grey)
    if weights.sum() < len(_STIFF):  # darker or brighter than any lamp: nothing to go by
        return np.ones_like(small)
    tints = ((logs - (basis @ bend)[:, None]) * weights[:, None]).sum(axis=0) / weights.sum()
    light = np.exp(_basis(small.shape[0], small.shape[1]) @ bend).reshape(small.shape[:2])
    return np.asarray(light[..., None] * np.exp(tints), np.float32)


def _fit(
    basis: NDArray[np.float32], logs: NDArray[np.float32]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The polynomial that most places agree on, and how much each place agrees (0 to 1).

    It starts from the commonest ratio (the mode): an item that hides more than half of the
    chamber has many ratios, the rest of the chamber has one. Then least squares with Cauchy
    weights squared, from wide to narrow.
    """
    counts, edges = np.histogram(logs, bins=_BINS, range=(-_RANGE, _RANGE))
    smooth = np.convolve(counts, (1, 2, 3, 2, 1), "same")
    bend = np.zeros(basis.shape[1], np.float32)
    bend[0] = edges[int(smooth.argmax())] + _RANGE / _BINS
    for spread in np.geomspace(4 * _SPREAD, _SPREAD, _ROUNDS):
        weights = 1 / (1 + ((logs - basis @ bend) / spread) ** 2) ** 2
        normal = (basis * weights[:, None]).T @ basis + _STIFF
        bend = np.asarray(np.linalg.solve(normal, (basis * weights[:, None]).T @ logs), np.float32)
    agreed = np.abs(logs - basis @ bend) < _SPREAD
    return bend, np.asarray(agreed, np.float32)


@functools.cache
def _basis(rows: int, columns: int) -> NDArray[np.float32]:
    """A polynomial's terms at each place, places × terms; cubic towards the hatch."""
    y, x = np.meshgrid(np.linspace(-1, 1, rows), np.linspace(-1, 1, columns), indexing="ij")
    terms = (np.ones_like(x), x, y, x * x, x * y, y * y, y**3)
    return np.asarray(np.stack(terms, axis=-1).reshape(-1, len(terms)), np.float32)
