"""Writing the journal that follows on one that is closed; see `renewal`."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

from contract.fields import ZERO_HASH
from controller.adapters.journal.ends import Ends
from controller.adapters.journal.schema import create, set_meta
from controller.adapters.journal.writer import RecordWriter
from controller.core.records import Draft

if TYPE_CHECKING:
    from pathlib import Path

    from contract.keys import Signer
    from controller.adapters.journal.carry import Carried, OldJournal
    from controller.adapters.journal.rows import Owner
    from controller.core.records import Entry

REASON = 200
"""Characters of a reason, where the seqs of what was lost must stand behind it."""

Moved = dict[tuple[int, str], int]
"""An intent's old seq and its deposit's id → its seq in the new journal."""


def write_successor(
    path: Path, old: OldJournal, owner: Owner, signer: Signer, reason: str, at: str
) -> Moved:
    """Write at `path` the journal that follows on `old`; it is durable when this returns.

    Args:
        path: Where nothing is yet.
        old: What was.
        owner: Kiosk and key as before, and the new epoch.
        signer: The kiosk's key.
        reason: Why a new one is begun, for its first record.
        at: Time of that record, ISO 8601 in UTC.

    Returns:
        Where the open intents went.

    Raises:
        sqlite3.Error: The old one cannot be read, or the new one not be written.
    """
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous = FULL")
        create(connection, owner.kiosk, owner.epoch)
        connection.execute("BEGIN IMMEDIATE")
        moved = _Successor(connection, old, RecordWriter(owner, signer)).fill(reason, at)
        connection.execute("COMMIT")
    return moved


class _Successor:
    def __init__(
        self, connection: sqlite3.Connection, old: OldJournal, writer: RecordWriter
    ) -> None:
        self._connection = connection
        self._old = old
        self._writer = writer
        self._ends = Ends(0, ZERO_HASH, 0, 0)

    def fill(self, reason: str, at: str) -> Moved:
        # What is lost is known only once all was read, and belongs into the first record.
        carried = [*self._old.calibrations(), *self._old.waiting()]
        promises = list(self._old.open_intents())
        self._write(self._first(reason, at))
        for one in carried:
            self._carry(one)
        moved = {(one.seq or 0, one.draft.body["deposit_id"]): self._carry(one) for one in promises}
        self._copy_memory()
        return moved

    def _first(self, reason: str, at: str) -> Draft:
        upto, sha256 = self._old.head()
        if self._old.lost:
            lost = ", ".join(map(str, self._old.lost))
            reason = f"{reason[:REASON]}; could not be read: records {lost}"
        body = {
            "previous_epoch": self._old.owner.epoch,
            "upto": upto,
            "sha256": sha256,
            "reason": reason[:300],
        }
        return Draft("epoch", body, at, sent=False)

    def _carry(self, one: Carried) -> int:
        if one.promise is None:
            return self._write(one.draft).seq
        seq = self._write(one.promise).seq
        body = one.draft.body | {"intent": seq}
        return self._write(replace(one.draft, body=body, closes=seq)).seq

    def _write(self, draft: Draft) -> Entry:
        entry, self._ends = self._writer.write(self._connection, draft, self._ends)
        return entry

    def _copy_memory(self) -> None:
        """Codes that were shown, how bays stood, and the time that neither may fall behind."""
        old = self._old.connection
        codes = old.execute("SELECT jti, expires_at FROM seen_codes")
        self._connection.executemany("INSERT INTO seen_codes VALUES (?, ?)", codes)
        bays = old.execute("SELECT bay, zero_raw, unfinished FROM bays")
        self._connection.executemany("INSERT INTO bays VALUES (?, ?, ?)", bays)
        if self._old.lost:
            # One may be an open intent, its load still on a pan: no scale must zero itself.
            self._connection.execute("UPDATE bays SET unfinished = 1")
        set_meta(self._connection, "latest_s", max(self._ends.latest_s, self._old.latest_s))
