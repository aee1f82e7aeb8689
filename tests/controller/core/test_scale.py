"""The scale: what it declares, what it refuses, and what it must not believe."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.core.config import ScaleConfig
from controller.core.scale import RAW_LIMIT, WINDOW, Scale, ScaleError

CONFIG = ScaleConfig()
NOISE_COUNTS = 38
"""0.21 g of a 20 kg cell at 2 mV/V, 80 samples a second."""


def ringing(mass_g: float, seconds: float, *, hz: float, zeta: float, seed: int) -> list[int]:
    """Raw counts of a load that has just landed on a ringing pan."""
    rng = random.Random(seed)
    counts = mass_g * CONFIG.counts_per_kg / 1000
    omega = 2 * math.pi * hz
    raw = []
    for n in range(int(seconds * 80)):
        t = n / 80
        swing = math.exp(-zeta * omega * t) * math.cos(omega * t)
        raw.append(round(counts * (1 - 1.3 * swing) + rng.gauss(0, NOISE_COUNTS)))
    return raw


def settled(mass_g: float) -> Scale:
    scale = Scale(CONFIG)
    scale.feed([round(mass_g * CONFIG.counts_per_kg / 1000)] * (WINDOW + 2))
    return scale


@given(
    st.integers(40, 8000),
    st.floats(8, 20),
    st.floats(0.02, 0.08),
    st.integers(0, 2**32),
)
def test_what_is_declared_is_within_the_class_iii_in_service_error(
    mass_g: int, hz: float, zeta: float, seed: int
) -> None:
    """At whatever moment the pan is declared at rest, the mass is right (OIML R 76-1, 3.5.2)."""
    scale = Scale(CONFIG)
    declared = None
    for raw in ringing(mass_g, 12.0, hz=hz, zeta=zeta, seed=seed):
        scale.feed([raw])
        if scale.at_rest:
            declared = scale.weigh()
            break
    assert declared is not None
    load_e = mass_g / declared.e_g
    limit_e = 1.0 if load_e <= 500 else 2.0 if load_e <= 2000 else 3.0
    assert abs(declared.mass_g - mass_g) <= limit_e * declared.e_g


def test_a_single_spike_changes_nothing() -> None:
    """HX711 spikes of one sample are common in the field; the median drops them."""
    scale = settled(500)
    scale.feed([RAW_LIMIT // 2])
    scale.feed([round(500 * CONFIG.counts_per_kg / 1000)] * 2)
    assert scale.weigh().mass_g == 500


def test_masses_are_shown_in_steps_of_e_of_their_interval() -> None:
    """e = 2 g up to 6 kg and 5 g above."""
    assert settled(25).weigh().mass_g % 2 == 0
    assert settled(7003).weigh().mass_g == 7005
    assert settled(7003).weigh().e_g == 5


def test_zero_is_refused_far_from_the_calibrated_zero() -> None:
    """Beyond 4 % of Max something is wrong with the pan, not with the zero."""
    scale = settled(601)
    with pytest.raises(ScaleError, match="too far from the calibrated one: 601 g, limit 600 g"):
        scale.set_zero()
    assert scale.zero_raw == CONFIG.zero_raw


def test_a_zero_within_the_range_is_taken() -> None:
    """Dirt on the pan is not sold to the city."""
    scale = settled(30)
    scale.set_zero()
    assert scale.weigh().mass_g == 0
    assert scale.gross_g == pytest.approx(0, abs=0.1)


def test_a_saturated_cell_is_a_fault_until_it_reads_again() -> None:
    """Full scale is no mass."""
    scale = settled(100)
    scale.feed([RAW_LIMIT])
    with pytest.raises(ScaleError, match="saturated: check the cell"):
        scale.weigh()
    scale.feed([0] * (WINDOW + 2))
    assert scale.weigh().mass_g == 0


def test_more_than_max_is_refused() -> None:
    """Nine e above Max the indication ends."""
    assert settled(15_040).weigh().mass_g == 15_040
    with pytest.raises(ScaleError, match="beyond Max 15000 g: split it"):
        settled(15_100).weigh()


def test_a_moving_pan_is_not_weighed() -> None:
    """Somebody leans on it slowly: no rest, no mass."""
    scale = Scale(CONFIG)
    scale.feed(range(0, 200 * WINDOW, 200))
    assert not scale.at_rest
    with pytest.raises(ScaleError, match="not at rest"):
        scale.weigh()


def test_the_weighing_carries_what_makes_it_traceable() -> None:
    """e, Max, raw counts, zero, tare, calibration."""
    weighing = settled(500).weigh()
    assert (weighing.e_g, weighing.max_g, weighing.tare_g) == (2, 15_000, 0)
    assert weighing.raw == round(500 * CONFIG.counts_per_kg / 1000)
    assert weighing.calibration_id == CONFIG.calibration_id
