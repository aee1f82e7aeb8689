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
6. A line that its kiosk did not sign is kept and counted. What it says is believed in nothing: the
   answer names no seq, and the ack waits for the record that is still to come.
"""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from cloud import head
from cloud.assess import FOR_STAFF, Hold
from cloud.book import Book
from cloud.claims import Claim, ClaimError, claimed, whose
from cloud.errors import LedgerError, UnknownKioskError
from cloud.flagged import Flagged, flagged_of
from cloud.mix import mix_of
from cloud.plausible import Flag
from cloud.schema import cause, reading, records
from cloud.statement import (
    Balance,
    Receipt,
    Totals,
    balance_of,
    held_of,
    line_of_deposit,
    receipts_of,
    rejected_of,
    totals_of,
)
from contract.errors import RecordError
from contract.head import sign_ack, sign_head
from contract.payloads import Ack, Rejected

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy import Engine, Row

    from cloud.keyring import Keyring
    from cloud.phones import PhoneBook
    from contract.catalogue import Catalogue
    from contract.factors import Mix
    from contract.keys import Signer
    from contract.payloads import DepositBatch
    from contract.record import Record

_log = logging.getLogger(__name__)


class Ledger:
    """The books of all kiosks. `catalogues` are those that it knows, by version.

    Args:
        database: As `cloud.schema.open_database` gives it.
        catalogues: Catalogue version → catalogue.
        kiosk_keys: Kiosk id → its keys; may grow while the ledger runs.
        clock: Gives Unix seconds.
        signer: The ledger's key, for its acks; without one they go out unsigned.
        phones: Says whose a typed number is; without it deposits by one are held.
    """

    def __init__(
        self,
        database: Engine,
        catalogues: Mapping[str, Catalogue],
        kiosk_keys: Mapping[str, Keyring],
        clock: Callable[[], int],
        signer: Signer | None = None,
        phones: PhoneBook | None = None,
    ) -> None:
        self._database = database
        self.catalogues = catalogues
        self._keys = kiosk_keys
        self._clock = clock
        self._signer = signer
        self._phones = phones
        if phones is not None:
            with database.begin() as connection:
                phones.create(connection)

    def post(self, kiosk: str, batch: DepositBatch) -> Ack:
        """Post a batch that came under `kiosk`'s name; return once it is durable.

        Raises:
            UnknownKioskError: No key is registered for `kiosk`; nothing was posted.
            LedgerError: The database failed; nothing was posted.
        """
        keys = self._keyring(kiosk)
        try:
            with self._database.begin() as connection:
                book = Book(connection, self._clock(), self._phones)
                answers = [self._take(book, batch, keys, one.encode()) for one in batch.records]
                reached = head.advance(connection, kiosk, batch.epoch)
        except SQLAlchemyError as error:
            raise LedgerError(f"batch of kiosk {kiosk} was not posted: {cause(error)}") from error
        return self._said(kiosk, batch.epoch, reached, [one for one in answers if one])

    def ack(self, kiosk: str, epoch: str) -> Ack:
        """What the ledger has of this epoch of a kiosk.

        Raises:
            UnknownKioskError: No key is registered for `kiosk`.
            LedgerError: The database failed, as in everything that reads.
        """
        self._keyring(kiosk)
        with reading(self._database) as connection:
            reached = head.current(connection, kiosk, epoch)
        return self._said(kiosk, epoch, reached, [])

    def check_known(self, kiosk: str) -> None:
        """Raise `UnknownKioskError` where no key is registered for `kiosk`."""
        self._keyring(kiosk)

    def heads(self, kiosk: str) -> list[bytes]:
        """The signed head of each epoch of a kiosk, one line each; none where there is no key.

        Raises:
            UnknownKioskError: No key is registered for `kiosk`.
        """
        self._keyring(kiosk)
        if self._signer is None:
            return []
        with reading(self._database) as connection:
            reached = head.of_kiosk(connection, kiosk)
        return [
            sign_head(self._said(kiosk, epoch, one, []), kiosk, self._signer)
            for epoch, one in reached
        ]

    def claim(self, line: bytes) -> Claim:
        """Post the deposit of a receipt's line, once, and say what became of it.

        Raises:
            RecordError: It is no record, or was changed.
            UnknownKioskError: No key is registered for the kiosk that it names.
            ClaimError: `not-a-deposit`, or `conflict`: another record stands in its place.
            LedgerError: The database failed; nothing was posted.
        """
        keys = self._keyring(whose(line))
        record = keys.open(line)
        if record.kind != "deposit":
            raise ClaimError("not-a-deposit", f"a {record.kind} of {record.kiosk} is worth nothing")
        try:
            with self._database.begin() as connection:
                book = Book(connection, self._clock(), self._phones)
                known = book.hash_of(record)
                if known not in (None, record.sha256):
                    raise ClaimError(
                        "conflict", f"{record.kiosk} sent another record {record.seq}: ask staff"
                    )
                if known is None:
                    self._post(book, keys, record, [Flag("claimed", "a receipt was handed in")])
                    head.advance(connection, record.kiosk, record.epoch)
                return claimed(connection, record, new=known is None)
        except SQLAlchemyError as error:
            raise LedgerError(f"claim was not posted: {cause(error)}") from error

    def settle(self) -> int:
        """Assess again what is held for want of a catalogue or of software; say how many went.

        Call it when a catalogue was added and after an update.

        Raises:
            LedgerError: The database failed; nothing was settled.
        """
        waiting = select(records).where(records.c.state == "held", records.c.code.not_in(FOR_STAFF))
        try:
            with self._database.begin() as connection:
                book = Book(connection, self._clock(), self._phones)
                rows = connection.execute(waiting).all()
                return sum(self._settle(book, row) for row in rows)
        except SQLAlchemyError as error:
            raise LedgerError(f"held records were not settled: {cause(error)}") from error

    def balance(self, account: str) -> Balance:
        """Points and carbon of a resident's account (16 hex digits)."""
        with reading(self._database) as connection:
            return balance_of(connection, account)

    def statement(self, account: str, limit: int = 100) -> list[Receipt]:
        """The latest `limit` credited deposits of a resident's account, newest first."""
        with reading(self._database) as connection:
            return receipts_of(connection, account, limit, self.catalogues)

    def proof(self, kiosk: str, deposit_id: str) -> tuple[bytes, bytes] | None:
        """The line of a credited deposit and the key (32 bytes) that signed it.

        None where there is no such deposit, or its key is no longer on file.
        """
        keys = self._keys.get(kiosk)
        with reading(self._database) as connection:
            line = line_of_deposit(connection, kiosk, deposit_id)
        if keys is None or line is None:
            return None
        public = keys.public(json.loads(line)["key"])  # it was read before it was posted
        return None if public is None else (line, public)

    def flagged(self, limit: int = 100) -> list[Flagged]:
        """The latest `limit` reasons why somebody should look at a record, newest first."""
        with reading(self._database) as connection:
            return flagged_of(connection, limit)

    def mix(self, kiosk: str) -> Mix:
        """What a kiosk's deposits of the last week come to, by the ledger's clock."""
        with reading(self._database) as connection:
            return mix_of(connection, kiosk, self._clock())

    def rejected(self) -> dict[str, int]:
        """How many lines were rejected, by code."""
        with reading(self._database) as connection:
            return rejected_of(connection)

    def held(self) -> dict[str, int]:
        """How many records wait for staff or for knowledge, by code."""
        with reading(self._database) as connection:
            return held_of(connection)

    def totals(self) -> Totals:
        """Sums over the whole ledger."""
        with reading(self._database) as connection:
            return totals_of(connection)

    def _settle(self, book: Book, row: Row[Any]) -> bool:
        """Assess one held record again; whether it is held no longer, or for staff alone."""
        try:
            record = self._keyring(row.kiosk).open(row.line)
        except (RecordError, UnknownKioskError) as error:
            _log.warning("record stays held kiosk=%s seq=%s: %s", row.kiosk, row.seq, error)
            return False
        assessment = book.assess(record, self.catalogues)
        if isinstance(assessment, Hold) and assessment.code not in FOR_STAFF:
            return False
        book.settle(row.id, record, assessment)
        return True

    def _keyring(self, kiosk: str) -> Keyring:
        keys = self._keys.get(kiosk)
        if keys is None:
            raise UnknownKioskError(
                f"kiosk {kiosk!r} is not registered: put its public key among the kiosks' keys"
            )
        return keys

    def _said(self, kiosk: str, epoch: str, reached: head.Head, rejected: list[Rejected]) -> Ack:
        """The ledger's word, signed where it has a key."""
        upto, sha256 = reached
        ack = Ack(epoch=epoch, upto=upto, sha256=sha256, rejected=rejected)
        return ack if self._signer is None else sign_ack(ack, kiosk, self._signer)

    def _take(self, book: Book, batch: DepositBatch, keys: Keyring, line: bytes) -> Rejected | None:
        """Post one line, unless it is a duplicate; the answer to one that never will post."""
        try:
            record = keys.open(line)
        except RecordError as error:
            if error.code != "unknown-key":
                return self._rejected(book, batch, line, error.code)
            # The key on file may be the outdated one: neither post nor reject, the kiosk repeats.
            _log.warning("record waits for its key kiosk=%s: %s", batch.kiosk, error)
            return None
        if record.kiosk != batch.kiosk:
            return self._rejected(book, batch, line, head.WRONG_KIOSK, record)
        known = book.hash_of(record)
        if known not in (None, record.sha256):
            return self._rejected(book, batch, line, "conflict", record)
        if known is None:
            self._post(book, keys, record, _foreign(record, batch.epoch))
        return None

    def _rejected(
        self, book: Book, batch: DepositBatch, line: bytes, code: str, signed: Record | None = None
    ) -> Rejected:
        """Keep a line that will never post; its place counts if it is `signed`, and of this epoch.

        The hash goes out with signatures alone: without them an ack is what it always was.
        """
        _log.warning("record refused kiosk=%s code=%s", batch.kiosk, code)
        placed = signed if signed and signed.epoch == batch.epoch else None
        book.reject(batch.kiosk, batch.epoch, line, code, placed)
        if placed is None:
            return Rejected(seq=0, code=code)
        return Rejected(seq=placed.seq, code=code, sha256=placed.sha256 if self._signer else None)

    def _post(self, book: Book, keys: Keyring, record: Record, found: list[Flag]) -> None:
        """Post a record that is new, and flag how it came."""
        if keys.is_retired(record.key):
            found.append(Flag("retired-key", f"signed with key {record.key}, which was replaced"))
        book.flag(book.post(record, book.assess(record, self.catalogues)), found)


def _foreign(record: Record, epoch: str) -> list[Flag]:
    """A record that travelled among those of another epoch: no kiosk of ours packs them so."""
    if record.epoch == epoch:
        return []
    return [Flag("other-epoch", f"came in a batch of epoch {epoch}")]
