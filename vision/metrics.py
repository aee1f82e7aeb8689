"""Figures of merit, as plain functions of arrays."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


def auroc(scores: Floats, positive: Flags) -> float | None:
    """Chance that a positive scores above a negative, ties counting half; None without both."""
    positives, negatives = scores[positive], scores[~positive]
    if not len(positives) or not len(negatives):
        return None
    ordered = np.sort(negatives)
    below = np.searchsorted(ordered, positives, side="left")
    ties = np.searchsorted(ordered, positives, side="right") - below
    return float((below + ties / 2).mean() / len(negatives))


def fpr95(scores: Floats, unknown: Flags) -> float | None:
    """Share of unknown things that pass a gate which lets 95 % of known ones through."""
    if unknown.all() or not unknown.any():
        return None
    threshold = np.quantile(scores[~unknown], 0.95, method="higher")
    return float((scores[unknown] <= threshold).mean())


def ece(probabilities: Floats, right: Flags, bins: int = 15) -> float | None:
    """Expected calibration error over equal bins (Guo et al. 2017); None without pictures."""
    if not len(probabilities):
        return None
    slots = np.minimum((probabilities * bins).astype(int), bins - 1)
    gaps = [
        abs(probabilities[slots == slot].sum() - right[slots == slot].sum())
        for slot in np.unique(slots)
    ]
    return float(sum(gaps) / len(probabilities))


def coverage_at(accuracy: float, scores: Floats, right: Flags, known: Flags) -> float | None:
    """Largest share of known things taken while at least `accuracy` of all taken is right.

    Things are taken in order of their unknown `scores`, the lowest first; an unknown thing that
    is taken is wrong. None where there are no known things.
    """
    if not known.any():
        return None
    order = np.argsort(scores, kind="stable")
    good = (right & known)[order]
    share = np.cumsum(good) / np.arange(1, len(good) + 1)
    enough = np.flatnonzero(share >= accuracy)
    taken = int(enough[-1]) + 1 if len(enough) else 0
    return float(known[order][:taken].sum() / known.sum())
