"""Training the late part of the network on what the trunk said of every view."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from vision.train.net import Net, pretrained
from vision.train.recipe import Recipe
from vision.train.strangeness import Floats, Labels
from vision.train.trunk import Outputs

THREADS = 2
"""Sums of floats depend on how many share them: the same number gives the same net."""

EVALUATED = 128
"""Rows that are looked at together outside training."""

Weights = NDArray[np.float64]
Progress = Callable[[int], object]
"""Called with the number of steps just done."""


@dataclass(frozen=True, slots=True)
class Sample:
    """What is learned from: the trunk's outputs of N views, their classes, how often each is drawn.

    `name` is these outputs' own; `outputs` gives them, when a net has to be trained. `labels` (N)
    count from 0 to `classes`; `weights` (N) need not sum to one.
    """

    name: str
    outputs: Callable[[], Outputs]
    labels: Labels
    weights: Weights
    classes: int


def kept(cache: Path, sample: Sample, seed: int, recipe: Recipe, progress: Progress) -> Net:
    """A seed's net out of the cache, trained and put there where it is not yet.

    Found again is what came of the same outputs, classes, weights and recipe.
    """
    # How far the mean of all seeds is moved back has no part in a single one.
    steps = asdict(replace(recipe, moved=1.0))
    name = hashlib.sha256(json.dumps([seed, steps, sample.name]).encode())
    name.update(sample.labels.tobytes() + sample.weights.tobytes())
    stored = cache / f"net-{name.hexdigest()[:32]}.pt"
    if stored.exists():
        net = Net(sample.classes)
        net.load_state_dict(torch.load(stored, weights_only=True))
        progress(recipe.steps)
        net.eval()
        return net
    net = fine_tuned(sample, seed, recipe, progress)
    written = stored.with_suffix(".part")
    torch.save(net.state_dict(), written)
    written.rename(stored)
    return net


def fine_tuned(sample: Sample, seed: int, recipe: Recipe, progress: Progress) -> Net:
    """Train from ImageNet's weights; the same seed repeats.

    What is returned is the running mean of the weights, which is better than where they ended.
    """
    torch.set_num_threads(THREADS)
    torch.manual_seed(seed)
    chance = np.random.default_rng(seed)
    seen = _Seen(sample.outputs())
    net = pretrained(sample.classes)
    net.to(seen.device, memory_format=torch.channels_last)
    net.for_training()
    _thin(net, recipe.drop)
    parameters = net.trained()
    optimiser = _optimiser(parameters, recipe)
    mean = [parameter.detach().clone() for parameter in parameters]
    edges = np.cumsum(sample.weights) / np.sum(sample.weights)
    for step in range(recipe.steps):
        _set_rates(optimiser, recipe, step)
        drawn = np.sort(np.searchsorted(edges, chance.random(recipe.batch)))
        x, target = _batch(seen, sample, drawn, chance, recipe)
        features = functional.dropout(net.late(x)[1], recipe.feature_drop)
        logs = functional.log_softmax(net.scores(features), dim=1)
        loss = -(target * logs).sum(dim=1).mean()
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(parameters, recipe.gradient)
        optimiser.step()
        _remember(mean, parameters, min(recipe.remembered, (step + 1) / (step + 10)))
        progress(1)
    _put(parameters, mean)
    net.to("cpu").eval()
    return net


class _Seen:
    """The trunk's outputs where the net is trained: on a GPU where there is one."""

    def __init__(self, outputs: Outputs) -> None:
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        # A GPU holds them all; here they stay on disk, and only what is drawn is read.
        self._held = (
            torch.from_numpy(np.array(outputs)).cuda() if torch.cuda.is_available() else None
        )
        self._outputs = outputs

    def rows(self, drawn: Labels) -> Tensor:
        """Some of them, as N × channels × height × width."""
        if self._held is not None:
            part = self._held[torch.from_numpy(drawn).to(self.device)].float()
        else:
            part = torch.from_numpy(self._outputs[drawn].astype(np.float32))
        return part.permute(0, 3, 1, 2)


def mean_of(nets: Sequence[Net]) -> Net:
    """A network whose weights are the mean of several that began alike (Wortsman et al. 2022)."""
    share = 1 / len(nets)
    return _blended([(net, share) for net in nets])


