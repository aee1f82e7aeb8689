"""What training does to pictures and learns from their features, without any network."""

from __future__ import annotations

import random
from pathlib import Path

import cv2
import numpy as np
import pytest

from sim.drawn import draw
from tests.vision.made import clouds
from vision.errors import TrainingError
from vision.train import head
from vision.train.augment import jittered, on_new_ground
from vision.train.calibrate import COVERAGE, gate, temperature
from vision.train.data import gather


def test_a_thing_keeps_its_colours_on_new_ground_and_the_board_does_not() -> None:
    """A red square on a white board, lit from one side, with its shadow."""
    board = np.linspace(200, 235, 336)[None, :, None] * np.ones((252, 1, 3))
    board[70:200, 120:260] *= 0.8
    board[40:140, 90:200] = (190, 30, 40)
    picture = cv2.GaussianBlur(board, (0, 0), 0.8).astype(np.uint8)
    for seed in range(6):
        moved = on_new_ground(picture, random.Random(seed)).astype(float)
        red = moved[60:120, 110:180].mean(axis=(0, 1))
        assert red[0] > 2.5 * red[1:].max()
        ground = moved[215:245, 10:320].mean(axis=(0, 1))
        shadow = moved[160:180, 140:240].mean(axis=(0, 1))
        assert shadow.mean() < ground.mean()
        assert np.abs(ground - picture[215:245, 10:320].mean(axis=(0, 1))).max() > 8


def test_a_picture_without_a_thing_stays_as_it_is() -> None:
    """Board that fills the picture is itself the thing: there is nothing to lay elsewhere."""
    even = np.full((252, 336, 3), 180, np.uint8)
    assert np.array_equal(on_new_ground(even, random.Random(1)), even)


def test_chance_comes_from_the_generator_alone() -> None:
    """Another seed gives another picture, the same one the same."""
    picture = draw("can", random.Random(1))
    one, same, other = (jittered(picture, random.Random(seed)) for seed in (1, 1, 2))
    assert one.shape == picture.shape
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)


def test_regression_separates_what_can_be_separated() -> None:
    """Three clouds of points; the decay keeps the weights small where nothing asks for more."""
    labels, points = clouds(300)
    found = head.regress(points, labels, 3, 0.01)
    assert (found.logits(points).argmax(axis=1) == labels).mean() > 0.97
    firm = head.regress(points, labels, 3, 1.0)
    assert np.abs(firm.weight).sum() < np.abs(found.weight).sum()


def test_what_lies_far_from_every_class_is_stranger_than_what_lies_in_one() -> None:
    """Strangeness needs no example of what is strange."""
    labels, points = clouds(600)
    learned = head.learn_strangeness(points, labels)
    usual, (far,) = learned.of(points), learned.of(-points[:1])
    assert far > np.quantile(usual, 0.99)


def test_the_gate_lets_its_share_of_known_things_pass() -> None:
    """Its threshold is set by known things of the tuning set only."""
    chance = np.random.default_rng(3)
    shares, strange = chance.beta(8, 2, 500), chance.normal(3, 4, 500)
    tuned = np.arange(500) < 400
    found = gate(shares, strange, tuned)
    pairs = zip(shares[tuned], strange[tuned], strict=True)
    passed = [not found.is_unknown(found.score(p, s)) for p, s in pairs]
    assert np.mean(passed) == pytest.approx(COVERAGE, abs=0.01)


def test_the_temperature_cools_a_net_that_is_too_timid() -> None:
    """Scores that are right nine times in ten but claim six in ten are scaled up, and back."""
    labels = np.zeros(1000, np.int64)
    logits = np.tile(np.array([[0.4, 0.0]]), (1000, 1))
    logits[:100] = logits[:100, ::-1]
    heat = temperature(logits, labels)
    assert head.shares(logits, heat)[500, 0] == pytest.approx(0.8, abs=0.15)
    assert heat < 1
    assert temperature(logits * 40, labels) > 1


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    """Training says which folder it expected."""
    with pytest.raises(TrainingError, match=r"trashnet/train.*right folder"):
        gather(tmp_path, tmp_path, 1)
