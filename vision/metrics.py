"""Figures of merit, as plain functions of arrays."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

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

    Things are taken in order of their unknown `scores`, the lowest first and those of one score
    together; an unknown thing that is taken is wrong. None where there are no known things.
    """
    if not known.any():
        return None
    order = np.argsort(scores, kind="stable")
    taken = _ends(scores[order]) + 1
    enough = np.cumsum((right & known)[order])[taken - 1] / taken >= accuracy
    most = int(taken[enough].max(initial=0))
    return float(known[order][:most].sum() / known.sum())


def _ends(ordered: Floats) -> NDArray[np.intp]:
    """Where each group of things with one score ends, in scores that are in order."""
    return np.flatnonzero(np.append(np.diff(ordered) != 0, True))[: len(ordered)]


def aupr(scores: Floats, positive: Flags) -> float | None:
    """Average precision: area under precision over recall, ties taken together; None without both.

    A gate that knows nothing reaches the share of positives, not a half.
    """
    if positive.all() or not positive.any():
        return None
    order = np.argsort(-scores, kind="stable")
    hits = np.cumsum(positive[order])
    ends = _ends(scores[order])
    gained = np.diff(hits[ends], prepend=0)
    return float((gained * hits[ends] / (ends + 1)).sum() / positive.sum())


def brier(shares: Floats, truth: NDArray[np.int64]) -> float | None:
    """Mean squared error of N × classes probabilities (Brier 1950), 0 to 2; None without pictures.

    `truth` holds the column of each picture's class.
    """
    if not len(truth):
        return None
    target = np.eye(shares.shape[1])[truth]
    return float(((shares - target) ** 2).sum(axis=1).mean())


def risk_coverage(scores: Floats, right: Flags) -> tuple[Floats, Floats]:
    """Coverage and the share of wrong among what is taken, as things are taken by their score.

    The lowest unknown score comes first; things of one score are taken together. Both are as
    long as there are different scores, and coverage ends at 1.
    """
    order = np.argsort(scores, kind="stable")
    ends = _ends(scores[order])
    taken = ends + 1.0
    wrong = np.cumsum(~right[order])[ends] if len(scores) else np.zeros(0)
    return taken / max(len(scores), 1), wrong / taken


def aurc(scores: Floats, right: Flags) -> float | None:
    """Mean risk over all coverages (Geifman et al. 2019), ties shared; None without pictures."""
    if not len(scores):
        return None
    coverage, risk = risk_coverage(scores, right)
    return float((risk * np.diff(coverage, prepend=0)).sum())


def selective_at(coverage: float, scores: Floats, right: Flags) -> float | None:
    """Share of right labels among the `coverage` of things with the lowest unknown scores.

    Things of one score are taken together, so that it may be a little more. None without things.
    """
    if not len(scores):
        return None
    wanted = np.sort(scores)[max(1, round(coverage * len(scores))) - 1]
    return float(right[scores <= wanted].mean())


def confusion(truth: Sequence[str], given: Sequence[str]) -> dict[str, dict[str, int]]:
    """How often each name was given for each true name; rows and cells that are 0 are left out."""
    table: dict[str, Counter[str]] = {}
    for name, answer in zip(truth, given, strict=True):
        table.setdefault(name, Counter())[answer] += 1
    return {name: dict(sorted(table[name].items())) for name in sorted(table)}
