"""The settling of a pan: what is declared, when, and what must never be believed."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.core.config import ScaleConfig
from controller.core.symptoms.converter_faults import MEMORY
from controller.core.weighing.settling import AGREEING, Settling
from sim.trials.landing import landing
from sim.world.figures import PanFigures

CLASS_III = ScaleConfig().class_iii
NOISE_G = 0.2
RATE_HZ = 80


def grams() -> Settling:
    """A settling that is fed in grams."""
    return Settling(NOISE_G, lambda level: CLASS_III.in_service_limit_g(max(0.0, level)))


def ringing(
    mass_g: float, *, hz: float = 12.0, zeta: float = 0.04, swing: float = 1.3, seed: int = 1
) -> Iterator[float]:
    """What a plain oscillator gives, for ever, after its load's last contact."""
    rng = random.Random(seed)
    omega = 2 * math.pi * hz / RATE_HZ
    n = 0
    while True:
        decayed = swing * mass_g * math.exp(-zeta * omega * n)
        yield mass_g - decayed * math.cos(omega * n + 0.3) + rng.gauss(0, NOISE_G)
        n += 1


def conversions_until_declared(settling: Settling, signal: Iterator[float]) -> int:
    for n, value in zip(range(400), signal, strict=False):
        settling.feed(n, value)
        if settling.declared is not None:
            return n + 1
    raise AssertionError("never declared")


def test_a_ringing_pan_is_declared_long_before_it_is_still() -> None:
    """Half a kilogram that rings for two seconds is known to a gram in a quarter of one."""
    settling = grams()
    n = conversions_until_declared(settling, ringing(500))
    assert n <= RATE_HZ / 4
    assert settling.declared is not None
    assert settling.declared.value == pytest.approx(500, abs=1)
    still_to_swing_g = 1.3 * 500 * math.exp(-0.04 * 2 * math.pi * 12 * n / RATE_HZ)
    assert still_to_swing_g > 50


@given(
    mass_g=st.floats(40, 8_000),
    hz=st.floats(8, 20),
    zeta=st.floats(0.02, 0.08),
    seed=st.integers(0, 2**32),
)
def test_what_is_declared_is_within_the_in_service_limit(
    mass_g: float, hz: float, zeta: float, seed: int
) -> None:
    """Whatever the pan and the load, and whenever it is declared."""
    settling = grams()
    conversions_until_declared(settling, ringing(mass_g, hz=hz, zeta=zeta, seed=seed))
    assert settling.declared is not None
    off_g = abs(settling.declared.value - mass_g)
    assert off_g <= CLASS_III.in_service_limit_g(mass_g)


def test_its_uncertainty_is_honest() -> None:
    """Of many declared levels about two thirds lie within one standard deviation."""
    inside = 0
    for seed in range(200):
        settling = grams()
        conversions_until_declared(settling, ringing(1_000, seed=seed))
        assert settling.declared is not None
        inside += abs(settling.declared.value - 1_000) <= settling.declared.sd
    assert 0.6 < inside / 200 < 0.95


def test_a_landing_that_bounces_is_declared_after_its_last_contact() -> None:
    """Between the bounces there is no mass to declare, and the swing before belongs to no fit."""
    for seed in range(40):
        drop = landing(seed, fall_mm=200.0, mass_g=800.0, pan=PanFigures(spikes=0, missed=0))
        counts_per_g = drop.counts_per_kg / 1000
        settling = grams()
        for n, (at_us, raw) in enumerate(drop.conversions):
            settling.feed(n, (raw - drop.conversions[0][1]) / counts_per_g)
            declared = settling.declared
            if declared is not None and declared.value > 5:
                assert at_us > drop.last_contact_us
                break
        assert declared is not None and declared.value == pytest.approx(800, abs=4)


def test_a_single_glitch_changes_nothing() -> None:
    """A conversion that is wrong alone is left out; the level stays declared as it was."""
    settling = grams()
    signal = ringing(500, swing=0.0)
    n = conversions_until_declared(settling, signal)
    before = settling.declared
    assert before is not None
    settling.feed(n, 5_000.0)
    settling.feed(n + 1, next(signal))
    assert settling.declared is not None
    assert settling.declared.value == pytest.approx(before.value, abs=0.2)


