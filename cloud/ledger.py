"""The ledger: every record exactly once, points in double entry, an ack only after the commit.

Rules:

1. A record is known by kiosk, epoch and seq. The same again is a duplicate and changes nothing;
   the same with another hash is a conflict and is rejected.
2. A validly signed record always posts; `cloud.assess` says whether it is credited or held.
3. The points are the ledger's own. Where the kiosk showed something else, a correcting entry in
   the same transaction says so.
4. One deposit is credited once, even if a kiosk that lost its journal seals it anew: its
   deposit id is known.
5. The ack follows the records' `after` links and stops at the first gap.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from cloud import head
from cloud.assess import FOR_STAFF, Hold
from cloud.book import Book
from cloud.errors import LedgerError, UnknownKioskError
from cloud.schema import cause, records
from cloud.statement import Balance, Receipt, Totals, balance_of, receipts_of, totals_of
from contract.errors import RecordError
from contract.payloads import Ack, Rejected
from contract.record import open_envelope

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy import Engine

    from contract.catalogue import Catalogue
    from contract.payloads import DepositBatch

_log = logging.getLogger(__name__)


class Ledger:
    """The books of all kiosks.

    Args:
        database: As `cloud.schema.open_database` gives it.
        catalogues: Catalogue version → catalogue.
        kiosk_keys: Kiosk id → public key (32 bytes); may grow while the ledger runs.
        clock: Gives Unix seconds.
    """

    def __init__(
        self,
        database: Engine,
        catalogues: Mapping[str, Catalogue],
        kiosk_keys: Mapping[str, bytes],
        clock: Callable[[], int],
    ) -> None:
        self._database = database
        self._reading = database.execution_options(reads=True)
        self._catalogues = catalogues
        self._keys = kiosk_keys
        self._clock = clock

    def post(self, kiosk: str, batch: DepositBatch) -> Ack:
        """Post a batch that came under `kiosk`'s name; return once it is durable.

        Raises:
            UnknownKioskError: No key is registered for `kiosk`; nothing was posted.
            LedgerError: The database failed; nothing was posted.
        """
        public = self._public(kiosk)
        rejected: list[Rejected] = []
        try:
            with self._database.begin() as connection:
                book = Book(connection, self._clock())
                for text in batch.records:
                    line = text.encode()
                    try:
                        self._take(book, kiosk, public, line)
                    except RecordError as error:
                        _log.warning("record refused kiosk=%s code=%s", kiosk, error.code)
                        seq = book.reject(kiosk, batch.epoch, line, error.code)
                        rejected.append(Rejected(seq=seq, code=error.code))
                upto, sha256 = head.advance(connection, kiosk, batch.epoch)
        except SQLAlchemyError as error:
            raise LedgerError(f"batch of kiosk {kiosk} was not posted: {cause(error)}") from error
        return Ack(epoch=batch.epoch, upto=upto, sha256=sha256, rejected=rejected)

    def ack(self, kiosk: str, epoch: str) -> Ack:
        """What the ledger has of this epoch of a kiosk.

        Raises:
            UnknownKioskError: No key is registered for `kiosk`.
        """
        self._public(kiosk)
        with self._reading.begin() as connection:
            upto, sha256 = head.current(connection, kiosk, epoch)
        return Ack(epoch=epoch, upto=upto, sha256=sha256, rejected=[])

    def settle(self) -> int:
        """Assess again what is held for want of a catalogue or of software; say how many went.

        Call it when a catalogue was added and after an update.
        """
        waiting = select(records).where(records.c.state == "held", records.c.code.not_in(FOR_STAFF))
        settled = 0
        with self._database.begin() as connection:
            book = Book(connection, self._clock())
            for row in connection.execute(waiting).all():
                try:
                    record = open_envelope(row.line, self._public(row.kiosk))
                except (RecordError, UnknownKioskError) as error:
                    _log.warning("record stays held kiosk=%s seq=%s: %s", row.kiosk, row.seq, error)
                    continue
                assessment = book.assess(record, self._catalogues)
                if not isinstance(assessment, Hold) or assessment.code in FOR_STAFF:
                    book.settle(row.id, record, assessment)
                    settled += 1
        return settled

    def balance(self, account: str) -> Balance:
        """Points and carbon of a resident's account (16 hex digits)."""
        with self._reading.begin() as connection:
            return balance_of(connection, account)

    def statement(self, account: str, limit: int = 100) -> list[Receipt]:
        """The latest `limit` credited deposits of a resident's account, newest first."""
        with self._reading.begin() as connection:
            return receipts_of(connection, account, limit, self._catalogues)

    def totals(self) -> Totals:
        """Sums over the whole ledger."""
        with self._reading.begin() as connection:
            return totals_of(connection)

    def _public(self, kiosk: str) -> bytes:
        public = self._keys.get(kiosk)
        if public is None:
            raise UnknownKioskError(
                f"kiosk {kiosk!r} is not registered: put its public key among the kiosks' keys"
            )
        return public

    def _take(self, book: Book, kiosk: str, public: bytes, line: bytes) -> None:
        """Post one line, unless it is a duplicate.

        Raises:
            RecordError: It will never post.
        """
        try:
            record = open_envelope(line, public)
        except RecordError as error:
            if error.code != "unknown-key":
                raise
            # The key on file may be the outdated one: neither post nor reject, the kiosk repeats.
            _log.warning("record waits for its key kiosk=%s: %s", kiosk, error)
            return
        if record.kiosk != kiosk:
            raise RecordError("wrong-kiosk", f"record names kiosk {record.kiosk}, not {kiosk}")
        known = book.hash_of(record)
        if known is None:
            book.post(record, book.assess(record, self._catalogues))
        elif known != record.sha256:
            raise RecordError("conflict", f"seq {record.seq} was posted with another hash")
