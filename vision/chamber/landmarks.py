"""Where the camera stands: the empty chamber's edges, found again in every picture.

Rim, seam, screws and walls are matched by Gauss-Newton steps on a similarity (shift, turn,
scale), weighted so that what an item hides has no say (Cauchy weights squared). Logarithms of
the light are compared, so that the lamp is one more number to solve for.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.images import Image

POINTS = 500
"""Landmarks of upright and of level edges, each."""

SOFT_PX = 1.5
"""Smoothing first: sensor noise goes, and a step of two pixels still points the right way."""

STEPS = 6
REACH_PX = 3.5
"""From how far off the steps still find home; further away they begin from several places."""

FOUND = 0.12
"""A landmark is found where the light's logarithm differs by no more: 12 % of the light."""

LEAST_STEEP = 0.3
"""And where the light turns there at least by this share of what it turned by in the reference:
flat steel is as bright as an edge somewhere."""

_MOST = np.array([40.0, 40.0, 12.0, 12.0])
"""Pixels of shift, turn and scale (the last two at the picture's side) that are looked for."""

SURE_SEEN = 0.85
"""A chamber whose landmarks are found like this needs no second search."""

MARGIN_PX = 8

_Plane = NDArray[np.float32]
_Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Pose:
    """How a picture lies over the reference.

    `matrix` (2 × 3) leads from the reference's pixels to the picture's. `seen` is the share of
    landmarks found, `moved_px` the furthest that a corner has moved, `sharpness` how steep the
    edges are compared with the reference's (1: the same).
    """

    matrix: NDArray[np.float32]
    seen: float
    moved_px: float
    sharpness: float


class Landmarks:
    """The edges of one empty chamber, from an RGB picture of it."""

    def __init__(self, picture: Image) -> None:
        light = _light(picture)
        gradients = _gradients(light)
        self._shape = light.shape
        self._coarse = _coarse(light)
        rows, columns = np.unravel_index(_strongest(gradients), light.shape)
        self._x, self._y = columns.astype(np.float32), rows.astype(np.float32)
        self._level = light[rows, columns]
        self._slope = np.stack([one[rows, columns] for one in gradients], axis=1)
        self._u = (self._x - light.shape[1] / 2) / light.shape[1] * 2
        self._v = (self._y - light.shape[0] / 2) / light.shape[1] * 2
        right, down = self._slope.T
        turn, scale = self._u * down - self._v * right, self._u * right + self._v * down
        self._jacobian = np.stack([right, down, turn, scale, np.ones_like(right)], axis=1)

    def find(self, picture: Image) -> Pose:
        """Find the landmarks in a picture of the reference's size."""
        light = _light(picture)
        best, seen = self._match(light, np.zeros(5))
        if seen < SURE_SEEN:
            near = itertools.product((-REACH_PX, 0.0, REACH_PX), repeat=2)
            starts = [*near, self._far(light)]
            tries = [self._match(light, np.array([*at, 0.0, 0.0, 0.0])) for at in starts]
            best, seen = max([(best, seen), *tries], key=lambda pair: pair[1])
        sharpness = float(np.median(self._steepness(light, best)))
        return Pose(self._matrix(best), seen, self._moved_px(best), sharpness)

    def _far(self, light: _Plane) -> tuple[float, float]:
        """Where a camera that was knocked aside may look now, by phase correlation.

        It is sure of an empty chamber only: with an item it may be anywhere.
        """
        (right, down), _ = cv2.phaseCorrelate(self._coarse, _coarse(light))
        return 2 * right, 2 * down

    def _match(self, light: _Plane, start: _Vector) -> tuple[_Vector, float]:
        """The similarity that fits best from `start` on, and the share of landmarks it finds."""
        pose = start.copy()
        error = self._sample(light, pose) - self._level
        pose[4] = float(np.median(error))
        for _ in range(STEPS):
            left = error - pose[4]
            spread = max(1.4826 * float(np.median(np.abs(left))), 0.02)
            weights = (1 / (1 + (left / (1.5 * spread)) ** 2) ** 2)[:, None]
            normal = (self._jacobian * weights).T @ self._jacobian + np.eye(5) * 1e-6
            step = np.linalg.solve(normal, (self._jacobian * weights).T @ error)
            pose = np.array([*np.clip(pose[:4] - step[:4], -_MOST, _MOST), step[4]])
            error = self._sample(light, pose) - self._level
        steep = self._steepness(light, pose) > LEAST_STEEP
        return pose, float(((np.abs(error - pose[4]) < FOUND) & steep).mean())

    def _sample(self, light: _Plane, pose: _Vector, aside: _Plane | None = None) -> _Plane:
        """The picture's light where `pose` says that the landmarks are, or so far aside."""
        right, down, turn, scale, _ = (np.float32(value) for value in pose)
        x = self._x + right + scale * self._u - turn * self._v
        y = self._y + down + scale * self._v + turn * self._u
        if aside is not None:
            x, y = x + aside[:, 0], y + aside[:, 1]
        edge = cv2.BORDER_REPLICATE
        found = cv2.remap(light, x[None], y[None], cv2.INTER_LINEAR, borderMode=edge)
        return _plane(found[0])

    def _matrix(self, pose: _Vector) -> NDArray[np.float32]:
        right, down, turn, scale, _ = pose
        half = self._shape[1] / 2
        grow, lean = 1 + scale / half, turn / half
        shift_x = right - scale + lean * self._shape[0] / 2
        shift_y = down - (scale / half) * self._shape[0] / 2 - turn
        return _plane([[grow, -lean, shift_x], [lean, grow, shift_y]])

    def _moved_px(self, pose: _Vector) -> float:
        height, width = self._shape
        corners = _plane([[x, y, 1] for x in (0, width) for y in (0, height)])
        moved = corners @ self._matrix(pose).T - corners[:, :2]
        return float(np.hypot(*moved.T).max())

    def _steepness(self, light: _Plane, pose: _Vector) -> _Plane:
        """How steep each landmark is along the reference's slope, 1 where it is as steep."""
        right, down = self._slope.T
        reach = _steps(self._slope)
        ahead = self._sample(light, pose, reach) - self._sample(light, pose, -reach)
        known = (np.abs(reach[:, 0] * right) + np.abs(reach[:, 1] * down)) * 2
        return _plane(ahead / known)


