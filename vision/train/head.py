"""The head: softmax regression on features, and how strange features are to it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vision.train.features import STRANGE_WIDTH, Floats, Head

Labels = NDArray[np.int64]
STEPS, WARM_STEPS, RATE = 300, 30, 0.02
SHRINKAGE = 0.1
"""Share of the identity in a covariance: 320 features from a few thousand pictures need it."""


@dataclass(frozen=True, slots=True)
class Regression:
    """Class scores as a linear function: features @ weight + bias."""

    weight: Floats
    bias: Floats

    def logits(self, features: Floats) -> Floats:
        """The class scores of N × WIDTH features."""
        return np.asarray(features @ self.weight + self.bias, np.float32)


def shares(logits: NDArray[np.floating], temperature: float = 1.0) -> NDArray[np.float64]:
    """Softmax of N × classes scores at a temperature."""
    scaled = logits.astype(np.float64) / temperature
    scaled -= scaled.max(axis=1, keepdims=True)
    powers = np.exp(scaled)
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), np.float64)


def regress(features: Floats, labels: Labels, classes: int, decay: float) -> Regression:
    """Fit softmax regression by Adam on all pictures at once, from zero: no chance in it.

    Features are standardised first, `decay` is the L2 penalty on the standardised weights; the
    result takes plain features.
    """
    middle, spread = features.mean(axis=0), features.std(axis=0) + 1e-3
    scaled = np.asarray((features - middle) / spread, np.float32)
    target = np.eye(classes, dtype=np.float32)[labels]
    weight = np.zeros((features.shape[1] + 1, classes), np.float32)
    slope, bend = np.zeros_like(weight), np.zeros_like(weight)
    for step in range(1, STEPS + 1):
        error = shares(scaled @ weight[:-1] + weight[-1]).astype(np.float32) - target
        gradient = np.vstack([scaled.T @ error, error.sum(axis=0)]) / len(target)
        gradient[:-1] += decay * weight[:-1]
        slope = 0.9 * slope + 0.1 * gradient
        bend = 0.999 * bend + 0.001 * gradient**2
        size = np.sqrt(bend / (1 - 0.999**step)) + 1e-8
        weight -= (_rate(step) * (slope / (1 - 0.9**step)) / size).astype(np.float32)
    plain = weight[:-1] / spread[:, None]
    return Regression(plain, np.asarray(weight[-1] - middle @ plain, np.float32))


def _rate(step: int) -> float:
    """Learning rate: up over the first steps, then down to zero."""
    if step <= WARM_STEPS:
        return RATE * step / WARM_STEPS
    return float(RATE * np.sqrt(1 - step / (STEPS + 1)))


@dataclass(frozen=True, slots=True)
class Strangeness:
    """Relative Mahalanobis distance (Ren et al. 2021) on unit-length features."""

    near: Floats
    centres: Floats
    far: Floats
    middle: Floats

    def of(self, features: Floats) -> NDArray[np.float64]:
        """How strange N × WIDTH features are; the model's graph computes the same."""
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
    used = features[:, :STRANGE_WIDTH]
    return np.asarray(used / np.linalg.norm(used, axis=1, keepdims=True), np.float32)


def _whitening(rest: Floats) -> Floats:
    """The matrix W with W Wᵀ = the inverse of the shrunk covariance of centred rows."""
    covariance = rest.T.astype(np.float64) @ rest / len(rest)
    size = len(covariance)
    level = np.trace(covariance) / size
    shrunk = (1 - SHRINKAGE) * covariance + SHRINKAGE * level * np.eye(size)
    return np.asarray(np.linalg.cholesky(np.linalg.inv(shrunk)), np.float32)


def joined(regression: Regression, strangeness: Strangeness) -> Head:
    """Everything that the model's graph ends with."""
    return Head(
        regression.weight,
        regression.bias,
        strangeness.near,
        strangeness.centres,
        strangeness.far,
        strangeness.middle,
    )
