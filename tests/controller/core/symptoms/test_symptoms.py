"""What is wrong with cell, converter or pan shows in the signal, and nothing shows in a good one.

Bounds are counted from when the fault begins, at the slowest converter there is, 72/s.
"""

from __future__ import annotations

import math
import random
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.core.config import ScaleConfig
from controller.core.symptoms.converter_faults import BOTTOM, TOP
from controller.core.symptoms.symptoms import SILENT_S, Symptoms
from controller.core.symptoms.table import TABLE, ScaleSignalError, Symptom
from sim.board_faults import SensorFaults
from sim.trials.landing import landing
from sim.world.disturbance import Lean, Shake
from tests.controller.core.symptoms.made_signals import (
    GOOD,
    NOISE_G,
    PER_G,
    converted,
    good,
    landed,
    times,
)
from tests.controller.core.symptoms.watched import (
    SEEDS,
    SLOWEST_HZ,
    assert_found,
    assert_gone,
    at_rest,
    later,
    shown,
    watch,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.controller.core.symptoms.made_signals import Stream


def forced(force: Lean | Shake, seed: int, seconds: float = 30) -> Stream:
    """A load of 700 g, and a force that is none."""
    at = times(seconds, SLOWEST_HZ)
    grams = 700 + np.array([force.grams(round(at_s * 1e6)) for at_s in at])
    return converted(at, grams, np.random.default_rng(seed))


def bent(stream: Stream, how: Callable[[int, int], int]) -> Stream:
    """Each (number, raw) as a failing converter gives it, within its 24 bits."""
    return [
        (at_s, max(BOTTOM, min(TOP, how(number, raw)))) for number, (at_s, raw) in enumerate(stream)
    ]


# Good signals


@pytest.mark.parametrize("kind", GOOD)
def test_a_good_signal_shows_nothing(kind: str) -> None:
    """50 streams of each kind: rest, landings, hands, temperature, mains, 1/f noise, spikes."""
    for seed in range(50):
        assert shown(watch(), good(kind, seed)) == {}, f"seed {seed}"


def test_the_simulators_landings_show_nothing() -> None:
    """Another model of pan and cell: bounces, the stop, creep, hysteresis, noise to 0.5 g."""
    for seed in range(60):
        stream = [(at_us / 1e6, raw) for at_us, raw in landing(seed).conversions]
        assert shown(watch(), stream) == {}, f"seed {seed}"


def test_half_a_light_load_that_goes_unheard_is_no_new_gain() -> None:
    """The converter's memory of four hides ringing at a quarter of its rate, 20 Hz of 80."""
    for seed in range(40):
        rng = np.random.default_rng(seed)
        at = times(8)
        mass_g = rng.uniform(40, 190)
        goes = landed(at, 4 + seed / 160, -mass_g, rng, knock=1, ring_hz=20)
        stream = converted(at, 2 * mass_g + goes, rng, zero_raw=0)
        assert shown(watch(), stream) == {}, f"seed {seed}"


def test_going_from_fast_to_slow_and_back_shows_nothing() -> None:
    """The node streams one a second at rest, and at once all of them when the hatch moves."""
    stream = at_rest(20, 1)
    stream += later(at_rest(120, 2, hz=1), 20)
    stream += later(at_rest(20, 3), 140.5)
    assert shown(watch(), stream) == {}


# The converter


def test_a_cell_that_falls_silent_is_known_by_the_clock() -> None:
    """No conversion tells that none come: time does; four of them end it again."""
    symptoms = watch()
    shown(symptoms, at_rest(10, 0))
    symptoms.passes(10 + SILENT_S)
    assert not symptoms.found
    symptoms.passes(10.1 + SILENT_S)
    assert symptoms.found == (Symptom.SILENT,)
    assert_gone(symptoms, later(at_rest(5, 1), 20), 0.06, from_s=20)


def test_a_cell_that_never_speaks_is_silent_too() -> None:
    """From the first moment that is told."""
    symptoms = watch()
    symptoms.passes(100)
    symptoms.passes(100.1 + SILENT_S)
    assert symptoms.found == (Symptom.SILENT,)


def test_a_gap_in_the_stream_is_silence_that_has_ended() -> None:
    """It is named for four conversions, and what follows is looked at afresh."""
    symptoms = watch()
    shown(symptoms, at_rest(10, 0))
    first = shown(symptoms, later(at_rest(10, 1, mass_g=1400), 15))
    assert set(first) == {Symptom.SILENT}
    assert symptoms.found == ()


@pytest.mark.parametrize(("hz", "within_s"), [(SLOWEST_HZ, 0.2), (1.0, 12.0)])
def test_one_count_for_ever_is_a_stuck_cell(hz: float, within_s: float) -> None:
    """At 72/s within 0.2 s, at rest within 12 s."""
    for seed in SEEDS:
        symptoms = assert_found(
            bent(at_rest(4 if hz > 1 else 20, seed, hz=hz), lambda _n, _raw: 5_000),
            Symptom.STUCK,
            within_s,
            seed,
        )
        end_s = 10 + (4 if hz > 1 else 20)
        assert_gone(symptoms, later(at_rest(5, 1), end_s), 0.2, from_s=end_s)


@pytest.mark.parametrize("end", [TOP, BOTTOM])
@pytest.mark.parametrize(("hz", "within_s"), [(SLOWEST_HZ, 0.3), (1.0, 3.0)])
def test_either_end_of_24_bits_is_saturation(end: int, hz: float, within_s: float) -> None:
    """Longer than a landing swings: 0.3 s, or three slow conversions."""
    symptoms = assert_found(
        bent(at_rest(8, 0, hz=hz), lambda _n, _raw: end), Symptom.SATURATED, within_s
    )
    assert_gone(symptoms, later(at_rest(5, 1), 18), 0.1, from_s=18)


def test_a_landing_may_touch_both_ends_for_a_moment() -> None:
    """8 kg from half a metre would swing past ±46 kg where nothing stops the pan."""
    at = times(20, SLOWEST_HZ)
    swing = np.exp(-(at - 2)) * np.cos(2 * np.pi * 8 * (at - 2)) * 120_000
    raw = np.clip(np.where(at > 2, 8_000 - swing, 0) * PER_G, BOTTOM, TOP)
    noisy = np.clip(raw + np.random.default_rng(0).normal(0, 38, len(at)), BOTTOM, TOP)
    stream = [(float(t), int(r)) for t, r in zip(at, noisy, strict=True)]
    assert sum(r in {BOTTOM, TOP} for _, r in stream) > 10
    assert shown(watch(), stream) == {}


def test_counts_that_run_over_are_wrapped() -> None:
    """A reader that lost the sign: 3 g/s up over the top of the scale, and on from the bottom."""
    ramp = np.cumsum(np.full(800, 7)) + TOP - 2000
    wrapped = [(int(raw) - BOTTOM) % 2**24 + BOTTOM for raw in ramp]
    symptoms = watch()
    at_s = [0.0125 * number for number in range(800)]
    first = shown(symptoms, list(zip(at_s, wrapped, strict=True)))
    crossing_s = at_s[next(n for n, raw in enumerate(wrapped) if raw < 0)]
    assert first[Symptom.WRAPPED] - crossing_s <= 0.03


OUT_OF_STEP = {
    "one bit late": lambda _n, raw: raw * 2,
    "two bits late": lambda _n, raw: raw * 4,
    "one bit late, the line high": lambda _n, raw: raw * 2 + 1,
    "one bit early": lambda _n, raw: raw >> 1,
    "gain 64": lambda _n, raw: raw // 2,
    "gain 32": lambda _n, raw: raw // 4,
    "every other late": lambda n, raw: raw * 2 if n % 2 else raw,
    "now and then early": lambda n, raw: raw >> 1 if n * 7919 % 5 < 2 else raw,
}


@pytest.mark.parametrize("how", OUT_OF_STEP)
def test_a_converter_out_of_step_is_known_within_a_second_and_a_half(how: str) -> None:
    """Twice, half, a quarter, to and fro; it ends when the counts are as before."""
    for seed in SEEDS:
        fault = bent(at_rest(6, seed + 50), OUT_OF_STEP[how])
        symptoms = assert_found(fault, Symptom.OUT_OF_STEP, 1.5, seed)
        assert_gone(symptoms, later(at_rest(5, seed + 90), 16), 1.5, from_s=16)


def test_a_new_gain_comes_through_the_filters_memory() -> None:
    """Three conversions on the way from 700 g to half of it, and no ringing: not a load."""
    level = [raw for _, raw in at_rest(10, 4)]
    fault = [
        (at_s, round(raw * (1 - min(n, 4) / 8))) for n, (at_s, raw) in enumerate(at_rest(6, 5))
    ]
    assert abs(fault[2][1] - level[0]) > 1_000
    assert_found(fault, Symptom.OUT_OF_STEP, 1.0)


def test_a_dead_low_bit_is_known_on_the_slow_stream_too() -> None:
    """Forty conversions that agree in a bit, of at most eighty: 80 s."""
    fault = bent(at_rest(100, 0, hz=1), lambda _n, raw: raw * 2)
    symptoms = watch()
    first = shown(symptoms, at_rest(10, 0) + later(fault, 10))
    assert first[Symptom.OUT_OF_STEP] - 10 <= 80


# The pan


@pytest.mark.parametrize("noise_g", [2.0, 20.0, 500.0])
def test_white_noise_far_above_the_cells_own_is_roughness(noise_g: float) -> None:
    """Ten times sigma and more, within 5 s: no pan jumps so from conversion to conversion."""
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        at = times(12, SLOWEST_HZ)
        fault = converted(at, np.full(len(at), 700.0), rng, noise_g=noise_g)
        symptoms = assert_found(fault, Symptom.ROUGH, 5.0, seed)
        assert_gone(symptoms, later(at_rest(5, seed), 22), 1.5, from_s=22)


def test_scatter_on_the_slow_stream_is_roughness() -> None:
    """One a second cannot tell noise from shaking: within 41 s it is called rough."""
    rng = np.random.default_rng(1)
    fault = converted(times(60, 1), np.full(60, 700.0), rng, noise_g=20)
    assert_found(fault, Symptom.ROUGH, 41.0)


@pytest.mark.parametrize("hz", [0.2, 0.3, 0.5, 0.8, 1.5, 3.0, 5.0, 8.0, 12.0, 14.0, 23.0, 30.0])
@pytest.mark.parametrize("amplitude_g", [10.0, 15.0])
def test_what_does_not_fade_shakes_the_pan(hz: float, amplitude_g: float) -> None:
    """Wind and machines from 0.2 to 30 Hz, with gusts, within 15 s; it is over after 9 s.

    Of 18 to 20 Hz the converter's memory of four conversions lets nothing through.
    """
    for seed in range(4):
        force = Shake(amplitude_g, hz, random.Random(seed))
        fault = forced(force, seed)
        symptoms = assert_found(fault, Symptom.SHAKEN, 15.0, seed)
        assert_gone(symptoms, later(at_rest(20, seed), 40), 9.0, from_s=40)


@pytest.mark.parametrize("force_g", [300.0, 2_000.0, 8_000.0, -500.0])
def test_a_hand_on_the_pan_is_known_by_its_wandering(force_g: float) -> None:
    """The simulator's leaning person, lifting too, within 10 s; over 1.5 s after letting go."""
    for seed in SEEDS:
        force = Lean(force_g, 0, random.Random(seed))
        fault = forced(force, seed)
        symptoms = assert_found(fault, Symptom.LEANED_ON, 10.0, seed)
        assert_gone(symptoms, later(at_rest(5, seed), 40), 1.5, from_s=40)


def test_unrest_is_over_on_the_slow_stream_too() -> None:
    """A bay that rests for it is sampled slowly: wind and hand have gone after 20 s at rest."""
    at = times(30, SLOWEST_HZ)
    scatter = converted(at, np.full(len(at), 700.0), np.random.default_rng(1), noise_g=20)
    faults = {
        Symptom.SHAKEN: forced(Shake(15.0, 8.0, random.Random(1)), 1),
        Symptom.LEANED_ON: forced(Lean(300.0, 0, random.Random(1)), 1),
        Symptom.ROUGH: scatter,
    }
    for symptom, fault in faults.items():
        symptoms = assert_found(fault, symptom, 15.0)
        assert_gone(symptoms, later(at_rest(60, 1, hz=1), 40), 21.0, from_s=40)


def test_a_load_that_reads_negative_is_reversed() -> None:
    """Half a kilogram with crossed wires: below both zeros and the zero range, 2 s after rest."""
    for seed in SEEDS:
        at = times(20, SLOWEST_HZ)
        load = landed(at, 0.5, 500, np.random.default_rng(seed), knock=1)
        stream = converted(at, -load, np.random.default_rng(seed), zero_raw=0)
        symptoms = watch()
        first = shown(symptoms, stream)
        assert set(first) == {Symptom.REVERSED}
        assert first[Symptom.REVERSED] <= 0.5 + 6 + 2.5  # it rings for up to 6 s
        assert_gone(symptoms, later(at_rest(5, seed), 20), 2.5, from_s=20)


def test_a_load_that_was_zeroed_away_may_go() -> None:
    """It falls to the calibrated zero at lowest, far below the zero in force or not."""
    symptoms = Symptoms(ScaleConfig().calibration, NOISE_G)
    at = times(20, SLOWEST_HZ)
    before, after = np.full(len(at), 1400.0), np.full(len(at), 0.0)
    shown(symptoms, converted(at, before, np.random.default_rng(0), zero_raw=0))
    symptoms.zeroed(1400 * PER_G)
    stream = converted(at, after, np.random.default_rng(1), zero_raw=0)
    assert shown(symptoms, later(stream, 20)) == {}


# The simulator's faults


@pytest.mark.parametrize(
    ("kind", "symptom", "within_s"),
    [
        ("frozen", Symptom.STUCK, 0.3),
        ("stuck_on", Symptom.SATURATED, 0.4),
        ("noisy", Symptom.ROUGH, 5.0),
        ("reversed", Symptom.REVERSED, 4.0),
        ("desync", Symptom.OUT_OF_STEP, 1.5),
        ("drift", Symptom.DRIFTING, 16.0),
    ],
)
def test_a_fault_of_the_simulated_board_is_named(
    kind: str, symptom: Symptom, within_s: float
) -> None:
    """A settled load of 700 g, then the cell breaks: the same words on either side."""
    for seed in SEEDS:
        faults = SensorFaults(random.Random(seed))
        faults.set("cell", kind)
        samples = tuple((round(at_s * 1000), raw) for at_s, raw in at_rest(20, seed))
        fault = [(at_ms / 1000, raw) for at_ms, raw in faults.conversions(samples)]
        assert_found(fault, symptom, within_s, seed)


# Bad input


@pytest.mark.parametrize("raw", [math.nan, 1.0, True, None, "7", TOP + 1, BOTTOM - 1])
def test_what_is_no_count_is_refused_by_name(raw: object) -> None:
    """A count of 24 bits with its sign, whole; what was known still holds."""
    symptoms = watch()
    shown(symptoms, at_rest(2, 0))
    with pytest.raises(ScaleSignalError, match="is no signed 24-bit count"):
        symptoms.feed(2.1, raw)  # type: ignore[arg-type]
    assert shown(symptoms, later(at_rest(2, 1), 2)) == {}


@given(st.sampled_from([5.0, 4.0, -1.0, math.nan, math.inf, -math.inf]))
def test_time_that_does_not_go_on_is_refused_by_name(at_s: float) -> None:
    """Neither back nor still; the conversion is not taken, the next good one is."""
    symptoms = watch()
    symptoms.feed(5.0, 1)
    with pytest.raises(ScaleSignalError, match=r"after one at 5\.0 s"):
        symptoms.feed(at_s, 1)
    symptoms.passes(6.0)
    with pytest.raises(ScaleSignalError, match=r"time goes from 6\.0 s"):
        symptoms.passes(at_s)
    symptoms.feed(5.0125, 2)
    assert symptoms.found == ()


@pytest.mark.parametrize("noise_g", [0.0, -1.0, 3.0, math.nan, math.inf])
def test_a_noise_that_cannot_be_is_refused(noise_g: float) -> None:
    """Above e no class III scale could be made of it."""
    with pytest.raises(ScaleSignalError, match="expected noise of"):
        Symptoms(ScaleConfig().calibration, noise_g)


def test_a_zero_that_is_no_count_is_refused() -> None:
    """The zero in force stays."""
    with pytest.raises(ScaleSignalError, match="keep the one in force"):
        watch().zeroed(math.nan)


def test_every_symptom_has_its_way_out() -> None:
    """Staff read it: each row says what to do, also where what people do may pass by itself."""
    assert set(TABLE) == set(Symptom)
    assert all(len(remedy.do) > 30 for remedy in TABLE.values())
    passing = {symptom for symptom, remedy in TABLE.items() if remedy.passes}
    assert passing == {Symptom.SHAKEN, Symptom.LEANED_ON, Symptom.DRIFTING}
