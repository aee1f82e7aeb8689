"""The journal's copy on a second medium, such as a USB stick, for the day the card dies.

The copy is a journal's file like the other and verifies like it. It is brought up after every
commit and never holds one up: a stick that is pulled, full or broken is said so once, and caught
up with when it is back. Codes that were shown are not copied: a replay credits its owner alone.

Records that were archived leave the copy as well, once the stick has their files too.
"""

from __future__ import annotations

import itertools
import logging
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from controller.adapters.journal.archive_copy import ArchiveCopy
from controller.adapters.journal.file import DAMAGED, has_tables
from controller.adapters.journal.renewal import drop_logs, sync_folder
from controller.adapters.journal.schema import (
    RESTORED,
    SCHEMA,
    create,
    meta,
    migrate,
    set_meta,
)
from controller.adapters.journal.segment import folder_beside

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_log = logging.getLogger(__name__)

_LAST = "SELECT seq, sha256 FROM records ORDER BY seq DESC LIMIT 1"


def device_of(path: Path) -> int:
    """The number of the device that `path` lies on, as the system counts them.

    Raises:
        OSError: There is no such path, or it cannot be asked.
    """
    return path.stat().st_dev


class Mirror:
    """The copy at `path`. `lost` says why it is behind; empty while it is not.

    A copy on the journal's own disk would die with it, and where the stick is not mounted it
    would fill the card: it counts as lost.

    Args:
        path: The file on the second medium; made where there is none.
        beside: The journal that it is the copy of.
        device: Says which device a folder lies on; may raise `OSError`.
    """

    def __init__(self, path: Path, beside: Path, device: Callable[[Path], int] = device_of) -> None:
        self._path = path
        self._beside = beside
        self._device = device
        self._copy: sqlite3.Connection | None = None
        self._archive = ArchiveCopy(folder_beside(path), folder_beside(beside))
        self.lost = ""

    def follow(self, journal: sqlite3.Connection) -> None:
        """Bring the copy up to what is committed in `journal`; never raises for its medium."""
        try:
            if self._copy is None:
                self._check_device()
                self._copy = _opened(self._path, journal)
                # It may be another stick than the last time.
                self._archive = ArchiveCopy(folder_beside(self._path), folder_beside(self._beside))
            _catch_up(self._copy, journal)
            self._archive.follow(self._copy, journal)
        except (*DAMAGED, _UnfitError) as error:
            self.close()
            if not self.lost:
                _log.error("event=mirror-lost path=%s reason=%s", self._path, error)
            self.lost = str(error)
            return
        if self.lost:
            _log.warning("event=mirror-found path=%s", self._path)
        self.lost = ""

    def close(self) -> None:
        """Let go of the medium; the next `follow` opens it again."""
        if self._copy is not None:
            self._copy.close()
            self._copy = None

    def _check_device(self) -> None:
        if self._device(self._path.parent) == self._device(self._beside.parent):
            raise _UnfitError(f"{self._path} is on the journal's own disk: mount a second medium")


class _UnfitError(Exception):
    """The medium is none, or has a file that is not this kiosk's; nothing is written there."""


def restore(path: Path, mirror: Path, kiosk: str) -> bool:
    """Where there is no journal at `path` but a copy of `kiosk`'s at `mirror`, copy it back.

    It is marked so that a new epoch begins when it is opened: its last records may be missing.

    Returns:
        Whether there is a journal at `path` now that was not there before.

    Raises:
        sqlite3.Error: The copy cannot be read, or not be written back.
        OSError: As the disk says.
    """
    if path.exists() or _is_new(mirror):
        return False
    draft = path.with_name(f"{path.name}.restored")
    draft.unlink(missing_ok=True)
    with closing(sqlite3.connect(mirror)) as source, closing(sqlite3.connect(draft)) as target:
        if meta(source, "kiosk") != kiosk:
            return False
        source.backup(target)
        set_meta(target, RESTORED, 1)
        target.commit()
    drop_logs(path)
    draft.replace(path)
    sync_folder(path)
    return True


