"""Writing to the ledger inside one transaction: records, entries, transfers, flags.

What belongs together is gathered and written table by table, so that a hundred records cost few
statements more than one.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert  # SQLite understands its ON CONFLICT as well

from cloud.ledger.assess import (
    AGAIN,
    UNCERTAIN,
    Assessment,
    Credit,
    Hold,
    Note,
    assess,
    load_of,
    only_once,
)
from cloud.ledger.known import Credited, Known, Waiting, known_of
from cloud.ledger.plausible import Flag
from cloud.ledger.plausible import flags as implausible
from cloud.ledger.recent import Around, around
from cloud.store.bulk import JUDGING, insert_rows, new_ids, take_turns
from cloud.store.database import as_kept
from cloud.store.schema import (
    barcodes,
    carbon,
    deposits,
    entries,
    flags,
    records,
    rejected,
    transfers,
)
from contract.canonical import sha256_hex
from contract.errors import TokenError
from contract.instant import utc_s_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import Connection, Table

    from cloud.accounts.phones import PhoneBook
    from contract.catalogue import Catalogue, Item
    from contract.record import Record

_log = logging.getLogger(__name__)

_FLAG = insert(flags).on_conflict_do_nothing()
_REJECT = insert(rejected).on_conflict_do_nothing()

_KEPT = (
    *("account", "bay", "bin_index", "catalogue_version", "deposit_id", "item_code", "jti"),
    *("mass_g", "pieces"),
)
"""What a deposit's row says as its body does."""

OPERATOR = "operator"
"""The account that pays for what residents bring."""


def resident(account: str) -> str:
    """The ledger's name of a resident's account (16 hex digits)."""
    return f"resident:{account}"


@dataclass(frozen=True, slots=True)
class _Judged:
    """A deposit that was credited and is still to be looked at."""

    deposit: Around
    item: Item


