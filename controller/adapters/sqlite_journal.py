"""The journal: the kiosk's append-only file of signed, chained records, and its outbox.

Synchronous and for one thread; `controller.adapters.store` puts it behind the port. A record,
its place in the outbox and the closing of its intent are one transaction. So every record is
wholly there or not at all, whatever fails.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import sqlite3
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from contract.errors import RecordError
from contract.fields import ZERO_HASH
from contract.record import Sealed, open_record, seal
from controller.adapters.journal_file import connect, explained, meta, set_meta
from controller.adapters.journal_tail import check_tail
from controller.core.records import Draft, Entry
from controller.ports import StoreError

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterator

    from contract.keys import Signer

_log = logging.getLogger(__name__)

Row = tuple[int, str, str, bytes]
"""seq, kind, hash and line, as they are stored."""

REMEMBERED_S = 86_400
"""A code's id is kept so long past its expiry: a day also covers a clock that was put right."""

_UNSENT = """
    SELECT seq, kind, sha256, line FROM records
    WHERE seq IN (SELECT seq FROM outbox WHERE seq > ? ORDER BY seq LIMIT ?) ORDER BY seq
"""

_OPEN_INTENTS = """
    SELECT seq, kind, sha256, line FROM records AS promise WHERE kind = 'intent'
    AND NOT EXISTS (SELECT 1 FROM records WHERE closes = promise.seq) ORDER BY seq
"""

_CALIBRATIONS = """
    SELECT seq, kind, sha256, line FROM records WHERE kind = 'calibration' ORDER BY seq
"""


