"""A journal as a whole: what was changed, moved or cut is found, and named."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.chain import verify_chain
from contract.errors import RecordError
from contract.fields import ZERO_HASH
from contract.record import seal
from tests.contract.samples import SampleKiosk, deposit_body


def journal(name: str = "hz-xihu-0001", epoch: str = "5be1000000000001") -> SampleKiosk:
    """Three deposits, a return and a void: nine records."""
    kiosk = SampleKiosk(name, epoch)
    kiosk.deposit(), kiosk.give_back(), kiosk.deposit(), kiosk.deposit(), kiosk.void()
    kiosk.give_back()
    return kiosk


KIOSK = journal()
PUBLIC = KIOSK.signer.public


def test_a_whole_journal_verifies() -> None:
    """Every record is counted, and the head is the last one's hash."""
    report = verify_chain(KIOSK.lines, PUBLIC)
    assert (report.records, report.first, report.last, report.ok) == (9, 1, 9, True)
    assert (report.broken_at, report.reason) == (None, None)
    assert (report.kiosk, report.epoch) == ("hz-xihu-0001", "5be1000000000001")
    assert report.head == KIOSK.prev


def test_an_empty_journal_has_nothing_to_be_wrong() -> None:
    """No record, no first, no last; only a head from elsewhere could tell more."""
    report = verify_chain([], PUBLIC)
    assert (report.ok, report.records, report.first, report.head) == (True, 0, None, ZERO_HASH)
    assert not verify_chain([], PUBLIC, head=(1, "a" * 64)).ok


@given(st.data())
def test_one_changed_byte_anywhere_is_found_and_named(data: st.DataObject) -> None:
    """Whichever byte of whichever record, and whatever it becomes."""
    number = data.draw(st.integers(1, len(KIOSK.lines)))
    line = bytearray(KIOSK.lines[number - 1])
    line[data.draw(st.integers(0, len(line) - 1))] ^= data.draw(st.integers(1, 255))
    lines = [*KIOSK.lines[: number - 1], bytes(line), *KIOSK.lines[number:]]
    report = verify_chain(lines, PUBLIC)
    assert (report.ok, report.broken_at, report.records) == (False, number, number - 1)


@pytest.mark.parametrize(
    ("lines", "broken_at", "code"),
    [
        (KIOSK.lines[1:], 1, "wrong-seq"),
        (KIOSK.lines[:3] + KIOSK.lines[4:], 4, "wrong-seq"),
        (KIOSK.lines[:3] + KIOSK.lines[2:], 4, "wrong-seq"),
        ([*KIOSK.lines[:3], KIOSK.lines[4], KIOSK.lines[3]], 4, "wrong-seq"),
        ([*KIOSK.lines[:2], *journal(epoch="5be1000000000002").lines[2:]], 3, "wrong-prev"),
    ],
    ids=["front cut off", "one taken out", "one doubled", "two swapped", "another epoch's"],
)
def test_order_and_origin_are_part_of_history(
    lines: list[bytes], broken_at: int, code: str
) -> None:
    """Genuine records in the wrong place are as wrong as changed ones."""
    report = verify_chain(lines, PUBLIC)
    assert (report.ok, report.broken_at) == (False, broken_at)
    assert str(report.reason).startswith(code)


def test_another_kiosks_record_does_not_pass() -> None:
    """It is signed by another key."""
    lines = [*KIOSK.lines[:2], *journal("hz-xihu-0002").lines[2:]]
    assert str(verify_chain(lines, PUBLIC).reason).startswith("unknown-key")


def test_a_record_rewritten_by_the_key_holder_breaks_the_next_one() -> None:
    """Whoever has the key can seal another past, but not under the same successors."""
    rewritten = SampleKiosk()
    rewritten.deposit(points=9000)
    lines = [*rewritten.lines, *KIOSK.lines[2:]]
    report = verify_chain(lines, PUBLIC)
    assert (report.broken_at, str(report.reason)[:10]) == (3, "wrong-prev")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"epoch": "5be1000000000002"}, "wrong-epoch"),
        ({"kiosk": "hz-xihu-0002"}, "wrong-kiosk"),
        ({"after": 4}, "wrong-after"),
    ],
)
def test_one_journal_is_one_kiosks_one_epoch_with_every_link(
    change: dict[str, Any], code: str
) -> None:
    """Even the key's holder cannot go on with another name, another epoch or a missing link."""
    place: dict[str, Any] = {
        "kiosk": KIOSK.name,
        "epoch": KIOSK.epoch,
        "seq": 10,
        "after": KIOSK.last_sent,
        "at": "2026-11-23T12:55:00Z",
        "prev": KIOSK.prev,
        "signer": KIOSK.signer,
    }
    good, odd = (seal("deposit", deposit_body(), **(place | more)).line for more in ({}, change))
    assert verify_chain([*KIOSK.lines, good], PUBLIC).ok
    report = verify_chain([*KIOSK.lines, odd], PUBLIC)
    assert (report.broken_at, str(report.reason).split(":")[0]) == (10, code)


def test_a_tail_cut_off_is_found_by_a_head_from_elsewhere() -> None:
    """The chain alone cannot know what came last; the ledger's word can."""
    head = (9, KIOSK.prev)
    assert verify_chain(KIOSK.lines, PUBLIC, head).ok
    assert verify_chain(KIOSK.lines[:7], PUBLIC).ok
    cut = verify_chain(KIOSK.lines[:7], PUBLIC, head)
    assert (cut.ok, cut.broken_at) == (False, 8)
    assert "proves a record 9" in str(cut.reason)
    other = verify_chain(KIOSK.lines, PUBLIC, (5, "a" * 64))
    assert (other.broken_at, str(other.reason)[:10]) == (5, "wrong-head")


def test_a_journal_that_ends_in_a_read_error_is_broken_there() -> None:
    """A damaged disk is a finding, not a crash."""

    def lines() -> Iterator[bytes]:
        yield from KIOSK.lines[:4]
        raise RecordError("unreadable", "disk")

    report = verify_chain(lines(), PUBLIC)
    assert (report.records, report.broken_at, report.reason) == (4, 5, "unreadable: disk")
