"""The crew's daily round: what it takes out, what it leaves, and who meets a full bin meanwhile."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.days.crew import REFUSE, STREAM, Bin, rounds
from sim.days.month import Month, month

YEAR_DAYS = 365
shares = st.lists(st.floats(0, 0.3), max_size=40)


def test_a_bin_that_is_due_goes_and_one_that_is_not_stays() -> None:
    """From 60 % on, as the kiosk tells staff."""
    assert Bin(level=0.6).goes
    assert not Bin(level=0.59).goes


def test_a_bin_that_would_be_full_before_the_next_round_goes_too() -> None:
    """Half full is enough after a day that brought nearly half a bin, for a week."""
    assert Bin(level=0.5, days=[0.1, 0.45, 0.1]).goes
    assert not Bin(level=0.5, days=[0.45, *[0.1] * 7]).goes


@given(shares)
def test_a_bin_takes_whatever_comes_until_it_is_full_and_nothing_after(loads: list[float]) -> None:
    """Each load is either in it or met a full one."""
    one = Bin()
    took = [share for share in loads if one.takes(share)]
    assert one.level == pytest.approx(sum(took))
    assert one.level <= 0.9 + 0.3
    one.ends_day()
    assert one.days == pytest.approx([sum(took)])
    assert one.today == 0


def test_in_a_year_of_rounds_few_loads_meet_a_full_bin() -> None:
    """At the field's rate, with a round a day that takes out what it must: below 1 %."""
    told = rounds(month(5, days=YEAR_DAYS), YEAR_DAYS)
    every = len({*STREAM.values()}) + REFUSE
    assert len(told.taken) == YEAR_DAYS
    assert all(REFUSE <= bins <= every for bins in told.taken)
    assert REFUSE < told.bins_a_day < every - 1
    assert told.loads > 10_000
    assert told.refused < told.loads / 100


def busy(uses: float) -> Month:
    """A month with so many uses a day."""
    return replace(month(5), uses=uses)


def test_a_busy_kiosk_has_more_bins_emptied_and_in_the_end_more_loads_refused() -> None:
    """Three times as many people: every bin goes nearly every day, and one round is too few."""
    quiet, usual, crowded = (rounds(busy(uses), 30) for uses in (5.0, 25.0, 75.0))
    assert quiet.bins_a_day < usual.bins_a_day < crowded.bins_a_day
    assert quiet.refused == 0
    assert crowded.refused > crowded.loads / 10
