"""A journal that lives long: its oldest records move into files, and none is ever lost."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from contract.archive import segment_name, segments
from contract.journal import open_journal
from contract.verify import verify_journal
from controller.adapters.journal.archiving import SEGMENT
from controller.adapters.journal.segment import folder_beside
from controller.ports import BayMemory, StoreError
from tests.contract.samples import EPOCH
from tests.controller.aged import (
    KEEP,
    PUBLIC,
    acknowledge_all,
    archive_all,
    lived,
    months_later,
    opened,
    row_count,
    verified,
)
from tests.controller.drafts import (
    AT_S,
    bottles,
    calibration,
    collection,
    deposit,
    intent,
    journal,
    returned,
)
from tests.controller.harm import break_line, hasty, spoil

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the journal lies."""
    return tmp_path / "card" / "journal.sqlite"


def test_old_records_move_to_a_file_and_the_chain_is_whole(path: Path) -> None:
    """With the archive it is proven from record 1; alone, the kiosk vouches for its beginning."""
    with closing(lived(path)) as file:
        before = list(file.lines())
        assert archive_all(file) == 1
        assert list(file.lines())[:-1] == before[SEGMENT:]
        (one,) = segments(folder_beside(path), EPOCH)
        assert one.path.read_bytes() == b"".join(line + b"\n" for line in before[:SEGMENT])
        last = json.loads(list(file.lines())[-1])
        assert (last["kind"], last["body"]["first"], last["body"]["last"]) == ("archive", 1, 100)
        whole, alone = verified(path), verified(path, alone=True)
    assert (whole.ok, whole.first, whole.records, whole.head) == (True, 1, 122, alone.head)
    assert (alone.ok, alone.first, alone.last, alone.records) == (True, 101, 122, 22)


def test_a_long_life_takes_little_room(path: Path) -> None:
    """Many records later the file has what it had, and the chain begins with record 1."""
    with closing(lived(path)) as file:
        archive_all(file)
        pages = "PRAGMA page_count"
        (first,) = file._disk.connection.execute(pages).fetchone()
        for _ in range(8):
            for _ in range(SEGMENT):
                file.append(returned())
            archive_all(file)
            assert row_count(path) < KEEP + SEGMENT + 20
        (last,) = file._disk.connection.execute(pages).fetchone()
        assert last < 1.2 * first
    report = verified(path)
    assert (report.ok, report.first, report.records) == (True, 1, 930)


def test_the_archive_alone_is_an_export_that_verifies(path: Path) -> None:
    """In the order of their names the files are one journal from its first record on."""
    with closing(lived(path, 160)) as file:
        assert archive_all(file) == 3
    export = path.with_name("export.jsonl")
    files = sorted(folder_beside(path).iterdir())
    export.write_bytes(b"".join(one.read_bytes() for one in files))
    report = verify_journal(open_journal(export), PUBLIC)
    assert (report.ok, report.records) == (True, 300)


def test_what_the_kiosk_acts_on_stays(path: Path) -> None:
    """Promises, what waits with its promise, and the last records; the calibration moves apart."""
    with closing(lived(path)) as file:
        promise = file.append(intent(61))
        for _ in range(150):
            file.append(returned())
        assert archive_all(file) == 1
        assert [one.body["calibration_id"] for one in file.calibrations()] == ["a-2026-11-01"]
        assert [one.seq for one in file.open_intents()] == [promise.seq]
        end = file.append(deposit(61, promise.seq))
        for _ in range(30):
            file.append(returned())
        assert archive_all(file) == 0, "its end waits, and may have to be carried on with it"
        assert file.acknowledge(end.seq, end.sha256)
        assert archive_all(file) == 1
        assert verified(path).ok
        assert verified(path, alone=True).ok


def test_a_collection_that_waits_is_not_archived(path: Path) -> None:
    """It ends no promise, and the ledger does not have it yet."""
    with closing(opened(path)) as file:
        file.append(calibration())
        emptied = file.append(collection())
        for _ in range(130):
            file.append(returned())
        assert archive_all(file) == 0
        assert file.unsent(0, 5) == [emptied]
        assert file.acknowledge(emptied.seq, emptied.sha256)
        assert archive_all(file) == 1


