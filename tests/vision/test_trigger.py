"""A load is looked at when the hand is gone, the chamber still and something there."""

from __future__ import annotations

import random

import numpy as np
import pytest

from sim.drawn import SIZE, draw_frames, empty_chamber, laid_inside
from sim.drawn.chamber import Scene, nothing, photograph
from sim.drawn.reaching import with_arm, with_string
from sim.drawn.spoiled import covered, defocused
from tests.vision.chamber.chambers import REFERENCE
from vision.chamber import is_still
from vision.errors import ImageError
from vision.images import Image
from vision.trigger import observe


def shots(scene: Scene, count: int = 2) -> list[Image]:
    """The same scene, one picture after the other."""
    rng = random.Random(7)
    return [photograph(scene, rng, SIZE) for _ in range(count)]


def can() -> Scene:
    """A can on the pan."""
    return laid_inside("can", random.Random(1))


def test_a_visit_ends_with_a_load_that_is_ready() -> None:
    """Empty, an arm that brings a can, the arm alone gone, the can at rest."""
    rng = random.Random(2)
    bare, bringing, lying = shots(nothing()), shots(with_arm(can(), rng)), shots(can())
    assert not observe(REFERENCE, bare).ready
    assert observe(REFERENCE, bringing).reaching == "hand"
    assert not observe(REFERENCE, [bringing[0], lying[0]]).still
    assert observe(REFERENCE, lying).ready


def test_a_load_on_a_string_is_never_ready() -> None:
    """It could be pulled out again once it is credited."""
    seen = observe(REFERENCE, shots(with_string(can(), random.Random(3), 2.0)))
    assert (seen.reaching, seen.ready, seen.still) == ("string", False, True)


def test_one_picture_in_which_something_reaches_in_is_no_proof() -> None:
    """A hand that is on its way out is gone in the next picture."""
    leaving = shots(with_arm(can(), random.Random(2)))[0]
    assert observe(REFERENCE, [shots(can())[0], leaving]).reaching == ""
    assert observe(REFERENCE, [leaving]).reaching == "hand"


def test_a_spoiled_lens_is_named_and_tells_nothing_of_the_hatch() -> None:
    """Neither a thumb on the lens nor soft pictures are a word for or against."""
    rng = random.Random(4)
    picture = shots(can())[0]
    for spoiled in (covered(picture, rng), defocused(picture, 2.5, rng)):
        seen = observe(REFERENCE, [spoiled])
        assert (seen.reaching, seen.ready) == (None, False)
        assert seen.problems != ()


def test_a_thing_at_rest_is_still_and_one_that_rolls_is_not() -> None:
    """Classification waits until nothing moves; the lamp's flicker is no movement."""
    first, second = draw_frames("can", random.Random(1), 2)
    assert is_still(first, second)
    assert is_still(first, np.asarray(second * 0.9, np.uint8))
    assert not is_still(first, np.roll(second, 25, axis=1))


def test_pictures_are_needed() -> None:
    """The error says what to give."""
    with pytest.raises(ImageError, match="give at least one"):
        observe(REFERENCE, [])
    with pytest.raises(ImageError, match="float64"):
        observe(REFERENCE, [empty_chamber(random.Random(0)) / 255])  # type: ignore[list-item]
