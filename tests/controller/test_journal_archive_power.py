"""Power, process or disk fail while old records are archived: they are there once, or twice."""

from __future__ import annotations

import errno
import shutil
import signal
import subprocess
import sys
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from contract.archive import segment_name, segments
from controller.adapters.journal import segment
from controller.adapters.journal.limits import Limits
from controller.adapters.journal.segment import folder_beside
from controller.ports import DiskError
from tests.contract.samples import EPOCH
from tests.controller.aged import (
    archive_all,
    lived,
    months_later,
    opened,
    row_count,
    verified,
)
from tests.controller.drafts import journal, returned
from tests.controller.harm import full, hasty, read_only

if TYPE_CHECKING:
    from collections.abc import Iterator

    from controller.adapters.journal.sqlite_journal import SqliteJournal

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the journal lies."""
    return tmp_path / "card" / "journal.sqlite"


@pytest.mark.parametrize("room_bytes", [0, 5_000, 60_000])
def test_a_full_disk_leaves_every_record_where_it_was(path: Path, room_bytes: int) -> None:
    """Before the file, in the middle of it, and once more when there is room again."""
    with closing(lived(path)) as file:
        before = list(file.lines())
        with full(path, room_bytes), pytest.raises(DiskError, match="cannot be"):
            file.archive()
        assert list(file.lines()) == before
        assert [one.name for one in folder_beside(path).glob("*")] == []
        assert file.append(returned()).seq == 122
        assert archive_all(file) == 1
        assert verified(path).records == 123


def test_archiving_never_takes_the_room_that_deposits_need(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A journal that was large before stays as large on disk: its files come on top."""
    free_bytes = 50_000_000
    path.parent.mkdir()
    limits = Limits(keep_records=0)
    with closing(hasty(journal(path, limits=limits, free_bytes=lambda _: free_bytes))) as file:
        for _ in range(130):
            file.append(returned())
        assert not file.archive()
        assert "event=no-room-to-archive free_bytes=50000000" in caplog.text
        free_bytes = 70_000_000
        assert file.archive()


def test_a_card_that_locks_itself_after_the_file_was_written_has_both_copies(path: Path) -> None:
    """The file is there, the records are as well; the next try takes the same file."""
    with closing(lived(path)) as file:
        with read_only(file), pytest.raises(DiskError, match="readonly"):
            file.archive()
        assert len(segments(folder_beside(path), EPOCH)) == 1
        assert row_count(path) == 121
        assert verified(path).ok
        assert archive_all(file) == 1
        assert verified(path).ok
        assert [one.name for one in folder_beside(path).iterdir()] == [segment_name(EPOCH, 1, 100)]


