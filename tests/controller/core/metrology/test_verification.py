"""A technician with weights calibrates the pan and verifies it, and the kiosk signs it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.bodies import CalibrationBody
from controller.core.metrology.calibrating import Calibrating
from controller.core.metrology.calibration import CalibrationError
from controller.core.metrology.loads import usual_loads
from controller.core.metrology.procedure import Step
from controller.core.metrology.record import calibration_body, read_calibration
from controller.core.metrology.verification import Row, Verification
from controller.core.metrology.verifying import Verifying
from tests.contract.samples import SampleKiosk
from tests.controller.core.metrology.technician import FACTORY, LOADS_G, PAN, Bench


def test_a_technician_calibrates_and_verifies_and_the_kiosk_signs_it() -> None:
    """The factory's calibration is 1.5 % off for this cell; the new one is right and recorded."""
    bench = Bench()
    assert not bench.verify(FACTORY).passed
    calibration = bench.calibrate(5_000, 10_000)
    assert calibration.grams(21_000 + 183 * 7_500, 21_000) == pytest.approx(7_500, abs=0.1)
    verification = bench.verify(calibration)
    assert verification.passed
    assert verification.summary.startswith("passed; worst: ")

    body = calibration_body(verification, bay="a", by="staff-7", verified_on="2026-11-01")
    kiosk = SampleKiosk()
    assert len(kiosk.append("calibration", body).line) < 8192
    assert not kiosk.sent
    assert read_calibration(body, PAN) == calibration


def test_the_steps_of_a_calibration_read_as_instructions() -> None:
    """Empty, weights upwards, empty."""
    steps = Calibrating(FACTORY, (5_000, 10_000)).steps
    assert [step.instruction for step in steps] == [
        "clear the pan",
        "have 5000 g in the centre",
        "have 10000 g in the centre",
        "clear the pan",
    ]


def test_the_steps_of_a_verification_cover_class_iii() -> None:
    """Up and down, four corners, three times the same, half an hour, and back to zero."""
    steps = Verifying(FACTORY, "initial", usual_loads(PAN)).steps
    loads = [step.load_g for step in steps if step.test == "load"]
    assert loads == [*LOADS_G, *LOADS_G[-2::-1], 0]
    corners = [(step.where, step.load_g) for step in steps if step.test == "corner"]
    assert [load_g for _, load_g in corners] == [5_000] * 4
    assert len({where for where, _ in corners}) == 4
    assert [step.load_g for step in steps if step.test == "repeatability"] == [7_500] * 3
    assert [step.after_s for step in steps if step.test == "creep"] == [0, 900, 1_800]
    assert steps[-1] == Step("zero-return", 0, "pan")
    assert "leave 15000 g in the centre until 1800 s have passed" in {
        step.instruction for step in steps
    }
    assert "have 5000 g on the back-left corner" in {step.instruction for step in steps}


def test_residuals_are_there_while_the_weights_are_laid_on() -> None:
    """The page shows each error as soon as it is known."""
    bench = Bench(per_g=180.355, zero_raw=0, span_g=6)
    state = Verifying(FACTORY, "initial", LOADS_G)
    for _ in range(7):
        assert state.next is not None
        state = state.take(bench.settle(state.next))
    assert [row.load_g for row in state.rows] == list(LOADS_G)
    assert state.rows[-1].error_g == pytest.approx(6, abs=0.1)
    assert state.rows[-1].limit_g == 7.5


@pytest.mark.parametrize(
    ("bench", "worst", "remedy"),
    [
        (Bench(span_g=8), "load of 10000 g, centre: +5.33 g, limit 5 g", "calibrate again"),
        (Bench(hysteresis_g=6), "load of 4000 g", "calibrate again"),
        (Bench(corner=-7e-4), "corner of 5000 g, back-left: -3.50 g, limit 3 g", "level and free"),
        (Bench(creep_g=2.4), "late-creep of 15000 g, centre: +1.20 g, limit 1 g", "warm up"),
        (
            Bench(stuck_g=1.5),
            "load of 0 g, pan: +1.50 g, limit 1 g",
            "rubs or sticks below the pan",
        ),
    ],
)
def test_a_bad_cell_fails_with_its_worst_row_and_what_to_do(
    bench: Bench, worst: str, remedy: str
) -> None:
    """Span, hysteresis, corner, creep and a pan that sticks each show in their own test."""
    good = Bench().calibrate(7_500, 15_000)
    verification = bench.verify(good)
    assert not verification.passed
    assert verification.summary.startswith(f"failed: {worst}")
    assert remedy in verification.summary


