"""The chamber is empty or it is not, whatever lamp, camera and dirt do."""

from __future__ import annotations

import random

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.drawn import SIZE, draw, empty_chamber
from sim.drawn.chamber import nothing, photograph
from sim.drawn.reaching import with_string
from sim.drawn.spoiled import aged, nudged, stained
from sim.trials.chamber import in_service
from tests.vision.chamber.chambers import KINDS, REFERENCE, empty, loaded
from vision.chamber import EmptyReference, Opening
from vision.errors import ImageError
from vision.images import Image


def with_cap(picture: Image, x: int, y: int) -> Image:
    """A bottle cap of 30 mm, blue, left behind at a place of the picture."""
    spoiled = picture.copy()
    cv2.circle(spoiled, (x, y), 19, (30, 60, 160), -1)
    return spoiled


@settings(max_examples=10)
@given(st.integers(10, 10_000), st.floats(0.7, 1.3))
def test_an_empty_chamber_is_empty_as_the_lamp_ages(seed: int, gain: float) -> None:
    """A lamp a third darker or brighter is no item."""
    rng = random.Random(seed)
    assert REFERENCE.is_empty(photograph(aged(nothing(), gain), rng, SIZE))


@pytest.mark.parametrize("seed", range(8))
def test_a_kiosk_in_service_knows_its_empty_chamber(seed: int) -> None:
    """Lamp, day, a camera that gives two pixels and a JPEG together."""
    assert REFERENCE.is_empty(empty(random.Random(seed)))


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_that_lies_there_is_overlooked(kind: str) -> None:
    """The drop is only believed when the camera sees steel."""
    for seed in range(2):
        assert not REFERENCE.is_empty(loaded(kind, random.Random(seed)))


@settings(max_examples=10)
@given(st.integers(60, 580), st.integers(50, 420))
def test_a_bottle_cap_anywhere_on_the_pan_is_seen(x: int, y: int) -> None:
    """30 mm of blue plastic left behind are not an empty pan."""
    assert not REFERENCE.is_empty(with_cap(empty_chamber(random.Random(4)), x, y))


@pytest.mark.parametrize("seed", range(8))
def test_a_string_left_hanging_is_no_empty_chamber(seed: int) -> None:
    """What fell on a string can be pulled up again."""
    rng = random.Random(seed)
    assert not REFERENCE.is_empty(in_service(with_string(nothing(), rng), rng))


def test_foreground_is_where_the_thing_is() -> None:
    """The mask marks the thing and little else."""
    picture = empty_chamber(random.Random(4))
    cv2.rectangle(picture, (200, 120), (400, 320), (160, 60, 30), -1)
    mask = REFERENCE.foreground(picture)
    assert mask.shape == (120, 160)
    assert mask[32:78, 52:98].mean() > 0.98  # a quarter of the picture's pixels
    mask[28:82, 48:102] = False
    assert mask.mean() < 0.001
    assert REFERENCE.filled(picture) == pytest.approx(200 * 200 / (640 * 480), rel=0.15)


@settings(max_examples=10)
@given(st.floats(-3, 3), st.floats(-3, 3), st.floats(-0.3, 0.3))
def test_where_the_camera_moved_to_is_found(right: float, down: float, turn: float) -> None:
    """To a tenth of a pixel in the middle, with a can in the way."""
    pose = REFERENCE.compare(nudged(draw("can", random.Random(1)), right, down, turn)).pose
    middle = pose.matrix @ np.array([320, 240, 1]) - (320, 240)
    assert middle == pytest.approx([right, down], abs=0.1)
    assert pose.seen > 0.9


@pytest.mark.parametrize("opening", list(Opening))
def test_the_hatch_may_lie_at_any_edge(opening: Opening) -> None:
    """A camera that is mounted upside down or sideways sees the same."""

    def mounted(picture: Image) -> Image:
        return opening.back(picture)

    reference = EmptyReference([mounted(empty_chamber(random.Random(0)))], opening)
    assert reference.is_empty(mounted(empty_chamber(random.Random(9))))
    picture = mounted(with_cap(empty_chamber(random.Random(9)), 100, 100))
    rows, columns = np.nonzero(reference.foreground(picture))
    height, width = picture.shape[:2]
    blue = np.argwhere((picture == (30, 60, 160)).all(axis=2)).mean(axis=0)
    found = rows.mean() * height / 120, columns.mean() * width / 160
    assert not reference.is_empty(picture)
    assert found == pytest.approx(tuple(blue), abs=12)


def test_slow_dirt_is_followed_and_sudden_dirt_is_not() -> None:
    """A stain that grows over many deposits stays steel; the same stain at once is a thing."""
    rng = random.Random(3)
    reference = EmptyReference([empty_chamber(rng)])
    for step in range(30):
        scene = stained(nothing(), random.Random(8), strength=step / 150)
        compared = reference.compare(photograph(scene, rng, SIZE))
        assert reference.calls_empty(compared)
        reference = reference.renewed(compared)
    dirty = photograph(stained(nothing(), random.Random(8), strength=0.2), rng, SIZE)
    assert reference.is_empty(dirty)
    assert not REFERENCE.is_empty(dirty)
    assert not reference.is_empty(with_cap(dirty, 300, 150))


def test_a_reference_needs_pictures() -> None:
    """The error says what to do."""
    with pytest.raises(ImageError, match="take at least one"):
        EmptyReference([])
    with pytest.raises(ImageError, match=r"\(10, 10\)"):
        EmptyReference([np.zeros((10, 10), np.uint8)])
