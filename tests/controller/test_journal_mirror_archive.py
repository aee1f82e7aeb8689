"""The copy's old records: they move to files on the stick, as the card's do on the card."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from contract.journal import open_journal
from contract.verify import verify_journal
from controller.adapters.journal.limits import Limits
from tests.contract.samples import EPOCH
from tests.controller.drafts import bottles, calibration, journal, returned
from tests.controller.harm import break_line, hasty
from tests.controller.mirrored import PUBLIC, new_card, opened

if TYPE_CHECKING:
    from controller.adapters.journal.sqlite_journal import SqliteJournal


def archiving(card: Path, stick: Path, records: int) -> SqliteJournal:
    """A mirrored journal that archives as soon as it may, and has lived for so many records."""
    with closing(hasty(journal(card))) as file:
        file.append(calibration())
        (last,) = bottles(file, 1)
        file.acknowledge(last.seq, last.sha256)
        for _ in range(records - 4):
            file.append(returned())
    file = opened(card, stick, limits=Limits(keep_records=0))
    file.append(returned())
    return hasty(file)


def test_the_copys_old_records_move_to_files_on_the_stick(card: Path, stick: Path) -> None:
    """The stick does not fill up either, and of the whole past it has a copy of its own."""
    with closing(archiving(card, stick, 260)) as file:
        while file.archive():
            pass
        file.append(returned())
        assert open_journal(stick).records == open_journal(card).records == 63
        on_stick = verify_journal(open_journal(stick), PUBLIC, archive=stick.parent / "archive")
        assert (on_stick.ok, on_stick.first, on_stick.records) == (True, 1, 263), on_stick
        assert verify_journal(open_journal(stick), PUBLIC).ok
    new_card(card)
    with closing(opened(card, stick)) as file:
        assert len(file.calibrations()) == 1, "which is archived, and in force"
        assert verify_journal(open_journal(card), PUBLIC).ok


def test_a_stick_that_was_away_gets_every_file_when_it_is_back(card: Path, stick: Path) -> None:
    """A few after each record; its own copy of the records goes only when all are there."""
    with closing(archiving(card, stick, 360)) as file:
        away = stick.parent.rename(stick.parent.with_name("pocket"))
        file.append(returned())
        while file.archive():
            pass
        away.rename(stick.parent)
        file.append(returned())
        assert len(list(stick.parent.glob("archive/*"))) == 2
        assert verify_journal(open_journal(stick), PUBLIC).first == 1
        file.append(returned())
        assert len(list(stick.parent.glob("archive/*"))) == 3
        report = verify_journal(open_journal(stick), PUBLIC, archive=stick.parent / "archive")
        assert (report.ok, report.first, report.records) == (True, 1, 366), report


def test_a_stick_that_was_away_too_long_begins_a_new_copy(card: Path, stick: Path) -> None:
    """What it had is kept beside, and the files are copied from the card."""
    with closing(archiving(card, stick, 30)) as file:
        away = stick.parent.rename(stick.parent.with_name("pocket"))
        for _ in range(150):
            file.append(returned())
        assert file.archive()
        away.rename(stick.parent)
        file.append(returned())
        report = verify_journal(open_journal(stick), PUBLIC, archive=stick.parent / "archive")
        assert (report.ok, report.first, report.records) == (True, 1, 182), report
        kept = verify_journal(open_journal(stick.with_name(f"mirror-{EPOCH}.sqlite")), PUBLIC)
        assert (kept.ok, kept.first, kept.last) == (True, 1, 30)


def test_another_stick_has_the_calibration_at_once_and_the_files_in_time(
    card: Path, stick: Path
) -> None:
    """Staff change a stick while the kiosk runs; the card may die right after."""
    with closing(archiving(card, stick, 460)) as file:
        while file.archive():
            pass
        stick.parent.rename(stick.parent.with_name("drawer"))
        file.append(returned())
        stick.parent.mkdir()
        file.append(returned())
        assert len(list(stick.parent.glob("archive/*"))) == 2
        assert verify_journal(open_journal(stick), PUBLIC).ok
        spare = stick.with_name("spare.sqlite")
        shutil.copy(stick, spare)
        file.append(returned())
        report = verify_journal(open_journal(stick), PUBLIC, archive=stick.parent / "archive")
        assert (report.ok, report.first) == (True, 1), report
    with closing(opened(card.with_name("new.sqlite"), spare)) as file:
        assert len(file.calibrations()) == 1


def test_a_file_that_the_card_has_spoilt_spoils_no_copy(card: Path, stick: Path) -> None:
    """The stick was away while records were archived, and has them still: it writes its own."""
    with closing(archiving(card, stick, 260)) as file:
        away = stick.parent.rename(stick.parent.with_name("pocket"))
        file.append(returned())
        while file.archive():
            pass
        first = min((card.parent / "archive").iterdir())
        first.write_bytes(first.read_bytes().replace(b"calibration", b"calibrution"))
        away.rename(stick.parent)
        file.append(returned())
        assert not verify_journal(open_journal(card), PUBLIC, archive=first.parent).ok
        report = verify_journal(open_journal(stick), PUBLIC, archive=stick.parent / "archive")
        assert (report.ok, report.first) == (True, 1), report


def test_a_record_that_the_stick_has_spoilt_is_the_cards(card: Path, stick: Path) -> None:
    """Of two copies the whole one becomes the stick's file."""
    with closing(archiving(card, stick, 260)) as file:
        break_line(stick, 40, b"rubbish")
        assert file.archive()
        file.append(returned())
        report = verify_journal(open_journal(stick), PUBLIC, archive=stick.parent / "archive")
        assert (report.ok, report.first) == (True, 1), report


def test_a_file_that_the_card_has_lost_costs_the_copy_no_record(
    card: Path, stick: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """What is in no file on the stick stays in the copy there; said once, and all else goes on."""
    with closing(archiving(card, stick, 260)) as file:
        away = stick.parent.rename(stick.parent.with_name("pocket"))
        file.append(returned())
        while file.archive():
            pass
        min((card.parent / "archive").iterdir()).unlink()
        away.rename(stick.parent)
        for _ in range(5):
            file.append(returned())
        report = verify_journal(open_journal(stick), PUBLIC, archive=stick.parent / "archive")
        assert (report.ok, report.first, report.last) == (True, 1, 268), report
    assert sum("event=archive-not-copied" in one for one in caplog.messages) == 1


def test_a_copied_file_outlives_the_cards_own(card: Path, stick: Path) -> None:
    """The card has cut it short: that is no reason to take it over."""
    with closing(archiving(card, stick, 260)) as file:
        assert file.archive()
        (first,) = (card.parent / "archive").iterdir()
        whole = first.read_bytes()
        first.write_bytes(whole[:1000])
        assert file.archive()
        file.append(returned())
        on_stick = sorted((stick.parent / "archive").iterdir())
        assert (len(on_stick), on_stick[0].read_bytes() == whole) == (2, True)
