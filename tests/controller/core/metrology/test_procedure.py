"""Plans and readings that prove nothing are refused by name, and the step stays the same."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest

from controller.core.metrology.calibrating import Calibrating
from controller.core.metrology.calibration import CalibrationError
from controller.core.metrology.procedure import PlanError, ReadingError, Settled, Step
from controller.core.metrology.verifying import Verifying
from tests.controller.core.metrology.technician import FACTORY, LOADS_G, Bench


@pytest.mark.parametrize(
    ("masses_g", "why"),
    [
        ((), "0 masses: calibrate with one to 5"),
        ((2_500, 5_000, 7_500, 10_000, 12_500, 15_000), "6 masses"),
        ((10_000, 5_000), "must rise from zero, 1500 g or more"),
        ((-5_000, 10_000), "must rise from zero"),
        ((9_000, 10_000), "1500 g or more at a time"),
        ((5_000,), "heaviest mass is 5000 g: take 7500 g to Max 15000 g"),
        ((16_000,), "heaviest mass is 16000 g"),
    ],
)
def test_weights_that_make_no_calibration_are_refused(masses_g: tuple[int, ...], why: str) -> None:
    """Before anything is laid on."""
    with pytest.raises(PlanError, match=why):
        Calibrating(FACTORY, masses_g)


@pytest.mark.parametrize(
    ("loads_g", "weights_class", "why"),
    [
        ((1_000, 6_000, 15_000), "M1", r"lack Min or the change of range: \[40\] g"),
        ((40, 15_000), "M1", r"\[6000\] g"),
        ((40, 6_000), "M1", "heaviest load is 6000 g: take 13500 g to Max 15000 g"),
        ((40, 6_000, 15_000, 10_000), "M1", "must rise"),
        ((40, *range(2_000, 14_000, 1_000), 15_000), "M1", "10 at most"),
        (LOADS_G, "M3", "of class M3 may be .* off, .* are allowed: take a better class"),
        (LOADS_G, "brass", "class 'brass' are unknown: E2, F1"),
    ],
)
def test_loads_and_weights_that_prove_nothing_are_refused(
    loads_g: tuple[int, ...], weights_class: str, why: str
) -> None:
    """Loads must reach where limits change; weights be three times as good as the limit."""
    with pytest.raises(PlanError, match=why):
        Verifying(FACTORY, "initial", loads_g, weights_class)


def test_creep_lasts_half_an_hour_at_most() -> None:
    """A later check may be shorter, but not nothing."""
    for creep_s in (0, 1_801):
        with pytest.raises(PlanError, match="1 to 1800 s"):
            Verifying(FACTORY, "in-service", LOADS_G, creep_s=creep_s)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"raw": math.nan}, "is no reading: check the cell"),
        ({"sd_raw": math.inf}, "is no reading"),
        ({"sd_raw": -1.0}, "is no reading"),
        ({"at_s": math.nan}, "is no reading"),
        ({"raw": 8_388_607.0}, "raw 8388607 is saturated"),
        ({"sd_raw": 30.0}, "the pan is not at rest: sure to 0.50 g only, 0.40 g are needed"),
    ],
)
def test_what_is_no_sure_reading_is_not_taken(change: dict[str, Any], why: str) -> None:
    """The step stays the same, and a good reading goes on from there."""
    good = Settled(21_000, 4, 0)
    for state in (Calibrating(FACTORY, (10_000,)), Verifying(FACTORY, "initial", LOADS_G)):
        with pytest.raises(ReadingError, match=why):
            state.take(replace(good, **change))
        assert state.take(good).next != state.next


@pytest.mark.parametrize(
    ("raws", "why"),
    [
        ((21_000, 21_300), "10000 g more read 300 counts, at least 25000 are needed: have 10000 g"),
        ((21_000, -1_800_000), "swap the cell's two signal wires, or have 10000 g in the centre"),
        ((21_000, 1_821_000, 21_400), "zero moved by 2.2 g, limit 1 g: clear the pan"),
        ((21_000, 1_821_000, 1_821_000), "zero moved by 10000.0 g"),
    ],
)
def test_readings_that_do_not_fit_the_step_are_refused(raws: tuple[float, ...], why: str) -> None:
    """A forgotten weight, crossed wires, a drifting or a loaded pan: said at once."""
    state = Calibrating(FACTORY, (10_000,))
    for raw in raws[:-1]:
        state = state.take(Settled(raw, 4, 0))
    with pytest.raises(ReadingError, match=why):
        state.take(Settled(raws[-1], 4, 0))


def test_a_bent_cell_is_refused_and_nothing_is_made_of_it() -> None:
    """Two points show the bend that one would hide."""
    with pytest.raises(CalibrationError, match="not straight"):
        Bench(bend_g=12).calibrate(7_500, 15_000)


def test_nothing_comes_of_a_procedure_that_is_not_done() -> None:
    """Nor is anything taken beyond its end."""
    with pytest.raises(ReadingError, match="not done yet: clear the pan"):
        Calibrating(FACTORY, (10_000,)).result("a-1", "2026-11-01")
    with pytest.raises(ReadingError, match="not done yet: clear the pan"):
        Verifying(FACTORY, "initial", LOADS_G).result()
    bench = Bench()
    state = Calibrating(FACTORY, (10_000,))
    while (step := state.next) is not None:
        state = state.take(bench.settle(step))
    with pytest.raises(ReadingError, match="all readings are taken"):
        state.take(Settled(21_000, 4, 0))


def test_a_verification_takes_nothing_beyond_its_end() -> None:
    """What was judged stays as it was judged."""
    bench = Bench()
    state = Verifying(FACTORY, "initial", LOADS_G)
    while (step := state.next) is not None:
        state = state.take(bench.settle(step))
    with pytest.raises(ReadingError, match="all readings are taken"):
        state.take(Settled(21_000, 4, 0))


def test_creep_is_not_read_before_its_time() -> None:
    """A technician in a hurry is told how long it still takes."""
    bench = Bench()
    state = Verifying(FACTORY, "initial", LOADS_G)
    while (step := state.next) is not None and not step.after_s:
        state = state.take(bench.settle(step))
    hasty = Settled(21_000 + 183 * 15_000, 4, bench.at_s + 600)
    with pytest.raises(ReadingError, match="too early by 300 s: leave 15000 g"):
        state.take(hasty)
    assert state.take(replace(hasty, at_s=bench.at_s + 900)).next == Step(
        "creep", 15_000, after_s=1_800
    )


def test_a_pan_that_is_not_empty_is_no_zero() -> None:
    """Beyond ±2 % of Max the verification does not begin."""
    with pytest.raises(ReadingError, match="zero is 301 g off the calibrated one, limit 300 g"):
        Verifying(FACTORY, "initial", LOADS_G).take(Settled(180.355 * 301, 4, 0))