def test_three_weighings_that_differ_by_more_than_the_limit_fail() -> None:
    """Though each of them is within it: +3 and -3 g at 7.5 kg, where 5 g are allowed."""
    bench = Bench()
    state = Verifying(bench.calibrate(15_000), "initial", LOADS_G)
    errors_g = iter((3.0, -3.0, 0.0))
    while (step := state.next) is not None:
        settled = bench.settle(step)
        if step.test == "repeatability":
            settled = replace(settled, raw=settled.raw + 183 * next(errors_g))
        state = state.take(settled)
    verification = state.result()
    assert [row.test for row in verification.rows if not row.passed] == ["repeatability"]
    assert verification.worst.error_g == pytest.approx(6, abs=0.1)
    assert "what rubs" in verification.summary


def test_a_later_check_allows_twice_the_error() -> None:
    """8 g at Max fail a new calibration and pass in service; 16 g fail both."""
    good = Bench().calibrate(15_000)
    assert not Bench(span_g=8).verify(good, "initial").passed
    assert Bench(span_g=8).verify(good, "in-service", creep_s=300).passed
    assert not Bench(span_g=16).verify(good, "in-service", creep_s=300).passed


def test_a_pan_that_sticks_after_half_an_hour_fails_a_later_check_too() -> None:
    """1.5 g are within the limit of an empty pan in service, and beyond that of zero return."""
    verification = Bench(stuck_g=1.5).verify(Bench().calibrate(15_000), "in-service")
    (row,) = [row for row in verification.rows if not row.passed]
    assert (row.test, row.limit_g) == ("zero-return", 1.0)


def test_a_zero_that_moved_since_the_calibration_costs_nothing() -> None:
    """Dirt of 50 g lies on the pan: it is zeroed away before each group, as before each load."""
    good = Bench().calibrate(15_000)
    dirty = Bench(zero_raw=21_000 + 183 * 50)
    assert dirty.verify(good).worst.error_g == pytest.approx(0, abs=0.05)


@given(st.floats(-20, 20))
def test_the_verdict_is_the_limit_of_class_iii(span_g: float) -> None:
    """A cell whose span is off passes exactly if no load is beyond its limit."""
    verification = Bench(span_g=span_g).verify(Bench().calibrate(15_000))
    within = all(abs(span_g) * m / 15_000 <= PAN.initial_limit_g(m) for m in LOADS_G)
    near = any(abs(abs(span_g) * m / 15_000 - PAN.initial_limit_g(m)) < 0.02 for m in LOADS_G)
    assert near or verification.passed is within


def test_rounding_is_left_out_of_account() -> None:
    """4.9 g off at 10 kg would be indicated as 10005 g, 5 g off; it is judged as 4.9 g."""
    row = next(
        row
        for row in Bench(span_g=7.35).verify(Bench().calibrate(15_000)).rows
        if row.load_g == 10_000
    )
    assert row.error_g == pytest.approx(4.9, abs=0.05)
    assert row.passed


def test_a_record_of_another_scale_or_of_nothing_is_refused() -> None:
    """What the journal holds is believed only if it fits the bay's scale."""
    bench = Bench()
    body = calibration_body(
        bench.verify(bench.calibrate(15_000)), bay="a", by="staff-7", verified_on="2026-11-01"
    )
    with pytest.raises(CalibrationError, match=r"is for another scale: .*'max_g': 30000"):
        read_calibration(body | {"max_g": 30_000}, PAN)
    with pytest.raises(CalibrationError, match="no calibration: field points"):
        read_calibration(body | {"points": []}, PAN)
    with pytest.raises(CalibrationError, match="not monotonic"):
        read_calibration(body | {"points": [{"raw": 21_000, "mass_g": 5_000}]}, PAN)


def test_the_longest_verification_fits_into_a_record() -> None:
    """Ten loads, each error in ten digits."""
    row = Row("repeatability", 15_000, "front-right", -15_000.1234, -15_000.1234, 7.5)
    longest = Verification(
        Bench().calibrate(3_000, 6_000, 9_000, 12_000, 15_000),
        "in-service",
        "M2",
        "1, creep 1800 s",
        (row,) * 40,
    )
    body = calibration_body(
        longest, bay="b" * 32, by="s" * 64, verified_on="2026-11-01", verified_dc=-123
    )
    assert len(SampleKiosk().append("calibration", body).line) <= 8192
    steps = Verifying(FACTORY, "initial", (40, *range(1_000, 8_000, 1_000), 8_500, 15_000)).steps
    assert len(steps) <= 40
    assert CalibrationBody.model_validate(body).passed is False
