"""Setting what training does not: temperature and the open-set gate, on the tuning set."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from vision.openset import Gate
from vision.shares import log_shares
from vision.train.strangeness import Labels

DOUBT_WEIGHT = 2.0
ENERGY_WEIGHT = 1.0
STRANGE_SHARE = 0.96
"""Known things less strange than the mark 1; the rest are stranger. For energy the same."""

COVERAGE = 0.91
"""Known things of the tuning set that the gate lets pass."""

Scores = NDArray[np.floating]


def shares(logits: Scores, temperature: float = 1.0) -> NDArray[np.float64]:
    """Softmax of N × classes scores at a temperature."""
    return np.asarray(np.exp(log_shares(logits, temperature)), np.float64)


def temperature(logits: Scores, labels: Labels) -> float:
    """The temperature of least negative log-likelihood (Guo et al. 2017), to 0.05."""
    rows = np.arange(len(labels))

    def loss(value: float) -> float:
        return float(-np.log(shares(logits, value)[rows, labels] + 1e-12).mean())

    return float(min(np.arange(6, 81) / 20, key=loss))


@dataclass(frozen=True, slots=True)
class Signs:
    """What tells known from unknown, one entry a picture.

    `probabilities` of the likeliest known class at the card's temperature, `strangeness` and
    `energies` of its features and its known classes' scores.
    """

    probabilities: Scores
    strangeness: Scores
    energies: Scores

    def of(self, chosen: NDArray[np.bool_]) -> Signs:
        """The signs of some of the pictures."""
        return Signs(self.probabilities[chosen], self.strangeness[chosen], self.energies[chosen])


def gate(signs: Signs, tuned: NDArray[np.bool_]) -> Gate:
    """Set the gate by known things alone; unknown ones are never looked at.

    `signs` are of known things of all measuring sets, `tuned` marks those of the tuning set, of
    which `COVERAGE` shall pass.
    """
    usual, strange = _marks(signs.strangeness)
    energy_usual, energy_strange = _marks(signs.energies)
    energy = (ENERGY_WEIGHT, energy_usual, energy_strange)
    wide = Gate(DOUBT_WEIGHT, usual, strange, 1.0, *energy)
    mine = signs.of(tuned)
    columns = zip(mine.probabilities, mine.strangeness, mine.energies, strict=True)
    scores = [wide.score(float(p), float(s), float(e)) for p, s, e in columns]
    return replace(wide, threshold=float(np.quantile(scores, COVERAGE)))


def _marks(values: Scores) -> tuple[float, float]:
    """What is usual, and what few known things exceed."""
    return float(np.median(values)), float(np.quantile(values, STRANGE_SHARE))
