"""A journal's file: whatever is changed in it, in any table, is found, and where is said."""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from contract.canonical import sha256_hex
from contract.chain import Chain, place_of
from contract.cli import ledger
from contract.errors import RecordError
from contract.journal import open_journal
from contract.verify import verify_journal
from controller.adapters.journal.limits import Limits
from tests.contract.samples import EPOCH, SampleKiosk, signer
from tests.controller.drafts import KIOSK, bottles, calibration, intent, journal, returned
from tests.controller.harm import hasty, without_rights

if TYPE_CHECKING:
    from contract.chain import ChainReport

PUBLIC = signer(KIOSK).public


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight bottles, of which 3 are acknowledged and one is set aside; a load given back, a
    calibration and an open promise: 19 records, in one file without a log beside it."""
    path = tmp_path_factory.mktemp("journal") / "journal.sqlite"
    with closing(journal(path)) as file:
        entries = bottles(file, 8)
        file.append(returned())
        file.append(calibration())
        file.append(intent(9))
        file.acknowledge(entries[2].seq, entries[2].sha256)
        file.set_aside(entries[4].seq, "bad-signature")
    return path


@pytest.fixture
def path(good: Path, tmp_path: Path) -> Path:
    """A copy to spoil."""
    copy = tmp_path / "journal.sqlite"
    shutil.copy(good, copy)
    return copy


def verified(path: Path, **more: Any) -> ChainReport:
    """What the verifier says of the file."""
    return verify_journal(open_journal(path), PUBLIC, **more)


def spoil(path: Path, statement: str) -> None:
    """Change the file behind the journal's back."""
    with closing(sqlite3.connect(path)) as database:
        database.execute(statement)
        database.commit()


def test_what_the_kiosk_wrote_is_good(good: Path) -> None:
    """Acknowledged, set aside, waiting: all of it follows from the records."""
    report = verified(good)
    assert (report.ok, report.records, report.reason) == (True, 19, None)


def test_a_journal_in_use_is_read_as_it_is_at_one_moment(tmp_path: Path) -> None:
    """The kiosk goes on writing meanwhile: what comes later is not half seen."""
    path = tmp_path / "journal.sqlite"
    with closing(journal(path)) as file:
        bottles(file, 2)
        with open_journal(path).open() as reading:
            rows = reading.rows()
            next(rows)
            bottles(file, 2)
            outbox = reading.outbox()
            assert len(list(rows)) == 3
            assert outbox is not None
            assert outbox.waiting == {2, 4}
        assert verified(path).records == 8


def test_a_journal_on_a_locked_card_can_be_read(good: Path) -> None:
    """Evidence may lie where nothing can be written, not even beside it."""
    with TemporaryDirectory() as name:
        path = Path(name) / "journal.sqlite"
        shutil.copy(good, path)
        with without_rights(Path(name)):
            assert verified(path).records == 19
        assert [one.name for one in Path(name).iterdir()] == ["journal.sqlite"]


@pytest.mark.parametrize(
    ("statement", "broken_at", "reason"),
    [
        ("UPDATE records SET kind = 'returned' WHERE seq = 6", 6, "kind is filed as returned"),
        ("UPDATE records SET kind = CAST(x'ff' AS TEXT) WHERE seq = 6", 6, "kind is filed as"),
        ("UPDATE records SET sha256 = hex(zeroblob(32)) WHERE seq = 6", 6, "sha256 is filed as"),
        ("UPDATE records SET closes = NULL WHERE seq = 6", 6, "closes is filed as None"),
        ("UPDATE records SET closes = 19 WHERE seq = 17", 17, "closes is filed as 19"),
        ("UPDATE records SET seq = 40 WHERE seq = 19", 19, "seq is filed as 40"),
        ("DELETE FROM records WHERE seq = 9", 9, "wrong-seq"),
        ("DELETE FROM outbox WHERE seq = 12", 12, "record 12 was never acknowledged"),
        ("DELETE FROM outbox", 8, "record 8 was never acknowledged"),
        ("DELETE FROM aside", 10, "record 10 was never acknowledged"),
        ("INSERT INTO outbox VALUES (4)", 4, "record 4 waits, though all up to 6"),
        ("INSERT INTO outbox VALUES (7)", 7, "7 waits or was set aside, but no such record"),
        ("INSERT INTO outbox VALUES (99)", 99, "99 waits or was set aside, but no such record"),
        ("INSERT INTO aside VALUES (17, 'x', 0)", 17, "17 waits or was set aside"),
        ("UPDATE meta SET value = 2 WHERE key = 'acked'", 4, "record 4 was never acknowledged"),
        ("UPDATE meta SET value = 16 WHERE key = 'acked'", 8, "record 8 waits, though"),
        ("DROP TABLE outbox", 20, "no such table: outbox"),
    ],
)
def test_what_stands_beside_a_line_must_follow_from_it(
    path: Path, statement: str, broken_at: int, reason: str
) -> None:
    """Nothing of it is signed; each change is named by the record that it is about."""
    spoil(path, statement)
    report = verified(path)
    assert (report.ok, report.broken_at) == (False, broken_at)
    assert reason in str(report.reason)


