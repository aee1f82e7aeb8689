"""Figures of merit of what a classifier said of labelled pictures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vision.card import Card
from vision.classify import Sight
from vision.intervals import bootstrap, wilson
from vision.metrics import (
    Flags,
    Floats,
    aupr,
    aurc,
    auroc,
    brier,
    confusion,
    coverage_at,
    ece,
    fpr95,
    risk_coverage,
    selective_at,
)

Names = NDArray[np.str_]

CURVE_AT = np.arange(1, 21) / 20
"""The coverages that the risk-coverage curve is told at."""

ALIASES: Mapping[str, str] = {"textile_trash": "textile"}
"""Folder names that mean a class of another name."""

STREAMS: Mapping[str, str] = {"cardboard": "paper"}
"""Classes collected in the stream of another class (GB/T 19095); every other is its own."""

UNKNOWN = "unknown"
"""What all that is none of the known classes is called in the confusion table."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One labelled picture: its folder's name, what the classifier said, how long it took."""

    folder: str
    sight: Sight
    ms: float


@dataclass(frozen=True, slots=True)
class _Tally:
    """Judged pictures as columns, one entry a picture.

    `truth` is the folder's class, `told` the same with everything unknown under one name, and
    `leads` the likeliest of all classes under the same names.
    """

    truth: Names
    told: Names
    leads: Names
    known: Flags
    right: Flags
    stream: Flags
    scores: Floats
    shares: Floats
    taken: Flags

    @classmethod
    def of(cls, judged: list[Judged], card: Card) -> _Tally:
        truth = [ALIASES.get(item.folder, item.folder) for item in judged]
        pairs = [(item.sight.label, name) for item, name in zip(judged, truth, strict=True)]
        known = np.array([name in card.known for name in truth], np.bool_)
        return cls(
            truth=np.array(truth, np.str_),
            told=np.where(known, np.array(truth, np.str_), UNKNOWN),
            leads=np.array([_lead(item.sight, card) for item in judged], np.str_),
            known=known,
            right=np.array([label == name for label, name in pairs], np.bool_) & known,
            stream=np.array([_stream(a) == _stream(b) for a, b in pairs], np.bool_) & known,
            scores=np.array([item.sight.unknown_score for item in judged], np.float64),
            shares=np.array([item.sight.probability for item in judged], np.float64),
            taken=np.array([not item.sight.unknown for item in judged], np.bool_),
        )


def figures_of(judged: list[Judged], card: Card) -> dict[str, Any]:
    """Figures that depend on the pictures and the model alone.

    A folder whose class the model lacks or refuses counts as unknown. `top1`, `stream_top1`,
    `per_class`, `ece`, `brier`, `selective_at_90`, `aurc` and `risk_coverage` are over pictures of
    known classes and over the label alone, whether or not the gate let it pass; `accepted` and
    `accepted_top1` say what the gate makes of it. `top1_with_refused` and `confusion` are over
    all pictures and all classes: an unknown picture is right where a refused class leads.
    `intervals` hold in 95 of 100 cases.
    """
    tally = _Tally.of(judged, card)
    return {
        "n": len(judged),
        "n_known": int(tally.known.sum()),
        "n_unknown": int((~tally.known).sum()),
        **_labels(tally),
        "brier": _rounded(_brier(judged, card)),
        **_trust(tally),
        **_unknown(tally),
        "intervals": _intervals(tally),
    }


def _labels(tally: _Tally) -> dict[str, Any]:
    """How often the label is right, and what it is taken for where it is not."""
    known, right = tally.known, tally.right
    return {
        "top1": _mean(right[known]),
        "stream_top1": _mean(tally.stream[known]),
        "top1_with_refused": _mean(tally.told == tally.leads),
        "per_class": {
            name: {"n": int(mine.sum()), "top1": _mean(right[mine])}
            for name, mine in _each(tally.truth, known)
        },
        "confusion": confusion(tally.told.tolist(), tally.leads.tolist()),
    }


def _trust(tally: _Tally) -> dict[str, Any]:
    """How far probability and unknown score tell right labels from wrong ones."""
    known, taken = tally.known, tally.taken
    right, scores = tally.right[known], tally.scores[known]
    return {
        "ece": _rounded(ece(tally.shares[known], right)),
        "accepted": _mean(taken[known]),
        "accepted_top1": _mean(tally.right[known & taken]),
        "selective_at_90": _rounded(selective_at(0.9, scores, right)),
        "aurc": _rounded(aurc(scores, right)),
        "risk_coverage": _curve(scores, right),
        "coverage_at_99": _rounded(coverage_at(0.99, tally.scores, tally.right, known)),
    }


def _unknown(tally: _Tally) -> dict[str, Any]:
    """How far the unknown score tells known pictures from unknown ones, kind by kind."""
    scores, unknown = tally.scores, ~tally.known
    return {
        "auroc_unknown": _rounded(auroc(scores, unknown)),
        "aupr_unknown": _rounded(aupr(scores, unknown)),
        "fpr95": _rounded(fpr95(scores, unknown)),
        "unknown_refused": _mean(~tally.taken[unknown]),
        "per_unknown": {
            name: {"n": int(mine.sum()), "refused": _mean(~tally.taken[mine])}
            for name, mine in _each(tally.truth, unknown)
        },
    }


def _each(names: Names, chosen: Flags) -> list[tuple[str, Flags]]:
    """Every name among the chosen, in order, and where it stands."""
    return [(str(name), names == name) for name in np.unique(names[chosen])]


def _curve(scores: Floats, right: Flags) -> list[list[float]]:
    """The risk-coverage curve at every twentieth of coverage, as [coverage, risk]."""
    coverage, risk = risk_coverage(scores, right)
    if not len(coverage):
        return []
    marks = np.minimum(np.searchsorted(coverage, CURVE_AT - 1e-9), len(coverage) - 1)
    return [[round(float(coverage[at]), 4), round(float(risk[at]), 4)] for at in np.unique(marks)]


def _intervals(tally: _Tally) -> dict[str, list[float] | None]:
    """Wilson's for shares; drawn with replacement for what compares pictures."""
    known, scores, count = tally.known, tally.scores, len(tally.truth)
    n_known = int(known.sum())
    found = {
        "top1": wilson(int(tally.right.sum()), n_known),
        "stream_top1": wilson(int(tally.stream.sum()), n_known),
        "auroc_unknown": bootstrap(lambda drawn: auroc(scores[drawn], ~known[drawn]), count),
        "fpr95": bootstrap(lambda drawn: fpr95(scores[drawn], ~known[drawn]), count),
    }
    return {
        name: None if ends is None else [round(end, 4) for end in ends]
        for name, ends in found.items()
    }


def _brier(judged: list[Judged], card: Card) -> float | None:
    """Over known pictures that were judged at all: one too dark to see has no shares."""
    named = [(ALIASES.get(item.folder, item.folder), item.sight) for item in judged]
    seen = [(name, sight) for name, sight in named if name in card.known and sight.probabilities]
    shares = [[dict(sight.probabilities)[name] for name in card.classes] for _, sight in seen]
    truth = [card.classes.index(name) for name, _ in seen]
    return brier(np.array(shares), np.array(truth, np.int64))


def _lead(sight: Sight, card: Card) -> str:
    """The likeliest of all classes, refused ones and a blind look under one name."""
    if not sight.probabilities or sight.probabilities[0][0] in card.refused:
        return UNKNOWN
    return sight.label


def _stream(name: str) -> str:
    return STREAMS.get(name, name)


def _mean(flags: Any) -> float | None:
    return round(float(np.mean(flags)), 4) if len(flags) else None


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