def test_a_file_that_reads_back_otherwise_costs_no_record(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A card that says it has written, and has not."""
    real = segment._read_back
    monkeypatch.setattr(segment, "_read_back", lambda at: real(at)[:-1])
    with closing(lived(path)) as file:
        with pytest.raises(DiskError, match="reads back otherwise"):
            file.archive()
        assert row_count(path) == 121
        monkeypatch.undo()
        assert archive_all(file) == 1


def test_a_stranger_under_the_files_name_is_kept(path: Path) -> None:
    """Of a card that was restored from an older image: it may be the only copy of what it says."""
    with closing(lived(path)) as file:
        stranger = folder_beside(path) / segment_name(EPOCH, 1, 100)
        stranger.parent.mkdir()
        stranger.write_bytes(b"another past\n")
        assert archive_all(file) == 1
        assert stranger.with_name(f"{stranger.name}.1").read_bytes() == b"another past\n"
        assert verified(path).ok


class Steps:
    """Copies of a card as it was before each change of a file, by name or by SQL."""

    def __init__(self, card: Path) -> None:
        self.copies: list[Path] = []
        self._card = card
        self._watching = False
        sys.addaudithook(self._heard)  # which cannot be taken away again, only silenced

    @contextmanager
    def of(self, file: SqliteJournal) -> Iterator[None]:
        """Watch what the journal does."""
        file._disk.connection.set_trace_callback(self._traced)
        self._watching = True
        yield
        self._watching = False
        file._disk.connection.set_trace_callback(None)

    def _traced(self, sql: str) -> None:
        if sql.startswith(("DELETE", "COMMIT")):
            self._copy()

    def _heard(self, event: str, arguments: tuple[Any, ...]) -> None:
        changes = event in ("os.mkdir", "open", "os.rename", "os.remove")
        if changes and self._watching and str(self._card) in str(arguments[0]):
            self._copy()

    def _copy(self) -> None:
        self._watching = False  # copying is no step
        self.copies.append(self._card.with_name(f"step-{len(self.copies)}"))
        shutil.copytree(self._card, self.copies[-1], ignore=shutil.ignore_patterns("*-shm"))
        self._watching = True


def test_power_may_fail_at_any_step_of_archiving(path: Path) -> None:
    """Old segments go as well. Whatever is on the card, the chain is whole and archiving ends."""
    steps = Steps(path.parent)
    with closing(lived(path, 110, archive_bytes=100_000)) as file:
        months_later(file)
        with steps.of(file):
            assert archive_all(file) == 2
        assert len(segments(folder_beside(path), EPOCH)) == 1
    assert len(steps.copies) > 10
    states = set()
    for card in steps.copies:
        copy = card / path.name
        with closing(opened(copy, archive_bytes=100_000)) as file:
            assert file.epoch == EPOCH
            report = verified(copy)
            assert (report.ok, report.last) == (True, 222 + len(archived(file))), report.reason
            states.add((report.first, report.records, len(list((card / "archive").glob("*")))))
            archive_all(file)
        assert verified(copy).ok
        assert not list((card / "archive").glob("*.part"))
        shutil.rmtree(card)
    assert len(states) > 3, "before, between and after each of the two"


def archived(file: SqliteJournal) -> list[bytes]:
    """The records that say what was archived."""
    return [line for line in file.lines() if b'"kind":"archive"' in line]


def test_a_disk_that_refuses_a_folder_is_named(path: Path) -> None:
    """Something else has the archive's name."""
    with closing(lived(path)) as file:
        folder_beside(path).write_bytes(b"")
        with pytest.raises(DiskError, match="cannot be written") as told:
            file.archive()
        assert isinstance(told.value.__cause__, OSError)
        assert told.value.__cause__.errno in (errno.ENOTDIR, errno.EEXIST)


FOUR_BAYS = """
import asyncio, sys
from pathlib import Path
from controller.adapters.journal.limits import Limits
from controller.adapters.store import ThreadedStore
from tests.controller.drafts import journal, returned

async def bay(store):
    while True:
        print((await store.append(returned())).seq, flush=True)

async def archive(store):
    while True:
        await store.archive()
        await asyncio.sleep(0.01)

async def main():
    limits = Limits(keep_records=0)
    async with ThreadedStore(lambda: journal(Path(sys.argv[1]), limits=limits)) as store:
        await asyncio.gather(*(bay(store) for _ in range(4)), archive(store))

asyncio.run(main())
"""


def test_what_was_told_survives_a_process_that_is_killed_while_it_archives(path: Path) -> None:
    """Four bays at once, in full flow: all that any was told is there, in journal or archive."""
    path.parent.mkdir()
    command = [sys.executable, "-c", FOUR_BAYS, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT, text=True) as kiosk:
        assert kiosk.stdout is not None
        told = [int(next(kiosk.stdout)) for _ in range(330)]
        kiosk.send_signal(signal.SIGKILL)
        told += [int(line) for line in kiosk.stdout if line.endswith("\n")]
    assert segments(folder_beside(path), EPOCH)
    with closing(opened(path)):
        report = verified(path)
        assert (report.ok, report.first) == (True, 1), report.reason
        assert len(set(told)) == len(told)
        assert max(told) <= (report.last or 0) <= max(told) + 5, "four, and one of the archive"
