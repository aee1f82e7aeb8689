"""One training, from folders of pictures to a model and its card."""

from __future__ import annotations

import hashlib
import json
import platform
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from vision.classify import Classifier
from vision.evaluate import judge_all, labelled, report
from vision.openset import Gate
from vision.runtime import SIDE
from vision.train import calibrate
from vision.train.backbone import build, load_weights
from vision.train.data import CLASSES, EXCLUDED, REFUSED, Picture, Sets, counts, gather, list_sha256
from vision.train.extract import Extractor, Step
from vision.train.features import Floats
from vision.train.head import (
    Labels,
    Regression,
    Strangeness,
    joined,
    learn_strangeness,
    regress,
    shares,
)

FIT_VIEWS = ("plain", "ground0", "ground1", "ground2", "jitter")
DRAWN_VIEWS = ("plain", "jitter", "jitter1")
DRAWN_WEIGHT = 2
"""How often a drawn picture counts: they are few, and every kind of them must be learned."""

STRANGE_VIEWS = ("plain", "ground0", "jitter")
"""Views that strangeness is learned from; more would make too much look usual."""

DECAYS = (0.01, 0.02, 0.05, 0.1)
ABOUT = {
    "tune": "TrashNet's own val split; decay, temperature and gate were set on it",
    "clothes": "garments held out of training, from the same photographers",
    "strange": "food and circuit boards held out, from the same places as training's",
    "drawn": "simulated items held out of training",
    "field_val": "phone photographs on grey ground, looked at while the method was chosen",
}
"""What each set of figures was measured on."""

KNOWN = len(CLASSES) - len(REFUSED)
BACKBONE_LAYERS = 52
"""Convolutions that are used; the 53rd is ImageNet's own head."""


@dataclass(frozen=True, slots=True)
class Job:
    """What to train from and where to write. `cache` keeps features between runs."""

    data: Path
    drawn: Path
    out: Path
    backbone: Path
    cache: Path
    seed: int


@dataclass(frozen=True, slots=True)
class _Learned:
    regression: Regression
    strangeness: Strangeness
    decay: float
    temperature: float
    gate: Gate


def pictures_to_see(sets: Sets) -> int:
    """How many picture views one training computes features of."""
    seen = len(sets.fit) * len(FIT_VIEWS) + len(sets.drawn_fit) * len(DRAWN_VIEWS)
    return seen + len(sets.tune) + len(sets.clothes) + len(sets.drawn)


def train(job: Job, sets: Sets, step: Step) -> dict[str, Any]:
    """Train, write `model.onnx` and `card.json` to `job.out`, and return the card's content.

    Raises:
        TrainingError: The backbone is not the one expected.
        ImageError: A picture cannot be read.
    """
    weights = load_weights(job.backbone)[:BACKBONE_LAYERS]
    learned = _learn(sets, Extractor(build(weights, None), job.cache, job.seed, step))
    model = build(weights, joined(learned.regression, learned.strangeness))
    job.out.mkdir(parents=True, exist_ok=True)
    (job.out / "model.onnx").write_bytes(model)
    card = _card(job, sets, learned, model)
    _write(job.out / "card.json", card)
    card["figures"] = _figures(job, sets, Classifier.load(job.out))
    _write(job.out / "card.json", card)
    return card


def gather_for(job: Job) -> Sets:
    """Choose the pictures of a job.

    Raises:
        TrainingError: A folder is missing or empty.
    """
    return gather(job.data, job.drawn, job.seed)


def _labels(pictures: list[Picture], views: int = 1) -> Labels:
    return np.array([CLASSES.index(item.label) for item in pictures] * views, np.int64)


def _views(seen: Extractor, pictures: list[Picture], views: tuple[str, ...]) -> Floats:
    return np.concatenate([seen.features(pictures, view) for view in views])


