"""Transactions side by side: each kiosk in its order, each batch once, no error lost."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from cloud.ledger.lanes import LANES, SLICE, Slice, run, sliced
from cloud.ledger.plausible import ACCOUNT_DAY_DEPOSITS
from tests.cloud.conftest import KIOSKS, Office, Server, batch
from tests.cloud.ledger.test_turns import wait_for
from tests.contract.samples import SampleKiosk


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
        both.wait(timeout=60)
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


def test_what_failed_is_not_gone_past() -> None:
    """The next of the same lane may be of the same kiosk: it is left, and the error is told."""
    went_on = threading.Event()
    tried: list[Slice] = []

    def write(one: Slice, opened: list[int]) -> list[int]:
        if one.lane == 0:
            went_on.wait(timeout=0.2)  # meanwhile the other lane could
            return opened
        tried.append(one)
        if len(tried) > 1:
            went_on.set()
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        run(sliced(["a", "b"] * 3 * SLICE), count(), write)
    assert len(tried) == 1


def test_two_lanes_see_each_other_s_deposits_of_one_account(postgresql: Server) -> None:
    """One code at two kiosks, and more in a day than one account brings, all of it at once.

    Neither lane can write before both have read what they need, or wait for their turn.
    """
    office = Office(postgresql.new_address())
    kiosks = [SampleKiosk(name) for name in KIOSKS]
    loads = ACCOUNT_DAY_DEPOSITS // 10 + 1
    batches = [
        (one.name, batch(*[one.deposit() for _ in range(loads)], kiosk=one.name))
        for _ in range(SLICE // 2 + 1)
        for one in kiosks
    ]
    with ThreadPoolExecutor(1) as worker:
        with office.database.begin() as connection:
            connection.execute(text("LOCK TABLE carbon IN SHARE MODE"))
            posting = worker.submit(office.ledger.post_all, batches)
            wait_for(office.database, LANES)
        posting.result(timeout=60)
    found = Counter((one.kiosk, one.code) for one in office.ledger.flagged(1000))
    of_each = loads * len(batches) // 2
    seen = [found[name, "code-elsewhere"] for name in KIOSKS]
    assert sorted(seen) == [0, of_each]
    assert sum(found[name, "account-rate"] for name in KIOSKS) == 2 * of_each - ACCOUNT_DAY_DEPOSITS
    office.database.dispose()