class SqliteJournal:
    """The journal of one kiosk in one SQLite file.

    Args:
        path: The file; made new where there is none.
        kiosk: Whose journal it is.
        signer: The kiosk's key.
        epoch_source: Gives a fresh epoch (16 hex digits) for a new file.

    Raises:
        StoreError: The file is another kiosk's, of a later schema, damaged at its end, signed
            with another key, or cannot be opened.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        kiosk: str,
        signer: Signer,
        epoch_source: Callable[[], str],
    ) -> None:
        self._path = Path(path)
        self._kiosk = kiosk
        self._signer = signer
        self._connection = connect(self._path, kiosk, epoch_source)
        try:
            with explained(self._path, "read"):
                self.epoch = str(meta(self._connection, "epoch"))
                check_tail(self._connection, self._path, (kiosk, self.epoch), signer.public)
        except BaseException:
            self.close()
            raise

    def append(self, draft: Draft) -> Entry:
        """Number, chain, sign and commit a record, and its outbox place with it.

        Raises:
            StoreError: It was not committed; nothing of it remains.
        """
        with self._transaction() as connection:
            last, prev = self._head()
            seq = last + 1
            if draft.closes is not None:
                self._check_open(draft.closes)
            sealed = self._seal(draft, seq, prev)
            connection.execute(
                "INSERT INTO records VALUES (?, ?, ?, ?, ?)",
                (seq, draft.kind, sealed.sha256, sealed.line, draft.closes),
            )
            if draft.sent:
                connection.execute("INSERT INTO outbox VALUES (?)", (seq,))
                set_meta(connection, "last_sent", seq)
            self._note_time(draft.at)
        return Entry(seq, draft.kind, sealed.sha256, sealed.line, draft.body)

    def unsent(self, after_seq: int, limit: int) -> list[Entry]:
        """The oldest records of the outbox with seq > `after_seq`, at most `limit`."""
        return [_entry(row) for row in self._rows(_UNSENT, (after_seq, limit))]

    def acknowledge(self, upto: int, sha256: str) -> bool:
        """Release the outbox up to and with seq `upto`, if that record's hash is `sha256`.

        An ack of 0 stands for an empty ledger: it fits every journal and releases nothing.
        """
        with self._transaction() as connection:
            known = connection.execute(
                "SELECT sha256 FROM records WHERE seq = ?", (upto,)
            ).fetchone()
            if (known[0] if known else ZERO_HASH if upto == 0 else None) != sha256:
                return False
            connection.execute("DELETE FROM outbox WHERE seq <= ?", (upto,))
        return True

    def set_aside(self, seq: int, code: str) -> None:
        """Take a rejected record out of the outbox and note why; again changes nothing."""
        with self._transaction() as connection:
            connection.execute("DELETE FROM outbox WHERE seq = ?", (seq,))
            connection.execute(
                "INSERT OR IGNORE INTO aside SELECT seq, ?, ? FROM records WHERE seq = ?",
                (code, self._latest_s(), seq),
            )

    def open_intents(self) -> list[Entry]:
        """Intents that no record has closed, oldest first."""
        return [_entry(row) for row in self._rows(_OPEN_INTENTS)]

    def calibrations(self) -> list[Entry]:
        """Every calibration, oldest first; what this kiosk never signed so is left out and logged.

        The end of the journal is checked when it is opened, but a calibration may be years old,
        and what it says is believed of every mass. So nothing of a line is read before its
        signature was.
        """
        return [_entry(row) for row in self._rows(_CALIBRATIONS) if self._is_own(row)]

    def depth(self) -> int:
        """How many records wait in the outbox."""
        with explained(self._path, "read"):
            (count,) = self._connection.execute("SELECT count(*) FROM outbox").fetchone()
        return int(count)

    def remember_code(self, jti: str, expires_at: int) -> bool:
        """Note a code's id until it expires (Unix s); False where it was known already.

        Expiry goes by the highest time in any record, so a clock that jumps back brings no
        code to life again.
        """
        with self._transaction() as connection:
            horizon_s = self._latest_s() - REMEMBERED_S
            connection.execute("DELETE FROM seen_codes WHERE expires_at < ?", (horizon_s,))
            added = connection.execute(
                "INSERT OR IGNORE INTO seen_codes VALUES (?, ?)", (jti, expires_at)
            )
        return added.rowcount == 1

    def lines(self) -> Iterator[bytes]:
        """Yield all records' lines by seq, for verification."""
        with explained(self._path, "read"):
            for (line,) in self._connection.execute("SELECT line FROM records ORDER BY seq"):
                yield line

    def close(self) -> None:
        """Close the file; idempotent."""
        self._connection.close()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with explained(self._path, "written"):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            finally:
                # Where the disk is full SQLite has rolled back by itself, and says so here.
                if self._connection.in_transaction:
                    with suppress(sqlite3.OperationalError):
                        self._connection.execute("ROLLBACK")

    def _seal(self, draft: Draft, seq: int, prev: str) -> Sealed:
        after = int(meta(self._connection, "last_sent") or 0) if draft.sent else None
        try:
            return seal(
                draft.kind,
                draft.body,
                kiosk=self._kiosk,
                epoch=self.epoch,
                seq=seq,
                after=after,
                at=draft.at,
                prev=prev,
                signer=self._signer,
            )
        except RecordError as error:
            raise StoreError(f"journal {self._path} takes no such record: {error}") from error

    def _is_own(self, row: Row) -> bool:
        """Whether the line is a record that this kiosk signed, under the seq it is stored by."""
        seq, kind, _, line = row
        try:
            record = open_record(line, self._signer.public)
        except RecordError as error:
            _log.error("event=calibration-forged seq=%d reason=%s", seq, error)
            return False
        own = (record.kiosk, record.seq, record.kind) == (self._kiosk, seq, kind)
        if not own:
            _log.error(
                "event=calibration-foreign seq=%d is=%s kiosk=%s", seq, record.seq, record.kiosk
            )
        return own

    def _head(self) -> tuple[int, str]:
        """Seq and hash of the last record; 0 and 64 zeros where there is none."""
        found = self._connection.execute(
            "SELECT seq, sha256 FROM records ORDER BY seq DESC LIMIT 1"
        ).fetchone()
        return found or (0, ZERO_HASH)

    def _check_open(self, seq: int) -> None:
        kind, closed_by = self._connection.execute(
            "SELECT (SELECT kind FROM records WHERE seq = :seq),"
            " (SELECT seq FROM records WHERE closes = :seq)",
            {"seq": seq},
        ).fetchone()
        if kind != "intent":
            raise StoreError(f"record {seq} is no intent that could be closed: {kind or 'missing'}")
        if closed_by is not None:
            raise StoreError(f"intent {seq} is closed by record {closed_by}: it ends only once")

    def _note_time(self, at: str) -> None:
        at_s = int(dt.datetime.fromisoformat(at).timestamp())  # sealing has checked it
        if at_s > self._latest_s():
            set_meta(self._connection, "latest_s", at_s)

    def _latest_s(self) -> int:
        return int(meta(self._connection, "latest_s") or 0)

    def _rows(self, query: str, values: tuple[int, ...] = ()) -> list[Row]:
        with explained(self._path, "read"):
            return self._connection.execute(query, values).fetchall()


def _entry(row: Row) -> Entry:
    """A row with its line read; it was looked at when the journal was opened, or is now."""
    seq, kind, sha256, line = row
    return Entry(seq, kind, sha256, line, json.loads(line)["body"])