def test_what_was_set_aside_for_staff_stays_readable(path: Path) -> None:
    """With its promise; and however long it lies there, the journal does not grow for it."""
    with closing(opened(path)) as file:
        file.append(calibration())
        (odd,) = bottles(file, 1)
        file.set_aside(odd.seq, "bad-signature")
        for _ in range(130):
            file.append(returned())
        assert archive_all(file) == 1
        assert file.aside() == {"bad-signature": 1}
    with closing(sqlite3.connect(path)) as raw:
        kept = raw.execute("SELECT seq, kind FROM kept ORDER BY seq").fetchall()
        assert kept == [(1, "calibration"), (2, "intent"), (3, "deposit")]
    assert verified(path).ok
    assert verified(path, alone=True).ok
    spoil(path, "DELETE FROM kept WHERE seq = ?", odd.seq)
    assert verified(path, alone=True).broken_at == odd.seq


def test_a_new_epoch_after_archiving_takes_the_calibration_along(path: Path) -> None:
    """And whatever else is not done; the old journal and its archive verify together."""
    with closing(lived(path)) as file:
        archive_all(file)
        waiting = bottles(file, 2)
        file.append(intent(63))
        file.remember_bay("a", 1200.5, unfinished=True)
        file.remember_code("aa", AT_S + 120)
        head = (json.loads(list(file.lines())[-1])["seq"], file.renew("test"))
        assert [one.body["calibration_id"] for one in file.calibrations()] == ["a-2026-11-01"]
        again = [one.body["deposit_id"] for one in file.unsent(0, 10)]
        assert again == [one.body["deposit_id"] for one in waiting]
        assert [one.body["deposit_id"] for one in file.open_intents()] == ["s1-63"]
        assert file.bay_memories() == {"a": BayMemory(1200.5, unfinished=True)}
        assert not file.remember_code("aa", AT_S + 120)
    old = path.with_name(f"journal-{EPOCH}.sqlite")
    report = verified(old)
    assert (report.ok, report.first, report.last) == (True, 1, head[0])
    assert verified(path).ok


def test_an_ack_of_an_archived_record_contradicts_nothing(path: Path) -> None:
    """The ledger repeats its word whenever the kiosk comes online, however long nothing is new."""
    with closing(lived(path)) as file:
        sha256 = verified(path).head
        for _ in range(125):
            file.append(returned())
        assert archive_all(file) == 2
        assert file.acknowledge(121, sha256)
        assert not file.acknowledge(230, "ab" * 32)


