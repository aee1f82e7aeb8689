"""Training as a whole: it repeats, and the model computes what was learned."""

from __future__ import annotations

import json
import random
from pathlib import Path

import cv2
import numpy as np
import pytest
from typer.testing import CliRunner

from sim.drawn import draw, draw_set
from tests.vision.made import clouds
from vision.classify import Classifier, fitted
from vision.cli import app
from vision.errors import TrainingError
from vision.images import Image, load_image
from vision.runtime import Model
from vision.train import backbone, head, run
from vision.train.data import list_sha256
from vision.train.features import WIDTH


def test_the_backbone_must_be_the_one_expected(tmp_path: Path) -> None:
    """Another network's weights are refused before any picture is read."""
    np.savez(tmp_path / "small.npz", w0=np.zeros((8, 3, 3, 3)), b0=np.zeros(8))
    with pytest.raises(TrainingError, match=r"small\.npz: 1 layers, MobileNetV2 has 53"):
        backbone.load_weights(tmp_path / "small.npz")


def test_the_graph_computes_what_was_learned(tmp_path: Path) -> None:
    """Scores and strangeness of the written model are those of the arrays, picture by picture."""
    chance = np.random.default_rng(5)
    weights = backbone.load_weights(_weights(tmp_path / "weights.npz"))[: run.BACKBONE_LAYERS]
    labels, points = clouds(90)
    strangeness = head.learn_strangeness(points, labels)
    shape = (WIDTH, 4)
    regression = head.Regression(
        chance.normal(size=shape).astype(np.float32), chance.normal(size=4).astype(np.float32)
    )
    model = Model.of_bytes(backbone.build(weights, head.joined(regression, strangeness)), "made")
    pictures = [draw("can", random.Random(1)), draw("plant", random.Random(2))]
    outputs = model.run(np.stack([fitted(picture) for picture in pictures]))
    assert outputs.features.shape == (2, WIDTH)
    assert outputs.logits == pytest.approx(regression.logits(outputs.features), rel=1e-3, abs=1e-2)
    assert outputs.strangeness == pytest.approx(strangeness.of(outputs.features), rel=1e-3)
    assert outputs.strangeness[0] != pytest.approx(outputs.strangeness[1], rel=1e-3)


def test_weights_made_of_steps_are_kept_as_bytes_without_loss() -> None:
    """What was quantised in training needs a quarter of the space, and comes back to the bit."""
    chance = np.random.default_rng(5)
    whole = chance.integers(0, 256, (16, 8, 3, 3))
    whole.flat[:2] = (0, 255)
    weight = ((whole - 117) * np.float32(0.0213)).astype(np.float32)
    found = backbone._steps(weight)
    assert found is not None
    stored, zero, step = found
    assert stored.dtype == np.uint8
    assert np.array_equal((stored.astype(np.float32) - zero) * np.float32(step), weight)
    assert backbone._steps(chance.normal(size=(16, 8, 3, 3)).astype(np.float32)) is None


def test_one_training_from_pictures_to_a_model(tmp_path: Path) -> None:
    """A small training with a backbone that knows nothing: every part of it is real.

    It knows what it was trained on again, and repeats to the byte.
    """
    data = _photographs(tmp_path / "data")
    drawn = tmp_path / "drawn"
    draw_set(drawn, 1, seed=1)
    weights = _weights(tmp_path / "weights.npz")
    folders = ["--data", data, "--drawn", drawn, "--out", tmp_path / "one"]
    folders += ["--backbone", weights, "--cache", tmp_path / "cache"]
    result = CliRunner().invoke(app, ["train", *(str(word) for word in folders), "--json"])
    assert result.exit_code == 0, result.output
    card = json.loads(result.stdout)
    seen: list[int] = []
    job = run.Job(data, drawn, tmp_path / "two", weights, tmp_path / "cache", seed=1)
    assert run.train(job, run.gather_for(job), seen.append) == card
    assert sum(seen) == run.pictures_to_see(run.gather_for(job))
    assert card["data"]["fit"]["list_sha256"] == list_sha256(run.gather_for(job).fit)
    classifier = Classifier.load(tmp_path / "one")
    assert classifier.model_sha256 == card["model"]["sha256"]
    assert {"tune", "drawn", "field_val"} <= set(card["figures"])
    known = [item for item in run.gather_for(job).fit if item.label != "other"]
    sights = [classifier.look([load_image(item.path)]) for item in known]
    right = [sight.label == item.label for sight, item in zip(sights, known, strict=True)]
    assert np.mean(right) > 0.8


def _photographs(folder: Path) -> Path:
    """A data folder in miniature, of drawings."""
    kinds = {"cardboard": "carton", "glass": "glass-bottle", "metal": "can",
             "paper": "newspaper", "plastic": "pet-bottle", "trash": "plant"}  # fmt: skip
    for label, kind in kinds.items():
        for part, count in (("trashnet/train", 2), ("trashnet/val", 1), ("field_val", 1)):
            for number in range(count):
                _save(folder / part / label, number, draw(kind, random.Random(f"{part}{number}")))
    for place, kind in (("clothing/textile", "t-shirt"), ("groceries/food", "banana"),
                        ("boards/small_electronics", "battery")):  # fmt: skip
        for number in range(2):
            _save(folder / "extra" / place, number, draw(kind, random.Random(f"x{number}")))
    return folder


def _save(folder: Path, number: int, image: Image) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    small = cv2.resize(image, (320, 240), interpolation=cv2.INTER_AREA)
    cv2.imwrite(str(folder / f"{number}.jpg"), np.asarray(small[..., ::-1]))


def _weights(path: Path) -> Path:
    """MobileNetV2's shapes with chance weights of a size that keeps signals alive."""
    chance = np.random.default_rng(7)
    shapes: list[tuple[int, ...]] = [(32, 3, 3, 3), (32, 1, 3, 3), (16, 32, 1, 1)]
    before = 16
    for channels, repetitions, _ in backbone._BLOCKS[1:]:
        for _ in range(repetitions):
            hidden = 6 * before
            shapes += [(hidden, before, 1, 1), (hidden, 1, 3, 3), (channels, hidden, 1, 1)]
            before = channels
    shapes += [(1280, 320, 1, 1), (1001, 1280, 1, 1)]
    pairs = {}
    for number, shape in enumerate(shapes):
        spread = np.sqrt(2 / np.prod(shape[1:]))
        pairs[f"w{number}"] = chance.normal(0, spread, shape).astype(np.float32)
        pairs[f"b{number}"] = np.zeros(shape[0], np.float32)
    np.savez(path, **pairs)  # type: ignore[arg-type]
    return path
