"""A calibration is good where it was verified and a little around, no colder, warmer or later."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.core.metrology.validity import (
    LONGEST_DAYS,
    POOR_PER_DAY,
    POOR_PER_K,
    Validity,
    ValidityError,
    Visit,
)
from tests.controller.core.metrology.technician import LOADS_G, PAN, Bench

NOVEMBER = dt.date(2026, 11, 1)
HALF_HOUR_S = 1_800


class Cell:
    """A cell whose span goes with temperature and age; it was calibrated at 20 °C on day 0."""

    def __init__(self, per_k: float = 0.0, per_day: float = 0.0, corner: float = 0.0) -> None:
        self._per_k, self._per_day, self._corner = per_k, per_day, corner
        self.calibration = Bench().calibrate(5_000, 10_000, 15_000)

    def span(self, celsius: float, day: int) -> float:
        """How much more it gives than when it was calibrated, as a part."""
        return self._per_k * (celsius - 20) + self._per_day * day

    def visit(self, celsius: float, day: int) -> Visit:
        """A verification to the limits in service."""
        bench = Bench(span_g=self.span(celsius, day) * PAN.max_g, corner=self._corner)
        verification = bench.verify(self.calibration, "in-service", HALF_HOUR_S)
        return Visit(verification, round(celsius * 10), NOVEMBER + dt.timedelta(days=day))

    def visits(self, *when: tuple[float, int]) -> list[Visit]:
        """Verifications at these (°C, day)."""
        return [self.visit(celsius, day) for celsius, day in when]


def width_k(validity: Validity) -> float:
    """From the coldest to the warmest, in kelvin."""
    return (validity.warmest_dc - validity.coldest_dc) / 10


def days(validity: Validity) -> int:
    """From the first verification to the last day on which it is good."""
    return (validity.until - validity.since).days


def test_one_visit_is_good_only_near_its_own_temperature_and_for_some_weeks() -> None:
    """Nobody has seen what temperature and time do: a poor cell's pace, 2 K and a month."""
    validity = Validity.of(Cell().visits((20, 0)))
    assert validity.coldest_dc <= 200 <= validity.warmest_dc
    assert 2 < width_k(validity) < 6
    assert 14 <= days(validity) <= 45


def test_a_second_temperature_widens_the_range_by_no_more_than_was_looked_over() -> None:
    """Ten kelvin apart, and the span did not move: ten more to either side."""
    validity = Validity.of(Cell().visits((15, 0), (25, 0)))
    assert (validity.coldest_dc, validity.warmest_dc) == (50, 350)


def test_a_span_that_moves_with_temperature_reaches_less_far() -> None:
    """0.04 % in 10 K is a passing cell, but not ten kelvin further on."""
    validity = Validity.of(Cell(per_k=0.00004).visits((15, 0), (25, 0)))
    assert 10 < width_k(validity) < 25


def test_a_cell_that_needs_much_of_its_limits_has_less_room_for_temperature() -> None:
    """A corner error leaves less for the rest."""
    good = Validity.of(Cell().visits((20, 0)))
    lean = Validity.of(Cell(corner=0.0005).visits((20, 0)))
    assert width_k(lean) < width_k(good)
    assert days(lean) < days(good)


def test_a_corner_is_judged_where_limits_are_tightest() -> None:
    """0.09 % is 4.5 g of 6 g with Max/3 in the corner, but 3.6 g of 4 g with 4 kg: no room left."""
    with pytest.raises(ValidityError, match="15 % must stay free: calibrate again"):
        Validity.of(Cell(corner=0.0009).visits((20, 0)))


def test_nobody_looks_further_ahead_than_back_nor_beyond_a_year() -> None:
    """A span that stays is verified less and less often, but at least once a year."""
    cell = Cell()
    when = [(20.0, 0)]
    reached = [days(Validity.of(cell.visits(*when)))]
    for _ in range(8):
        when.append((20.0, reached[-1]))
        reached.append(days(Validity.of(cell.visits(*when))))
    waits = [later - before for before, later in pairwise(reached)]
    assert waits == sorted(waits)
    assert waits[-1] == LONGEST_DAYS
    assert len([wait for wait in waits if wait < LONGEST_DAYS]) >= 3


def test_a_span_that_ages_is_looked_at_sooner_than_one_that_stays() -> None:
    """0.02 % in four months is seen, and followed."""
    when = ((20.0, 0), (20.0, 120))
    ages = Validity.of(Cell(per_day=0.0002 / 120).visits(*when))
    stays = Validity.of(Cell().visits(*when))
    assert ages.until < stays.until


