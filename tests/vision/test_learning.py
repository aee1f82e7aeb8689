"""What training does to pictures and learns from their features, without any network."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from sim.drawn import draw
from tests.vision.made import clouds
from vision.errors import TrainingError
from vision.images import Image, load_image
from vision.train.augment import (
    WORK,
    cropped,
    jittered,
    laid_elsewhere,
    taken_off,
    working,
    worn,
)
from vision.train.calibrate import COVERAGE, Signs, gate, shares, temperature
from vision.train.data import CLASSES, MADE, gather
from vision.train.made import KINDS, make
from vision.train.made.sheets import CLOTH, FILM, FOIL, PAPER, PRINTED_FILM, Material, sheet
from vision.train.made.thing import SIDE
from vision.train.packed import LIST, packed, unpacked
from vision.train.recipe import Recipe
from vision.train.strangeness import learn_strangeness
from vision.train.views import all_views, see

Change = Callable[[Image, random.Random], Image]


def test_a_thing_keeps_its_colours_on_new_ground_and_the_board_does_not() -> None:
    """A red square on a white board, lit from one side, with its shadow."""
    board = np.linspace(200, 235, 336)[None, :, None] * np.ones((252, 1, 3))
    board[70:200, 120:260] *= 0.8
    board[40:140, 90:200] = (190, 30, 40)
    picture = cv2.GaussianBlur(board, (0, 0), 0.8).astype(np.uint8)
    cut = taken_off(picture)
    assert cut is not None
    for seed in range(6):
        moved = laid_elsewhere(cut, random.Random(seed)).astype(float)
        red = moved[60:120, 110:180].mean(axis=(0, 1))
        assert red[0] > 2.5 * red[1:].max()
        ground = moved[215:245, 10:320].mean(axis=(0, 1))
        shadow = moved[160:180, 140:240].mean(axis=(0, 1))
        assert shadow.mean() < ground.mean()
        assert np.abs(ground - picture[215:245, 10:320].mean(axis=(0, 1))).max() > 8


def test_a_picture_without_a_thing_has_nothing_to_take_off() -> None:
    """Board that fills the picture shows no thing on it."""
    assert taken_off(np.full((252, 336, 3), 180, np.uint8)) is None


@pytest.mark.parametrize("change", [jittered, cropped])
def test_chance_comes_from_the_generator_alone(change: Change) -> None:
    """Another seed gives another picture, the same one the same."""
    picture = draw("can", random.Random(1))
    one, same, other = (change(picture, random.Random(seed)) for seed in (1, 1, 2))
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)


def test_a_cheap_camera_changes_little() -> None:
    """Noise and JPEG's blocks leave what a picture shows, colours in their order included."""
    picture = np.full((90, 120, 3), (190, 90, 30), np.uint8)
    kept = np.stack([worn(picture, random.Random(seed)) for seed in range(12)])
    assert np.abs(kept.mean(axis=(0, 1, 2)) - (190, 90, 30)).max() < 3
    assert len({frame.tobytes() for frame in kept}) > 4


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_made_things_are_pictures_that_repeat(kind: str) -> None:
    """Every kind is some picture of its own for each seed, printed with photographs or without."""
    photo = draw("carton", random.Random(3))
    one, same, other = (make(kind, random.Random(seed), [photo]) for seed in (1, 1, 2))
    assert one.dtype == np.uint8
    assert one.shape == make(kind, random.Random(1), []).shape
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)


def test_film_and_foil_glitter_where_paper_and_cloth_do_not() -> None:
    """What tells the made materials apart is what light does on them, not their colour."""
    grey = np.full((SIDE, SIDE, 3), 120, np.float32)

    def glints(material: Material) -> float:
        sheets = [sheet(random.Random(seed), material, grey) for seed in range(6)]
        return float(np.mean([(one.levels[one.solid > 0.1] > 200).mean() for one in sheets]))

    assert min(glints(FILM), glints(PRINTED_FILM), glints(FOIL)) > 0.02
    assert max(glints(PAPER), glints(CLOTH)) < 0.002


def test_views_are_drawn_by_their_source_s_share(data_in_miniature: Path, tmp_path: Path) -> None:
    """A source with few pictures is drawn as often as its share says, and all views are seen."""
    sets = gather(data_in_miniature, data_in_miniature / "drawn", 1)
    views = all_views(sets.fit)
    assert sum(view.weight for view in views) == pytest.approx(1)
    for source in sets.fit:
        mine = [view for view in views if view.picture in source.pictures]
        assert sum(view.weight for view in mine) == pytest.approx(source.share)
        assert len(mine) == len(source.pictures) * source.views
    assert {view.kind for view in views if view.picture is None} == set(MADE)
    assert {view.label for view in views} == set(CLASSES)
    chosen = [view for view in views if view.number == 3][:6]
    seen = [see(view, 1, []) for view in chosen]
    assert len({picture.shape for picture in seen}) == 1
    again = [see(view, 1, []) for view in chosen]
    assert all(np.array_equal(a, b) for a, b in zip(seen, again, strict=True))
    assert not np.array_equal(seen[0], see(chosen[0], 2, []))


