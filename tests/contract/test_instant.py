"""Seconds and the records' spelling of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.instant import instant_of, utc_s_of


@given(st.integers(0, 253_402_300_799))
def test_seconds_come_back_from_their_spelling(utc_s: int) -> None:
    """From 1970 to the end of the year 9999."""
    assert utc_s_of(instant_of(utc_s)) == utc_s


def test_it_is_spelled_as_records_spell_it() -> None:
    """Whole seconds, UTC, a Z; a part of a second is left out when it is read."""
    assert instant_of(1_796_054_400) == "2026-11-30T16:00:00Z"
    assert utc_s_of("2026-11-30T16:00:00.999Z") == 1_796_054_400


def test_what_is_no_time_is_refused() -> None:
    """Records that were read have none such."""
    with pytest.raises(ValueError, match="month"):
        utc_s_of("2026-13-01T00:00:00Z")
