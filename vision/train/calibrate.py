"""Setting what training does not: temperature and the open-set gate, on the tuning set."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vision.openset import Gate
from vision.train.head import Labels, shares

DOUBT_WEIGHT = 2.0
STRANGE_SHARE = 0.96
"""Known things less strange than the mark 1; the rest are stranger."""

COVERAGE = 0.91
"""Known things of the tuning set that the gate lets pass."""

Scores = NDArray[np.floating]


def temperature(logits: Scores, labels: Labels) -> float:
    """The temperature of least negative log-likelihood (Guo et al. 2017), to 0.05."""
    rows = np.arange(len(labels))

    def loss(value: float) -> float:
        return float(-np.log(shares(logits, value)[rows, labels] + 1e-12).mean())

    return float(min(np.arange(6, 81) / 20, key=loss))


def gate(probabilities: Scores, strangeness: Scores, tuned: NDArray[np.bool_]) -> Gate:
    """Set the gate by known things alone; unknown ones are never looked at.

    `probabilities` (of the likeliest known class) and `strangeness` are of known things of all
    measuring sets, `tuned` marks those of the tuning set, of which `COVERAGE` shall pass.
    """
    usual = float(np.median(strangeness))
    strange = float(np.quantile(strangeness, STRANGE_SHARE))
    open_gate = Gate(DOUBT_WEIGHT, usual, strange, 1.0)
    pairs = zip(probabilities[tuned], strangeness[tuned], strict=True)
    scores = [open_gate.score(float(p), float(s)) for p, s in pairs]
    return Gate(DOUBT_WEIGHT, usual, strange, float(np.quantile(scores, COVERAGE)))
