"""Seeing: what a verdict costs over the bare net, and how good it is on photographs.

Quality is measured as `kiosk vision eval` does, on the sets that `KIOSK_DATA` names; without it
those rows are left out and stderr says so. The peers' figures are of the same sets or of their
kind, as published or tried (docs/vision.md), not measured here.
"""

from __future__ import annotations

import os
import random
import sys
import time
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any

from bench.row import Row
from sim.drawn import draw
from vision.classify import WHOLE_MODEL, Classifier, halved
from vision.closeup import shown
from vision.evaluate import judge_all, labelled, report
from vision.runtime import Model

LOOKS = 60
WARM_UP = 5
MOST_OVERHEAD, MOST_MS, MOST_INT8_MS, MOST_LOST = 1.25, 9.0, 5.0, 0.5

NO_PEER = "none known"

TRASHNET, FIELD, FIVE = "trashnet/val", "field_val", "field_val, five classes"
QUALITY = {
    TRASHNET: (
        ("top1_with_refused", 0.96, True, "short fine-tune", 0.90),
        ("selective_at_90", 0.99, True, NO_PEER, 0.0),
        ("ece", 0.03, False, "after mixup, calibrated", 0.03),
    ),
    FIVE: (
        ("top1", 0.80, True, "short fine-tune", 0.66),
        ("stream_top1", 0.88, True, NO_PEER, 0.0),
    ),
    FIELD: (
        ("auroc_unknown", 0.95, True, "Mahalanobis", 0.93),
        ("fpr95", 0.25, False, NO_PEER, 0.0),
    ),
}
"""Of each set: figure, goal, whether at least, and the best peer with its figure."""

KNOWN_ONLY = ("selective_at_90", "ece", "top1", "stream_top1")
"""Figures over pictures of known classes alone."""

Figures = dict[str, Any]


def measure() -> list[Row]:
    """Times of the nets that are there, the overhead of a look, and quality where data is."""
    folder = resources.files("vision") / "models"
    with resources.as_file(folder) as models:
        rows = _speed(models)
        data = os.environ.get("KIOSK_DATA")
        if data is None:
            return [*rows, *_skip("quality: KIOSK_DATA names no folder of pictures")]
        return [*rows, *_quality(Path(data)), *_lost_by_int8(models, Path(data))]


def _speed(models: Path) -> list[Row]:
    """The net, and a whole look beside it, each look next to a run of the net alone."""
    classifier = Classifier.load(models)
    picture = draw("can", random.Random(1))
    batch = shown(halved(picture))[None]
    look_ms, net_ms = beside(
        lambda: classifier.look([picture]), lambda: classifier.model.run(batch), LOOKS
    )
    peer = "the same net, run bare"
    rows = [
        _limit("one picture through the net, least", net_ms, "ms", peer, net_ms, MOST_MS),
        Row(
            "picture to verdict, least", look_ms, "ms", peer, net_ms, MOST_OVERHEAD, at_least=False
        ),
    ]
    quick = Model.load(models / WHOLE_MODEL)
    int8_ms, fp32_ms = beside(lambda: quick.run(batch), lambda: classifier.model.run(batch), LOOKS)
    name = "one picture through the int8 net, least"
    return [*rows, _limit(name, int8_ms, "ms", "the fp32 net", fp32_ms, MOST_INT8_MS)]


def beside(
    one: Callable[[], object], other: Callable[[], object], count: int
) -> tuple[float, float]:
    """Least milliseconds of two works taken in turn: what they cost where nothing else runs."""
    times: list[tuple[float, float]] = [(_ms(one), _ms(other)) for _ in range(WARM_UP + count)]
    first, second = zip(*times[WARM_UP:], strict=True)
    return min(first), min(second)


def _ms(work: Callable[[], object]) -> float:
    start_s = time.perf_counter()
    work()
    return (time.perf_counter() - start_s) * 1000


def _quality(data: Path) -> list[Row]:
    if not all((data / name).is_dir() for name in (TRASHNET, FIELD)):
        return _skip(f"quality: KIOSK_DATA lacks {TRASHNET} or {FIELD}")
    classifier = Classifier.shipped()
    judged = judge_all(classifier, labelled(data / FIELD))
    five = [item for item in judged if item.folder != "textile_trash"]
    found = {
        TRASHNET: report(judge_all(classifier, labelled(data / TRASHNET)), classifier),
        FIVE: report(five, classifier),
        FIELD: report(judged, classifier),
    }
    return [
        Row(
            f"{name}: {key}, {_told(found[name], key)}",
            100 * found[name][key],
            "%",
            peer,
            100 * theirs,
            100 * goal,
            at_least=at_least,
            is_limit=True,
        )
        for name, wanted in QUALITY.items()
        for key, goal, at_least, peer, theirs in wanted
    ]


def _told(figures: Figures, key: str) -> str:
    """How many pictures a figure rests on, and its interval where there is one."""
    count = figures["n_known" if key in KNOWN_ONLY else "n"]
    ends = figures["intervals"].get(key)
    return f"n {count}" + (f", 95 % {100 * ends[0]:.0f} to {100 * ends[1]:.0f}" if ends else "")


def _lost_by_int8(models: Path, data: Path) -> list[Row]:
    """How many pictures of TrashNet's val split the int8 net gets wrong that fp32 does not."""
    pictures = data / TRASHNET
    if not pictures.is_dir():
        return _skip(f"int8 quality: KIOSK_DATA lacks {TRASHNET}")
    quick, full = Classifier.load(models, model_name=WHOLE_MODEL), Classifier.load(models)
    quick_top1, full_top1 = (
        report(judge_all(net, labelled(pictures)), net)["top1"] for net in (quick, full)
    )
    name = f"{TRASHNET}: top1 lost by int8"
    lost = 100 * (full_top1 - quick_top1)
    return [_limit(name, lost, "points", "per-tensor int8", 35.0, MOST_LOST)]


def _limit(name: str, value: float, unit: str, peer: str, theirs: float, most: float) -> Row:
    return Row(name, value, unit, peer, theirs, most, at_least=False, is_limit=True)


def _skip(reason: str) -> list[Row]:
    sys.stderr.write(f"bench vision: {reason}; left out\n")
    return []