def test_a_damaged_stretch_stays_and_ends_the_epoch_at_the_next_start(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Nothing of it is archived as if it were whole; the old file is kept as it is."""
    with closing(lived(path)) as file:
        break_line(path, 40, b"rubbish")
        for _ in range(2):
            assert not file.archive()
        assert row_count(path) == 121
        assert not folder_beside(path).exists()
        assert file.append(returned()).seq == 122, "the kiosk goes on"
    assert [one for one in caplog.messages if "event=journal-not-archived" in one] != []
    with closing(opened(path)) as file:
        first = json.loads(next(file.lines()))["body"]
        assert (first["previous_epoch"], first["upto"]) == (EPOCH, 122)
        assert "a record of long ago is damaged" in first["reason"]
        assert len(file.calibrations()) == 1
    assert verified(path.with_name(f"journal-{EPOCH}.sqlite")).broken_at == 40


def test_damage_of_an_epoch_that_ended_meanwhile_is_not_the_next_ones(path: Path) -> None:
    """It is archived like any other, and no start ends it."""
    with closing(lived(path)) as file:
        break_line(path, 40, b"rubbish")
        found = file.oldest()
        assert found is not None
        epoch = file.renew("test")
        assert not file.let_go(found.secure())
        acknowledge_all(file, 60)
        assert archive_all(file) == 1
    with closing(opened(path)) as file:
        assert file.epoch == epoch


def test_the_oldest_files_go_when_there_are_too_many_of_them(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Which is said in the log and signed in the journal, so that a verifier misses no other."""
    with closing(lived(path, 160, archive_bytes=250_000)) as file:
        months_later(file)
        assert archive_all(file) == 3
        kept = segments(folder_beside(path), EPOCH)
        assert [(one.first, one.last) for one in kept] == [(101, 200), (201, 300)]
        assert len(file.calibrations()) == 1
    assert sum("event=segment-deleted" in one for one in caplog.messages) == 1
    report = verified(path)
    assert (report.ok, report.first) == (True, 101)
    kept[0].path.unlink()
    missing = verified(path)
    assert (missing.ok, missing.broken_at) == (False, 101)
    assert str(missing.reason).startswith("missing-segment")


@pytest.mark.parametrize("content", [b"\x00" * 300_000, b"[" * 300_000])
def test_a_file_that_is_no_segment_makes_none_go(path: Path, content: bytes) -> None:
    """By its name it holds records that are still to come."""
    with closing(lived(path, 160, archive_bytes=250_000)) as file:
        months_later(file)
        assert file.archive()
        segment = folder_beside(path) / segment_name(EPOCH, 2, 999_999_999)
        segment.write_bytes(content)
        assert archive_all(file) == 2
        kept = segments(folder_beside(path), EPOCH)
        assert [one.first for one in kept] == [2, 101, 201]
    report = verified(path)
    assert (report.ok, report.first) == (True, 101)


def test_a_damaged_file_that_must_go_stops_nothing(path: Path) -> None:
    """When its records were made cannot be read any more."""
    with closing(lived(path, 160, archive_bytes=150_000)) as file:
        assert file.archive()
        (oldest,) = segments(folder_beside(path), EPOCH)
        oldest.path.write_bytes(b"[" * 300_000)
        assert archive_all(file) == 2
        assert [one.first for one in segments(folder_beside(path), EPOCH)] == [101, 201]


def test_a_months_records_stay_whatever_they_take(path: Path) -> None:
    """A budget that is too small for them is no reason to delete what is a day old."""
    with closing(lived(path, 160, archive_bytes=1)) as file:
        assert archive_all(file) == 3
        assert len(segments(folder_beside(path), EPOCH)) == 3


def test_an_archived_promise_cannot_be_ended_again(path: Path) -> None:
    """It is not in the journal any more, and was ended before it went."""
    with closing(lived(path)) as file:
        archive_all(file)
        with pytest.raises(StoreError, match="no intent that could be closed"):
            file.append(deposit(1, 2))


def test_what_happens_between_reading_and_deleting_is_heeded(path: Path) -> None:
    """The same stretch twice, or one of an epoch that has ended: nothing is deleted for it."""
    with closing(lived(path, 110)) as file:
        first = file.oldest()
        assert first is not None
        assert file.let_go(first.secure())
        assert not file.let_go(first.secure())
        assert verified(path).ok
        second = file.oldest()
        assert second is not None
        file.renew("test")
        acknowledge_all(file, 60)
        assert not file.let_go(second.secure())
        assert verified(path).ok
    assert verified(path.with_name(f"journal-{EPOCH}.sqlite")).ok


@pytest.mark.campaign
@pytest.mark.timeout(0)
def test_thirty_thousand_records_take_the_room_of_ten_thousand(path: Path) -> None:
    """As a kiosk keeps them, archived as they come; the whole chain is proven at the end."""
    path.parent.mkdir()
    with closing(hasty(journal(path))) as file:
        file.append(calibration())
        while file.append(returned()).seq < 30_000:
            if file._ends and file._ends.seq % SEGMENT == 0:
                file.archive()
        assert row_count(path) < 10_000 + 2 * SEGMENT
        assert path.stat().st_size < 10_000 * 1_400
        assert len(file.calibrations()) == 1
    report = verified(path, workers=2)
    assert (report.ok, report.first, report.records) == (True, 1, report.last)