def test_a_file_from_before_acks_were_noted_is_good_too(path: Path) -> None:
    """Then the oldest that waits says how far the ledger was."""
    spoil(path, "DELETE FROM meta WHERE key = 'acked'")
    assert verified(path).ok
    spoil(path, "DELETE FROM outbox WHERE seq = 12")
    assert verified(path).broken_at == 12
    spoil(path, "DELETE FROM outbox")
    assert verified(path).ok, "and an empty one that all was acknowledged"


def test_a_damaged_index_is_the_files_fault_and_no_records(path: Path) -> None:
    """Every record is good; what finds open promises is not."""
    spoil(path, "PRAGMA writable_schema = ON")
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA writable_schema = ON")
        database.execute(
            "UPDATE sqlite_schema SET sql = replace(sql, 'kind = ''intent''', 'kind = ''deposit''')"
            " WHERE name = 'intents'"
        )
        database.commit()
    report = verified(path)
    assert (report.ok, report.records, report.broken_at) == (False, 19, None)
    assert str(report.reason).startswith("damaged-file")


def contents(path: Path) -> list[Any]:
    """All that the verifier answers for, as SQLite reads it."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        return [
            database.execute(query).fetchall()
            for query in (
                "SELECT * FROM records ORDER BY seq",
                "SELECT seq FROM outbox ORDER BY seq",
                "SELECT seq FROM aside ORDER BY seq",
                "SELECT value FROM meta WHERE key = 'acked'",
            )
        ]


@pytest.mark.parametrize("seed", range(4))
def test_a_byte_flipped_anywhere_in_the_file_is_found_or_changes_nothing(
    path: Path, seed: int
) -> None:
    """Lines, columns, pages, headers. Not everything in a database is content: some is empty."""
    rng, whole, good = random.Random(seed), path.read_bytes(), contents(path)
    found = 0
    for _ in range(60):
        at = rng.randrange(len(whole))
        path.write_bytes(whole[:at] + bytes([whole[at] ^ rng.randrange(1, 256)]) + whole[at + 1 :])
        if is_good(path):
            assert contents(path) == good, f"byte {at} changed what is read, and nobody said so"
        else:
            found += 1
    assert found > 10


def is_good(path: Path) -> bool:
    """Whether the verifier takes the file for a journal, and for a good one."""
    try:
        return verified(path).ok
    except RecordError:
        return False


def flipped(lines: list[bytes], rng: random.Random) -> tuple[int, list[bytes]]:
    """One byte of one line changed: the line's number and all lines."""
    number = rng.randrange(len(lines))
    line = bytearray(lines[number])
    line[rng.randrange(len(line))] ^= rng.randrange(1, 256)
    return number + 1, [*lines[:number], bytes(line), *lines[number + 1 :]]


def follow(chain: Chain, lines: list[bytes], public: bytes) -> None:
    """Go on along `lines`."""
    for line in lines:
        chain.follow(place_of(line, public))


