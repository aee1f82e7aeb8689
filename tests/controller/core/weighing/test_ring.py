"""The fit of a ringing pan: exact where nothing disturbs, and sure of as much as it may be."""

from __future__ import annotations

import math
import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.core.weighing import ring


def made(
    t: np.ndarray, level: float, omega: float, decay: float, cosine: float, sine: float
) -> np.ndarray:
    swing = cosine * np.cos(omega * t) + sine * np.sin(omega * t)
    return level + np.exp(-decay * t) * swing


@given(
    level=st.floats(-100, 8_000),
    omega=st.floats(0.6, 1.7),
    zeta=st.floats(0.02, 0.08),
    cosine=st.floats(50, 5_000),
    sine=st.floats(-5_000, 5_000),
)
def test_without_noise_every_unknown_is_found(
    level: float, omega: float, zeta: float, cosine: float, sine: float
) -> None:
    """Twelve conversions of a pure ringing give level, frequency and decay."""
    t = np.arange(12.0)
    fit = ring.fit(t, made(t, level, omega, zeta * omega, cosine, sine), 0.2)
    assert fit.level == pytest.approx(level, abs=0.05)
    assert fit.omega == pytest.approx(omega, rel=1e-3)
    assert math.exp(fit.log_decay) == pytest.approx(zeta * omega, rel=0.02)


def test_it_goes_on_from_the_fit_before() -> None:
    """Conversion by conversion, also across a gap, the level comes nearer."""
    rng = np.random.default_rng(4)
    every = np.delete(np.arange(40.0), [13, 22])
    y = made(every, 700, 0.9, 0.04, 300, -500) + rng.normal(0, 0.2, len(every))
    fit = None
    for n in range(ring.LEAST, len(every)):
        fit = ring.fit(every[:n], y[:n], 0.2, fit)
    assert fit is not None
    assert fit.level == pytest.approx(700, abs=0.3)
    assert fit.at(60) == pytest.approx(made(np.array([60.0]), 700, 0.9, 0.04, 300, -500)[0], abs=1)


def test_a_still_pan_is_a_mean() -> None:
    """Where nothing swings the level is the mean, and about as sure as a mean is."""
    rng = np.random.default_rng(2)
    t = np.arange(40.0)
    y = 250 + rng.normal(0, 0.2, 40)
    fit = ring.fit(t, y, 0.2)
    assert fit.level == pytest.approx(y.mean(), abs=0.1)
    assert 0.2 / math.sqrt(40) <= fit.level_sd <= 2 * 0.2 / math.sqrt(40)


def test_its_standard_deviation_is_that_of_its_errors() -> None:
    """Over many noises the levels scatter as the fit says they would."""
    t = np.arange(18.0)
    clean = made(t, 500, 1.0, 0.05, 200, 100)
    rng = random.Random(9)
    fits = [ring.fit(t, clean + np.array([rng.gauss(0, 0.2) for _ in t]), 0.2) for _ in range(300)]
    scatter = math.sqrt(sum((one.level - 500) ** 2 for one in fits) / len(fits))
    told = sum(one.level_sd for one in fits) / len(fits)
    assert 0.6 < scatter / told < 1.1


def test_what_is_no_ringing_leaves_a_misfit() -> None:
    """A step in the midst fits no ringing; the fit says so instead of believing it."""
    t = np.arange(16.0)
    y = np.where(t < 6, 0.0, 500.0) + made(t, 0, 1.0, 0.05, 20, 0)
    assert ring.fit(t, y, 0.2).misfit > 20
