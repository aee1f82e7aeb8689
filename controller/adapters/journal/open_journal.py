"""An open journal: its file, its transactions, and the next epoch that takes its place."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from contract.instant import instant_of
from controller.adapters.journal.carry import OldJournal
from controller.adapters.journal.disk import JournalDisk, free_bytes_of
from controller.adapters.journal.ends import Ends, read_ends
from controller.adapters.journal.file import connect, explained
from controller.adapters.journal.limits import Limits
from controller.adapters.journal.mirror import Mirror, device_of, restore
from controller.adapters.journal.outbox import OutboxTable
from controller.adapters.journal.reader import JournalReader
from controller.adapters.journal.renewal import Renewal
from controller.adapters.journal.rows import Owner
from controller.adapters.journal.schema import RESTORED, UNARCHIVABLE, meta
from controller.adapters.journal.successor import write_successor
from controller.adapters.journal.tail import damage_at_the_end, owner_of
from controller.adapters.journal.writer import RecordWriter
from controller.core.outbox import UNREADABLE
from controller.ports import DiskError, StoreError

if TYPE_CHECKING:
    import os
    import sqlite3
    from collections.abc import Callable, Iterable, Iterator

    from contract.keys import Signer
    from controller.adapters.journal.successor import Moved

_log = logging.getLogger(__name__)

LIMITS = Limits()


class OpenJournal(JournalReader):
    """A journal's file from its opening to its close, over every renewal.

    Where the file's end is damaged when it is opened, or a record had to be set aside because
    nobody could read it, the file is closed and kept, and a new epoch begins: see `renew`.

    Args:
        path: The file; made new where there is none.
        kiosk: Whose journal it is.
        signer: The kiosk's key.
        epoch_source: Gives a fresh epoch (16 hex digits) for a new file.
        limits: How large it may become, and how much room it needs.
        free_bytes: Says how many bytes are free where a path lies; may raise `OSError`.
        mirror: A file on a second medium that follows, and is copied back where there is no
            journal at `path`; None for none.
        retired: Public keys (32 bytes) that this kiosk had before: what one of them signed in a
            copy that is restored goes on.
        device: Says which device a folder lies on; may raise `OSError`.

    Raises:
        StoreError: The file is another kiosk's, of a later schema, signed with another key, may
            not be written, or cannot be opened.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        kiosk: str,
        signer: Signer,
        epoch_source: Callable[[], str],
        limits: Limits = LIMITS,
        free_bytes: Callable[[Path], int] = free_bytes_of,
        mirror: Path | None = None,
        retired: Iterable[bytes] = (),
        device: Callable[[Path], int] = device_of,
    ) -> None:
        self._path = Path(path)
        self._kiosk = kiosk
        self._signer = signer
        self._epoch_source = epoch_source
        self._limits = limits
        self._free_bytes = free_bytes
        self._keys = (signer.public, *retired)
        self._moved: Moved = {}
        self._begun: tuple[str, Moved] | None = None
        self._mirror = None if mirror is None else Mirror(mirror, self._path, device)
        with explained(self._path, "restored"):
            if mirror is not None and restore(self._path, mirror, kiosk):
                _log.error("event=journal-restored path=%s from=%s", self._path, mirror)
        self._open()

    def _open(self) -> None:
        connection = connect(self._path, self._kiosk, self._epoch_source)
        self._disk = JournalDisk(
            connection, self._path, self._limits.min_free_bytes, self._free_bytes, self._mirror
        )
        try:
            with explained(self._path, "read"):
                self._owner, damage = owner_of(connection, self._kiosk, self._keys)
                self.epoch = self._owner.epoch
                self._outbox = OutboxTable(connection, self._owner)
                damage = damage or damage_at_the_end(connection, self._path, self._owner)
                damage = damage or self._why_not_to_go_on(connection)
                self._ends: Ends | None = read_ends(connection)
            self._writer = RecordWriter(self._owner, self._signer)
            if damage:
                _log.error("event=journal-damaged epoch=%s reason=%s", self.epoch, damage)
                self.renew(damage)
        except BaseException:
            self._disk.close()
            raise

    def _reopen(self) -> bool:
        """Open the file again after a renewal has closed it; say whether it is the successor.

        Where the disk refuses that, it is tried again with the next write.
        """
        if self._begun is None:
            return False
        begun, self._begun = self._begun, None
        try:
            self._open()  # which puts the successor in place, once the old one is kept
        except StoreError as error:
            self._begun, self._disk.refusal = begun, str(error)
            raise
        before, moved = begun
        if self.epoch == before:
            return False
        self._moved = moved | {
            old: moved[now, old[1]] for old, now in self._moved.items() if (now, old[1]) in moved
        }
        return True

    def _why_not_to_go_on(self, connection: sqlite3.Connection) -> str:
        if meta(connection, RESTORED):
            return "restored from the second medium, the last records may be missing"
        if count := self._outbox.aside().get(UNREADABLE):
            return f"{count} records that waited could not be read"
        return str(meta(connection, UNARCHIVABLE) or "")

    def renew(self, reason: str) -> str:
        """Close and keep this journal, begin a new one in its place; return the new epoch.

        What the ledger does not have, open intents, calibrations and what is remembered of codes
        and bays go on in it: see `carry`. An intent that was open may still be closed by
        the seq it had.

        Raises:
            StoreError: It could not be; the old journal goes on, as soon as the disk lets it.
        """
        if self._reopen():
            return self.epoch
        self._settle()
        renewal = Renewal(self._path, self.epoch)
        with explained(self._path, "renewed"):
            renewal.drop()
            moved = self._write_successor(renewal.successor, reason)
            self._disk.close()
            self._begun = renewal.epoch, moved
            failed = renewal.keep()
            if not self._reopen() and failed is not None:
                raise failed
        return self.epoch

    def close(self) -> None:
        """Close the file; idempotent."""
        self._begun = None
        self._disk.close()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """One transaction, and with it whatever the outbox released before."""
        self._reopen()
        try:
            with self._disk.transaction() as connection:
                yield connection
                if self._outbox.unwritten:
                    self._outbox.write(self._latest_s())
        except BaseException:
            self._ends = None  # what is remembered may be what was rolled back
            raise
        self._outbox.written()

    def _settle(self) -> None:
        """Write what the outbox released; a disk that refuses gets it with the next record."""
        if not self._outbox.unwritten:
            return
        try:
            with self._transaction():
                pass
        except DiskError as error:
            _log.warning("event=release-not-written reason=%s", error)

    def _write_successor(self, path: Path, reason: str) -> Moved:
        owner = Owner(self._kiosk, self._epoch_source(), self._signer.public)
        if owner.epoch == self.epoch:
            raise StoreError(f"journal {self._path} was given its own epoch {self.epoch} anew")
        latest_s = self._latest_s()
        old = OldJournal(self._disk.connection, self._owner, self._outbox.released, latest_s)
        return write_successor(path, old, owner, self._signer, reason, instant_of(latest_s))

    def _latest_s(self) -> int:
        if self._ends is None:
            self._ends = read_ends(self._disk.connection)
        return self._ends.latest_s
