"""Zero: how far it may be set, how slowly it follows, and when it must not move."""

from __future__ import annotations

import pytest

from controller.core.config import ScaleConfig
from controller.core.weighing.zero import Zero, ZeroError

CALIBRATION = ScaleConfig(zero_raw=1_000).calibration


def raw(grams: float) -> float:
    return 1_000 + grams * 180.355


def test_the_first_zero_may_be_far_off_and_later_ones_may_not() -> None:
    """20 % of Max in all at the start, 4 % in all from there on (OIML R 76-1, 4.5.1)."""
    zero = Zero(CALIBRATION)
    zero.set(raw(1_400))
    with pytest.raises(ZeroError, match="-301 g, limit 300 g; clear the pan or calibrate"):
        zero.set(raw(1_400 - 301))
    zero.set(raw(1_400 - 299))
    assert zero.raw == raw(1_101)


def test_no_zero_is_taken_beyond_the_initial_range() -> None:
    """Then the pan is loaded or the cell another: the zero before stays."""
    zero = Zero(CALIBRATION)
    with pytest.raises(ZeroError, match="too far from the calibrated one: 1501 g, limit 1500 g"):
        zero.set(raw(1_501))
    assert zero.raw == 1_000


def test_tracking_is_slow_and_only_near_zero() -> None:
    """Half an e a second at most, and nothing that the scale would indicate (4.5.7)."""
    zero = Zero(CALIBRATION)
    zero.set(raw(0))
    assert zero.track(raw(0.9), 0.1)
    assert zero.raw == pytest.approx(raw(0.1))
    assert not zero.track(raw(1.5), 1.0)
    assert zero.raw == pytest.approx(raw(0.1))


def test_a_day_of_slow_drift_is_followed_to_the_end_of_the_range() -> None:
    """Temperature moves zero by grams an hour; two percent of Max is where it ends."""
    zero = Zero(CALIBRATION)
    zero.set(raw(0))
    for second in range(8_000):
        zero.track(raw(0.05 * second), 1.0)
    assert zero.raw == pytest.approx(raw(300), abs=200)


def test_a_held_zero_neither_moves_nor_is_set() -> None:
    """With an intent open the pan may be loaded: the stored zero holds."""
    zero = Zero(CALIBRATION)
    zero.hold(2_000)
    assert not zero.track(2_010, 1.0)
    with pytest.raises(ZeroError, match="held for an open intent"):
        zero.set(2_010)
    zero.release()
    zero.set(2_010)
    assert zero.raw == 2_010


def test_the_first_level_at_rest_with_nobody_there_is_zero() -> None:
    """A scale that was switched on finds its zero by itself, once, and within its range."""
    zero = Zero(CALIBRATION)
    assert not zero.track(raw(900), 0.0125)
    assert not zero.track(raw(1_600), 1.0, idle=True)
    assert zero.track(raw(900), 1.0, idle=True)
    assert zero.raw == raw(900)
    assert not zero.track(raw(450), 1.0, idle=True)
    with pytest.raises(ZeroError, match="-450 g, limit 300 g"):
        zero.set(raw(450))
