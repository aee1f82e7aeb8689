"""Transactions side by side: each kiosk in its order, each batch once, no error lost."""

from __future__ import annotations

import threading
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.ledger.lanes import LANES, SLICE, Slice, run, sliced


@given(st.lists(st.sampled_from("abcdef"), max_size=100), st.sampled_from([1, LANES]))
def test_each_batch_goes_once_and_each_kiosk_in_its_order(kiosks: list[str], lanes: int) -> None:
    """A kiosk has one lane, and its batches keep their order in it."""
    slices = sliced(kiosks, lanes)
    order = [number for one in slices for number in one.batches]
    assert sorted(order) == list(range(len(kiosks)))
    assert all(1 <= len(one.batches) <= SLICE for one in slices)
    for kiosk in set(kiosks):
        assert [n for n in order if kiosks[n] == kiosk] == [
            n for n, whose in enumerate(kiosks) if whose == kiosk
        ]
        assert len({one.lane for one in slices for n in one.batches if kiosks[n] == kiosk}) == 1


def test_what_fits_in_one_transaction_is_one() -> None:
    """As what comes from kiosks that are online."""
    assert sliced(["a", "b"] * (SLICE // 2)) == [Slice(0, list(range(SLICE)))]


def test_two_are_written_at_once_and_answers_keep_their_places() -> None:
    """Each lane waits here until the other one writes as well."""
    both = threading.Barrier(LANES)

    def write(one: Slice, opened: list[int]) -> list[tuple[int, int]]:
        both.wait(timeout=20)
        return list(zip(one.batches, opened, strict=True))

    slices = sliced(["a", "b"] * 2 * SLICE)
    answers = run(slices, count(), write)
    order = [number for one in slices for number in one.batches]
    assert answers == [(number, order.index(number)) for number in range(len(order))]


def test_an_error_ends_both_lanes() -> None:
    """What has not begun is left; nothing runs any more when the error is out."""
    written: list[int] = []

    def write(one: Slice, opened: list[int]) -> list[int]:
        if one.lane == 0:
            raise OSError("disk full")
        written.extend(one.batches)
        return opened

    with pytest.raises(OSError, match="disk full"):
        run(sliced(["a", "b"] * 3 * SLICE), count(), write)
    assert all(number % 2 for number in written)
    assert not [one for one in threading.enumerate() if one.name.startswith("lane-")]
