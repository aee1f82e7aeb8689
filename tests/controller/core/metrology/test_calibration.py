"""A calibration: counts to grams and back, and every calibration that cannot be right."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.core.config import ScaleConfig
from controller.core.metrology.calibration import RAW_LIMIT, Calibration, CalibrationError

PAN = ScaleConfig().class_iii
ZERO = 12_000
PER_G = 180


def calibration(*points: tuple[int, int], **changes: Any) -> Calibration:
    """A calibration with these points above zero; an ordinary one where none are given."""
    given: dict[str, Any] = {
        "calibration_id": "a-1",
        "calibrated_on": "2026-11-01",
        "zero_raw": ZERO,
        "points": points or ((ZERO + PER_G * 10_000, 10_000),),
        "class_iii": PAN,
    }
    return Calibration(**given | changes)


def straight(*masses_g: int, bend_g: float = 0.0) -> tuple[tuple[int, int], ...]:
    """Points of a cell that is `bend_g` too light in the middle of Max, as a parabola."""

    def raw(mass_g: int) -> int:
        bent_g = 4 * bend_g * mass_g * (15_000 - mass_g) / 15_000**2
        return ZERO + round(PER_G * (mass_g - bent_g))

    return tuple((raw(mass_g), mass_g) for mass_g in masses_g)


@st.composite
def calibrations(draw: st.DrawFn) -> Calibration:
    """Any cell that is dull or keen, hardly bent, with one to five points."""
    slope = draw(st.floats(5, 400))
    zero_raw = draw(st.integers(-500_000, 500_000))
    masses_g = draw(st.lists(st.integers(1, 30), min_size=1, max_size=5, unique=True).map(sorted))
    points = tuple((zero_raw + round(slope * 500 * m), 500 * m) for m in masses_g)
    return calibration(*points, zero_raw=zero_raw)


@given(calibrations(), st.floats(-300, 15_045), st.integers(-200_000, 200_000))
def test_grams_become_counts_and_grams_again(
    cell: Calibration, mass_g: float, zero_shift: int
) -> None:
    """To within half a count, whatever the zero in force."""
    zero_raw = cell.zero_raw + zero_shift
    half_count_g = 0.5 / 5 + 1e-6
    back_g = cell.grams(cell.counts(mass_g, zero_raw), zero_raw)
    assert back_g == pytest.approx(mass_g, abs=half_count_g)


@given(calibrations(), st.integers(-8_000_000, 8_000_000), st.integers(1, 100_000))
def test_more_counts_are_always_more_grams(cell: Calibration, raw: int, more: int) -> None:
    """Below zero, between the points and beyond the last."""
    assert cell.grams(raw + more, cell.zero_raw) > cell.grams(raw, cell.zero_raw)


@given(calibrations(), st.floats(-300, 15_045), st.integers(-200_000, 200_000))
def test_a_moved_zero_moves_nothing_else(cell: Calibration, above: float, shift: int) -> None:
    """The span is the cell's; the zero is whatever lay on the pan when it was zeroed."""
    assert cell.grams(cell.zero_raw + shift + above, cell.zero_raw + shift) == pytest.approx(
        cell.grams(cell.zero_raw + above, cell.zero_raw)
    )


def test_each_point_reads_as_its_own_mass_though_the_cell_is_bent() -> None:
    """Five points straighten what one point would leave 4 g wrong."""
    bent = straight(3_000, 6_000, 9_000, 12_000, 15_000, bend_g=4.0)
    cell = calibration(*bent)
    for raw, mass_g in bent:
        assert cell.grams(raw, ZERO) == pytest.approx(mass_g)
        assert cell.counts(mass_g, ZERO) == raw
    alone = calibration(bent[-1])
    assert alone.grams(bent[1][0], ZERO) < 5_997


def test_beyond_the_last_point_the_last_piece_goes_on() -> None:
    """Up to overload, where the scale stops indicating."""
    cell = calibration((ZERO + 900_000, 5_000), (ZERO + 1_800_500, 10_000))
    assert cell.grams(ZERO + 900_000 + 2 * 900_500, ZERO) == pytest.approx(15_000)
    assert cell.grams(ZERO - 180, ZERO) == pytest.approx(-1)


