"""What lies on the pan is cut out, without its shadow and without the chamber."""

from __future__ import annotations

import random

import cv2
import numpy as np
import pytest

from sim.drawn import laid_inside
from sim.drawn.reaching import with_arm
from sim.trials.chamber import in_service
from tests.vision.chamber.chambers import KINDS, REFERENCE, empty
from vision.chamber import cut_out, segment


@pytest.mark.parametrize("kind", KINDS)
def test_the_box_holds_the_item_and_little_more(kind: str) -> None:
    """Nothing is cut off, and the margin for the shadow's darkest rim is 25 pixels."""
    rng = random.Random(5)
    scene = laid_inside(kind, rng)
    found = segment(REFERENCE, in_service(scene, rng))
    rows, columns = np.nonzero(scene.alpha > 0.5)
    true = np.array([columns.min() / 640, rows.min() / 480, columns.max() / 640, rows.max() / 480])
    assert found.box is not None
    left, top, right, bottom = (found.box - true) * (640, 480, 640, 480)
    assert max(left, top) < 10 and min(right, bottom) > -10
    assert min(left, top) > -25 and max(right, bottom) < 25


@pytest.mark.parametrize("kind", KINDS)
def test_the_mask_is_the_item(kind: str) -> None:
    """It covers all of it, and at most a half more of glassy rims and contact shadow."""
    rng = random.Random(6)
    scene = laid_inside(kind, rng)
    mask = segment(REFERENCE, in_service(scene, rng)).mask
    true = cv2.resize(scene.alpha, (160, 120), interpolation=cv2.INTER_AREA) > 0.25
    assert (mask & true).sum() / true.sum() > 0.95
    assert (mask & ~true).sum() / true.sum() < 0.5
    assert not segment(REFERENCE, in_service(scene, rng)).touches_opening


def test_an_empty_chamber_has_no_segment() -> None:
    """No box, no area, and cutting out leaves the whole picture."""
    picture = empty(random.Random(1))
    nothing = segment(REFERENCE, picture)
    assert (nothing.box, nothing.area_fraction, nothing.touches_opening) == (None, 0.0, False)
    assert cut_out(picture, nothing) is picture


def test_a_cut_out_is_the_item_with_a_margin() -> None:
    """The picture's own pixels, wider by a share of the box on each side, never beyond it."""
    rng = random.Random(2)
    picture = in_service(laid_inside("can", rng), rng)
    found = segment(REFERENCE, picture)
    assert found.box is not None
    tight, wide = cut_out(picture, found, margin=0.0), cut_out(picture, found, margin=0.2)
    left, top, right, bottom = found.box
    assert tight.shape[0] == pytest.approx((bottom - top) * 480, abs=1)
    assert wide.shape[1] == pytest.approx((right - left) * 640 * 1.4, abs=2)
    assert cut_out(picture, found, margin=9.0).shape == picture.shape


def test_an_arm_reaches_the_opening() -> None:
    """What goes on beyond the edge of the picture is no item at rest."""
    rng = random.Random(3)
    found = segment(REFERENCE, in_service(with_arm(laid_inside("can", rng), rng), rng))
    assert found.touches_opening
    assert 0.05 < found.opening_fraction < 0.4
