"""The simulator's own pictures: they repeat, they move where they should, and nowhere else."""

from __future__ import annotations

import random
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from sim.drawn import ITEM_CLASS, draw, draw_frames, draw_set, empty_chamber
from sim.drawn.brush import Picture

LYING = sorted(set(ITEM_CLASS) - {"hand"})


@pytest.mark.parametrize("kind", sorted(ITEM_CLASS))
def test_a_seed_gives_the_same_picture_again(kind: str) -> None:
    """Whoever replays a run sees what was seen."""
    first, second = (draw(kind, random.Random(4)) for _ in range(2))
    assert first.shape == (480, 640, 3)
    assert first.dtype == np.uint8
    assert np.array_equal(first, second)


@pytest.mark.parametrize("kind", sorted(ITEM_CLASS))
def test_an_item_hides_a_good_part_of_the_pan_but_not_all_of_it(kind: str) -> None:
    """A visitor sees the thing and the pan it lies on."""
    changed = _changed(draw(kind, random.Random(7)), empty_chamber(random.Random(1)))
    assert 0.03 < changed.mean() < 0.6


def test_two_of_a_kind_differ_but_one_item_held_still_does_not() -> None:
    """Frames of one load differ by noise only; another load lies elsewhere."""
    rng = random.Random(11)
    first, second = draw_frames("can", rng, 2)
    another = draw("can", rng)
    assert not np.array_equal(first, second)
    assert _changed(first, second).mean() < 0.002
    assert _changed(first, another).mean() > 0.05


def test_the_empty_chamber_is_the_same_place_every_time() -> None:
    """An empty reference taken once stays good: only noise and flicker differ."""
    pictures = [empty_chamber(random.Random(seed)) for seed in range(4)]
    for picture in pictures[1:]:
        assert _changed(pictures[0], picture).mean() < 0.002


@pytest.mark.parametrize("kind", LYING)
def test_lying_items_leave_the_corners_of_the_picture_free(kind: str) -> None:
    """Items lie on the pan and not on the walls of the chamber."""
    changed = _changed(draw(kind, random.Random(3)), empty_chamber(random.Random(1)))
    corners = [changed[:30, :30], changed[:30, -30:], changed[-30:, :30], changed[-30:, -30:]]
    assert max(corner.mean() for corner in corners) < 0.02


def test_a_hand_reaches_in_through_the_hatch() -> None:
    """An arm has an end outside: it touches the edge of the picture where the hatch is."""
    changed = _changed(draw("hand", random.Random(3)), empty_chamber(random.Random(1)))
    assert changed[-4:].mean() > 0.1
    assert changed[:4].mean() < 0.02


def test_a_smaller_picture_shows_the_same_scene() -> None:
    """A camera of another size sees the same thing."""
    small = draw("carton", random.Random(5), (240, 320))
    large = cv2.resize(draw("carton", random.Random(5)), (320, 240), interpolation=cv2.INTER_AREA)
    assert small.shape == (240, 320, 3)
    assert np.abs(small.astype(int) - large).mean() < 4


def test_a_set_has_a_folder_for_each_class_and_grows_without_changing(tmp_path: Path) -> None:
    """A larger set begins with the smaller one, so a model trained on it can be traced."""
    assert draw_set(tmp_path / "two", 2, seed=1) == 2 * len(ITEM_CLASS)
    draw_set(tmp_path / "one", 1, seed=1)
    folders = {path.name for path in (tmp_path / "two").iterdir()}
    assert folders == set(ITEM_CLASS.values())
    for path in (tmp_path / "one").rglob("*.jpg"):
        twin = tmp_path / "two" / path.relative_to(tmp_path / "one")
        assert path.read_bytes() == twin.read_bytes()
        assert ITEM_CLASS[path.stem.rsplit("-", 1)[0]] == path.parent.name


def test_an_unheard_of_kind_is_refused_by_name() -> None:
    """The error says what was asked for and what there is."""
    with pytest.raises(ValueError, match=r"'piano'.*newspaper"):
        draw("piano", random.Random(0))


def _changed(picture: Picture, other: Picture) -> NDArray[np.float64]:
    """Where two pictures differ by more than noise, as a mask of floats."""
    return np.asarray(np.abs(picture.astype(int) - other).max(axis=2) > 24, np.float64)