class Book:
    """The ledger's pages for one transaction that began at `now_s` (Unix seconds).

    Args:
        connection: Inside the transaction, with the turns of all kiosks concerned taken.
        now_s: When.
        came: The records that are about to be posted, settled or asked for.
        phones: Says whose a typed number is.

    `posted` has the new records that were entered. Nothing is in the database until `write`.
    """

    def __init__(
        self,
        connection: Connection,
        now_s: int,
        came: Sequence[Record],
        phones: PhoneBook | None = None,
    ) -> None:
        self._connection = connection
        self._now_s = now_s
        self._phones = phones
        self._known: Known = known_of(connection, came)
        self._ids = iter(new_ids(connection, records, len(came)) if came else ())
        self._rows: dict[Table, list[dict[str, Any]]] = {
            table: [] for table in (records, deposits, barcodes, entries, transfers, carbon)
        }
        self._flags: list[dict[str, Any]] = []
        self.posted: list[Record] = []
        self._judged: list[_Judged] = []

    def hash_of(self, record: Record) -> str | None:
        """The hash that is posted under the record's kiosk, epoch and seq, if any."""
        return self._known.hash_of(record)

    def assess(self, record: Record, catalogues: Mapping[str, Catalogue]) -> Assessment:
        """What the record means, given what was credited before."""
        assessment = assess(record, catalogues)
        if isinstance(assessment, Note) or not self._is_load(assessment):
            return assessment
        earlier = self._known.credited.get((record.kiosk, record.body["deposit_id"]))
        credited = earlier is not None and load_of(earlier.body) == load_of(record.body)
        # Before anybody asks whose a typed number is: it may be nobody's, or another's, by now.
        if credited or self._known.is_decided(record):
            return Note(AGAIN, assessment.account)
        if isinstance(assessment, Credit) and assessment.body.sealed is not None:
            assessment = self._whose(record.kiosk, assessment)
        if isinstance(assessment, Credit):
            return only_once(assessment, earlier and earlier[:4])
        waits = assessment.code == UNCERTAIN and self._known.waiting(record)
        return Note(AGAIN, assessment.account) if waits else assessment

    @staticmethod
    def _is_load(assessment: Assessment) -> bool:
        """Whether it may be a load that the ledger knows already."""
        return isinstance(assessment, Credit) or assessment.code == UNCERTAIN

    def _whose(self, kiosk: str, credit: Credit) -> Assessment:
        """Whose a deposit by a typed number is; held where nobody can read the number here."""
        body = credit.body
        if self._phones is None or body.sealed is None:
            return Hold("phone-unread", body.account)
        try:
            account = self._phones.account_of(
                self._connection, body.sealed, kiosk=kiosk, pseudonym=body.account
            )
        except TokenError as error:
            _log.warning("number not read kiosk=%s code=%s", kiosk, error.code)
            return Hold("phone-unread", body.account)
        return replace(credit, body=body.model_copy(update={"account": account}))

    def post(self, record: Record, assessment: Assessment) -> int:
        """Enter a record that is not in the ledger yet, and what follows from it; say its id."""
        record_id = next(self._ids)
        self._rows[records].append(
            {
                "id": record_id,
                "kiosk": record.kiosk,
                "epoch": record.epoch,
                "seq": record.seq,
                "after": record.after,
                "sha256": record.sha256,
                "kind": as_kept(record.kind),
                "line": record.line,
                "received_at": self._now_s,
                **_state(assessment),
            }
        )
        self.posted.append(record)
        self._known.places[record.kiosk, record.epoch, record.seq] = record.sha256
        if isinstance(assessment, Hold) and assessment.code == UNCERTAIN:
            self._known.uncertain[record.kiosk].append(Waiting(record_id, record.body))
        self._enter(record_id, record, assessment)
        return record_id

    def settle(self, record_id: int, record: Record, assessment: Assessment) -> None:
        """Give a record that was held its final state, and what follows from it."""
        self._connection.execute(
            update(records).where(records.c.id == record_id).values(**_state(assessment))
        )
        self._known.forget(record.kiosk, [record_id])
        self._enter(record_id, record, assessment)

    def reject(self, kiosk: str, epoch: str, line: bytes, code: str, record: Record | None) -> None:
        """Keep a line that will never post, once.

        `record` is what it says of this epoch, where the kiosk signed it; what nobody signed has
        no place among the kiosk's records, whatever stands in it.
        """
        values: dict[str, Any] = {"kiosk": kiosk, "epoch": epoch, "code": code, "line": line}
        values |= {"seq": record.seq if record else 0, "after": record.after if record else None}
        values |= {"sha256": sha256_hex(line), "received_at": self._now_s}
        self._connection.execute(_REJECT, values)

    def flag(self, record_id: int, found: Iterable[Flag]) -> None:
        """Note why somebody should look at a record; the same reason is noted once."""
        self._flags += [
            {"record_id": record_id, "code": one.code, "detail": one.detail, "at": self._now_s}
            for one in found
        ]

    def write(self) -> None:
        """Put everything into the database, and look at what was credited.

        Raises:
            LedgerError: The database refused a row; SQLite's refusals are SQLAlchemy's.
        """
        # Before its own rows are there, so that they are not read back.
        self._judge()
        self._number_entries()
        for table, rows in self._rows.items():
            insert_rows(self._connection, table, rows)
            rows.clear()
        if self._flags:
            self._connection.execute(_FLAG, self._flags)
            self._flags.clear()

    def _number_entries(self) -> None:
        """Entries get their keys, and what belongs to each learns it."""
        ids = new_ids(self._connection, entries, len(self._rows[entries]))
        for entry, entry_id in zip(self._rows[entries], ids, strict=True):
            entry["id"] = entry_id
        for table in (transfers, carbon):
            for row in self._rows[table]:
                row["entry_id"] = row["entry_id"]["id"]

    def _judge(self) -> None:
        """Flag what is not plausible about the deposits that were credited.

        Until the commit nobody else judges what the same accounts brought elsewhere: each of two
        would miss the other's. A code is of one account.
        """
        bodies = [one.deposit.body for one in self._judged]
        if theirs := {one.account for one in bodies if one.by != "guest"}:
            take_turns(self._connection, theirs, JUDGING)
        recent = around(self._connection, [one.deposit for one in self._judged])
        for one in self._judged:
            at, _, at_s, body = one.deposit
            self.flag(at, implausible(body, one.item, recent[at], at_s, self._now_s))
        self._judged.clear()

    def _enter(self, record_id: int, record: Record, assessment: Assessment) -> None:
        """Credit what is to be credited, and note what it says of other records."""
        if not isinstance(assessment, Credit):
            return
        body, at_s = assessment.body, utc_s_of(record.at)
        self._credit(record_id, assessment)
        if known := self._known.waiting(record):
            self._close(record.kiosk, known)
        load = (record.kiosk, body.deposit_id)
        # Staff may credit a load again, or another one beside it under the same name.
        if load not in self._known.credited:
            self._keep(record_id, record, assessment, at_s)
            self._known.credited[load] = Credited(
                body.account, body.item_code, body.mass_g, body.pieces, record.body
            )
            self._judged.append(
                _Judged(Around(record_id, record.kiosk, at_s, body), assessment.item)
            )

    def _close(self, kiosk: str, known: list[int]) -> None:
        """The loads of these records fell: they are held no longer."""
        fell = {"state": "posted", "code": AGAIN}
        for row in self._rows[records]:
            if row["id"] in known:
                row.update(fell)
        self._connection.execute(update(records).where(records.c.id.in_(known)).values(fell))
        self._known.forget(kiosk, known)

    def _keep(self, record_id: int, record: Record, credit: Credit, at_s: int) -> None:
        """The deposit as statements and later deposits look it up."""
        body, priced = credit.body, credit.priced
        row = {name: getattr(body, name) for name in _KEPT}
        row |= {"record_id": record_id, "kiosk": record.kiosk, "at": record.at, "at_s": at_s}
        row |= {"priced_by": priced.priced_by, "points": priced.points}
        row |= {"shown_points": body.points, "carbon_g": priced.carbon_g}
        self._rows[deposits].append(row)
        self._rows[barcodes] += [
            {"record_id": record_id, "barcode": one, "account": body.account, "at_s": at_s}
            for one in sorted(set(body.barcodes))
        ]

    def _credit(self, record_id: int, credit: Credit) -> None:
        """The receipt's figure, then its correction."""
        body, priced = credit.body, credit.priced
        entry = self._transfer(record_id, "deposit", body.account, body.points)
        if priced.carbon_g:
            row = {"entry_id": entry, "account": body.account, "grams": priced.carbon_g}
            self._rows[carbon].append(row)
        if priced.points != body.points:
            reason = f"kiosk showed {body.points}, {body.catalogue_version} says {priced.points}"
            self._transfer(record_id, reason, body.account, priced.points - body.points)

    def _transfer(self, record_id: int, reason: str, account: str, points: int) -> dict[str, Any]:
        """Enter `points` from the operator to the account, or back where they are negative."""
        entry: dict[str, Any] = {"record_id": record_id, "reason": reason, "at": self._now_s}
        self._rows[entries].append(entry)
        payer, payee = OPERATOR, resident(account)
        if points < 0:
            payer, payee = payee, payer
        if points:
            row = {"entry_id": entry, "debit": payer, "credit": payee, "points": abs(points)}
            self._rows[transfers].append(row)
        return entry


def _state(assessment: Assessment) -> dict[str, str | None]:
    held = isinstance(assessment, Hold)
    return {
        "state": "held" if held else "posted",
        "code": assessment.code,
        "account": assessment.account,
    }