def test_a_glitch_in_the_midst_of_ringing_costs_a_moment_at_most() -> None:
    """With spikes at any of the first conversions the same mass is declared."""
    for at in range(20):
        settling = grams()
        signal = (v + 300 * (n == at) for n, v in enumerate(ringing(500)))
        conversions_until_declared(settling, signal)
        assert settling.declared is not None
        assert settling.declared.value == pytest.approx(500, abs=1.5)


def test_missed_conversions_are_gaps_not_shifts() -> None:
    """Numbers that are left out keep the others where they belong."""
    settling = grams()
    for n, value in zip(range(40), ringing(2_000), strict=False):
        if n not in {5, 11, 12}:
            settling.feed(n, value)
    assert settling.declared is not None
    assert settling.declared.value == pytest.approx(2_000, abs=1)


def test_a_step_ends_what_was_declared() -> None:
    """Two surprises in a row: something touched the pan, and its memory is waited for."""
    settling = grams()
    conversions_until_declared(settling, ringing(500, swing=0.0))
    for n in (400, 401):
        settling.feed(n, 700.0)
    assert settling.declared is None
    for n in range(402, 402 + MEMORY + 20):
        settling.feed(n, 700.0 + 0.1 * (n % 3))
    assert settling.declared is not None
    assert settling.declared.value == pytest.approx(700, abs=0.3)


@pytest.mark.parametrize("grams_per_s", [50, 100, 500])
def test_a_growing_force_is_no_level(grams_per_s: float) -> None:
    """Somebody pours or leans: there is no rest, however straight the line."""
    rng = random.Random(7)
    settling = grams()
    for n in range(240):
        settling.feed(n, 300 + grams_per_s * n / RATE_HZ + rng.gauss(0, NOISE_G))
        assert settling.declared is None


@pytest.mark.parametrize("grams_per_s", [1, 5, 20])
def test_of_a_slowly_growing_force_the_present_is_told(grams_per_s: float) -> None:
    """What bears on the pan at that moment, within the limit: no other truth is in the signal."""
    rng = random.Random(7)
    settling = grams()
    for n in range(400):
        force_g = 300 + grams_per_s * n / RATE_HZ
        settling.feed(n, force_g + rng.gauss(0, NOISE_G))
        if settling.declared is not None:
            assert abs(settling.declared.value - force_g) <= CLASS_III.in_service_limit_g(force_g)


@pytest.mark.parametrize("hz", [3.0, 5.0, 30.0])
def test_what_swings_as_no_pan_does_is_waited_for(hz: float) -> None:
    """Wind at 5 Hz or a machine at 30 Hz: as regular as it may be, it is not the pan."""
    rng = random.Random(3)
    settling = grams()
    for n in range(240):
        swing = 30 * math.sin(2 * math.pi * hz * n / RATE_HZ)
        settling.feed(n, 500 + swing + rng.gauss(0, NOISE_G))
        assert settling.declared is None


def test_noise_far_beyond_the_cells_is_never_declared() -> None:
    """A cell that scatters by grams says nothing that a resident may be paid for."""
    rng = random.Random(5)
    settling = grams()
    for n in range(400):
        settling.feed(n, 500 + rng.gauss(0, 30 * NOISE_G))
        assert settling.declared is None


def test_after_a_restart_nothing_is_known() -> None:
    """The hatch has moved: what was seen before is another situation."""
    settling = grams()
    conversions_until_declared(settling, ringing(500, swing=0.0))
    settling.restart()
    assert settling.declared is None and settling.estimate is None


def test_one_good_fit_is_not_enough() -> None:
    """The rule asks for several fits in a row that say the same."""
    settling = grams()
    estimates = 0
    for n, value in zip(range(100), ringing(500, swing=0.0), strict=False):
        settling.feed(n, value)
        if settling.declared is not None:
            break
        estimates += settling.estimate is not None
    assert estimates == AGREEING - 1
