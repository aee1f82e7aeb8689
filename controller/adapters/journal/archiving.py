"""Moving a journal's oldest records into files beside it, so that its own file stays small.

A stretch at a time, and in this order, so that a power cut at any line leaves either copy or both:

1. Every line is verified as a stranger would: signature, place in the chain, how it is filed.
2. The file is written, synced under its name, and read back.
3. In one transaction the records leave the journal, and an `archive` record comes into it that
   names them, their last hash and the file's.

What the kiosk still acts on stays: records that wait, promises that are open or whose end waits.
Calibrations, and what was set aside for staff with the promises behind it, stay in a table of
their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from contract.archive import NOTHING, Start, segment_name, segments
from contract.canonical import sha256_hex
from contract.chain import chain_from
from contract.errors import RecordError
from contract.filed import check_row
from contract.journal import Filed as FiledAs
from contract.journal import Row
from controller.adapters.journal.file import explained
from controller.adapters.journal.schema import meta, set_meta
from controller.adapters.journal.segment import overdue, write_segment
from controller.core.outbox import UNREADABLE

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path

    from controller.adapters.journal.rows import Owner
    from controller.adapters.journal.tail import Filed

SEGMENT = 100
"""Records in a file. A thousand would take a Pi's processor for a second at a time."""

_BOUNDS = """
    SELECT min(bound) FROM (
        SELECT max(seq) - :keep AS bound FROM records
        UNION ALL SELECT min(seq) - 1 FROM outbox
        UNION ALL SELECT min(seq) - 1 FROM aside WHERE code = :unreadable
        UNION ALL SELECT min(closes) - 1 FROM records WHERE seq IN
            (SELECT seq FROM outbox UNION SELECT seq FROM aside WHERE code = :unreadable)
        UNION ALL SELECT min(seq) - 1 FROM records AS promise WHERE kind = 'intent'
            AND NOT EXISTS (SELECT 1 FROM records WHERE closes = promise.seq)
    ) WHERE bound IS NOT NULL
"""

_STRETCH = """
    SELECT seq, kind, sha256, line, closes FROM records WHERE seq <= ? ORDER BY seq LIMIT ?
"""

_KEEP = """
    INSERT INTO kept SELECT seq, kind, sha256, line, closes FROM records WHERE seq <= ? AND (
        kind = 'calibration' OR seq IN (SELECT seq FROM aside)
        OR seq IN (SELECT closes FROM records WHERE seq IN (SELECT seq FROM aside))
    )
"""


@dataclass(frozen=True, slots=True)
class Oldest:
    """The oldest records of a journal as they were read: rows with seq, kind, hash, line, intent.

    `start` is what they continue from, `folder` where their file is to lie.
    """

    owner: Owner
    start: Start
    folder: Path
    rows: list[Filed]

    def secure(self) -> Stretch | Damaged:
        """Verify them, and have them in a file; on any thread, since they never change any more.

        Returns:
            The stretch, durable; or why it is none, and stays where it is.

        Raises:
            DiskError: The disk refuses.
        """
        chain = chain_from(self.start)
        chain.kiosk, chain.epoch = self.owner.kiosk, self.owner.epoch
        try:
            for seq, kind, sha256, line, closes in self.rows:
                filed = FiledAs(seq, kind, sha256, closes)
                chain.follow(check_row(Row(line, filed), self.owner.public))
        except RecordError as error:
            return Damaged(self.owner.epoch, str(error))
        sent = chain.sent[-1] if chain.sent else self.start.sent
        content = b"".join(row[3] + b"\n" for row in self.rows)
        end = Start(chain.seq, chain.sha256, sent)
        stretch = Stretch(self.owner.epoch, self.start, end, sha256_hex(content), len(content))
        path = self.folder / segment_name(stretch.epoch, stretch.first, end.seq)
        with explained(path, "written"):
            write_segment(path, content)
        return stretch


@dataclass(frozen=True, slots=True)
class Damaged:
    """Records of `epoch` that are not as they were written; `reason` names the first."""

    epoch: str
    reason: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """Records that are verified, and in a file of `size_bytes`: those after `start` up to `end`."""

    epoch: str
    start: Start
    end: Start
    file_sha256: str
    size_bytes: int

    @property
    def first(self) -> int:
        """Its first record."""
        return self.start.seq + 1

    def body(self, kept_from: int) -> dict[str, Any]:
        """The body of the record about it; `kept_from` is the oldest that the archive holds."""
        return {
            "first": self.first,
            "last": self.end.seq,
            "sha256": self.end.sha256,
            "sent": self.end.sent,
            "file_sha256": self.file_sha256,
            "kept_from": kept_from,
        }


def oldest_of(
    connection: sqlite3.Connection, owner: Owner, folder: Path, keep: int
) -> Oldest | None:
    """The next records to be archived; None while there are not enough of them beyond `keep`.

    Raises:
        sqlite3.Error: They cannot be read.
    """
    given = {"keep": keep, "unreadable": UNREADABLE}
    (upto,) = connection.execute(_BOUNDS, given).fetchone()
    rows = connection.execute(_STRETCH, (upto, SEGMENT)).fetchall()
    if len(rows) < SEGMENT:
        return None
    return Oldest(owner, archived(connection), folder, rows)


def archived(connection: sqlite3.Connection) -> Start:
    """Where the journal's first row continues from."""
    seq, sha256, sent = (meta(connection, f"archived{key}") for key in ("", "_sha256", "_sent"))
    return Start(int(seq), str(sha256), int(sent or 0)) if seq else NOTHING


def kept_from(connection: sqlite3.Connection) -> int:
    """The oldest record that the archive still holds."""
    return int(meta(connection, "kept_from") or 1)


def to_keep(connection: sqlite3.Connection, folder: Path, stretch: Stretch, most_bytes: int) -> int:
    """The oldest record that the archive is to hold from now on; see `segment.overdue`."""
    oldest, latest_s = kept_from(connection), int(meta(connection, "latest_s") or 0)
    found = segments(folder, stretch.epoch)
    before = [one for one in found if oldest <= one.first and one.last < stretch.first]
    for one in overdue(before, most_bytes - stretch.size_bytes, latest_s):
        oldest = one.last + 1
    return oldest


def let_go(connection: sqlite3.Connection, stretch: Stretch, oldest: int) -> None:
    """Delete the stretch, inside a transaction; `oldest` is what the archive holds from then on."""
    connection.execute(_KEEP, (stretch.end.seq,))
    connection.execute("DELETE FROM records WHERE seq <= ?", (stretch.end.seq,))
    set_meta(connection, "archived", stretch.end.seq)
    set_meta(connection, "archived_sha256", stretch.end.sha256)
    set_meta(connection, "archived_sent", stretch.end.sent)
    set_meta(connection, "kept_from", oldest)
