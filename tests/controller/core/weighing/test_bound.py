"""The Cramér-Rao time of a ringing pan: against closed forms, against chance, against itself."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from controller.core.weighing.bound import UNKNOWNS, cramer_rao_s, least_count, level_sd

PERIOD_S = 1 / 80
RINGING, DECAY = 2 * math.pi * 12, 0.05 * 2 * math.pi * 12
TIMES_S: NDArray[np.float64] = np.arange(160.0) * PERIOD_S + 0.003


def bound(noise: float, tolerance: float, ringing: float = RINGING, decay: float = DECAY) -> float:
    """The bound of a pan at the usual times."""
    return cramer_rao_s(TIMES_S, PERIOD_S, ringing, decay, noise, tolerance)


@pytest.mark.parametrize(("noise", "tolerance", "count"), [(0.1, 2, 1), (0.4, 1, 2), (1, 0.5, 36)])
def test_where_nothing_rings_the_mean_needs_so_many(
    noise: float, tolerance: float, count: int
) -> None:
    """ceil((2.968 sigma / tolerance)^2): as many as bring 99.7 % of the means inside."""
    assert least_count(noise, tolerance) == count
    assert 2.968 * noise / math.sqrt(count) <= tolerance
    assert count == 1 or 2.968 * noise / math.sqrt(count - 1) > tolerance


def test_a_ringing_that_is_over_costs_nothing() -> None:
    """With hundreds of conversions, most of them after the ringing, the mean's sigma / sqrt(N)."""
    times_s: NDArray[np.float64] = np.arange(2_000.0) * PERIOD_S
    assert level_sd(times_s, RINGING, 10.0, 1.0) == pytest.approx(1 / math.sqrt(2_000), rel=0.01)


def test_it_is_the_inverse_of_the_information() -> None:
    """Amplitude and phase in the five derivatives, though the bound never asks for them."""
    t = TIMES_S[:20]
    for a, b in ((100.0, 0.0), (-3.0, 40.0)):
        cos, sin = (np.exp(-DECAY * t) * turn(RINGING * t) for turn in (np.cos, np.sin))
        by_ringing, by_decay = t * (b * cos - a * sin), -t * (a * cos + b * sin)
        rows = np.column_stack((np.ones_like(t), cos, sin, by_ringing, by_decay))
        variance = np.linalg.inv(rows.T @ rows)[0, 0]
        assert level_sd(t, RINGING, DECAY, 0.3) == pytest.approx(0.3 * math.sqrt(variance))


def test_least_squares_reaches_it_and_nothing_is_below() -> None:
    """Two thousand noisy ringings, all five unknown, fitted by Gauss-Newton from the truth."""
    chance = np.random.default_rng(1)
    t, noise = TIMES_S[:24], 0.1
    truth = np.array([500.0, 80.0, -30.0, RINGING, DECAY])
    levels = []
    for _ in range(2_000):
        y = model(truth, t)[0] + chance.normal(0, noise, len(t))
        found = truth.copy()
        for _ in range(4):
            expected, rows = model(found, t)
            found = found + np.linalg.lstsq(rows, y - expected)[0]
        levels.append(found[0])
    assert np.std(levels) == pytest.approx(level_sd(t, RINGING, DECAY, noise), rel=0.06)


def model(unknowns: np.ndarray, t: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(the ringing, shape (n,); its derivatives, shape (n, 5))."""
    level, a, b, ringing, decay = unknowns
    cos, sin = (np.exp(-decay * t) * turn(ringing * t) for turn in (np.cos, np.sin))
    by_ringing, by_decay = t * (b * cos - a * sin), -t * (a * cos + b * sin)
    rows = np.column_stack((np.ones_like(t), cos, sin, by_ringing, by_decay))
    return level + a * cos + b * sin, rows


@given(st.floats(8, 20), st.floats(0.02, 0.08), st.floats(0.05, 0.5), st.floats(1, 3))
def test_more_noise_never_comes_sooner(
    hz: float, damping: float, noise: float, more: float
) -> None:
    """Nor does a narrower tolerance."""
    ringing, decay = 2 * math.pi * hz, damping * 2 * math.pi * hz
    soon_s = bound(noise, 2.0, ringing, decay)
    assert soon_s <= bound(noise * more, 2.0, ringing, decay)
    assert soon_s <= bound(noise, 2.0 / more, ringing, decay)


@given(st.floats(8, 20), st.floats(0.02, 0.08), st.integers(UNKNOWNS, 80))
def test_every_conversion_helps(hz: float, damping: float, count: int) -> None:
    """One more never makes the level less sure."""
    ringing, decay = 2 * math.pi * hz, damping * 2 * math.pi * hz
    before = level_sd(TIMES_S[:count], ringing, decay, 1.0)
    assume(before < 1e6)
    assert level_sd(TIMES_S[: count + 1], ringing, decay, 1.0) <= before * (1 + 1e-6)


def test_the_converter_s_memory_is_in_the_time() -> None:
    """Conversions that still hold what was before the contact say nothing about the ringing."""
    earliest_s = 3 * PERIOD_S + (UNKNOWNS - 1) * PERIOD_S
    assert bound(1e-6, 1.0) >= earliest_s
    assert bound(1e-6, 1.0) < earliest_s + PERIOD_S
    before_s = np.concatenate((-TIMES_S[10:0:-1], TIMES_S))
    assert cramer_rao_s(before_s, PERIOD_S, RINGING, DECAY, 0.3, 2.0) == bound(0.3, 2.0)


def test_it_is_the_first_time_at_which_the_level_is_sure_enough() -> None:
    """2.968 standard deviations within the tolerance, and not yet one conversion before."""
    free_s = TIMES_S[3:]
    count = int(np.searchsorted(free_s, bound(0.3, 0.8))) + 1
    assert 2.968 * level_sd(free_s[:count], RINGING, DECAY, 0.3) <= 0.8
    assert 2.968 * level_sd(free_s[: count - 1], RINGING, DECAY, 0.3) > 0.8


def test_too_little_to_tell_is_never() -> None:
    """Too few conversions, or noise that no two seconds average out."""
    assert cramer_rao_s(TIMES_S[:7], PERIOD_S, RINGING, DECAY, 0.1, 2.0) == math.inf
    assert bound(100.0, 0.1) == math.inf
    assert level_sd(TIMES_S[: UNKNOWNS - 1], RINGING, DECAY, 1.0) == math.inf
