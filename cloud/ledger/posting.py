"""Posting: records in, and what the ledger has to say of each, out; one transaction a slice.

Signatures are checked outside of any transaction, and what the ledger has already is not even
read. While one slice is written, the next is opened, where somebody else does that.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from sqlalchemy import and_, select
from sqlalchemy.exc import SQLAlchemyError

from cloud.errors import LedgerError
from cloud.ledger import head, lanes, repeats
from cloud.ledger.assess import FOR_STAFF, Hold
from cloud.ledger.book import Book
from cloud.ledger.claims import Claim, ClaimError, claimed
from cloud.ledger.opening import Unread
from cloud.ledger.plausible import Flag
from cloud.ledger.reached import advance_all, reached_of
from cloud.store.bulk import POSTGRESQL, among, take_turns
from cloud.store.database import cause, reading
from cloud.store.schema import HELD, records
from contract.errors import ContractError
from contract.payloads import Rejected
from contract.record import Record

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlalchemy import ColumnElement, Connection, Engine

    from cloud.accounts.phones import PhoneBook
    from cloud.keys.keyring import Keyring
    from cloud.ledger.opening import Opened, Opener
    from contract.catalogue import Catalogue
    from contract.payloads import DepositBatch

_log = logging.getLogger(__name__)

AT_ONCE = 200
"""Held records that are settled in one transaction; their kiosks wait for its end."""

Came = tuple[str, "Keyring", "DepositBatch"]
"""A kiosk, its keys, and a batch that came under its name."""

Posted = tuple[head.Head, list[Rejected]]
"""How far the ledger has the batch's epoch, and which lines of the batch it never will take."""


