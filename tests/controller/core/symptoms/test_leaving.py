"""A load that leaves the pan is told, with the time at which it began to leave."""

from __future__ import annotations

import numpy as np
import pytest

from tests.controller.core.symptoms.made_signals import ZERO_RAW, converted, landed, times
from tests.controller.core.symptoms.watched import SEEDS, SLOWEST_HZ, shown, watch


@pytest.mark.parametrize("mass_g", [15.0, 40.0, 700.0, 8_000.0])
def test_a_load_that_leaves_is_told_with_its_time(mass_g: float) -> None:
    """To a block of 0.28 s, once the pan is at rest; whether it may leave is the caller's."""
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        at = times(30, SLOWEST_HZ)
        load = mass_g + landed(at, 12, -mass_g, rng, knock=1)
        symptoms = watch()
        stream = converted(at, load, rng)
        shown(symptoms, [one for one in stream if one[0] < 12])
        assert symptoms.load_left_s is None
        assert shown(symptoms, [one for one in stream if one[0] >= 12]) == {}
        assert symptoms.load_left_s == pytest.approx(12, abs=0.3)


def test_a_load_that_leaves_between_two_slow_conversions_is_told_too() -> None:
    """Somebody forces the chamber at night: the time is right to two seconds."""
    at = times(60, 1.0)
    symptoms = watch()
    force_g = np.where(at < 30, 700.0, 0.0)
    assert shown(symptoms, converted(at, force_g, np.random.default_rng(0))) == {}
    assert symptoms.load_left_s == pytest.approx(30, abs=2)


def test_a_load_that_only_bounces_has_not_left() -> None:
    """Somebody lifts a bottle and lays it back: it is there again when the pan rests."""
    at = times(20, SLOWEST_HZ)
    force_g = np.where((at > 8) & (at < 8.4), 0.0, 700.0)
    symptoms = watch()
    assert shown(symptoms, converted(at, force_g, np.random.default_rng(0))) == {}
    assert symptoms.load_left_s is None


def test_a_zero_that_follows_the_empty_pan_takes_the_telling_from_nobody() -> None:
    """The scale tracks its zero before a second at rest has passed."""
    at = times(20, SLOWEST_HZ)
    force_g = np.where(at < 12, 700.0, 0.0)
    symptoms = watch()
    for at_s, raw in converted(at, force_g, np.random.default_rng(0)):
        symptoms.feed(at_s, raw)
        if at_s > 12.2:
            symptoms.zeroed(ZERO_RAW + 5)
    assert symptoms.load_left_s == pytest.approx(12, abs=0.3)


def test_a_load_that_zero_was_taken_from_is_none() -> None:
    """It was there when the session began; when it is taken away nothing of this session left."""
    at = times(30, SLOWEST_HZ)
    stream = converted(at, np.where(at < 12, 700.0, 0.0), np.random.default_rng(0))
    symptoms = watch()
    shown(symptoms, [one for one in stream if one[0] < 8])
    symptoms.zeroed(stream[8 * 72][1])
    shown(symptoms, [one for one in stream if one[0] >= 8])
    assert symptoms.load_left_s is None
