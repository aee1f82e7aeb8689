"""The journal's file: chained, durable, nobody else's, and whole or not there."""

from __future__ import annotations

import json
import re
import resource
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from contract.chain import verify_chain
from controller.core.records import Entry
from controller.ports import DiskError, StoreError
from tests.contract.samples import EPOCH, SampleKiosk, deposit_body, signer
from tests.controller.drafts import (
    AT_S,
    KIOSK,
    bottles,
    calibration,
    deposit,
    draft,
    intent,
    journal,
    returned,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from controller.adapters.journal.sqlite_journal import SqliteJournal

PUBLIC = signer(KIOSK).public
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the journal lies."""
    return tmp_path / "journal.sqlite"


def after_of(file: SqliteJournal) -> list[int | None]:
    """What each record says of the sent record before it."""
    return [json.loads(line).get("after") for line in file.lines()]


def test_records_are_numbered_chained_and_signed(path: Path) -> None:
    """A verifier with the public key alone follows the journal from end to end."""
    with closing(journal(path)) as file:
        entries = [file.append(intent()), file.append(deposit(1, 1)), file.append(returned())]
        report = verify_chain(file.lines(), PUBLIC, head=(3, entries[-1].sha256))
    assert [entry.seq for entry in entries] == [1, 2, 3]
    assert (report.ok, report.records, report.kiosk, report.epoch) == (True, 3, KIOSK, EPOCH)


def test_sent_records_name_the_sent_one_before_even_after_a_restart(path: Path) -> None:
    """The ledger can tell a gap from an intent, whatever was acknowledged meanwhile."""
    with closing(journal(path)) as file:
        file.append(intent())
        sent = file.append(deposit(1, 1))
        file.append(returned())
        file.acknowledge(sent.seq, sent.sha256)
    with closing(journal(path)) as file:
        file.append(intent(2))
        file.append(deposit(2, 4))
        assert after_of(file) == [None, 0, None, None, 2]
        assert verify_chain(file.lines(), PUBLIC).ok


def test_the_epoch_is_born_with_the_file(path: Path) -> None:
    """Opening again asks for no new epoch."""
    journal(path).close()
    with closing(journal(path, epoch_source=lambda: "f" * 16)) as file:
        assert file.epoch == EPOCH


def test_an_intent_ends_exactly_once(path: Path) -> None:
    """A second end, and the end of what is no intent, are refused and leave nothing."""
    with closing(journal(path)) as file:
        file.append(intent())
        file.append(deposit(1, 1))
        with pytest.raises(StoreError, match="closed by record 2"):
            file.append(deposit(1, 1))
        with pytest.raises(StoreError, match=r"record 2 is no intent.*deposit"):
            file.append(deposit(1, 2))
        with pytest.raises(StoreError, match=r"record 9 is no intent.*missing"):
            file.append(deposit(1, 9))
        assert [entry.seq for entry in file.unsent(0, 10)] == [2]
        assert verify_chain(file.lines(), PUBLIC).records == 2


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (draft("deposit", deposit_body(mass_g=2.5)), "mass_g"),
        (draft("teleport", {}), "teleport"),
        (draft("deposit", deposit_body(), at="2026-13-45T00:00:00Z"), "2026-13-45"),
    ],
)
def test_what_no_reader_would_accept_is_not_written(path: Path, wrong: object, reason: str) -> None:
    """A wrong body, kind or time is named, and the next record takes the number."""
    with closing(journal(path)) as file:
        with pytest.raises(StoreError, match=reason):
            file.append(wrong)  # type: ignore[arg-type]  # each of them is a Draft
        assert file.append(returned()).seq == 1
        assert file.depth() == 0


def test_codes_are_remembered_until_a_day_past_their_expiry(path: Path) -> None:
    """What time it is, the records say: a clock that stands or jumps back changes nothing."""
    with closing(journal(path)) as file:
        assert file.remember_code("aa", AT_S + 120)
        for at in ("2026-11-24T12:00:00Z", "2026-11-01T00:00:00Z"):
            file.append(returned(at))
            assert not file.remember_code("aa", AT_S + 120)
        for at in ("2026-11-24T12:57:00Z", "2026-11-01T00:00:00Z"):
            file.append(returned(at))
        assert file.remember_code("bb", AT_S + 200_000)
        assert file.remember_code("aa", AT_S + 120)


def spoil(path: Path, statement: str) -> None:
    """Change the file behind the journal's back."""
    with closing(sqlite3.connect(path)) as database:
        database.execute(statement)
        database.commit()


RAISE_MASS = """
    UPDATE records SET line =
    CAST(replace(CAST(line AS TEXT), '"mass_g":24', '"mass_g":94') AS BLOB) WHERE seq = 40
"""


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("UPDATE meta SET value = 4 WHERE key = 'schema'", "schema 4.*update"),
        ("UPDATE meta SET value = 'other' WHERE key = 'kiosk'", "belongs to kiosk other"),
        (
            "UPDATE meta SET value = 'f00f00f00f00f00f' WHERE key = 'epoch'",
            f"epoch f00f00f00f00f00f, holds a record of {KIOSK}, epoch {EPOCH}",
        ),
        ("DROP TABLE meta", "no kiosk's journal"),
    ],
)
def test_a_journal_that_belongs_elsewhere_is_refused(
    path: Path, statement: str, reason: str
) -> None:
    """Nothing of it is carried on; the message says what does not fit."""
    with closing(journal(path)) as file:
        bottles(file, 20)
    spoil(path, statement)
    with pytest.raises(StoreError, match=reason):
        journal(path)
    assert [one.name for one in path.parent.glob("*.sqlite")] == [path.name]


