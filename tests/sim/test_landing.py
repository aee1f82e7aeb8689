"""A landing's stream against the truth that comes with it."""

from __future__ import annotations

import math
from statistics import fmean, pstdev
from typing import Any

import numpy as np
import pytest

from sim.errors import WorldError
from sim.trials.landing import Landing, landing
from sim.world.figures import CellFigures, PanFigures

PLAIN = PanFigures(missed=0.0, spikes=0.0, flicker_hz=0.0)
SILENT: dict[str, Any] = {"rocking": 0.0, "noise_g": 0.0, "pickup_g": 0.0, "shift_g": 0.0}
FREE_US = 100_000
"""Later than this after the last contact the converter's memory holds nothing older."""


def grams_after(drop: Landing, past_us: float) -> np.ndarray:
    """Grams over zero, from so long after the last contact on: shape (conversions,)."""
    since_us = drop.last_contact_us + past_us
    raws = [raw - drop.zero_raw for at_us, raw in drop.conversions if at_us > since_us]
    return np.array(raws) * 1000 / drop.counts_per_kg


def ring(grams: np.ndarray, rate_hz: float) -> tuple[float, float, float]:
    """(final grams, Hz, damping): x_k = c + a x_(k-1) + b x_(k-2) by least squares (Prony)."""
    rows = np.column_stack([np.ones(len(grams) - 2), grams[1:-1], grams[:-2]])
    c, a, b = np.linalg.lstsq(rows, grams[2:], rcond=None)[0]
    pole = np.log(np.roots([1, -a, -b])[0]) * rate_hz
    return c / (1 - a - b), abs(pole) / (2 * math.pi), -pole.real / abs(pole)


@pytest.mark.parametrize("seed", range(12))
def test_it_rings_as_it_says(seed: int) -> None:
    """Frequency and damping after the last contact, measured back from the counts."""
    drop = landing(seed, pan=PLAIN, fall_mm=100.0, **SILENT)
    _, hz, damping = ring(grams_after(drop, FREE_US)[:60], drop.rate_hz)
    assert hz == pytest.approx(drop.ring_hz, rel=0.01)
    assert damping == pytest.approx(drop.damping, rel=0.05)


@pytest.mark.parametrize("seed", range(40))
def test_it_settles_at_its_mass(seed: int) -> None:
    """Against the empty pan before, inside class III's limit in service for what the cell adds."""
    drop = landing(seed, damping=0.08)
    empty = [raw for at_us, raw in drop.conversions if at_us < drop.first_contact_us]
    before_g = (sorted(empty)[len(empty) // 2] - drop.zero_raw) * 1000 / drop.counts_per_kg
    settled_g = float(np.median(grams_after(drop, 3_000_000))) - before_g
    limit_g = 2.0 if drop.mass_g <= 1_000 else 4.0 if drop.mass_g <= 4_000 else 6.0
    assert settled_g == pytest.approx(drop.mass_g, abs=limit_g)


def test_the_figures_fill_the_machines_ranges() -> None:
    """40 g to 8 kg, 8 to 20 Hz, 0.02 to 0.08, a third laid gently, a third that sinks."""
    drops = [landing(seed) for seed in range(120)]
    for name, low, high in (
        ("ring_hz", 8, 20),
        ("damping", 0.02, 0.08),
        ("restitution", 0.1, 0.3),
        ("rate_hz", 71.9, 88.1),
        ("noise_g", 0.1, 0.5),
        ("mass_g", 40, 8_000),
        ("fall_mm", 1, 500),
    ):
        values = [getattr(drop, name) for drop in drops]
        assert low <= min(values) < low + (high - low) / 4, name
        assert high - (high - low) / 4 < max(values) <= high, name
    assert 24 < sum(drop.fall_mm <= 30 for drop in drops) < 58
    assert 24 < sum(drop.shift_g > 0 for drop in drops) < 58
    assert all(drop.contacts >= 2 for drop in drops if drop.fall_mm > 30)


def test_the_stream_begins_before_the_first_contact_and_ends_after_the_last() -> None:
    """Half a second of empty pan, four of what comes to rest; the bounces lie between."""
    for seed in range(20):
        drop = landing(seed)
        stamps = [at_us for at_us, _ in drop.conversions]
        assert stamps == sorted(set(stamps))
        assert stamps[0] < 20_000
        assert 0 <= drop.last_contact_us - drop.first_contact_us < 2_000_000
        assert 3_950_000 < stamps[-1] - drop.last_contact_us < 4_060_000
        empty_g = [
            (raw - drop.zero_raw) * 1000 / drop.counts_per_kg
            for at_us, raw in drop.conversions
            if at_us < drop.first_contact_us
        ]
        assert abs(sorted(empty_g)[20]) < 3


def residual_g(drop: Landing) -> float:
    """What one damped sinusoid and a constant leave of the first half second, rms."""
    grams = grams_after(drop, FREE_US)[:40]
    times = np.arange(len(grams)) / drop.rate_hz
    omega = 2 * math.pi * drop.ring_hz
    fades = np.exp(-drop.damping * omega * times)
    turns = omega * math.sqrt(1 - drop.damping**2) * times
    rows = np.column_stack([np.ones(len(grams)), fades * np.cos(turns), fades * np.sin(turns)])
    left = grams - rows @ np.linalg.lstsq(rows, grams, rcond=None)[0]
    return float(np.sqrt(np.mean(left**2)))


def test_one_ring_and_a_constant_do_not_tell_all_of_it() -> None:
    """Rocking and sinking contents are in the stream, and are nothing else's doing."""
    given = {"mass_g": 2_000.0, "ring_hz": 11.0, "damping": 0.04, "fall_mm": 20.0} | SILENT
    perfect = CellFigures(hysteresis=0.0, nonlinearity=0.0)
    rocks = given | {"rocking": 0.005}
    alone_g = residual_g(landing(1, pan=PLAIN, cell=perfect, **given))
    rocks_g = residual_g(landing(1, pan=PLAIN, cell=perfect, **rocks))
    sinks = given | {"shift_g": 3.0, "shift_s": 0.3}
    sinks_g = residual_g(landing(1, pan=PLAIN, cell=perfect, **sinks))
    assert alone_g < 0.05
    assert rocks_g > 4 * alone_g
    assert sinks_g > 0.2


def test_the_noise_is_what_it_says() -> None:
    """Of each conversion by itself, on the empty pan."""
    drops = [landing(seed, pan=PLAIN, noise_g=0.3, pickup_g=0.0) for seed in range(30)]
    spreads = []
    for drop in drops:
        empty = [raw for at_us, raw in drop.conversions if at_us < drop.first_contact_us]
        spreads.append(pstdev(empty) * 1000 / drop.counts_per_kg)
    assert fmean(spreads) == pytest.approx(0.3, rel=0.06)


def test_the_seed_decides_and_what_is_given_holds() -> None:
    """The same twice; what is given changes nothing that is drawn besides."""
    assert landing(7) == landing(7)
    assert landing(7).conversions != landing(8).conversions
    given = landing(7, mass_g=123.0)
    assert given.mass_g == 123.0
    assert given.ring_hz == landing(7).ring_hz


def test_what_is_never_drawn_cannot_be_given() -> None:
    """With the names that can."""
    with pytest.raises(WorldError, match="nothing called 'colour' is drawn; mass_g, ring_hz"):
        landing(1, colour=3.0)
