"""The chamber is empty or it is not, whatever the lamp does."""

from __future__ import annotations

import random

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.drawn import ITEM_CLASS, draw, draw_frames, empty_chamber
from vision.errors import ImageError
from vision.images import Image
from vision.trigger import EmptyReference, is_still

REFERENCE = EmptyReference([empty_chamber(random.Random(seed)) for seed in range(3)])


def _lit(image: Image, gain: float) -> Image:
    return np.asarray(np.clip(image * gain, 0, 255), np.uint8)


@settings(max_examples=25)
@given(st.integers(10, 10_000), st.floats(0.8, 1.15))
def test_an_empty_chamber_is_empty_as_the_lamp_ages(seed: int, gain: float) -> None:
    """A lamp a fifth darker or brighter is no item."""
    assert REFERENCE.is_empty(_lit(empty_chamber(random.Random(seed)), gain))


@pytest.mark.parametrize("kind", sorted(ITEM_CLASS))
@pytest.mark.parametrize("gain", [0.8, 1.0, 1.15])
def test_nothing_that_lies_there_is_overlooked(kind: str, gain: float) -> None:
    """The drop is only believed when the camera sees steel."""
    for seed in range(4):
        assert not REFERENCE.is_empty(_lit(draw(kind, random.Random(seed)), gain))


@settings(max_examples=25)
@given(st.integers(60, 580), st.integers(50, 420))
def test_a_bottle_cap_anywhere_on_the_pan_is_seen(x: int, y: int) -> None:
    """30 mm of blue plastic left behind are not an empty pan."""
    picture = empty_chamber(random.Random(4))
    cv2.circle(picture, (x, y), 19, (30, 60, 160), -1)
    assert not REFERENCE.is_empty(picture)


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


def test_a_thing_at_rest_is_still_and_one_that_rolls_is_not() -> None:
    """Classification waits until nothing moves."""
    first, second = draw_frames("can", random.Random(1), 2)
    assert is_still(first, second)
    rolled = np.roll(second, 25, axis=1)
    assert not is_still(first, rolled)


def test_a_reference_needs_pictures() -> None:
    """The error says what to do."""
    with pytest.raises(ImageError, match="take at least one"):
        EmptyReference([])
    with pytest.raises(ImageError, match=r"\(10, 10\)"):
        EmptyReference([np.zeros((10, 10), np.uint8)])