@pytest.mark.parametrize(
    ("statement", "reason", "kinds"),
    [
        (RAISE_MASS, "damaged at record 40: .*not signed like this", "uncertain"),
        (
            "UPDATE records SET sha256 = hex(zeroblob(32)) WHERE seq = 40",
            "damaged at record 40: it is filed under",
            "deposit",
        ),
        (
            "UPDATE records SET kind = 'returned' WHERE seq = 40",
            "damaged at record 40: it is filed under",
            "deposit",
        ),
        ("UPDATE records SET closes = NULL WHERE seq = 40", "damaged at record 40", "deposit"),
        ("DELETE FROM records WHERE seq = 39", "damaged at record 39: .*follow", "deposit"),
    ],
)
def test_a_journal_whose_end_is_damaged_is_kept_and_goes_on_in_a_new_epoch(
    path: Path, statement: str, reason: str, kinds: str
) -> None:
    """No record is chained to a damaged one, none is lost, and the kiosk starts."""
    with closing(journal(path)) as file:
        bottles(file, 20)
    spoil(path, statement)
    with closing(journal(path, epoch_source=lambda: "5be1000000000002")) as file:
        first = json.loads(next(file.lines()))
        assert re.search(reason, first["body"]["reason"])
        assert first["body"]["previous_epoch"] == EPOCH
        waiting = file.unsent(0, 50)
        assert [one.body["deposit_id"] for one in waiting] == [f"s1-{n}" for n in range(1, 21)]
        assert [one.kind for one in waiting] == ["deposit"] * 19 + [kinds]
        assert file.open_intents() == []
        assert verify_chain(file.lines(), PUBLIC).ok
    assert path.with_name(f"journal-{EPOCH}.sqlite").exists()
    with closing(journal(path)) as file:
        assert file.epoch == "5be1000000000002"


def test_another_key_another_kiosk_and_other_files_are_refused(tmp_path: Path) -> None:
    """Each refusal says what is wrong, and none changes the file."""
    path = tmp_path / "journal.sqlite"
    with closing(journal(path)) as file:
        file.append(returned())
    before = path.read_bytes()
    with pytest.raises(StoreError, match=r"signed with another key.*names key"):
        journal(path, signer=signer("thief"))
    with pytest.raises(StoreError, match=f"belongs to kiosk {KIOSK}, not to hz-xihu-0002"):
        journal(path, kiosk="hz-xihu-0002")
    assert path.read_bytes() == before
    (tmp_path / "letter").write_text("no database at all, but long enough to look like one" * 20)
    with pytest.raises(StoreError, match=r"not a database.*begin a new one"):
        journal(tmp_path / "letter")
    with pytest.raises(StoreError, match=r"unable to open.*check its path"):
        journal(tmp_path / "missing" / "journal.sqlite")


