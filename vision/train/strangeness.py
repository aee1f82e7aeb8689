"""How strange features are to what was learned: relative Mahalanobis distance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Labels = NDArray[np.int64]

SHRINKAGE = 0.1
"""Share of the identity in a covariance: many features from some thousand pictures need it."""


@dataclass(frozen=True, slots=True)
class Strangeness:
    """Relative Mahalanobis distance (Ren et al. 2021) on unit-length features.

    The squared distance to the nearest of `centres` (known classes × D, after `near` was
    applied) less that to `middle` (after `far`); `near` and `far` (D × D) are the whitening
    matrices within classes and of everything.
    """

    near: Floats
    centres: Floats
    far: Floats
    middle: Floats

    def of(self, features: Floats) -> NDArray[np.float64]:
        """How strange N × D features are; the model's graph computes the same."""
        unit = _unit(features)
        apart = (unit @ self.near)[:, None] - self.centres[None]
        nearest = (apart**2).sum(axis=2).min(axis=1)
        anywhere = ((unit @ self.far - self.middle) ** 2).sum(axis=1)
        return np.asarray(nearest - anywhere, np.float64)


def learn_strangeness(features: Floats, labels: Labels) -> Strangeness:
    """Learn what is usual from features of known things only; labels count from 0."""
    unit = _unit(features)
    means = np.stack([unit[labels == label].mean(axis=0) for label in range(labels.max() + 1)])
    near = _whitening(unit - means[labels])
    far = _whitening(unit - unit.mean(axis=0))
    middle = np.asarray(unit.mean(axis=0) @ far, np.float32)
    return Strangeness(near, np.asarray(means @ near, np.float32), far, middle)


def _unit(features: Floats) -> Floats:
    length = np.linalg.norm(features, axis=1, keepdims=True)
    return np.asarray(features / length, np.float32)


def _whitening(rest: Floats) -> Floats:
    """The matrix W with W Wᵀ = the inverse of the shrunk covariance of centred rows."""
    covariance = rest.T.astype(np.float64) @ rest / len(rest)
    size = len(covariance)
    level = np.trace(covariance) / size
    shrunk = (1 - SHRINKAGE) * covariance + SHRINKAGE * level * np.eye(size)
    return np.asarray(np.linalg.cholesky(np.linalg.inv(shrunk)), np.float32)
