"""Class III: intervals, limits of error, and figures that make no such scale."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.core.metrology.class_iii import ClassIII, ClassIIIError

PAN = ClassIII(max_g=15_000, change_g=6_000, e_g=2, e_high_g=5, min_g=40)

masses = st.floats(-1_000, 16_000, allow_nan=False)


@pytest.mark.parametrize(
    ("mass_g", "initial_g"),
    [
        (0, 1),
        (40, 1),
        (1_000, 1),
        (1_000.1, 2),
        (4_000, 2),
        (4_000.1, 3),
        (6_000, 3),
        (6_000.1, 5),
        (10_000, 5),
        (10_000.1, 7.5),
        (15_000, 7.5),
        (15_045, 7.5),
    ],
)
def test_the_limit_steps_with_the_load_in_e_of_its_range(mass_g: float, initial_g: float) -> None:
    """0.5, 1 and 1.5 e at 500 and 2000 e (table 6), and twice that in service."""
    assert PAN.initial_limit_g(mass_g) == initial_g
    assert PAN.in_service_limit_g(mass_g) == 2 * initial_g


def test_a_load_below_zero_is_judged_as_one_above() -> None:
    """An error has no sign until it is compared."""
    assert PAN.initial_limit_g(-1_200) == PAN.initial_limit_g(1_200)


@pytest.mark.parametrize(
    ("mass_g", "shown_g"),
    [
        (0.9, 0),
        (1.0, 2),
        (-0.9, 0),
        (-3.2, -4),
        (5_999.2, 6_000),
        (6_000.0, 6_000),
        (6_002.4, 6_000),
        (6_002.6, 6_005),
        (14_998, 15_000),
    ],
)
def test_masses_are_indicated_in_steps_of_e(mass_g: float, shown_g: int) -> None:
    """2 g up to 6 kg, 5 g above, a half up."""
    assert PAN.indication_g(mass_g) == shown_g


@given(masses, masses)
def test_more_is_never_indicated_as_less(one_g: float, other_g: float) -> None:
    """Not across the change of range either."""
    low_g, high_g = sorted((one_g, other_g))
    assert PAN.indication_g(low_g) <= PAN.indication_g(high_g)


@given(st.floats(40, 16_000))
def test_rounding_costs_at_most_half_an_e(mass_g: float) -> None:
    """So what is indicated is off by half an e more than what was measured."""
    assert abs(PAN.indication_g(mass_g) - mass_g) <= PAN.interval_g(mass_g) / 2


def test_a_scale_whose_change_is_no_multiple_of_the_larger_e_never_falls_there() -> None:
    """At 10007 g an e of 20 g would round down to 10000 g, below what 10006 g had shown."""
    odd = ClassIII(max_g=20_000, change_g=10_006, e_g=2, e_high_g=20, min_g=40)
    assert odd.indication_g(10_006) == 10_006
    assert odd.indication_g(10_007) == 10_006
    assert odd.indication_g(10_010) == 10_020


@pytest.mark.parametrize("mass_g", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_is_not_indicated(mass_g: float) -> None:
    """The message names it and the part to look at."""
    with pytest.raises(ClassIIIError, match="cannot be indicated: check the load cell"):
        PAN.indication_g(mass_g)


def test_the_rules_about_zero_and_overload_follow_from_max() -> None:
    """±2 % and ±10 % of Max, and 9 e beyond Max."""
    assert PAN.zero_range_g == 300
    assert PAN.initial_zero_range_g == 1_500
    assert PAN.overload_g == 15_045


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"min_g": 39}, "min_g must be at least 20 e, 40 g"),
        ({"min_g": 6_000}, "min_g < interval_g"),
        ({"change_g": 16_000}, "interval_g <= max_g"),
        ({"e_g": 3, "min_g": 60}, "1, 2 or 5 times a power of ten, not 3 g"),
        ({"e_high_g": 15}, "1, 2 or 5 times a power of ten, not 15 g"),
        ({"e_high_g": 2}, "e_high_g must be above e_g, 2 g"),
        ({"e_high_g": 50}, "300 e of 50 g: 500 to 10000 allowed"),
        ({"e_g": 1, "change_g": 12_000}, "12000 e of 1 g: 100 to 10000 allowed"),
        ({"change_g": 190}, "95 e of 2 g: 100 to 10000 allowed"),
        ({"change_g": 2_000}, "interval_g must be at least 500 e_high, 2500 g"),
    ],
)
def test_figures_that_are_no_class_iii_scale_are_refused(change: dict[str, int], why: str) -> None:
    """By the rule that they break."""
    figures = {"max_g": 15_000, "change_g": 6_000, "e_g": 2, "e_high_g": 5, "min_g": 40}
    with pytest.raises(ClassIIIError, match=why):
        ClassIII(**figures | change)


def test_one_range_is_a_scale_too() -> None:
    """With the change at Max the larger e is never used."""
    plain = ClassIII(max_g=15_000, change_g=15_000, e_g=5, e_high_g=5, min_g=100)
    assert plain.interval_g(15_000) == 5
    assert plain.overload_g == 15_045