def test_the_configuration_is_a_calibration_with_one_point() -> None:
    """Or with the points that it gives."""
    cell = ScaleConfig(zero_raw=100, counts_per_kg=200_000).calibration
    assert cell.grams(100 + 200_000, 100) == pytest.approx(1_000)
    given = ScaleConfig(zero_raw=100, points=((500_100, 2_500), (2_000_100, 10_000))).calibration
    assert given.points == ((500_100, 2_500), (2_000_100, 10_000))


@pytest.mark.parametrize(
    ("points", "why"),
    [
        ((), "0 points above zero: one to 5"),
        (straight(*range(2_000, 14_000, 2_000)), "6 points above zero: one to 5"),
        (((ZERO + 10, 0),), "a weight of 0 g: above 0 and up to Max 15000 g"),
        (((ZERO + 10, -5),), "a weight of -5 g"),
        (((ZERO + PER_G * 15_001, 15_001),), "a weight of 15001 g"),
        (straight(10_000, 5_000), r"masses \(10000, 5000\) do not rise"),
        (straight(5_000, 5_000), "do not rise: give each weight once"),
        (((ZERO + 900_000, 5_000), (ZERO + 899_000, 10_000)), "not monotonic: .* hangs free"),
        (((ZERO, 5_000),), "not monotonic"),
        (((ZERO - 900_000, 5_000), (ZERO - 1_800_000, 10_000)), "swap the cell's two signal wires"),
        (((ZERO + 20_000, 10_000),), "e of 2 g has 4.0 counts, 5 are needed"),
        (((ZERO + 7_000_000, 10_000),), "from below zero to overload, beyond ±8388607"),
        (((RAW_LIMIT, 15_000),), "raw 8388607 is saturated"),
        (((ZERO + 900_000, 5_000), (ZERO + 1_900_000, 10_000)), "not straight: about"),
        (((math.nan, 5_000),), "nan is no whole number"),
        (((math.inf, 5_000),), "inf is no whole number"),
        (((ZERO + 900_000.5, 5_000),), "no whole number"),
        (((ZERO + 900_000, True),), "True is no whole number"),
    ],
)
def test_points_that_cannot_be_right_are_refused(points: Any, why: str) -> None:
    """With what is wrong and what to look at."""
    with pytest.raises(CalibrationError, match=why):
        calibration(points=points)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"zero_raw": -RAW_LIMIT}, "raw -8388607 is saturated"),
        ({"zero_raw": math.nan}, "nan is no whole number"),
        ({"zero_raw": -8_380_000}, "would read -84"),
        ({"calibration_id": ""}, "must have 1 to 64 letters"),
        ({"calibration_id": "x" * 65}, "must have 1 to 64 letters"),
        ({"calibrated_on": "2026-02-30"}, "'2026-02-30', which is no day"),
    ],
)
def test_a_zero_or_a_name_that_cannot_be_right_is_refused(change: dict[str, Any], why: str) -> None:
    """Before it stands in any record."""
    zero_raw = change.get("zero_raw", ZERO)
    points = straight(10_000) if math.isnan(zero_raw) else ((zero_raw + 1_800_000, 10_000),)
    with pytest.raises(CalibrationError, match=why):
        calibration(points=points, **change)


def test_a_bend_is_refused_where_the_pieces_would_miss_by_more_than_the_limit() -> None:
    """Two pieces of a bent cell miss a quarter of its bend; the limit at 3.75 kg is 2 g."""
    calibration(*straight(7_500, 15_000, bend_g=7.5))
    with pytest.raises(CalibrationError, match=r"about 2\.1 g off near 3750 g, limit 2 g"):
        calibration(*straight(7_500, 15_000, bend_g=8.5))


def test_a_weight_typed_wrong_is_found_by_the_others() -> None:
    """5000 g that were called 5200 g do not lie on the line of 2, 10 and 15 kg."""
    points = [*straight(2_000, 5_000, 10_000, 15_000)]
    points[1] = (points[1][0], 5_200)
    with pytest.raises(CalibrationError, match="not straight"):
        calibration(*points)


@pytest.mark.parametrize("raw", [math.nan, math.inf])
def test_a_reading_that_is_no_number_has_no_mass(raw: float) -> None:
    """Neither has such a mass any counts."""
    with pytest.raises(CalibrationError, match="no reading: check the cell"):
        calibration().grams(raw, ZERO)
    with pytest.raises(CalibrationError, match="has no counts"):
        calibration().counts(raw, ZERO)
