"""A disk that is full, read-only or gone: the journal says so before a load is taken."""

from __future__ import annotations

import errno
import os
import sqlite3
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from controller.adapters.journal.limits import Limits
from controller.ports import DiskError, Room, StoreError
from tests.controller.drafts import bottles, deposit, intent, journal, returned
from tests.controller.harm import full, read_only, without_rights


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the journal lies."""
    return tmp_path / "journal.sqlite"


def test_there_is_room_until_the_minimum_is_reached(path: Path) -> None:
    """The figure is the disk's; the reason names it, the minimum and what to do."""
    free_bytes = 2_000_000
    limits = Limits(min_free_bytes=1_000_000)
    with closing(journal(path, limits=limits, free_bytes=lambda _: free_bytes)) as file:
        assert file.room() == Room(2_000_000, enough=True, reason="")
        free_bytes = 999_999
        assert not file.room().enough
        assert "999999 bytes free, 1000000 are needed: make room" in file.room().reason
        assert file.append(returned()).seq == 1, "what is under way is still recorded"


def test_the_disk_itself_is_asked(path: Path) -> None:
    """Nobody says so to the journal: it is the disk that the file lies on."""
    with closing(journal(path)) as file:
        disk = os.statvfs(path)
        assert abs(file.room().free_bytes - disk.f_bavail * disk.f_frsize) < 2**30


def test_a_disk_that_does_not_answer_has_no_room(path: Path) -> None:
    """A stick that was pulled out."""

    def gone(_: Path) -> int:
        raise OSError(errno.EIO, "Input/output error")

    with closing(journal(path, free_bytes=gone)) as file:
        assert (file.room().free_bytes, file.room().enough) == (0, False)
        assert "Input/output error" in file.room().reason


def test_after_a_refused_record_there_is_no_room_until_the_disk_takes_one(path: Path) -> None:
    """Free bytes alone do not tell: quotas, broken cards. It is tried anew whenever asked."""
    with closing(journal(path)) as file:
        file.append(intent())
        with full(path):
            with pytest.raises(DiskError, match="room"):
                file.append(deposit(1, 1))
            for _ in range(2):
                assert not file.room().enough
                assert "cannot be written" in file.room().reason
        assert file.room().enough
        assert file.append(deposit(1, 1)).seq == 2


def test_a_record_that_breaks_a_rule_says_nothing_about_the_disk(path: Path) -> None:
    """The refusal is the table's, and the next load may be taken."""
    with closing(journal(path)) as file:
        with closing(sqlite3.connect(path)) as other:
            other.execute("INSERT INTO outbox VALUES (2)")
            other.commit()
        file.append(intent())
        with pytest.raises(StoreError, match="UNIQUE"):
            file.append(deposit(1, 1))
        assert file.room().enough


def test_the_ledgers_word_is_heard_on_a_full_disk(path: Path) -> None:
    """Released at once, written with the next record; until then a restart only sends again."""
    with closing(journal(path)) as file:
        first, second, third = bottles(file, 3)
        with full(path):
            assert file.acknowledge(first.seq, first.sha256)
            file.set_aside(second.seq, "bad-signature")
            assert [entry.seq for entry in file.unsent(0, 10)] == [third.seq]
            assert (file.depth(), file.aside()) == (1, {"bad-signature": 1})
            assert not file.room().enough
        with closing(sqlite3.connect(path)) as on_disk:
            assert on_disk.execute("SELECT count(*) FROM outbox").fetchone() == (3,)
        file.append(returned())
    with closing(journal(path)) as file:
        assert [entry.seq for entry in file.unsent(0, 10)] == [third.seq]
        assert (file.depth(), file.aside()) == (1, {"bad-signature": 1})


def test_what_was_not_written_of_an_ack_is_sent_again_after_a_restart(path: Path) -> None:
    """The price of a power cut on a full disk: twice sent, which the ledger knows."""
    with closing(journal(path)) as file:
        both = bottles(file, 2)
        with full(path):
            assert file.acknowledge(both[1].seq, both[1].sha256)
    with closing(journal(path)) as file:
        assert file.unsent(0, 10) == both


def test_an_ack_that_says_nothing_new_writes_nothing(path: Path) -> None:
    """Acks are repeated; a card has only so many writes in it."""
    with closing(journal(path)) as file:
        (first,) = bottles(file, 1)
        assert file.acknowledge(first.seq, first.sha256)
        log = Path(f"{path}-wal").stat().st_size
        for _ in range(100):
            assert file.acknowledge(first.seq, first.sha256)
        assert Path(f"{path}-wal").stat().st_size == log


def test_a_card_that_locks_itself_is_called_by_its_name(path: Path) -> None:
    """Nothing is recorded, acks are heard, and service reads what to look at."""
    with closing(journal(path)) as file:
        (first,) = bottles(file, 1)
        with read_only(file):
            with pytest.raises(DiskError, match=r"readonly.*check the file's rights"):
                file.append(returned())
            assert file.acknowledge(first.seq, first.sha256)
            assert "check the file's rights" in file.room().reason
        assert file.room().enough


def test_a_journal_that_may_not_be_written_is_refused_at_the_start() -> None:
    """Before any resident lays anything on the pan; the file stays as it was."""
    with TemporaryDirectory() as name:
        path = Path(name) / "journal.sqlite"
        with closing(journal(path)) as file:
            file.append(returned())
        before = path.read_bytes()
        with without_rights(Path(name)), pytest.raises(DiskError, match="rights"):
            journal(path)
        assert path.read_bytes() == before


def test_what_the_disk_refuses_for_is_told_in_a_word(path: Path) -> None:
    """Full is for whoever makes room; read-only and failing are for whoever replaces the card."""
    with closing(journal(path)) as file:
        file.append(intent())
        with full(path), pytest.raises(DiskError) as refused:
            file.append(deposit(1, 1))
        assert refused.value.code in ("full", "failing")  # by how far the log may grow
        assert file.room().code == ""
        with read_only(file), pytest.raises(DiskError) as refused:
            file.append(deposit(1, 1))
        assert refused.value.code == "read-only"
    with closing(journal(path, free_bytes=lambda _: 0)) as file:
        assert file.room().code == "full"
