"""Landmarks of an empty chamber: the steepest places, the same ones on whatever machine."""

from __future__ import annotations

import numpy as np

from vision.chamber.landmarks import POINTS, _largest


def test_of_places_that_are_equally_steep_the_first_are_taken() -> None:
    """Which of equal values a partition gives hangs on numpy and processor; landmarks must not."""
    steep = np.zeros(20 * POINTS, np.float32)
    steep[7::10] = 1.0
    steep[11::100] = 2.0
    taken = np.sort(_largest(steep))
    assert len(taken) == POINTS
    strong, equal = np.flatnonzero(steep == 2.0), np.flatnonzero(steep == 1.0)
    assert set(strong) <= set(taken)
    assert np.array_equal(np.setdiff1d(taken, strong), equal[: POINTS - len(strong)])
