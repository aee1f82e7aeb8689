"""What troubles a drawn chamber is in its pictures, and only there."""

from __future__ import annotations

import random

import numpy as np
import pytest

from sim.drawn import SILL, laid_inside, lying
from sim.drawn.spoiled import spotted
from sim.drawn_chamber import DrawnChamber
from sim.world import BayFigures, BayWorld, Item, Part

HATCH_ROWS = slice(464, 480)
HANGS, LIES = 0, 1
"""Seeds of a newspaper that hangs over the sill and of one that lies on the pan."""


def world(*, load: bool = True) -> BayWorld:
    """A lit bay with a can on its pan, or with nothing."""
    made = BayWorld(1, "a", BayFigures())
    made.light_on = True
    made.on_pan = [Part(Item("can-1", "can", 16), 16)] if load else []
    return made


def apart(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Where two pictures differ by more than noise."""
    return np.asarray(np.abs(first.astype(int) - second).max(axis=2) > 24)


def test_the_same_item_lies_the_same_way_in_every_look() -> None:
    """Only noise differs from look to look; a run repeats."""
    chamber = DrawnChamber(1, "a")
    first, second = (chamber.photographs(world(), 1)[0] for _ in range(2))
    assert apart(first, second).mean() < 0.002
    assert np.array_equal(DrawnChamber(1, "a").photographs(world(), 1)[0], first)


def test_a_hand_in_the_hatch_is_in_the_picture_until_it_is_out() -> None:
    """The world's hand is the camera's arm."""
    chamber, bay = DrawnChamber(1, "a"), world()
    before = chamber.photographs(bay, 1)[0]
    bay.hatch.x_mm = 400.0
    assert bay.hand(True)
    assert apart(before, chamber.photographs(bay, 1)[0])[HATCH_ROWS].mean() > 0.05
    bay.hand(False)
    assert apart(before, chamber.photographs(bay, 1)[0]).mean() < 0.002


def test_a_string_hangs_until_it_is_cut_with_a_load_or_without() -> None:
    """What fell on a string leaves the string in the chamber."""
    chamber = DrawnChamber(1, "a")
    for load in (True, False):
        before = chamber.photographs(world(load=load), 1)[0]
        chamber.string = True
        hangs = apart(before, chamber.photographs(world(load=load), 1)[0])
        chamber.string = False
        assert 0.001 < hangs.mean() < 0.03
        assert hangs[HATCH_ROWS].any(axis=1).all(), "down to the picture's edge"


def test_a_spot_on_the_lens_stays_where_it_is() -> None:
    """Whatever lies below it."""
    chamber = DrawnChamber(1, "a", lens=spotted)
    clean = DrawnChamber(1, "a")
    spots = [
        apart(chamber.photographs(one, 1)[0], clean.photographs(one, 1)[0])
        for one in (world(), world(load=False))
    ]
    assert (spots[0] & spots[1]).sum() > 0.5 * (spots[0] | spots[1]).sum() > 500


@pytest.mark.parametrize("seed", [HANGS, LIES])
def test_people_lay_things_on_the_pan_and_not_into_the_hatch(seed: int) -> None:
    """A newspaper that hangs over the sill is laid anew; one that does not stays as drawn."""
    drawn = lying("newspaper", random.Random(seed)).alpha
    laid = laid_inside("newspaper", random.Random(seed)).alpha
    assert (drawn[SILL:].max() > 0.5) == (seed == HANGS)
    assert laid[SILL:].max() < 0.05
    assert np.array_equal(drawn, laid) == (seed == LIES)
