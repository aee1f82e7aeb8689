"""A journal whose old rows were damaged: the kiosk starts, the rest goes on, nothing is hidden."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from controller.core.outbox import UNREADABLE
from tests.contract.samples import SampleKiosk
from tests.controller.drafts import bottles, draft, intent, journal, returned
from tests.controller.harm import BROKEN_LINES, break_line, spoil

if TYPE_CHECKING:
    from pathlib import Path

FLIP = """
    UPDATE records SET line =
    CAST(replace(CAST(line AS TEXT), '"mass_g":24', '"mass_g":94') AS BLOB) WHERE seq = ?
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the journal lies."""
    return tmp_path / "journal.sqlite"


@pytest.mark.parametrize("line", BROKEN_LINES)
def test_a_damaged_record_does_not_hold_up_those_behind_it(path: Path, line: bytes) -> None:
    """It is set aside and counted; every other one is given in its order. The ledger's ack cannot
    pass the gap, so at the next start a new epoch begins, in which nothing is set aside."""
    with closing(journal(path)) as file:
        good = [entry.seq for entry in bottles(file, 14)]
    break_line(path, 4, line)
    with closing(journal(path)) as file:
        assert [entry.seq for entry in file.unsent(0, 2)] == [2, 6]
        assert [entry.seq for entry in file.unsent(0, 50)] == [seq for seq in good if seq != 4]
        assert (file.depth(), file.aside()) == (13, {UNREADABLE: 1})
    with closing(journal(path, epoch_source=lambda: "5be1000000000002")) as file:
        assert file.epoch == "5be1000000000002"
        assert (file.depth(), file.aside()) == (14, {})


def test_a_whole_batch_of_damaged_records_does_not_look_like_an_empty_outbox(path: Path) -> None:
    """However few are asked for, what is good behind them comes."""
    with closing(journal(path)) as file:
        bottles(file, 14)
    for seq in (2, 4, 6):
        break_line(path, seq, b"")
    with closing(journal(path)) as file:
        assert [entry.seq for entry in file.unsent(0, 1)] == [8]
        assert file.aside() == {UNREADABLE: 3}


def test_a_hash_that_was_damaged_costs_no_record(path: Path) -> None:
    """The line is still signed, and its hash is the line's, not what stands beside it."""
    with closing(journal(path)) as file:
        second = bottles(file, 14)[1]
    spoil(path, "UPDATE records SET sha256 = ? WHERE seq = 4", "0" * 64)
    with closing(journal(path)) as file:
        assert file.unsent(2, 1) == [second]
        assert file.acknowledge(4, second.sha256)
        assert (file.depth(), file.aside()) == (12, {})


def test_a_record_that_was_sent_before_it_was_damaged_is_still_acknowledged(path: Path) -> None:
    """The ledger has it; the hash that it was filed under says so."""
    with closing(journal(path)) as file:
        second = bottles(file, 14)[1]
    break_line(path, 4, b"rubbish")
    with closing(journal(path)) as file:
        assert file.acknowledge(4, second.sha256)
        assert file.depth() == 12


def test_places_in_the_outbox_that_no_record_fills_are_passed_over(path: Path) -> None:
    """They hide nothing behind them."""
    with closing(journal(path)) as file:
        file.append(returned())
        bottles(file, 2)
    spoil(path, "INSERT INTO outbox SELECT seq + 1000 FROM records")
    with closing(journal(path)) as file:
        assert [entry.seq for entry in file.unsent(0, 50)] == [3, 5]


@pytest.mark.parametrize("line", BROKEN_LINES)
def test_a_promise_that_nobody_can_read_is_told_apart_from_none(path: Path, line: bytes) -> None:
    """The kiosk starts; the others are recovered, this one is named until staff close it."""
    with closing(journal(path)) as file:
        file.append(intent(1))
        file.append(intent(2))
        bottles(file, 11)
    break_line(path, 1, line)
    with closing(journal(path)) as file:
        assert [entry.seq for entry in file.open_intents()] == [2]
        (lost,) = file.unreadable_intents()
        assert (lost.seq, lost.kind, lost.bay) == (1, "intent", None)
        assert lost.reason
        given_up = {"what": "bay a looked at: empty", "by": "staff-7", "intent": 1}
        file.append(draft("service", given_up, closes=1))
        assert file.unreadable_intents() == []


def test_a_forged_promise_is_no_promise(path: Path) -> None:
    """More mass for the same bottle: nothing is credited after a restart that is not proven."""
    with closing(journal(path)) as file:
        file.append(intent(1))
        bottles(file, 11)
    spoil(path, FLIP, 1)
    with closing(journal(path)) as file:
        assert file.open_intents() == []
        (lost,) = file.unreadable_intents()
        assert (lost.code, lost.bay) == ("bad-signature", "a")


def test_a_genuine_promise_in_anothers_place_is_no_promise(path: Path) -> None:
    """Signed by this kiosk, but in another journal: it may have been kept there."""
    with closing(journal(path)) as file:
        file.append(intent(1))
        bottles(file, 11)
    other = SampleKiosk(epoch="5be1000000000002")
    other.deposit()
    break_line(path, 1, other.lines[0])
    with closing(journal(path)) as file:
        assert file.open_intents() == []
        assert [lost.code for lost in file.unreadable_intents()] == ["misplaced"]


def test_words_that_are_no_text_any_more_hide_no_other_row(path: Path) -> None:
    """One byte of a hash or kind flipped into what is not UTF-8."""
    with closing(journal(path)) as file:
        file.append(intent(1))
        good = bottles(file, 14)
    spoil(
        path,
        "UPDATE records SET sha256 = CAST(x'ff' AS TEXT), kind = CAST(x'fe' AS TEXT) WHERE seq = 3",
    )
    with closing(journal(path)) as file:
        assert [entry.seq for entry in file.unsent(0, 50)] == [entry.seq for entry in good[1:]]
        assert [entry.seq for entry in file.open_intents()] == [1]
        assert file.aside() == {UNREADABLE: 1}
