"""What is learned from packed pictures: one net a seed, their mean, strangeness, heat and gate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from vision.openset import Gate, energy_of
from vision.train import calibrate
from vision.train.data import CLASSES, REFUSED, Picture, Sets
from vision.train.fit import Sample, kept, late_outputs, mean_of, moved_back
from vision.train.job import Job, Tell
from vision.train.net import Net, pretrained
from vision.train.packed import Packed, unpacked
from vision.train.recipe import Recipe
from vision.train.strangeness import Floats, Labels, Strangeness, learn_strangeness
from vision.train.trunk import Outputs, Trunk
from vision.train.views import View, all_views

KNOWN = len(CLASSES) - len(REFUSED)
PACK = "packed"
"""The cache's folder of pictures at the size that views are made at."""

SEEDS_ON = ("tune", "field_val")
"""Sets that each seed's own net is measured on, for the mean and spread over seeds."""

GATED_ON = ("tune", "clothes", "drawn")
"""Sets whose known things set the gate."""

USUAL_EVERY = 3
"""Strangeness is learned from every so manieth view of a known thing."""


@dataclass(frozen=True, slots=True)
class Learned:
    """What a training came to; `by_seed` holds how many labels each seed's own net had right."""

    net: Net
    strangeness: Strangeness
    temperature: float
    gate: Gate
    by_seed: dict[int, dict[str, float]]


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


def usual_of(views: Sequence[View]) -> list[View]:
    """Some of the views of known things."""
    return [view for view in views if view.label in CLASSES[:KNOWN]][::USUAL_EVERY]


class Eyes:
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


def learn(job: Job, sets: Sets, tell: Tell) -> Learned:
    """Fine-tune one net a seed, take their mean, and set strangeness, temperature and gate."""
    content = unpacked(job.cache / PACK)
    eyes = Eyes(_trunk(content, job.cache, job.seeds[0]), sets.measure, tell)
    nets = train_nets(job.cache, job.seeds, job.recipe, tell)
    by_seed = {
        seed: {name: _right(*eyes.measured(name, net)[1:]) for name in eyes.names(SEEDS_ON)}
        for seed, net in zip(job.seeds, nets, strict=True)
    }
    net = moved_back(mean_of(nets), job.recipe.moved)
    usual = usual_of(all_views(content.sources))
    narrow = late_outputs(net, eyes.outputs(usual), np.arange(len(usual)))[0]
    strangeness = learn_strangeness(narrow, _labels(usual))
    _, scores, truth = eyes.measured("tune", net)
    heat = calibrate.temperature(scores, truth)
    return Learned(net, strangeness, heat, _gate(net, eyes, strangeness, heat), by_seed)


def _right(scores: Floats, labels: Labels) -> float:
    """Share of pictures of known classes whose likeliest known class is theirs."""
    known = labels < KNOWN
    return round(float((scores[known, :KNOWN].argmax(axis=1) == labels[known]).mean()), 4)


def _gate(net: Net, eyes: Eyes, strangeness: Strangeness, heat: float) -> Gate:
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