def _steps(slope: _Plane) -> _Plane:
    """One pixel up each slope: landmarks × (right, down)."""
    return _plane(slope / np.hypot(slope[:, :1], slope[:, 1:]))


def _light(picture: Image) -> _Plane:
    """The logarithm of the smoothed grey picture."""
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    smooth = cv2.GaussianBlur(grey, (0, 0), SOFT_PX).astype(np.float32)
    return _plane(cv2.log(smooth + 8))


def _coarse(light: _Plane) -> _Plane:
    """Half the size, and only what is small against the chamber."""
    half = cv2.resize(light, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    return _plane(half - cv2.GaussianBlur(half, (0, 0), 6.0))


def _gradients(light: _Plane) -> tuple[_Plane, _Plane]:
    """To the right and down, per pixel."""
    right = cv2.Sobel(light, cv2.CV_32F, 1, 0, scale=1 / 8)
    return _plane(right), _plane(cv2.Sobel(light, cv2.CV_32F, 0, 1, scale=1 / 8))


def _strongest(gradients: tuple[_Plane, _Plane]) -> NDArray[np.int64]:
    """Flat indices of the steepest pixels in either direction, away from the picture's border."""
    inner = np.zeros(gradients[0].shape, np.bool_)
    inner[MARGIN_PX:-MARGIN_PX, MARGIN_PX:-MARGIN_PX] = True
    steep = [np.where(inner, np.abs(one), 0).ravel() for one in gradients]
    return np.unique(np.concatenate([_largest(one) for one in steep])).astype(np.int64)


def _largest(values: _Plane) -> NDArray[np.int64]:
    """Where the `POINTS` largest values are; of equal ones the first, on whatever machine.

    `argpartition` takes any of equal ones, and up to fifty times as long.
    """
    least = np.partition(values, -POINTS)[-POINTS]
    found = np.flatnonzero(values >= least)
    return found[np.argsort(-values[found], kind="stable")[:POINTS]]


def _plane(values: object) -> _Plane:
    return np.asarray(values, np.float32)