def _opened(path: Path, journal: sqlite3.Connection) -> sqlite3.Connection:
    """The copy, which is of this journal; another epoch's is kept under the epoch's name."""
    is_new = _is_new(path)
    if not is_new and not _belongs(path, journal):
        with closing(sqlite3.connect(path)) as old:
            epoch = meta(old, "epoch")
        path.replace(_free_name(path, f"{path.stem}-{epoch}"))
        is_new = True
    copy = sqlite3.connect(path, isolation_level=None)
    try:
        # No write-ahead log: a stick may be pulled at any time, and is then one whole file.
        copy.execute("PRAGMA journal_mode = DELETE")
        copy.execute("PRAGMA synchronous = FULL")
        if is_new:
            create(copy, str(meta(journal, "kiosk")), str(meta(journal, "epoch")))
            sync_folder(path)
        elif (schema := int(meta(copy, "schema") or 0)) < SCHEMA:
            migrate(copy, schema)
    except BaseException:
        copy.close()
        raise
    return copy


def _is_new(path: Path) -> bool:
    """Whether there is no copy: no file, or one that was begun when the stick was pulled."""
    if not path.exists():
        return True
    with closing(sqlite3.connect(path)) as copy:
        return not has_tables(copy)


def _free_name(path: Path, stem: str) -> Path:
    """A name beside `path` that nothing has yet: what was kept once is not written over."""
    names = itertools.chain([stem], (f"{stem}-{number}" for number in itertools.count(2)))
    beside = (path.with_name(f"{name}{path.suffix}") for name in names)
    return next(one for one in beside if not one.exists())


def _belongs(path: Path, journal: sqlite3.Connection) -> bool:
    """Whether the copy is a beginning of this journal.

    Raises:
        _UnfitError: It is another kiosk's.
    """
    with closing(sqlite3.connect(path)) as copy:
        kiosk, epoch = meta(copy, "kiosk"), meta(copy, "epoch")
        last = copy.execute(_LAST).fetchone()
    if kiosk != meta(journal, "kiosk"):
        raise _UnfitError(f"{path} is the journal of {kiosk}: use another stick")
    known = "SELECT seq, sha256 FROM records WHERE seq = ?"
    same = last is None or journal.execute(known, last[:1]).fetchone() == last
    return same and epoch == meta(journal, "epoch")


def _catch_up(copy: sqlite3.Connection, journal: sqlite3.Connection) -> None:
    last = (copy.execute(_LAST).fetchone() or (0, ""))[0]
    copy.execute("BEGIN IMMEDIATE")
    try:
        _copy_rows(copy, journal, last)
        copy.execute("COMMIT")
    finally:
        if copy.in_transaction:
            copy.execute("ROLLBACK")


def _copy_rows(copy: sqlite3.Connection, journal: sqlite3.Connection, last: int) -> None:
    rows = journal.execute(
        "SELECT seq, kind, sha256, line, closes FROM records WHERE seq > ? ORDER BY seq", (last,)
    )
    copy.executemany("INSERT INTO records VALUES (?, ?, ?, ?, ?)", rows)
    # A copy that is begun anew lacks what was archived before; what the journal keeps of it counts.
    first = copy.execute("SELECT min(seq) FROM records").fetchone()
    kept = journal.execute("SELECT seq, kind, sha256, line, closes FROM kept WHERE seq < ?", first)
    copy.executemany("INSERT OR IGNORE INTO kept VALUES (?, ?, ?, ?, ?)", kept)
    waiting = journal.execute("SELECT seq FROM outbox WHERE seq > ?", (last,))
    copy.executemany("INSERT OR IGNORE INTO outbox VALUES (?)", waiting)
    aside = journal.execute("SELECT seq, code, at FROM aside")
    copy.executemany("INSERT OR IGNORE INTO aside VALUES (?, ?, ?)", aside)
    for key in ("last_sent", "acked", "latest_s"):
        set_meta(copy, key, meta(journal, key) or 0)
    copy.execute("DELETE FROM outbox WHERE seq <= ?", (meta(journal, "acked") or 0,))
    copy.execute("DELETE FROM outbox WHERE seq IN (SELECT seq FROM aside)")
    bays = journal.execute("SELECT bay, zero_raw, unfinished FROM bays")
    copy.executemany("INSERT OR REPLACE INTO bays VALUES (?, ?, ?)", bays)
