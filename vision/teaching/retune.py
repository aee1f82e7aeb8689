"""Setting temperature and gate by a few pictures, without forgetting what the card says.

The card's figures count as so many pictures more (`PRIOR`), so that three pictures move them a
little and thirty most of the way. Known things alone can only say that the gate is too tight, so it
is opened only where there are enough pictures of what it must refuse.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from vision.openset import Gate
from vision.shares import log_shares
from vision.teaching.head import Matrix

PRIOR = 10.0
"""How many taught pictures the card's temperature and gate are worth."""

WRONG_COST = 3.0
"""What a wrong thing taken costs, in right things given back (docs/vision.md, Teaching)."""

COOLEST, HOTTEST = -0.7, 1.2
"""How far the temperature may move, as a logarithm: to a half, to more than three times."""

WIDEST = 0.7
"""How far the threshold may move, as a logarithm: to a half or to the double."""

ENOUGH_UNKNOWN = 20
"""So many pictures to refuse are needed before the gate may open: where twenty of twenty come back,
fewer than one in seven such things pass (0.05 ** (1 / 20) = 0.86, one-sided, 95 of 100 cases)."""

STEPS = 58

Values = NDArray[np.float64]
Flags = NDArray[np.bool_]


def temperature(scores: Matrix, target: Matrix, before: float) -> float:
    """The temperature with the least loss on left-out scores, held to the card's.

    `scores` (N × classes) are at the temperature `before`.
    """

    def loss(move: float) -> float:
        return float(losses(scores / np.exp(move), target).sum() + PRIOR / 2 * move**2)

    return float(before * np.exp(min(np.linspace(COOLEST, HOTTEST, STEPS), key=loss)))


def losses(scores: Matrix, target: Matrix) -> Values:
    """Minus the logarithm of the share that the right classes get together; one a picture."""
    right = np.where(target > 0, log_shares(scores), -np.inf)
    return np.asarray(-np.logaddexp.reduce(right, axis=1), np.float64)


def moved(gate: Gate, strangeness: Values, energy: Values, n_unknown: int) -> Gate:
    """The gate with its usual and strange marks where this kiosk's known things lie.

    A chamber of another colour makes everything in it a little strange. `strangeness` and
    `energy` are of known things only; without any the gate stays. Marks move outward only where
    `n_unknown`, the number of pictures to refuse, is enough.
    """
    if not len(strangeness):
        return gate
    share = len(strangeness) / (len(strangeness) + PRIOR)
    furthest = math.inf if n_unknown >= ENOUGH_UNKNOWN else 0.0
    far = min(share * (float(np.median(strangeness)) - gate.usual), furthest)
    worth = min(share * (float(np.median(energy)) - gate.energy_usual), furthest)
    return replace(
        gate,
        usual=gate.usual + far,
        strange=gate.strange + far,
        energy_usual=gate.energy_usual + worth,
        energy_strange=gate.energy_strange + worth,
    )


def threshold(gate: Gate, scores: Values, right: Flags, possible: Flags, n_unknown: int) -> Gate:
    """The gate with the threshold of least cost on left-out pictures, held to the card's.

    Args:
        gate: The gate that gave the scores.
        scores: N unknown scores.
        right: Which pictures have the right label, so should be taken; all others should not.
        possible: Which are not refused in any case.
        n_unknown: How many are pictures to refuse; unless they are enough, the threshold only
            falls.
    """

    def cost(move: float) -> float:
        taken = possible & (scores <= np.exp(move))
        wrong, lost = (taken & ~right).sum(), (right & ~taken).sum()
        return float(WRONG_COST * wrong + lost + PRIOR / 2 * move**2)

    moves = WIDEST * np.linspace(-1, 1, STEPS + 1)
    allowed = moves if n_unknown >= ENOUGH_UNKNOWN else moves[: STEPS // 2 + 1]
    best = min(allowed, key=lambda move: (cost(move), abs(move)))
    return replace(gate, threshold=gate.threshold * float(np.exp(best)))
