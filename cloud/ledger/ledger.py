"""The ledger: every record exactly once, points in double entry, an ack only after the commit.

Rules:

1. A record is known by kiosk, epoch and seq. The same again is a duplicate and changes nothing;
   the same with another hash is a conflict and is rejected.
2. A validly signed record always posts; `cloud.ledger.assess` says whether it is credited or held.
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
from typing import TYPE_CHECKING

from cloud.errors import UnknownKioskError
from cloud.ledger import head
from cloud.ledger.claims import Claim, ClaimError, whose
from cloud.ledger.flagged import Flagged, flagged_of
from cloud.ledger.held.decisions import Decisions
from cloud.ledger.mix import mix_of
from cloud.ledger.month import month_of
from cloud.ledger.opening import InlineOpener
from cloud.ledger.posting import Posting
from cloud.ledger.redeemed import redeemed_of
from cloud.ledger.statement import (
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
from cloud.store.database import reading, writing
from contract.errors import KeyFileError
from contract.head import sign_ack, sign_head
from contract.payloads import Ack, Rejected

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlalchemy import Engine

    from cloud.accounts.phones import PhoneBook
    from cloud.keys.keyring import Keyring
    from cloud.ledger.month import ItemMonth
    from cloud.ledger.opening import Opener
    from cloud.ledger.redeemed import Redeemed
    from contract.catalogue import Catalogue
    from contract.factors import Mix
    from contract.keys import Signer
    from contract.payloads import DepositBatch

_log = logging.getLogger(__name__)


class Ledger:
    """The books of all kiosks. `catalogues` are those that it knows, by version.

    `decisions` are about what is held in them.

    Args:
        database: As `cloud.store.database.open_database` gives it.
        catalogues: Catalogue version → catalogue.
        kiosk_keys: Kiosk id → its keys; may grow while the ledger runs.
        clock: Gives Unix seconds.
        signer: The ledger's key, for its acks; without one they go out unsigned.
        phones: Says whose a typed number is; without it deposits by one are held.
        opener: Checks signatures; in this thread where none is given.
    """

    def __init__(
        self,
        database: Engine,
        catalogues: Mapping[str, Catalogue],
        kiosk_keys: Mapping[str, Keyring],
        clock: Callable[[], int],
        signer: Signer | None = None,
        phones: PhoneBook | None = None,
        opener: Opener | None = None,
    ) -> None:
        self._database = database
        self.catalogues = catalogues
        self._keys = kiosk_keys
        self._clock = clock
        self._signer = signer
        self.decisions = Decisions(database, catalogues, kiosk_keys, clock, phones)
        self._posting = Posting(
            database, catalogues, clock, opener or InlineOpener(), phones, says_hash=bool(signer)
        )
        if phones is not None:
            with writing(database) as connection:
                phones.create(connection)

    def post(self, kiosk: str, batch: DepositBatch) -> Ack:
        """Post a batch that came under `kiosk`'s name; return once it is durable.

        Raises:
            UnknownKioskError: No key is registered for `kiosk`; nothing was posted.
            LedgerError: The database failed; nothing was posted.
        """
        return self.post_all([(kiosk, batch)])[0]

    def post_all(self, batches: Sequence[tuple[str, DepositBatch]]) -> list[Ack]:
        """Post the batches that came under each kiosk's name; return once all are durable.

        Raises:
            UnknownKioskError: No key is registered for one of them; nothing was posted.
            LedgerError: The database failed; some may be posted, and all may come again.
        """
        keys = {kiosk: self._keyring(kiosk) for kiosk, _ in batches}
        posted = self._posting.post_all([(kiosk, keys[kiosk], one) for kiosk, one in batches])
        return [
            self._said(kiosk, batch.epoch, reached, rejected)
            for (kiosk, batch), (reached, rejected) in zip(batches, posted, strict=True)
        ]

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
        return self._posting.claim(keys, record)

    def settle(self) -> int:
        """Assess again what is held for want of a catalogue or of software; say how many went.

        Call it when a catalogue was added and after an update.

        Raises:
            LedgerError: The database failed; some may be settled, and the others still wait.
        """
        return self._posting.settle(self._keys)

    def balance(self, account: str) -> Balance:
        """Points and carbon of a resident's account (16 hex digits)."""
        with reading(self._database) as connection:
            return balance_of(connection, account)

    def statement(self, account: str, limit: int = 100) -> list[Receipt]:
        """The latest `limit` credited deposits of a resident's account, newest first."""
        with reading(self._database) as connection:
            return receipts_of(connection, account, limit, self.catalogues)

    def redeemed(self, account: str, limit: int = 100) -> list[Redeemed]:
        """The latest `limit` redemptions of a resident's account, newest first."""
        with reading(self._database) as connection:
            return redeemed_of(connection, account, limit)

    def proof(self, kiosk: str, deposit_id: str) -> tuple[bytes, bytes] | None:
        """The line of a credited deposit and the key (32 bytes) that signed it.

        None where there is no such deposit, or its key is no longer on file, or damaged there.
        """
        try:
            keys = self._keys.get(kiosk)
        except KeyFileError as error:
            _log.error("event=key-not-read kiosk=%s code=%s: %s", kiosk, error.code, error)
            return None
        if keys is None or "\0" in deposit_id:
            return None
        with reading(self._database) as connection:
            line = line_of_deposit(connection, kiosk, deposit_id)
        if line is None:
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

    def month(self, kiosk: str, month: str) -> list[ItemMonth]:
        """What a kiosk took in a month, as in `2026-11`, by item.

        Raises:
            MonthError: It is no month.
        """
        with reading(self._database) as connection:
            return month_of(connection, kiosk, month)

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