def test_time_between_two_visits_may_have_hidden_what_temperature_does() -> None:
    """0.1 % in 10 K, aged away in the 300 days between them: nothing was shown, nothing widens."""
    hidden = Validity.of(Cell(per_k=0.0001, per_day=-0.001 / 300).visits((20, 0), (30, 300)))
    assert hidden.warmest_dc - 300 == Validity.of(Cell().visits((20, 0))).warmest_dc - 200


def test_temperature_between_two_visits_may_have_hidden_what_time_does() -> None:
    """The same the other way round, of a span whose way with temperature nobody has looked at."""
    hidden = Validity.of(Cell(per_k=0.0002, per_day=-0.002 / 200).visits((20, 0), (30, 200)))
    assert hidden.until - NOVEMBER - dt.timedelta(days=200) < dt.timedelta(days=45)


def test_what_moves_faster_than_a_poor_cell_is_believed() -> None:
    """0.05 % in a kelvin: the range beyond is a fraction of a kelvin, not a poor cell's."""
    jumped = Validity.of(Cell(per_k=0.0006).visits((20, 0), (21, 0)))
    poor = Validity.of(Cell(per_k=0.0006).visits((21, 0)))
    assert (jumped.warmest_dc - 210) < (poor.warmest_dc - 210)


@pytest.mark.parametrize(
    ("temperature_dc", "day", "says"),
    [
        (49, 1, r"^temperature outside .*: 4 °C, good from 5.0 to 35.0 °C; wait, or verify"),
        (351, 1, "^temperature outside what the calibration was verified for: 36 °C"),
        (200, 400, r"^the verification has run out: good until 20.*, it is 2027-12-06; verify"),
        (200, -1, "^the clock is before the verification: it is 2026-10-31, .* 2026-11-01; set"),
    ],
)
def test_beyond_it_the_scale_refuses_by_name(temperature_dc: int, day: int, says: str) -> None:
    """Too cold, too warm, too late, or a clock that fell back."""
    validity = Validity.of(Cell().visits((15, 0), (25, 0)))
    with pytest.raises(ValidityError, match=says):
        validity.check(temperature_dc, NOVEMBER + dt.timedelta(days=day))


def test_at_its_ends_it_still_holds() -> None:
    """To the last tenth of a degree of the last day."""
    validity = Validity.of(Cell().visits((15, 0), (25, 0)))
    validity.check(validity.coldest_dc, validity.since)
    validity.check(validity.warmest_dc, validity.until)


def test_what_was_never_verified_or_failed_holds_nowhere() -> None:
    """No visit, a failed one, or one of another calibration."""
    with pytest.raises(ValidityError, match="never verified"):
        Validity.of([])
    with pytest.raises(ValidityError, match="2026-11-01 failed: load of 4000 g"):
        Validity.of(Cell(per_k=0.00011).visits((20, 0), (30, 0)))
    other = Cell()
    other.calibration = Bench(zero_raw=22_000).calibrate(15_000)
    with pytest.raises(ValidityError, match="not all of one calibration"):
        Validity.of([Cell().visit(20, 0), other.visit(20, 0)])


@given(
    per_k=st.floats(-POOR_PER_K, POOR_PER_K),
    per_day=st.floats(-POOR_PER_DAY, POOR_PER_DAY),
    when=st.lists(
        st.tuples(st.integers(-10, 40).map(float), st.integers(0, 400)), min_size=1, max_size=4
    ),
    place=st.floats(0, 1),
    late=st.floats(0, 1),
)
def test_within_it_no_cell_up_to_a_poor_one_leaves_its_limits(
    per_k: float, per_day: float, when: list[tuple[float, int]], place: float, late: float
) -> None:
    """Whatever the span does with temperature and age, straight on: what passes is good there."""
    cell = Cell(per_k, per_day)
    try:
        validity = Validity.of(cell.visits(*when))
    except ValidityError:
        return
    last = max(day for _, day in when)
    celsius = (validity.coldest_dc + place * (validity.warmest_dc - validity.coldest_dc)) / 10
    until = (validity.until - NOVEMBER).days
    moved = abs(cell.span(celsius, round(last + late * (until - last))))
    assert all(moved * load_g <= PAN.in_service_limit_g(load_g) for load_g in LOADS_G)
