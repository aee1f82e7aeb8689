"""What a bay's eyes find fault with in its pictures, behind the shut hatch."""

from __future__ import annotations

import random

import numpy as np

from controller.adapters.chamber_eyes import ChamberEyes
from sim.drawn import SIZE, empty_chamber
from sim.drawn.spoiled import covered
from vision.chamber import Opening

CHAMBERS = [empty_chamber(random.Random(number)) for number in range(5)]


def eyes() -> ChamberEyes:
    """They know the chamber of bay a."""
    known = ChamberEyes()
    known.learn("a", CHAMBERS[:3], Opening.BOTTOM)
    return known


def test_good_pictures_have_no_problems() -> None:
    """Nor has a bay of which there was none."""
    known = eyes()
    assert known.problems("a") == known.problems("elsewhere") == ()
    for picture in CHAMBERS[3:]:
        known.is_empty("a", picture)
        assert known.problems("a") == ()


def test_the_same_picture_bit_for_bit_is_that_of_a_frozen_camera() -> None:
    """A sensor's noise makes no two alike, whatever stands still."""
    known = eyes()
    known.is_empty("a", CHAMBERS[3])
    known.is_empty("a", CHAMBERS[3].copy())
    assert known.problems("a") == ("frozen",)
    known.is_empty("a", CHAMBERS[4])
    assert known.problems("a") == ()


def test_each_take_of_a_covered_lens_is_another_picture() -> None:
    """It is covered, and the camera is alive."""
    known = eyes()
    for picture in CHAMBERS[3:]:
        known.is_empty("a", covered(picture, random.Random(1)))
        assert "frozen" not in known.problems("a")
        assert set(known.problems("a")) & {"covered", "blurred"}


def test_a_dark_chamber_is_told_as_dark() -> None:
    """Nothing but the sensor's noise."""
    known = eyes()
    noise = np.random.default_rng(1)
    known.is_empty("a", noise.integers(0, 6, size=(*SIZE, 3), dtype=np.uint8))
    assert "dark" in known.problems("a")
