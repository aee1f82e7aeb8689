"""A hand in any sleeve and a string of any colour are seen; an item alone is neither."""

from __future__ import annotations

import random

import pytest

from sim.drawn import laid_inside
from sim.drawn.chamber import nothing
from sim.drawn.reaching import with_arm, with_string
from sim.drawn.spoiled import covered
from sim.trials.chamber import in_service
from tests.vision.chamber.chambers import KINDS, REFERENCE, empty, loaded
from vision.chamber import reaching
from vision.chamber.segment import segment_of
from vision.images import Image


def word(picture: Image) -> str | None:
    """What reaches into the chamber in this picture."""
    compared = REFERENCE.compare(picture)
    return reaching(REFERENCE, compared, segment_of(REFERENCE, compared))


@pytest.mark.parametrize("seed", range(10))
def test_an_arm_in_any_sleeve_is_a_hand(seed: int) -> None:
    """Skin, black, white, grey as the steel, orange: with an item there or none."""
    rng = random.Random(seed)
    scene = laid_inside(rng.choice(KINDS), rng) if seed % 2 else nothing()
    assert word(in_service(with_arm(scene, rng), rng)) == "hand"


@pytest.mark.parametrize("width_px", [1.0, 2.0, 3.0, 5.0])
def test_a_string_from_an_item_is_followed_to_the_hatch(width_px: float) -> None:
    """From sewing thread (0.8 mm) to ribbon (4 mm)."""
    for seed in range(3):
        rng = random.Random(seed)
        scene = with_string(laid_inside(rng.choice(KINDS), rng), rng, width_px)
        assert word(in_service(scene, rng)) in ("string", "hand")


@pytest.mark.parametrize("kind", KINDS)
def test_an_item_that_lies_there_reaches_nowhere(kind: str) -> None:
    """Else nobody could deposit anything."""
    for seed in range(2):
        assert word(loaded(kind, random.Random(seed))) == ""


def test_an_empty_chamber_is_not_reached_into() -> None:
    """Nor does the gate's seam pass for a string."""
    assert {word(empty(random.Random(seed))) for seed in range(6)} == {""}


def test_who_does_not_see_the_chamber_cannot_tell() -> None:
    """A thumb on the lens is no answer."""
    rng = random.Random(1)
    assert word(covered(empty(rng), rng)) is None
