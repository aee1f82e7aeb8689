"""Moving the class scores by a few pictures: softmax regression that starts at the model's own.

What is learned is added to the model's scores and pulled towards nothing, so that few pictures
move little (maximum a posteriori with a normal prior about the shipped head). There are far fewer
pictures than features, so everything is told by how alike two pictures are, a matrix of
pictures × pictures; leaving one out and learning again then costs milliseconds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vision.shares import log_shares
from vision.taught import unit

Matrix = NDArray[np.float64]
STEPS = 300

SHIFT = 0.3
"""How readily a class gains as a whole, beside one step in the pictures' spread. At 1 five pictures
of the commonest thing draw everything else to it (docs/vision.md, Teaching)."""

MOST_PARTS = 40
"""Up to so many pictures are left out one by one, more in so many parts."""


@dataclass(frozen=True, slots=True)
class Example:
    """N taught pictures as the model sees them.

    `plain` and `turned` are N × D features: of the picture as it is, and the mean over the ways
    it was turned, each at length one. `scores` and `turned_scores` are N × classes, at the
    card's temperature. `target` is N × classes: the share that each class should have.
    """

    plain: Matrix
    turned: Matrix
    scores: Matrix
    turned_scores: Matrix
    target: Matrix


def weights_of(target: Matrix) -> Matrix:
    """What each picture counts: classes count alike, however many pictures each has."""
    totals = target.sum(axis=0)
    used = totals > 0
    level = totals.sum() / used.sum()
    return np.asarray((target[:, used] * level / totals[used]).sum(axis=1), np.float64)


@dataclass(frozen=True, slots=True)
class Space:
    """Where pictures are compared: about the taught pictures' middle, in their own spread.

    So the chamber's own look, which all have in common, tells no class. The last coordinate is
    the same for all and carries what a class gains as a whole.
    """

    middle: Matrix
    spread: float

    @classmethod
    def around(cls, features: Matrix) -> Space:
        """The space about N × D features."""
        middle = features.mean(axis=0)
        spread = float(np.sqrt(((features - middle) ** 2).sum(axis=1).mean()))
        return cls(middle, max(spread, 1e-6))

    def of(self, features: Matrix) -> Matrix:
        """Put N × D features there; N × (D + 1)."""
        shift = np.full((len(features), 1), SHIFT)
        return np.hstack([(features - self.middle) / self.spread, shift])

    def plain(self, head: Matrix) -> tuple[Matrix, Matrix]:
        """Weight and bias on plain features of a head learned here, (D + 1) × classes."""
        weight = head[:-1] / self.spread
        return weight, head[-1] * SHIFT - self.middle @ weight


def fit(alike: Matrix, scores: Matrix, target: Matrix, decay: float) -> Matrix:
    """How much each taught picture adds to each class's score; N × classes.

    Args:
        alike: N × N inner products of the pictures.
        scores: N × classes, what the model gives without it.
        target: N × classes, what shares it should give.
        decay: The pull towards adding nothing.

    Accelerated gradient descent (Nesterov 1983) on cross-entropy and squared length, a fixed
    number of steps from zero: the same pictures give the same numbers.
    """
    weights = weights_of(target)
    steepest = 0.5 * weights.max() * float(np.linalg.eigvalsh(alike)[-1]) + decay
    found = np.zeros_like(target)
    ahead = found.copy()
    for step in range(STEPS):
        error = np.exp(log_shares(scores + alike @ ahead)) - target
        moved = ahead - (weights[:, None] * error + decay * ahead) / steepest
        ahead = moved + step / (step + 3) * (moved - found)
        found = moved
    return found


def left_out(example: Example, decay: float, step: Callable[[], object]) -> Matrix:
    """The scores of each picture as it is, learned without it; N × classes.

    The space it is compared in is that of the others too. `step` is called once a part that was
    left out.
    """
    scores = example.scores.copy()
    for part in range(parts := parts_of(len(scores))):
        out = np.arange(len(scores)) % parts == part
        rest = ~out
        space = Space.around(example.turned[rest])
        points = space.of(example.turned[rest])
        found = fit(points @ points.T, example.turned_scores[rest], example.target[rest], decay)
        scores[out] += space.of(example.plain[out]) @ (points.T @ found)
        step()
    return scores


def parts_of(count: int) -> int:
    """In how many parts so many pictures are left out."""
    return min(count, MOST_PARTS)


def learn(example: Example, decay: float) -> tuple[Matrix, Matrix]:
    """Weight (D × classes) and bias on features of length one, from all pictures."""
    space = Space.around(example.turned)
    points = space.of(example.turned)
    found = fit(points @ points.T, example.turned_scores, example.target, decay)
    return space.plain(points.T @ found)


def unit_mean(features: NDArray[np.floating]) -> Matrix:
    """The mean over V views of N × V × D features, each at length one first; N × D."""
    return np.asarray(unit(features).mean(axis=1), np.float64)