class Posting:
    """Writes records into the ledger, each once.

    Args:
        database: As `cloud.store.database.open_database` gives it.
        catalogues: Catalogue version → catalogue.
        clock: Gives Unix seconds.
        opener: Checks signatures.
        phones: Says whose a typed number is.
        says_hash: Whether answers name a rejected line's hash, as signed ones do.
    """

    def __init__(
        self,
        database: Engine,
        catalogues: Mapping[str, Catalogue],
        clock: Callable[[], int],
        opener: Opener,
        phones: PhoneBook | None,
        *,
        says_hash: bool,
    ) -> None:
        self._database = database
        self._catalogues = catalogues
        self._clock = clock
        self._opener = opener
        self._phones = phones
        self._says_hash = says_hash
        # SQLite lets one writer in at a time.
        self._lanes = lanes.LANES if database.dialect.name == POSTGRESQL else 1

    def post_all(self, came: Sequence[Came]) -> list[Posted]:
        """Post batches; return once all are durable.

        Raises:
            LedgerError: The database failed; what was posted before is known when it comes again.
        """
        if not came:
            return []
        try:
            with reading(self._database) as connection:
                asked = repeats.without(connection, [(kiosk, one) for kiosk, _, one in came])
            slices = lanes.sliced([kiosk for kiosk, _, _ in came], self._lanes)
            order = [number for one in slices for number in one.batches]
            opened = self._opener.open_all([(came[one][1], asked[one]) for one in order])
            return lanes.run(
                slices, opened, lambda one, some: self._slice([came[n] for n in one.batches], some)
            )
        except SQLAlchemyError as error:
            names = ", ".join(sorted({kiosk for kiosk, _, _ in came}))
            raise LedgerError(f"batch of kiosk {names} was not posted: {cause(error)}") from error

    def claim(self, keys: Keyring, record: Record) -> Claim:
        """Post the deposit of a receipt, once, and say what became of it.

        Raises:
            ClaimError: `conflict`: another record stands in its place.
            LedgerError: The database failed; nothing was posted.
        """
        try:
            with self._database.begin() as connection:
                take_turns(connection, [record.kiosk])
                book = self._book(connection, [record])
                known = book.hash_of(record)
                if known not in (None, record.sha256):
                    raise ClaimError(
                        "conflict", f"{record.kiosk} sent another record {record.seq}: ask staff"
                    )
                if known is None:
                    self._post(book, keys, record, [Flag("claimed", "a receipt was handed in")])
                    book.write()
                    head.advance(connection, record.kiosk, record.epoch)
                return claimed(connection, record, new=known is None)
        except SQLAlchemyError as error:
            raise LedgerError(f"claim was not posted: {cause(error)}") from error

    def settle(self, keys: Mapping[str, Keyring]) -> int:
        """Assess again what is held for want of knowledge; say how many went.

        A transaction at a time: of a city that waited days for a list, one would take so long that
        the database, or whoever waits for its kiosks meanwhile, gave up.

        Raises:
            LedgerError: The database failed; some may be settled, and the others still wait.
        """
        waits = and_(HELD, records.c.code.not_in(FOR_STAFF))
        try:
            with reading(self._database) as connection:
                asked = select(records.c.id).where(waits).order_by(records.c.id)
                held = connection.execute(asked).scalars().all()
            slices = (held[at : at + AT_ONCE] for at in range(0, len(held), AT_ONCE))
            return sum(self._settle_some(keys, waits, one) for one in slices)
        except SQLAlchemyError as error:
            raise LedgerError(f"held records were not settled: {cause(error)}") from error

    def _settle_some(
        self, keys: Mapping[str, Keyring], waits: ColumnElement[bool], ids: Sequence[int]
    ) -> int:
        with self._database.begin() as connection:
            mine = and_(waits, among(connection, records.c.id, ids))
            concerned = select(records.c.kiosk).where(mine).distinct()
            take_turns(connection, connection.execute(concerned).scalars().all())
            rows = connection.execute(select(records).where(mine).order_by(records.c.id))
            held = {row.id: _opened(keys, row.kiosk, row.line) for row in rows}
            readable = {at: one for at, one in held.items() if one is not None}
            book = self._book(connection, list(readable.values()))
            settled = sum(self._settle(book, *one) for one in readable.items())
            book.write()
            return settled

    def _slice(self, came: Sequence[Came], lines: list[list[Opened]]) -> list[Posted]:
        """Post some batches in one transaction; one in which nothing is new writes nothing."""
        places = dict.fromkeys((kiosk, batch.epoch) for kiosk, _, batch in came)
        if not any(lines):
            with reading(self._database) as connection:
                had = reached_of(connection, places)
            return [(had[kiosk, batch.epoch].head, []) for kiosk, _, batch in came]
        read = [one for some in lines for one in some if isinstance(one, Record)]
        with self._database.begin() as connection:
            take_turns(connection, [kiosk for kiosk, _ in places])
            before = reached_of(connection, places)
            book = self._book(connection, read)
            answers = [
                [self._take(book, batch, keys, one) for one in some]
                for (_, keys, batch), some in zip(came, lines, strict=True)
            ]
            book.write()
            reached = advance_all(connection, before, book.posted)
        return [
            (reached[kiosk, batch.epoch], [one for one in answer if one])
            for (kiosk, _, batch), answer in zip(came, answers, strict=True)
        ]

    def _book(self, connection: Connection, came: Sequence[Record]) -> Book:
        return Book(connection, self._clock(), came, self._phones)

    def _settle(self, book: Book, record_id: int, record: Record) -> bool:
        """Assess one held record again; whether it is held no longer, or for staff alone."""
        assessment = book.assess(record, self._catalogues)
        if isinstance(assessment, Hold) and assessment.code not in FOR_STAFF:
            return False
        book.settle(record_id, record, assessment)
        return True

    def _take(
        self, book: Book, batch: DepositBatch, keys: Keyring, opened: Opened
    ) -> Rejected | None:
        """Post one record, unless it is a duplicate; the answer to one that never will post."""
        if isinstance(opened, Unread):
            if opened.code != "unknown-key":
                return self._rejected(book, batch, opened.line, opened.code)
            # The key on file may be the outdated one: neither post nor reject, the kiosk repeats.
            _log.warning("record waits for its key kiosk=%s: %s", batch.kiosk, opened.message)
            return None
        if opened.kiosk != batch.kiosk:
            return self._rejected(book, batch, opened.line, head.WRONG_KIOSK, opened)
        known = book.hash_of(opened)
        if known not in (None, opened.sha256):
            return self._rejected(book, batch, opened.line, "conflict", opened)
        if known is None:
            self._post(book, keys, opened, _foreign(opened, batch.epoch))
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
        return Rejected(
            seq=placed.seq, code=code, sha256=placed.sha256 if self._says_hash else None
        )

    def _post(self, book: Book, keys: Keyring, record: Record, found: list[Flag]) -> None:
        """Post a record that is new, and flag how it came."""
        if keys.is_retired(record.key):
            found.append(Flag("retired-key", f"signed with key {record.key}, which was replaced"))
        book.flag(book.post(record, book.assess(record, self._catalogues)), found)


def _opened(keys: Mapping[str, Keyring], kiosk: str, line: bytes) -> Record | None:
    """A held record, opened again; None where its key is no longer on file, or damaged there."""
    try:
        keyring = keys.get(kiosk)
        return None if keyring is None else keyring.open(line)
    except ContractError as error:
        _log.warning("record stays held kiosk=%s code=%s: %s", kiosk, error.code, error)
        return None


def _foreign(record: Record, epoch: str) -> list[Flag]:
    """A record that travelled among those of another epoch: no kiosk of ours packs them so."""
    if record.epoch == epoch:
        return []
    return [Flag("other-epoch", f"came in a batch of epoch {epoch}")]
