"""Telling what the model knows from what it does not: the open-set gate.

Up to three signs are added: doubt (the share of probability that the likeliest known class does
not have), strangeness (how far the picture's features lie from every known class) and, where the
card gives it weight, energy (how little the known classes' scores are worth before they become
shares). One alone misses much: a net is sure of many things that it has never seen, and a thing
may look usual and yet lie between two classes. The figures live in the model's card.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LEAST_STRANGE = -0.5
"""A very usual look makes up for some doubt, but for no more than this."""


@dataclass(frozen=True, slots=True)
class Gate:
    """When something counts as unknown.

    `doubt_weight` weighs doubt against strangeness. Strangeness is counted from `usual` (0, the
    median of known things) to `strange` (1, what few known things exceed); energy likewise from
    `energy_usual` to `energy_strange`, times `energy_weight`, which is 0 in a card that has no
    use for it. `threshold` is the sum at which a thing becomes unknown.
    """

    doubt_weight: float
    usual: float
    strange: float
    threshold: float
    energy_weight: float = 0.0
    energy_usual: float = 0.0
    energy_strange: float = 1.0

    def score(self, probability: float, strangeness: float, energy: float = 0.0) -> float:
        """The unknown score: 0 for what is well known, 1 at the gate's threshold, no upper end.

        `probability` is that of the likeliest known class, 0 to 1; `energy` as `energy_of` gives
        it. The score falls with probability and never falls with strangeness or energy.
        """
        total = self.doubt_weight * (1 - probability)
        total += _relative(strangeness, self.usual, self.strange)
        total += self.energy_weight * _relative(energy, self.energy_usual, self.energy_strange)
        return max(total, 0.0) / self.threshold

    def is_unknown(self, score: float) -> bool:
        """Whether a score is beyond the threshold."""
        return score > 1.0


def _relative(value: float, usual: float, strange: float) -> float:
    return max((value - usual) / (strange - usual), LEAST_STRANGE)


def energy_of(logits: NDArray[np.floating], temperature: float) -> NDArray[np.float64]:
    """Free energy of N × known classes scores (Liu et al. 2020); N values, high is unknown.

    Only known classes count: what the model is sure to refuse is no reason to trust it.
    """
    scaled = logits.astype(np.float64) / temperature
    return np.asarray(-np.logaddexp.reduce(scaled, axis=1), np.float64)