def moved_back(net: Net, moved: float) -> Net:
    """A network between ImageNet's weights (0) and those of `net` (1); the scores stay its own."""
    start = pretrained(net.scores.out_features)
    between = _blended([(net, moved), (start, 1 - moved)])
    between.scores.load_state_dict(net.scores.state_dict())
    return between


def _blended(parts: Sequence[tuple[Net, float]]) -> Net:
    states = [(net.state_dict(), share) for net, share in parts]
    blended = Net(parts[0][0].scores.out_features)
    blended.load_state_dict(
        {
            name: sum(state[name].double() * share for state, share in states).to(value.dtype)
            for name, value in states[0][0].items()
        }
    )
    blended.eval()
    return blended


def _thin(net: Net, most: float) -> None:
    """Let later blocks be left out more often than early ones (Huang et al. 2016)."""
    for number, block in enumerate(net.blocks):
        block.drop = most * number / len(net.blocks)


def _optimiser(parameters: Sequence[nn.Parameter], recipe: Recipe) -> torch.optim.AdamW:
    late, scores = parameters[:-2], parameters[-2:]
    groups = [
        {"params": [one for one in late if one.ndim > 1], "weight_decay": recipe.decay},
        {"params": [one for one in late if one.ndim <= 1], "weight_decay": 0.0},
        {"params": list(scores), "weight_decay": recipe.decay},
    ]
    return torch.optim.AdamW(groups)


def _set_rates(optimiser: torch.optim.AdamW, recipe: Recipe, step: int) -> None:
    rate = recipe.rate_at(step)
    rates = (rate, rate, recipe.scores_rate_at(step))
    for group, value in zip(optimiser.param_groups, rates, strict=True):
        group["lr"] = value


def _batch(
    seen: _Seen, sample: Sample, drawn: Labels, chance: np.random.Generator, recipe: Recipe
) -> tuple[Tensor, Tensor]:
    """Half of a batch mirrored, some batches mixed in pairs; inputs and smoothed targets."""
    order = torch.from_numpy(chance.permutation(len(drawn)))
    labels, classes = torch.from_numpy(sample.labels[drawn])[order], sample.classes
    x = seen.rows(drawn)[order.to(seen.device)]
    target = functional.one_hot(labels, classes).float().to(seen.device)
    mirrored = torch.from_numpy(chance.random(len(drawn)) < 0.5).to(seen.device)
    x = torch.where(mirrored[:, None, None, None], x.flip(3), x)
    if chance.random() < recipe.mixed:
        x, target = _mixed(x, target, chance)
    target = target * (1 - recipe.smooth) + recipe.smooth / classes
    return x.contiguous(memory_format=torch.channels_last), target


def _mixed(x: Tensor, target: Tensor, chance: np.random.Generator) -> tuple[Tensor, Tensor]:
    """Each picture with the one before: a square of it (CutMix) or a share everywhere (mixup)."""
    other, other_target = x.roll(1, 0), target.roll(1, 0)
    side = x.shape[-1]
    if chance.random() < 0.5:
        share = float(chance.beta(0.4, 0.4))
        return x * share + other * (1 - share), target * share + other_target * (1 - share)
    edge = round(side * math.sqrt(1 - float(chance.beta(1.0, 1.0))))
    top, left = chance.integers(0, side - edge + 1, 2)
    pasted = x.clone()
    place = (..., slice(top, top + edge), slice(left, left + edge))
    pasted[place] = other[place]
    share = edge * edge / (side * side)
    return pasted, target * (1 - share) + other_target * share


def _remember(mean: Sequence[Tensor], parameters: Sequence[Tensor], share: float) -> None:
    with torch.no_grad():
        torch._foreach_lerp_(list(mean), [one.detach() for one in parameters], 1 - share)


def _put(parameters: Sequence[Tensor], values: Sequence[Tensor]) -> None:
    with torch.no_grad():
        for parameter, value in zip(parameters, values, strict=True):
            parameter.copy_(value)


def late_outputs(net: Net, seen: Outputs, rows: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """What the last block says (N × NARROW) and class scores, of some of the trunk's outputs."""
    narrow, scores = [], []
    for start in range(0, len(rows), EVALUATED):
        part = seen[rows[start : start + EVALUATED]].astype(np.float32)
        with torch.inference_mode():
            said, features = net.late(torch.from_numpy(part).permute(0, 3, 1, 2))
            narrow.append(said.numpy())
            scores.append(net.scores(features).numpy())
    return np.concatenate(narrow), np.concatenate(scores)