def test_what_trains_is_packed_small_and_found_again(
    data_in_miniature: Path, tmp_path: Path
) -> None:
    """Packed pictures stand for their sources, and a second packing has nothing left to write."""
    sources = gather(data_in_miniature, data_in_miniature / "drawn", 1).fit
    cartons = next(source.pictures for source in sources if source.name == "cartons")
    counted: list[int] = []
    first = packed(sources, cartons, tmp_path, counted.append)
    written = {path: path.stat().st_mtime_ns for path in tmp_path.glob("*.webp")}
    assert packed(sources, cartons, tmp_path, counted.append) == unpacked(tmp_path) == first
    assert written == {path: path.stat().st_mtime_ns for path in tmp_path.glob("*.webp")}
    assert sum(counted) == 2 * sum(len(source.pictures) for source in sources)
    assert len(first.prints) == len(cartons)
    for source, small in zip(sources, first.sources, strict=True):
        assert (small.name, small.views, small.share) == (source.name, source.views, source.share)
        for large, one in zip(source.pictures, small.pictures, strict=True):
            assert (one.label, one.key) == (large.label, large.key)
            before, after = working(load_image(large.path)), load_image(one.path)
            assert max(after.shape) <= WORK
            assert np.abs(before.astype(float) - after).mean() < 6


def test_a_broken_list_of_packed_pictures_is_named(tmp_path: Path) -> None:
    """No list, or one that was cut off: the folder is named, and what to do."""
    with pytest.raises(TrainingError, match="pack them anew"):
        unpacked(tmp_path)
    (tmp_path / LIST).write_text('{"sources": [')
    with pytest.raises(TrainingError, match="pack them anew"):
        unpacked(tmp_path)


def test_no_measured_picture_trains(data_in_miniature: Path) -> None:
    """What a model is measured on has no part in making it; files that stand twice are left out."""
    sets = gather(data_in_miniature, data_in_miniature / "drawn", 1)
    trains = {picture.path for source in sets.fit for picture in source.pictures}
    measures = {picture.path for part in sets.measure.values() for picture in part}
    assert not trains & measures
    assert {"tune", "clothes", "strange", "drawn", "field_val"} == set(sets.measure)


def test_scores_learn_alone_before_the_network_does() -> None:
    """The late part's rate is nothing while the scores warm up; then it rises, and falls."""
    recipe = Recipe(steps=300)
    rates = [recipe.rate_at(step) for step in range(301)]
    assert rates[: recipe.warm_steps + 1] == [0.0] * (recipe.warm_steps + 1)
    assert max(rates) == pytest.approx(recipe.rate)
    assert rates[-1] == pytest.approx(0, abs=1e-9)
    assert recipe.scores_rate_at(0) == recipe.warm_rate


def test_what_lies_far_from_every_class_is_stranger_than_what_lies_in_one() -> None:
    """Strangeness needs no example of what is strange."""
    labels, points = clouds(600)
    learned = learn_strangeness(points, labels)
    usual, (far,) = learned.of(points), learned.of(-points[:1])
    assert far > np.quantile(usual, 0.99)


def test_the_gate_lets_its_share_of_known_things_pass() -> None:
    """Its threshold is set by known things of the tuning set only."""
    chance = np.random.default_rng(3)
    signs = Signs(chance.beta(8, 2, 500), chance.normal(3, 4, 500), chance.normal(-6, 2, 500))
    tuned = np.arange(500) < 400
    found = gate(signs, tuned)
    mine = signs.of(tuned)
    columns = zip(mine.probabilities, mine.strangeness, mine.energies, strict=True)
    passed = [not found.is_unknown(found.score(*column)) for column in columns]
    assert np.mean(passed) == pytest.approx(COVERAGE, abs=0.01)


def test_the_temperature_cools_a_net_that_is_too_timid() -> None:
    """Scores that are right nine times in ten but claim six in ten are scaled up, and back."""
    labels = np.zeros(1000, np.int64)
    logits = np.tile(np.array([[0.4, 0.0]]), (1000, 1))
    logits[:100] = logits[:100, ::-1]
    heat = temperature(logits, labels)
    assert shares(logits, heat)[500, 0] == pytest.approx(0.8, abs=0.15)
    assert heat < 1
    assert temperature(logits * 40, labels) > 1


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    """Training says which folder it expected."""
    with pytest.raises(TrainingError, match=r"trashnet/train.*right folder"):
        gather(tmp_path, tmp_path, 1)
