"""The journal: the kiosk's append-only file of signed, chained records, and its outbox.

Synchronous and for one thread; `controller.adapters.store` puts it behind the port. A record,
its place in the outbox and the closing of its intent are one transaction. So every record is
wholly there or not at all, whatever fails.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from contract.instant import instant_of
from contract.record import MAX_LINE
from controller.adapters.journal import archiving, memory
from controller.adapters.journal.archiving import Damaged
from controller.adapters.journal.ends import read_ends
from controller.adapters.journal.file import explained, explanation
from controller.adapters.journal.open_journal import OpenJournal
from controller.adapters.journal.schema import UNARCHIVABLE, meta, set_meta
from controller.adapters.journal.segment import drop_before, folder_beside
from controller.core.records import Draft, Entry
from controller.ports import BayMemory, DiskError, Room, StoreError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from controller.adapters.journal.archiving import Oldest, Stretch

_log = logging.getLogger(__name__)

REMEMBERED_S = 86_400
"""A code's id is kept so long past its expiry: a day also covers a clock that was put right."""


class SqliteJournal(OpenJournal):
    """The journal of one kiosk in one SQLite file; how it is opened says `OpenJournal`."""

    def append(self, draft: Draft) -> Entry:
        """Number, chain, sign and commit a record, and its outbox place with it.

        Raises:
            StoreError: It was not committed; nothing of it remains.
        """
        with self._transaction() as connection:  # which may open a new file
            placed, before = self._placed(draft), self._ends or read_ends(connection)
            entry, ends = self._writer.write(connection, placed, before)
        self._ends = ends
        return entry

    def append_all(self, drafts: Sequence[Draft]) -> list[Entry | StoreError]:
        """Append records in this order, with one wait for the disk for all of them.

        Returns:
            In the place of each draft its record, or why nothing of it was committed. A disk that
            refuses refuses them all.
        """
        try:
            if len(drafts) == 1:
                return [self.append(drafts[0])]
            with self._transaction() as connection:
                placed, before = map(self._placed, drafts), self._ends or read_ends(connection)
                told, ends = self._writer.write_each(connection, placed, before)
        except StoreError as error:
            return [error] * len(drafts)
        self._ends = ends
        return [self._told(one) for one in told]

    def unsent(self, after_seq: int, limit: int) -> list[Entry]:
        """The oldest records of the outbox with seq > `after_seq`, at most `limit`.

        One that was damaged meanwhile is set aside as `UNREADABLE`, so that those behind it go.
        """
        with explained(self._path, "read"):
            entries = self._outbox.entries(after_seq, limit)
        self._settle()
        return entries

    def acknowledge(self, upto: int, sha256: str) -> bool:
        """Release the outbox up to and with seq `upto`, if that record's hash is `sha256`.

        An ack of 0 stands for an empty ledger: it fits every journal and releases nothing. A
        disk that takes nothing changes nothing: see `outbox`.
        """
        with explained(self._path, "read"):
            if not self._outbox.knows(upto, sha256):
                return False
        self._outbox.release(upto)
        self._settle()
        return True

    def set_aside(self, seq: int, code: str) -> None:
        """Take a rejected record out of the outbox and note why; again changes nothing."""
        self._outbox.set_aside(seq, code)
        self._settle()

    def remember_code(self, jti: str, expires_at: int) -> bool:
        """Note a code's id until it expires (Unix s); False where it was known already.

        Expiry goes by the highest time in any record, so a clock that jumps back brings no
        code to life again.
        """
        with self._transaction() as connection:
            horizon_s = self._latest_s() - REMEMBERED_S
            return memory.remember_code(connection, jti, expires_at, horizon_s)

    def remember_bay(self, bay_id: str, zero_raw: float, unfinished: bool) -> None:
        """Keep what a bay must know after a restart, in place of what was kept before."""
        with self._transaction() as connection:
            memory.remember_bay(connection, bay_id, BayMemory(zero_raw, unfinished))

    def room(self) -> Room:
        """Whether another record can be written.

        After a write that the disk refused there is room again once a try of the longest
        record's size was committed: a kiosk that takes nothing would never find out otherwise.
        """
        if self._disk.refusal:
            with suppress(DiskError), self._transaction() as connection:
                set_meta(connection, "try", bytes(MAX_LINE))
        return self._disk.room()

    def archive(self) -> bool:
        """Move the oldest stretch of records, if there is one, into a file beside the journal.

        Returns:
            Whether there was one; then there may be another.

        Raises:
            DiskError: The disk refuses; every record is where it was.
        """
        oldest = self.oldest()
        return oldest is not None and self.let_go(oldest.secure())

    def oldest(self) -> Oldest | None:
        """What is to be archived next, if anything is; the first half of `archive`.

        Raises:
            DiskError: It cannot be read.
        """
        self._reopen()
        self._settle()
        connection, folder = self._disk.connection, folder_beside(self._path)
        with explained(self._path, "archived"):
            if self._outbox.unwritten or meta(connection, UNARCHIVABLE):
                return None
            if (free_bytes := self._disk.room().free_bytes) < self._limits.spare_bytes:
                _log.warning("event=no-room-to-archive free_bytes=%d", free_bytes)
                return None
            keep = self._limits.never_archived
            return archiving.oldest_of(connection, self._owner, folder, keep)

    def let_go(self, stretch: Stretch | Damaged) -> bool:
        """Take out of the journal what is in a file by now; the second half of `archive`.

        A stretch that is damaged stays, and the next start begins a new epoch for it.

        Returns:
            Whether it was taken out.

        Raises:
            DiskError: The disk refuses; every record is where it was.
        """
        if isinstance(stretch, Damaged):
            self._note(stretch)
            return False
        folder = folder_beside(self._path)
        with self._transaction() as connection:
            if (self.epoch, archiving.archived(connection)) != (stretch.epoch, stretch.start):
                return False  # a new epoch began meanwhile
            limit = self._limits.archive_bytes
            oldest = archiving.to_keep(connection, folder, stretch, limit)
            before = self._ends or read_ends(connection)
            # The journal has no clock: the highest time in any record is the latest it knows.
            draft = Draft("archive", stretch.body(oldest), instant_of(before.latest_s), sent=False)
            _, ends = self._writer.write(connection, draft, before)
            archiving.let_go(connection, stretch, oldest)
        self._ends = ends
        with explained(self._path, "archived"):
            for one in drop_before(folder, self.epoch, oldest):
                _log.warning("event=segment-deleted path=%s", one.path)
        return True

    def _placed(self, draft: Draft) -> Draft:
        """The draft, which may know its intent by the seq it had in the epoch before."""
        seq = self._moved.get((draft.closes or 0, draft.body.get("deposit_id", "")))
        if seq is None:
            return draft
        return replace(draft, body=draft.body | {"intent": seq}, closes=seq)

    def _told(self, outcome: Entry | Exception) -> Entry | StoreError:
        if isinstance(outcome, Entry | StoreError):
            return outcome
        return explanation(outcome, self._path, "written")

    def _note(self, damaged: Damaged) -> None:
        """Remember why nothing can be archived any more: the next start begins a new epoch."""
        epoch, reason = damaged.epoch, damaged.reason
        _log.error("event=journal-not-archived epoch=%s reason=%s", epoch, reason)
        with self._transaction() as connection:
            if self.epoch == epoch:  # else a new one began meanwhile
                set_meta(connection, UNARCHIVABLE, f"a record of long ago is damaged: {reason}")