def _learn(sets: Sets, seen: Extractor) -> _Learned:
    """Fit head and strangeness, choose the decay, set temperature and gate."""
    drawn = _views(seen, sets.drawn_fit, DRAWN_VIEWS)
    drawn_labels = _labels(sets.drawn_fit, len(DRAWN_VIEWS))
    features = np.concatenate([_views(seen, sets.fit, FIT_VIEWS), *[drawn] * DRAWN_WEIGHT])
    labels = np.concatenate([_labels(sets.fit, len(FIT_VIEWS)), *[drawn_labels] * DRAWN_WEIGHT])
    tune, truth = seen.features(sets.tune, "plain"), _labels(sets.tune)
    decay, regression = _best(features, labels, tune, truth)
    usual = np.concatenate([_views(seen, sets.fit, STRANGE_VIEWS), drawn])
    usual_labels = np.concatenate([_labels(sets.fit, len(STRANGE_VIEWS)), drawn_labels])
    known = usual_labels < KNOWN
    strangeness = learn_strangeness(usual[known], usual_labels[known])
    heat = calibrate.temperature(regression.logits(tune), truth)
    gate = _gate(sets, seen, regression, strangeness, heat)
    return _Learned(regression, strangeness, decay, heat, gate)


def _best(
    features: Floats, labels: Labels, tune: Floats, truth: Labels
) -> tuple[float, Regression]:
    """The decay with the least loss on the tuning set once its temperature is set."""
    losses: dict[float, tuple[float, Regression]] = {}
    for decay in DECAYS:
        found = regress(features, labels, len(CLASSES), decay)
        logits = found.logits(tune)
        share = shares(logits, calibrate.temperature(logits, truth))
        losses[decay] = (float(-np.log(share[np.arange(len(truth)), truth]).mean()), found)
    best = min(losses, key=lambda decay: losses[decay][0])
    return best, losses[best][1]


def _gate(
    sets: Sets, seen: Extractor, regression: Regression, strangeness: Strangeness, heat: float
) -> Gate:
    """Set the gate on the known things of the measuring sets."""
    pictures = [*sets.tune, *sets.clothes, *sets.drawn]
    parts = [seen.features(part, "plain") for part in (sets.tune, sets.clothes, sets.drawn)]
    features = np.concatenate(parts)
    known = _labels(pictures) < KNOWN
    tuned = (np.arange(len(pictures)) < len(sets.tune))[known]
    probabilities = shares(regression.logits(features), heat)[:, :KNOWN].max(axis=1)
    return calibrate.gate(probabilities[known], strangeness.of(features)[known], tuned)


def _card(job: Job, sets: Sets, learned: _Learned, model: bytes) -> dict[str, Any]:
    """Everything about a model but its figures."""
    roles = {name: getattr(sets, name) for name in ("fit", "drawn_fit", "tune", "clothes", "drawn")}
    return {
        "what": "MobileNetV2 1.0/224 with frozen weights, softmax head on pooled late layers, "
        "relative Mahalanobis distance for what is strange",
        "classes": list(CLASSES),
        "refused": list(REFUSED),
        "temperature": learned.temperature,
        "openset": asdict(learned.gate),
        "model": {
            "sha256": hashlib.sha256(model).hexdigest(),
            "bytes": len(model),
            "pixels": SIDE,
        },
        "training": {
            "seed": job.seed,
            "decay": learned.decay,
            "views": list(FIT_VIEWS),
            "backbone": job.backbone.name,
            "backbone_sha256": hashlib.sha256(job.backbone.read_bytes()).hexdigest(),
            "python": platform.python_version(),
            "packages": {name: version(name) for name in ("numpy", "onnx", "onnxruntime")},
        },
        "data": {
            name: {"classes": counts(pictures), "list_sha256": list_sha256(pictures)}
            for name, pictures in roles.items()
        },
        "excluded": sorted(EXCLUDED),
    }


def _figures(job: Job, sets: Sets, classifier: Classifier) -> dict[str, Any]:
    """Measure the written model as `kiosk vision eval` would, set by set."""
    named = {
        "tune": sets.tune,
        "clothes": sets.clothes,
        "strange": sets.strange,
        "drawn": sets.drawn,
    }
    pairs = {name: [(item.label, item.path) for item in part] for name, part in named.items()}
    field = job.data / "field_val"
    if field.is_dir():
        pairs["field_val"] = labelled(field)
    return {
        name: {"about": ABOUT[name], **_steady(report(judge_all(classifier, part), classifier))}
        for name, part in pairs.items()
    }


def _steady(figures: dict[str, Any]) -> dict[str, Any]:
    """Leave out what differs from machine to machine, so that a card repeats."""
    return {name: value for name, value in figures.items() if not name.endswith(("_ms", "_sha256"))}


def _write(path: Path, content: dict[str, Any]) -> None:
    path.write_text(json.dumps(content, indent=1, sort_keys=True) + "\n", encoding="utf-8")
