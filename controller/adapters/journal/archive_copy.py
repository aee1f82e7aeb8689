"""The archive's copy on the second medium.

The stick has its own files, since a card that dies takes its archive along, and of what is never
sent to the ledger nobody else has a copy. A few files at a time, so that no record waits long for a
stick that is new; and only when all are there do their records leave the copy of the journal. What
the copy has itself it writes itself: the card's file may have been spoilt meanwhile.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from contract.archive import segments, unbroken
from contract.canonical import sha256_hex
from contract.errors import RecordError
from controller.adapters.journal.archiving import archived, kept_from
from controller.adapters.journal.schema import meta, set_meta
from controller.adapters.journal.segment import drop_before, write_segment

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path

    from contract.archive import Segment

_log = logging.getLogger(__name__)

AT_A_TIME = 2
"""Files that are copied after one commit."""


class ArchiveCopy:
    """The files in `folder`, on the stick, follow those in `beside`, on the card.

    Where anything was raised another one takes its place: it looks at both folders anew.
    """

    def __init__(self, folder: Path, beside: Path) -> None:
        self._folder = folder
        self._beside = beside
        self._seen: tuple[str, int] | None = None
        self._due: list[Segment] | None = None

    def follow(self, copy: sqlite3.Connection, journal: sqlite3.Connection) -> None:
        """Copy what is missing, and let go of what was copied.

        Raises:
            OSError: The stick, or the card, refuses.
            sqlite3.Error: The same.
        """
        epoch, start = str(meta(journal, "epoch")), archived(journal)
        if self._seen != (epoch, start.seq):  # to look through two folders takes its time
            self._due = self._missing(epoch, start.seq)
            self._seen = epoch, start.seq
        if self._due is None:
            return
        for one in self._due[:AT_A_TIME]:
            write_segment(self._folder / one.path.name, _content(one, copy))
        del self._due[:AT_A_TIME]
        if self._due:
            return
        self._due = None
        (first,) = copy.execute("SELECT min(seq) FROM records").fetchone()
        if not self._has_all(epoch, max(first or 1, kept_from(journal)), start.seq):
            return
        _let_go(copy, journal)
        for gone in drop_before(self._folder, epoch, kept_from(journal)):
            _log.warning("event=segment-deleted path=%s", gone.path)

    def _missing(self, epoch: str, upto: int) -> list[Segment]:
        """What the stick lacks, oldest first; a file that was cut short there is missing too."""
        there = {one.path.name: one.path.stat().st_size for one in segments(self._folder, epoch)}
        here = [one for one in segments(self._beside, epoch) if one.last <= upto]
        return [one for one in here if there.get(one.path.name, 0) < one.path.stat().st_size]

    def _has_all(self, epoch: str, first: int, last: int) -> bool:
        """Whether each of these records is in a file on the stick."""
        try:
            for _ in unbroken(self._folder, epoch, first, last):
                pass
        except RecordError as error:
            _log.error("event=archive-not-copied reason=%s", error)
            return False
        return True


def _content(segment: Segment, copy: sqlite3.Connection) -> bytes:
    """The segment's lines: the copy's own where it has them whole, else the card's file's."""
    query = "SELECT sha256, line FROM records WHERE seq BETWEEN ? AND ? ORDER BY seq"
    rows = copy.execute(query, (segment.first, segment.last)).fetchall()
    are_all = len(rows) == segment.last - segment.first + 1
    if are_all and all(sha256_hex(line) == sha256 for sha256, line in rows):
        return b"".join(line + b"\n" for _, line in rows)
    return segment.path.read_bytes()


def _let_go(copy: sqlite3.Connection, journal: sqlite3.Connection) -> None:
    """Delete from the copy what was archived, and keep of it what the journal keeps."""
    start = archived(journal)
    if archived(copy) == start:
        return
    copy.execute("BEGIN IMMEDIATE")
    try:
        kept = journal.execute("SELECT seq, kind, sha256, line, closes FROM kept")
        copy.executemany("INSERT OR IGNORE INTO kept VALUES (?, ?, ?, ?, ?)", kept)
        copy.execute("DELETE FROM records WHERE seq <= ?", (start.seq,))
        for key in ("archived", "archived_sha256", "archived_sent", "kept_from"):
            set_meta(copy, key, meta(journal, key) or 0)
        copy.execute("COMMIT")
    finally:
        if copy.in_transaction:
            copy.execute("ROLLBACK")
