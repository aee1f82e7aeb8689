"""Training as a whole: it repeats, and the written models compute what was learned.

These tests need the extra `train`, and the weights that come with it.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
import torch

from vision.classify import MODEL, WHOLE_MODEL, Classifier
from vision.closeup import shown
from vision.images import load_image
from vision.runtime import Model, Network
from vision.train import run
from vision.train.data import CLASSES
from vision.train.export import float_onnx, trunk_onnx
from vision.train.fit import Sample, fine_tuned, mean_of, moved_back
from vision.train.job import Job, Tell
from vision.train.learned import PACK, train_nets
from vision.train.net import MIDDLE, NARROW, SPREAD, pretrained
from vision.train.recipe import Recipe
from vision.train.strangeness import learn_strangeness

SHORT = Recipe(steps=6, batch=8, warm_steps=2, ramp_steps=2)


def test_the_written_model_computes_what_the_net_does() -> None:
    """Features, scores and strangeness are torch's and numpy's, picture by picture."""
    chance = np.random.default_rng(5)
    net = pretrained(4).eval()
    torch.nn.init.normal_(net.scores.weight, std=0.1, generator=torch.manual_seed(1))
    strangeness = learn_strangeness(
        np.abs(chance.normal(size=(60, NARROW))).astype(np.float32), np.arange(60) % 3
    )
    pictures = chance.integers(0, 256, (2, 200, 200, 3), np.uint8)
    outputs = Model.of_bytes(float_onnx(net, strangeness), "made").run(pictures)
    scaled = torch.from_numpy((pictures.astype(np.float32) - MIDDLE) / SPREAD).permute(0, 3, 1, 2)
    with torch.inference_mode():
        seen = net.trunk(scaled)
        narrow, features = net.late(seen)
        scores = net.scores(features)
    assert outputs.features == pytest.approx(features.numpy(), abs=0.02)
    assert outputs.logits == pytest.approx(scores.numpy(), abs=0.05)
    assert outputs.strangeness == pytest.approx(strangeness.of(narrow.numpy()), rel=0.02, abs=0.5)
    trunk = Network(trunk_onnx(net), "trunk").run(pictures)
    assert trunk == pytest.approx(seen.permute(0, 2, 3, 1).numpy(), abs=1e-3)


def test_the_trunk_stays_and_the_late_part_learns() -> None:
    """The same seed trains the same net; the mean of two lies between them."""
    chance = np.random.default_rng(5)
    seen = chance.normal(size=(40, 13, 13, 80)).astype(np.float16)
    sample = Sample("made", lambda: seen, np.arange(40) % 3, np.full(40, 1 / 40), 3)
    steps: list[int] = []
    one, same, other = (fine_tuned(sample, seed, SHORT, steps.append) for seed in (1, 1, 2))
    start = pretrained(3)
    assert sum(steps) == 3 * SHORT.steps
    assert torch.equal(one.scores.weight, same.scores.weight)
    assert not torch.equal(one.scores.weight, other.scores.weight)
    assert torch.equal(one.stem.conv.weight, start.stem.conv.weight)
    assert not torch.equal(one.head.conv.weight, start.head.conv.weight)
    between = (one.scores.weight + other.scores.weight) / 2
    assert torch.allclose(mean_of([one, other]).scores.weight, between)
    halfway = moved_back(one, 0.5)
    assert torch.allclose(
        halfway.head.conv.weight, (one.head.conv.weight + start.head.conv.weight) / 2
    )
    assert torch.equal(halfway.scores.weight, one.scores.weight)


@pytest.mark.timeout(900)
def test_one_training_from_pictures_to_models(data_in_miniature: Path, tmp_path: Path) -> None:
    """A small training: every part of it is real, and it repeats to the byte."""
    drawn = data_in_miniature / "drawn"
    seen: list[int] = []
    tell = Tell(seen.append, seen.append, seen.append)

    def train(out: str) -> Path:
        job = Job(
            data_in_miniature, drawn, tmp_path / out, tmp_path / f"cache-{out}", (1, 2), SHORT
        )
        run.train(job, run.gather_for(job), tell)
        return tmp_path / out

    one, two = train("one"), train("two")
    steps: list[int] = []
    elsewhere = Tell(seen.append, seen.append, steps.append)
    again = train_nets(tmp_path / "cache-one", (1, 2), SHORT, elsewhere)
    assert sum(steps) == 2 * SHORT.steps
    shutil.copytree(tmp_path / "cache-one" / PACK, tmp_path / "carried" / PACK)
    carried = train_nets(tmp_path / "carried", (1, 2), SHORT, elsewhere)
    for found, anew in zip(again, carried, strict=True):
        assert torch.equal(found.head.conv.weight, anew.head.conv.weight)
    for name in (MODEL, WHOLE_MODEL, "card.json"):
        assert (one / name).read_bytes() == (two / name).read_bytes(), name
    assert (one / "confusion.png").exists()
    pictures = [load_image(path) for path in sorted(data_in_miniature.glob("field_val/*/*"))]
    floats, whole = (Model.load(one / name) for name in (MODEL, WHOLE_MODEL))
    batch = np.stack([shown(picture) for picture in pictures])
    difference = floats.run(batch).features - whole.run(batch).features
    assert np.abs(difference).mean() < 0.25 * np.abs(floats.run(batch).features).mean()
    assert Classifier.load(one).card.classes == CLASSES