def export(records: int) -> tuple[SampleKiosk, list[bytes]]:
    """A journal of so many records, half of them deposits."""
    kiosk = SampleKiosk()
    for _ in range(records // 2):
        kiosk.deposit()
    return kiosk, kiosk.lines


def test_one_flipped_byte_of_a_journal_is_found_and_its_record_named(tmp_path: Path) -> None:
    """At every position that is tried, as the command verifies a file."""
    _, lines = export(200)
    rng, path = random.Random(20261101), tmp_path / "journal.jsonl"
    for _ in range(30):
        number, changed = flipped(lines, rng)
        path.write_bytes(b"\n".join(changed) + b"\n")
        report = verified(path)
        assert (report.ok, report.broken_at, report.records) == (False, number, number - 1)


@pytest.mark.campaign
def test_one_flipped_byte_of_ten_thousand_records_is_found_at_a_thousand_positions() -> None:
    """Each from the last full hundred before it on: so far the verifier comes without it too."""
    kiosk, lines = export(10_000)
    public, rng = kiosk.signer.public, random.Random(20261101)
    chain, reached = Chain(), []
    for at, line in enumerate(lines):
        if at % 100 == 0:
            reached.append(replace(chain, sent=list(chain.sent)))
        chain.follow(place_of(line, public))
    for _ in range(1000):
        number, changed = flipped(lines, rng)
        start = (number - 1) // 100
        chain = replace(reached[start], sent=list(reached[start].sent))
        with pytest.raises(RecordError):
            follow(chain, changed[start * 100 :], public)
        assert chain.report().records == number - 1


def test_several_processes_find_what_one_does(tmp_path: Path) -> None:
    """Good, broken in the middle, cut off, and where the file itself cannot be read further."""
    kiosk, lines = export(1400)
    path, head = tmp_path / "journal.jsonl", (1400, kiosk.prev)
    broken = [*lines[:1100], lines[1100].replace(b"24", b"94", 1), *lines[1101:]]
    for case in (lines, broken, lines[:-3], lines[1:], []):
        path.write_bytes(b"".join(line + b"\n" for line in case))
        alone, together = (verified(path, head=head, workers=workers) for workers in (1, 2))
        assert together == alone
        assert alone.ok is (case is lines)


def test_a_kiosk_that_files_by_another_hash_is_found_by_several_too(path: Path) -> None:
    """Columns are compared where signatures are."""
    spoil(path, "UPDATE records SET sha256 = lower(sha256) || 'x' WHERE seq = 18")
    report = verified(path, workers=2)
    assert (report.broken_at, report.records) == (18, 17)
    assert sha256_hex(b"") not in str(report.reason)


@pytest.fixture(scope="module")
def archived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A calibration, twenty bottles and 260 loads given back, of which 300 are archived."""
    path = tmp_path_factory.mktemp("archived") / "journal.sqlite"
    with closing(hasty(journal(path, limits=Limits(keep_records=0)))) as file:
        file.append(calibration())
        last = bottles(file, 20)[-1]
        file.acknowledge(last.seq, last.sha256)
        for _ in range(290):
            file.append(returned())
        while file.archive():
            pass
    return path


@pytest.fixture
def old(archived: Path, tmp_path: Path) -> Path:
    """A copy to spoil, with its archive."""
    shutil.copytree(archived.parent, tmp_path / "card")
    return tmp_path / "card" / "journal.sqlite"


def with_archive(path: Path, **more: Any) -> ChainReport:
    """What the verifier says of a journal with its archive."""
    return verified(path, archive=path.parent / "archive", **more)


def files(path: Path) -> list[Path]:
    """The files of a journal's archive, oldest first."""
    return sorted((path.parent / "archive").iterdir())


def test_a_journal_and_its_archive_are_one_chain(archived: Path) -> None:
    """From record 1; alone it begins where the kiosk signed that it does. Several find the same."""
    whole, alone = with_archive(archived), verified(archived)
    assert (whole.ok, whole.first, whole.last, whole.records) == (True, 1, 334, 334)
    assert (alone.ok, alone.first, alone.last, alone.records) == (True, 301, 334, 34)
    assert whole.head == alone.head
    assert with_archive(archived, workers=2) == whole


def test_a_head_of_long_ago_needs_the_archive(archived: Path) -> None:
    """Alone the journal cannot know it; with the archive a wrong one is found."""
    line = files(archived)[0].read_bytes().split(b"\n")[40]
    assert with_archive(archived, head=(41, sha256_hex(line))).ok
    assert str(verified(archived, head=(41, sha256_hex(line))).reason).startswith("archived-head")
    wrong = with_archive(archived, head=(41, "ab" * 32))
    assert (wrong.ok, wrong.broken_at) == (False, 41)


@pytest.mark.parametrize("seed", range(3))
def test_a_byte_flipped_in_an_archive_is_found_and_file_and_record_are_named(
    old: Path, seed: int
) -> None:
    """Line ends included."""
    rng = random.Random(seed)
    for number, file in enumerate(files(old)):
        whole = file.read_bytes()
        at = rng.randrange(len(whole))
        file.write_bytes(whole[:at] + bytes([whole[at] ^ rng.randrange(1, 256)]) + whole[at + 1 :])
        report = with_archive(old)
        assert (report.ok, report.broken_at) == (False, 100 * number + whole[:at].count(b"\n") + 1)
        assert file.name in str(report.reason)
        assert verified(old).ok, "the journal alone is as it was"
        file.write_bytes(whole)


@pytest.mark.parametrize(("gone", "broken_at"), [(0, 1), (1, 101), (2, 201)])
def test_a_missing_file_is_named_by_the_record_that_it_would_begin_with(
    old: Path, gone: int, broken_at: int
) -> None:
    """Whichever it is."""
    files(old)[gone].unlink()
    report = with_archive(old)
    assert (report.ok, report.broken_at) == (False, broken_at)
    assert f"goes on at record {broken_at} of epoch {EPOCH}" in str(report.reason)


def test_another_epochs_first_file_is_named_itself(old: Path) -> None:
    """Not the one behind it, which cannot follow on it."""
    foreign = SampleKiosk(epoch="5be1000000000002")
    while len(foreign.lines) < 100:
        foreign.give_back()
    first = files(old)[0]
    first.write_bytes(b"\n".join([*foreign.lines[:100], b""]))
    report = with_archive(old)
    assert (report.ok, report.broken_at) == (False, 1), report.reason
    assert f"{first.name}: epoch is 5be1000000000002" in str(report.reason)


def test_another_epochs_files_are_no_substitute(old: Path) -> None:
    """Under their own names they are passed over, under ours they are found."""
    second = files(old)[1]
    lines = second.read_bytes().split(b"\n")
    second.rename(second.with_name(second.name.replace(EPOCH, "5be1000000000002")))
    assert str(with_archive(old).reason).startswith("missing-segment")
    foreign = SampleKiosk(epoch="5be1000000000002")
    while len(foreign.lines) < 200:
        foreign.give_back()
    second.write_bytes(b"\n".join([*foreign.lines[100:], b""]))
    report = with_archive(old)
    assert (report.broken_at, lines[0] != foreign.lines[100]) == (101, True)
    assert second.name in str(report.reason)


@pytest.mark.parametrize(
    ("statement", "broken_at", "reason"),
    [
        ("DELETE FROM records WHERE seq <= 310", 1, "wrong-seq: seq is 311"),
        ("DELETE FROM records WHERE seq = 333", 333, "wrong-seq"),
        ("DELETE FROM records WHERE kind = 'archive'", 1, "wrong-seq: seq is 301"),
        ("UPDATE kept SET line = CAST(x'7b' AS BLOB)", 1, "not-json"),
        ("UPDATE kept SET seq = 400", 400, "wrongly-filed"),
        ("INSERT INTO kept SELECT * FROM records WHERE seq = 320", 320, "never archived here"),
    ],
)
def test_the_front_of_an_archived_journal_is_vouched_for(
    old: Path, statement: str, broken_at: int, reason: str
) -> None:
    """Who cuts off more than the kiosk signed for, or changes what was kept, is found."""
    spoil(old, statement)
    report = verified(old)
    assert (report.ok, report.broken_at) == (False, broken_at), report.reason
    assert reason in str(report.reason)


def test_files_of_a_life_that_ended_otherwise_accuse_nobody(old: Path) -> None:
    """The card was put back from an older image, and then the kiosk went on in another way."""
    other = old.parent.with_name("other") / "journal.sqlite"
    other.parent.mkdir()
    with closing(hasty(journal(other, limits=Limits(keep_records=0)))) as file:
        for _ in range(310):
            file.append(returned())
        assert file.archive()
        for _ in range(150):
            file.append(returned())
        while file.archive():
            pass
    later = files(other)[3]
    assert b'"kind":"archive"' in later.read_bytes()
    shutil.copy(later, old.parent / "archive")
    assert with_archive(old).ok


def test_what_is_kept_must_be_what_was_archived(old: Path) -> None:
    """A calibration in force that was taken out is missed as soon as the archive is at hand."""
    spoil(old, "DELETE FROM kept")
    assert verified(old).ok
    report = with_archive(old)
    assert (report.broken_at, str(report.reason)[:10]) == (1, "wrong-kept")


def test_a_file_that_was_archived_otherwise_is_named_though_its_records_are_good(old: Path) -> None:
    """An end of line is missing at its very end."""
    last = files(old)[2]
    last.write_bytes(last.read_bytes().removesuffix(b"\n"))
    report = with_archive(old)
    assert not report.ok
    assert f"{last.name} is not the file that the kiosk archived" in str(report.reason)


def test_a_damaged_first_row_of_an_archived_journal_is_named_by_its_number(old: Path) -> None:
    """Not by that of a record which was archived."""
    spoil(old, "UPDATE records SET line = CAST(x'7b' AS BLOB) WHERE seq = 301")
    for report in (verified(old), with_archive(old)):
        assert (report.ok, report.broken_at) == (False, 301), report.reason


def test_the_command_takes_the_archives_folder(old: Path) -> None:
    """`kiosk ledger verify JOURNAL --key PUB --archive DIR`; a missing file is false."""
    call = ["verify", str(old), "--key", PUBLIC.hex(), "--json"]
    archive = ["--archive", str(old.parent / "archive")]
    for more, first in ((archive, 1), ([], 301)):
        told = CliRunner().invoke(ledger, [*call, *more])
        report = json.loads(told.stdout)
        assert (told.exit_code, report["ok"], report["first"]) == (0, True, first)
    files(old)[0].unlink()
    told = CliRunner().invoke(ledger, [*call, *archive])
    assert (told.exit_code, json.loads(told.stdout)["broken_at"]) == (1, 1)
