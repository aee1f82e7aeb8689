"""The outbox: which of a journal's records wait for the ledger.

What the ledger said is heard even while the disk takes nothing: it is kept here, and is written
together with the next record. A power cut in between costs a sending again, no more, since the
ledger knows a record that it has. So a full disk never holds up the way to the ledger.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from contract.canonical import sha256_hex
from contract.errors import RecordError
from contract.fields import ZERO_HASH
from controller.adapters.journal.archiving import archived
from controller.adapters.journal.rows import intact
from controller.adapters.journal.schema import meta, set_meta
from controller.core.outbox import UNREADABLE

if TYPE_CHECKING:
    import sqlite3

    from controller.adapters.journal.rows import Owner, Row
    from controller.core.records import Entry

_log = logging.getLogger(__name__)

_WAITING = """
    SELECT outbox.seq, kind, sha256, line FROM outbox CROSS JOIN records USING (seq)
    WHERE outbox.seq > ? ORDER BY outbox.seq LIMIT ?
"""
"""`CROSS JOIN` keeps SQLite from walking the records, of which the outbox has a few."""


class OutboxTable:
    """The outbox of the open journal of `owner` behind `connection`."""

    def __init__(self, connection: sqlite3.Connection, owner: Owner) -> None:
        self._connection = connection
        self._owner = owner
        self._acked = int(meta(connection, "acked") or 0)
        self._released = self._acked
        self._aside: dict[int, str] = {}

    @property
    def released(self) -> int:
        """The seq up to which every record is posted."""
        return self._released

    @property
    def unwritten(self) -> bool:
        """Whether something was released that the disk does not know yet."""
        return self._released > self._acked or bool(self._aside)

    def release(self, upto: int) -> None:
        """Every record up to and with `upto` is posted."""
        self._released = max(self._released, upto)

    def set_aside(self, seq: int, code: str) -> None:
        """This one record can never be posted, for the reason `code`."""
        self._aside.setdefault(seq, code)

    def write(self, at_s: int) -> None:
        """Write what was released; inside a transaction. `at_s` is the journal's time (Unix s)."""
        if self._released > self._acked:
            self._connection.execute("DELETE FROM outbox WHERE seq <= ?", (self._released,))
            set_meta(self._connection, "acked", self._released)
        for seq, code in self._aside.items():
            self._connection.execute("DELETE FROM outbox WHERE seq = ?", (seq,))
            self._connection.execute(
                "INSERT OR IGNORE INTO aside SELECT seq, ?, ? FROM records WHERE seq = ?",
                (code, at_s, seq),
            )

    def written(self) -> None:
        """What `write` wrote was committed."""
        self._acked = self._released
        self._aside.clear()

    def entries(self, after_seq: int, limit: int) -> list[Entry]:
        """The oldest that wait, have seq > `after_seq` and can be read, at most `limit`.

        One that cannot is set aside as `UNREADABLE`.
        """
        entries: list[Entry] = []
        while len(entries) < limit:
            rows = self.waiting(after_seq, limit - len(entries))
            if not rows:
                break
            entries += [entry for row in rows if (entry := self._readable(row))]
            after_seq = rows[-1][0]
        return entries

    def knows(self, seq: int, sha256: str) -> bool:
        """Whether that is a hash of record `seq`: its line's, or the one that it was filed under.

        Seq 0 stands for no record, and has 64 zeros. Of an archived record any hash does: the
        ledger had it before it was archived, and to hear so again releases nothing.
        """
        if seq == 0:
            return sha256 == ZERO_HASH
        if 0 < seq <= archived(self._connection).seq:
            return True
        one = "SELECT sha256, line FROM records WHERE seq = ?"
        rows = self._connection.execute(one, (seq,)).fetchall()
        return any(sha256 in (filed, sha256_hex(line)) for filed, line in rows)

    def waiting(self, after_seq: int, limit: int) -> list[Row]:
        """The oldest rows that wait and have seq > `after_seq`, at most `limit`."""
        start = max(after_seq, self._released)
        rows = self._connection.execute(_WAITING, (start, limit + len(self._aside))).fetchall()
        return [row for row in rows if row[0] not in self._aside][:limit]

    def depth(self) -> int:
        """How many records wait."""
        waiting = "SELECT seq FROM outbox WHERE seq > ?"
        rows = self._connection.execute(waiting, (self._released,))
        return sum(seq not in self._aside for (seq,) in rows)

    def aside(self) -> dict[str, int]:
        """How many records were set aside, by their code."""
        by_code = "SELECT code, count(*) FROM aside GROUP BY code ORDER BY code"
        counts: dict[str, int] = dict(self._connection.execute(by_code).fetchall())
        for code in self._aside.values():
            counts[code] = counts.get(code, 0) + 1
        return counts

    def _readable(self, row: Row) -> Entry | None:
        """The row's record, or None where it had to be set aside."""
        try:
            return intact(row, self._owner)
        except RecordError as error:
            _log.error("event=record-unreadable seq=%d reason=%s", row[0], error)
            self.set_aside(row[0], UNREADABLE)
            return None