def test_a_file_that_was_cut_is_refused(path: Path) -> None:
    """Half a file is damage, not an older state."""
    with closing(journal(path)) as file:
        bottles(file, 30)
    size = path.stat().st_size
    with path.open("r+b") as cut:
        cut.truncate(size // 2 // 4096 * 4096)
    with pytest.raises(StoreError, match=r"malformed.*keep the file"):
        journal(path)


@contextmanager
def no_room_beyond(size: int) -> Iterator[None]:
    """Let no file of this process grow beyond `size` bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_without_room_nothing_is_half_written(path: Path) -> None:
    """The failed record leaves no trace, and the next one is written once there is room."""
    with closing(journal(path)) as file:
        file.append(intent())
        with (
            no_room_beyond(Path(f"{path}-wal").stat().st_size),
            pytest.raises(StoreError, match=r"cannot be written.*room"),
        ):
            file.append(deposit(1, 1))
        assert (file.depth(), len(file.open_intents())) == (0, 1)
        assert file.append(deposit(1, 1)).seq == 2
    with closing(journal(path)) as file:
        assert verify_chain(file.lines(), PUBLIC).records == 2


def test_a_full_disk_is_called_by_its_name(path: Path) -> None:
    """SQLite's own "full" tells service to make room."""
    with closing(journal(path)) as file:
        # A test may reach inside: SQLite offers no other way to a small disk.
        (pages,) = file._disk.connection.execute("PRAGMA page_count").fetchone()
        file._disk.connection.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(StoreError, match="full; make room"):
            bottles(file, 20)
        assert verify_chain(file.lines(), PUBLIC).ok


def test_without_a_place_in_the_outbox_there_is_no_record(path: Path) -> None:
    """Record, outbox and the intent's end are one transaction: all, or none."""
    with closing(journal(path)) as file:
        file.append(intent())
        spoil(path, "INSERT INTO outbox VALUES (2)")
        with pytest.raises(StoreError, match="UNIQUE constraint failed"):
            file.append(deposit(1, 1))
        assert verify_chain(file.lines(), PUBLIC).records == 1
        assert [entry.seq for entry in file.open_intents()] == [1]


def test_of_records_committed_together_a_refused_one_leaves_nothing(path: Path) -> None:
    """Its neighbours stand, the next takes its number, and its intent is open as before."""
    with closing(journal(path)) as file:
        file.append(intent())
        spoil(path, "INSERT INTO outbox VALUES (3)")
        first, refused, last = file.append_all([returned(), deposit(1, 1), returned()])
        assert isinstance(refused, StoreError)
        assert not isinstance(refused, DiskError)
        assert "UNIQUE constraint failed" in str(refused)
        assert [one.seq for one in (first, last) if isinstance(one, Entry)] == [2, 3]
        assert verify_chain(file.lines(), PUBLIC).records == 3
        assert [entry.seq for entry in file.open_intents()] == [1]
        assert file.room().enough


WRITE_FOR_EVER = """
import sys
from pathlib import Path
from tests.controller.drafts import deposit, intent, journal
file = journal(Path(sys.argv[1]))
for number in range(1, 100_000):
    promise = file.append(intent(number)).seq
    print(file.append(deposit(number, promise)).seq, flush=True)
"""


def test_what_was_committed_survives_a_killed_process(path: Path) -> None:
    """After kill -9 in full flow every deposit that was reported is there, and waits."""
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITE_FOR_EVER, str(path)],
        stdout=subprocess.PIPE,
        cwd=ROOT,
        text=True,
    )
    assert writer.stdout is not None
    with writer:
        reported = [int(next(writer.stdout)) for _ in range(50)]
        writer.send_signal(signal.SIGKILL)
        reported += [int(line) for line in writer.stdout if line.endswith("\n")]
    with closing(journal(path)) as file:
        assert verify_chain(file.lines(), PUBLIC).ok
        waiting = [entry.seq for entry in file.unsent(0, 10_000)]
        # What was committed, but not yet reported, may be there in addition: one at most.
        assert waiting[: len(reported)] == reported
        assert len(waiting) - len(reported) <= 1
        assert len(file.open_intents()) <= 1


def test_a_calibration_that_was_tampered_with_is_left_out(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """However long ago it was made: the span of every weighing would be another."""
    path = tmp_path / "j.sqlite"
    with closing(journal(path)) as file:
        for name in ("a-1", "a-2", "a-3"):
            file.append(calibration(calibration_id=name))
        bottles(file, 20)
    with closing(sqlite3.connect(path)) as raw:
        raw.execute(
            "UPDATE records SET line = CAST(replace(line, '1803550', '1903550') AS BLOB)"
            " WHERE seq = 2"
        )
        foreign = SampleKiosk("hz-xihu-0001").calibrate(calibration_id="a-4").line
        raw.execute("UPDATE records SET line = ? WHERE seq = 3", (foreign,))
        raw.commit()
    with closing(journal(path)) as file:
        assert [entry.body["calibration_id"] for entry in file.calibrations()] == ["a-1"]
    forged, elsewhere = caplog.messages
    assert forged.startswith("event=calibration-forged seq=2 reason=record 2 of hz-xihu-0001")
    assert elsewhere.startswith("event=calibration-foreign seq=3 reason=record 3 (calibration)")
    assert "it is 1 (calibration) of hz-xihu-0001" in elsewhere


@pytest.mark.parametrize("line", [b"", b"{", b"\x00\xff\x00", b"null", b'{"body":{}}'])
def test_a_calibration_whose_line_is_damaged_is_left_out_and_named(
    path: Path, caplog: pytest.LogCaptureFixture, line: bytes
) -> None:
    """A dying card years later: the kiosk starts, and weighs by the calibration before."""
    with closing(journal(path)) as file:
        for name in ("a-1", "a-2", "a-3"):
            file.append(calibration(calibration_id=name))
        bottles(file, 20)
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("UPDATE records SET line = ? WHERE seq = 2", (line,))
        raw.commit()
    with closing(journal(path)) as file:
        assert [entry.body["calibration_id"] for entry in file.calibrations()] == ["a-1", "a-3"]
    (damaged,) = caplog.messages
    assert damaged.startswith("event=calibration-forged seq=2 reason=")
