"""A spoiled lens or mount is named for what it is, and dirt on the pan is not blamed on them."""

from __future__ import annotations

import random

import pytest

from sim.drawn import SIZE
from sim.drawn.chamber import nothing, photograph
from sim.drawn.spoiled import covered, defocused, half_covered, nudged, spotted, stained, wet
from tests.vision.chamber.chambers import KINDS, REFERENCE, empty, loaded
from vision.chamber import spoiled_by
from vision.images import Image


def problems(picture: Image) -> tuple[str, ...]:
    """What is wrong with lens and mount."""
    return spoiled_by(REFERENCE, REFERENCE.compare(picture))


@pytest.mark.parametrize("seed", range(4))
def test_each_way_to_spoil_a_picture_has_its_name(seed: int) -> None:
    """Staff are told what to do: uncover, wipe, focus, or set the camera straight."""
    rng = random.Random(seed)
    picture = photograph(nothing(), rng, SIZE)
    assert problems(covered(picture, rng)) == ("covered",)
    assert problems(spotted(picture, rng)) == ("dirty",)
    assert problems(defocused(picture, 2.0, rng)) == ("blurred",)
    assert problems(defocused(picture, 4.0, rng)) == ("blurred",)
    assert problems(nudged(picture, 12, -6)) == ("moved",)
    assert problems(nudged(picture, 0, 0, 2.0)) == ("moved",)


@pytest.mark.parametrize("seed", range(4))
def test_a_lens_half_covered_shows_no_chamber(seed: int) -> None:
    """The half that is left is not taken for the whole."""
    rng = random.Random(seed)
    compared = REFERENCE.compare(half_covered(photograph(nothing(), rng, SIZE), rng))
    assert not compared.seen
    assert spoiled_by(REFERENCE, compared) != ()


@pytest.mark.parametrize("kind", KINDS)
def test_items_are_not_dirt_on_the_lens(kind: str) -> None:
    """However they are lit and wherever they lie."""
    assert problems(loaded(kind, random.Random(4))) == ()


def test_an_empty_a_wet_and_a_stained_pan_are_not_the_lens() -> None:
    """What lies on the pan is sharp, even water."""
    for seed in range(4):
        rng = random.Random(seed)
        assert problems(empty(rng)) == ()
        assert problems(photograph(wet(nothing(), rng), rng, SIZE)) == ()
        assert problems(photograph(stained(nothing(), rng), rng, SIZE)) == ()
