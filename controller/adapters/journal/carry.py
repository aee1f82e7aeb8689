"""What of a journal goes on in the next one, when it has to be closed and kept.

What the ledger does not have yet, and every open intent, is sealed again under the new epoch. A
deposit keeps its id, by which the ledger knows it should it have had it all the same. Nothing is
signed again whose own signature does not hold.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from contract.bodies import SENT
from contract.errors import RecordError
from contract.fields import ZERO_HASH
from contract.record import open_record
from controller.core.outbox import UNREADABLE
from controller.core.records import Draft

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from contract.record import Record
    from controller.adapters.journal.rows import Owner

_log = logging.getLogger(__name__)

_CALIBRATIONS = """
    SELECT seq, kind, line, closes FROM kept WHERE kind = 'calibration' UNION ALL
    SELECT seq, kind, line, closes FROM records WHERE kind = 'calibration' ORDER BY seq
"""

_WAITING = """
    SELECT seq, kind, line, closes FROM records WHERE seq IN (
        SELECT seq FROM outbox WHERE seq > ? UNION SELECT seq FROM aside WHERE code = ?
    ) ORDER BY seq
"""

_OPEN = """
    SELECT seq, kind, line, closes FROM records WHERE kind = 'intent'
    AND seq NOT IN (SELECT closes FROM records WHERE closes IS NOT NULL) ORDER BY seq
"""

_ONE = "SELECT seq, kind, line, closes FROM records WHERE seq = ?"

_BACKWARDS = "SELECT seq, line FROM records ORDER BY seq DESC"


@dataclass(frozen=True, slots=True)
class Carried:
    """A record to seal again, and the intent, sealed again as well, that it closes, if any.

    `seq` is the seq that an open intent had; the kiosk may know it by that.
    """

    draft: Draft
    promise: Draft | None = None
    seq: int | None = None


@dataclass(slots=True)
class OldJournal:
    """A journal that is closed: read as far as it can be read.

    `released` is the last ack's seq, `latest_s` the highest time in any record (Unix s). `lost`
    are the seqs of records that waited or were open, and of which nothing is left; `closed` those
    of intents that something which waits has closed. Both are known once `waiting` was read.
    """

    connection: sqlite3.Connection
    owner: Owner
    released: int
    latest_s: int
    lost: list[int] = field(default_factory=list)
    closed: set[int | None] = field(default_factory=set)

    def head(self) -> tuple[int, str]:
        """Seq and hash of the last record that can be read; 0 and 64 zeros without any."""
        for seq, line in self.connection.execute(_BACKWARDS):
            if record := self._record(seq, line):
                return seq, record.sha256
        return 0, ZERO_HASH

    def calibrations(self) -> Iterator[Carried]:
        """Every calibration that can be read."""
        for seq, _, line, _ in self.connection.execute(_CALIBRATIONS):
            if record := self._record(seq, line):
                yield Carried(_again(record))

    def waiting(self) -> Iterator[Carried]:
        """What the ledger does not have, as far as it, or its promise, can be read."""
        for seq, kind, line, filed in self.connection.execute(
            _WAITING, (self.released, UNREADABLE)
        ):
            record = self._record(seq, line)
            if record is not None and "intent" not in record.body:
                yield Carried(_again(record))  # a collection ends no promise
                continue
            closes = filed if record is None else record.body["intent"]
            promise = self._promise(closes)
            self.closed.add(closes)
            if record is not None and promise is None and "item_code" in record.body:
                promise = Draft("intent", _promised(record.body), record.at, sent=False)
            if promise is None:
                self._lose(seq, kind)
            elif record is not None:
                yield Carried(_again(record), promise)
            elif kind != "void":
                yield Carried(self._uncertain(seq, promise), promise)

    def open_intents(self) -> Iterator[Carried]:
        """Every open intent that can be read, but for those that what is `waiting` closes."""
        for seq, kind, line, _ in self.connection.execute(_OPEN):
            if seq in self.closed:
                continue
            if record := self._record(seq, line):
                yield Carried(_again(record), seq=seq)
            else:
                self._lose(seq, kind)

    def _uncertain(self, seq: int, promise: Draft) -> Draft:
        """What is left of a damaged record: what was promised, and that staff must look."""
        reason = f"record {seq} of epoch {self.owner.epoch} was damaged before it was sent"
        return Draft("uncertain", promise.body | {"reason": reason}, promise.at, sent=True)

    def _promise(self, seq: int | None) -> Draft | None:
        found = self.connection.execute(_ONE, (seq,)).fetchone()
        record = self._record(found[0], found[2]) if found else None
        return None if record is None else _again(record)

    def _record(self, seq: int, line: bytes) -> Record | None:
        try:
            record = open_record(line, self.owner.public)
        except RecordError as error:
            _log.error("event=record-not-carried seq=%d reason=%s", seq, error)
            return None
        here = (record.seq, record.kiosk, record.epoch) == (seq, self.owner.kiosk, self.owner.epoch)
        return record if here else None

    def _lose(self, seq: int, kind: str) -> None:
        if kind != "void":  # who took a load back has nothing to be credited
            self.lost.append(seq)
            _log.error("event=record-lost seq=%d kind=%s epoch=%s", seq, kind, self.owner.epoch)


def _again(record: Record) -> Draft:
    return Draft(record.kind, record.body, record.at, record.kind in SENT)


def _promised(body: dict[str, Any]) -> dict[str, Any]:
    """The promise that a deposit or uncertain record was made of."""
    return {
        key: value for key, value in body.items() if key not in ("intent", "empty_check", "reason")
    }
