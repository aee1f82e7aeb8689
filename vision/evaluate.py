"""How well a classifier does on a folder of labelled pictures."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from vision.classify import Classifier, Sight
from vision.errors import ImageError
from vision.images import SUFFIXES, load_image
from vision.metrics import auroc, coverage_at, ece, fpr95

ALIASES: Mapping[str, str] = {"textile_trash": "textile"}
"""Folder names that mean a class of another name."""

STREAMS: Mapping[str, str] = {"cardboard": "paper"}
"""Classes collected in the stream of another class (GB/T 19095); every other is its own."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One labelled picture: its folder's name, what the classifier said, how long it took."""

    folder: str
    sight: Sight
    ms: float


def labelled(folder: Path) -> list[tuple[str, Path]]:
    """List the pictures of `folder/class/*` as (class folder, path), in order.

    Raises:
        ImageError: There are none.
    """
    found = [
        (path.parent.name, path)
        for path in sorted(folder.glob("*/*"))
        if path.suffix.lower() in SUFFIXES
    ]
    if not found:
        raise ImageError(f"folder {folder}: no pictures; give a folder with class/*.jpg in it")
    return found


def judge_all(
    classifier: Classifier,
    pictures: Iterable[tuple[str, Path]],
    clock: Callable[[], float] = time.perf_counter,
) -> list[Judged]:
    """Look at each picture by itself; time counts from the decoded picture to the sight.

    Raises:
        ImageError: A picture cannot be read.
    """
    judged = []
    for folder, path in pictures:
        image = load_image(path)
        start = clock()
        sight = classifier.look([image])
        judged.append(Judged(folder, sight, (clock() - start) * 1000))
    return judged


def report(judged: list[Judged], classifier: Classifier) -> dict[str, Any]:
    """Sum up as `kiosk vision eval --json` prints it.

    A folder whose class the model lacks or refuses counts as unknown. `top1`, `stream_top1`,
    `per_class` and `ece` are over pictures of known classes and over the label alone, whether
    or not the gate let it pass; `accepted` and `accepted_top1` say what the gate makes of it.
    """
    known_names = set(classifier.card.known)
    truth = [ALIASES.get(item.folder, item.folder) for item in judged]
    known = np.array([name in known_names for name in truth], np.bool_)
    pairs = [(item.sight.label, name) for item, name in zip(judged, truth, strict=True)]
    right = np.array([label == name for label, name in pairs], np.bool_) & known
    stream = np.array([_stream(label) == _stream(name) for label, name in pairs]) & known
    scores = np.array([item.sight.unknown_score for item in judged], np.float64)
    shares = np.array([item.sight.probability for item in judged], np.float64)
    taken = np.array([not item.sight.unknown for item in judged], np.bool_)
    times = np.array([item.ms for item in judged], np.float64)
    return {
        "n": len(judged),
        "n_known": int(known.sum()),
        "n_unknown": int((~known).sum()),
        "top1": _mean(right[known]),
        "stream_top1": _mean(stream[known]),
        "per_class": {
            name: {"n": truth.count(name), "top1": _mean(right[np.array(truth) == name])}
            for name in sorted(set(truth) & known_names)
        },
        "ece": _rounded(ece(shares[known], right[known])),
        "auroc_unknown": _rounded(auroc(scores, ~known)),
        "fpr95": _rounded(fpr95(scores, ~known)),
        "coverage_at_99": _rounded(coverage_at(0.99, scores, right, known)),
        "accepted": _mean(taken[known]),
        "accepted_top1": _mean(right[known & taken]),
        "unknown_refused": _mean(~taken[~known]),
        "median_ms": round(float(np.median(times)), 2),
        "p95_ms": round(float(np.percentile(times, 95)), 2),
        "model_sha256": classifier.model_sha256,
    }


def _stream(name: str) -> str:
    return STREAMS.get(name, name)


def _mean(flags: Any) -> float | None:
    return round(float(np.mean(flags)), 4) if len(flags) else None


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
