"""Writing to the ledger inside one transaction: records, entries, transfers, flags."""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, insert, select, update

from cloud.assess import (
    AGAIN,
    UNCERTAIN,
    Assessment,
    Credit,
    Hold,
    Note,
    assess,
    only_once,
    same_load,
)
from cloud.plausible import Flag
from cloud.plausible import flags as implausible
from cloud.recent import around
from cloud.schema import barcodes, carbon, deposits, entries, flags, records, rejected, transfers
from contract.canonical import sha256_hex
from contract.errors import TokenError
from contract.instant import utc_s_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Connection, Table

    from cloud.phones import PhoneBook
    from contract.catalogue import Catalogue
    from contract.record import Record

_log = logging.getLogger(__name__)

# Statements are put together once: for SQLAlchemy that is dearer than for SQLite to run them.
_INSERT = {
    table: insert(table)
    for table in (records, deposits, barcodes, entries, transfers, carbon, rejected)
}
_FLAG = insert(flags).prefix_with("OR IGNORE")
_POSTED = select(records.c.sha256).where(
    records.c.kiosk == bindparam("kiosk"),
    records.c.epoch == bindparam("epoch"),
    records.c.seq == bindparam("seq"),
)
_CREDITED = select(
    deposits.c.account, deposits.c.item_code, deposits.c.mass_g, deposits.c.pieces
).where(deposits.c.kiosk == bindparam("kiosk"), deposits.c.deposit_id == bindparam("deposit_id"))

_CREDITED_LINE = (
    select(records.c.line)
    .join(deposits, deposits.c.record_id == records.c.id)
    .where(deposits.c.kiosk == bindparam("kiosk"), deposits.c.deposit_id == bindparam("deposit_id"))
)
_UNCERTAIN = select(records.c.id, records.c.line).where(
    records.c.state == "held",
    records.c.account == bindparam("account"),
    records.c.code == UNCERTAIN,
    records.c.kiosk == bindparam("kiosk"),
)

_KEPT = {
    *("account", "bay", "bin_index", "catalogue_version", "deposit_id", "item_code", "jti"),
    *("mass_g", "pieces"),
}
"""What a deposit's row says as its body does."""

OPERATOR = "operator"
"""The account that pays for what residents bring."""


def resident(account: str) -> str:
    """The ledger's name of a resident's account (16 hex digits)."""
    return f"resident:{account}"


class Book:
    """The ledger's pages for one transaction that began at `now_s` (Unix seconds)."""

    def __init__(self, connection: Connection, now_s: int, phones: PhoneBook | None = None) -> None:
        self._connection = connection
        self._now_s = now_s
        self._phones = phones

    def hash_of(self, record: Record) -> str | None:
        """The hash that is posted under the record's kiosk, epoch and seq, if any."""
        place = {"kiosk": record.kiosk, "epoch": record.epoch, "seq": record.seq}
        found: str | None = self._connection.execute(_POSTED, place).scalar()
        return found

    def assess(self, record: Record, catalogues: Mapping[str, Catalogue]) -> Assessment:
        """What the record means, given what was credited before."""
        assessment = assess(record, catalogues)
        if isinstance(assessment, Credit) and assessment.body.sealed is not None:
            assessment = self._whose(record.kiosk, assessment)
        if isinstance(assessment, Hold) and assessment.code == UNCERTAIN:
            return Note(AGAIN, assessment.account) if self._is_known(record) else assessment
        if not isinstance(assessment, Credit):
            return assessment
        deposit = {"kiosk": record.kiosk, "deposit_id": assessment.body.deposit_id}
        found = self._connection.execute(_CREDITED, deposit).first()
        return only_once(assessment, found and (found[0], found[1], found[2], found[3]))

    def _is_known(self, record: Record) -> bool:
        """Whether the load of an uncertain record was credited, or is held already."""
        deposit = {"kiosk": record.kiosk, "deposit_id": record.body["deposit_id"]}
        lines = self._connection.execute(_CREDITED_LINE, deposit).scalars()
        credited = any(same_load(json.loads(line)["body"], record.body) for line in lines)
        return credited or bool(self._uncertain(record))

    def _uncertain(self, record: Record) -> list[int]:
        """The records that are held because nobody knew whether the load of `record` fell."""
        held = {"kiosk": record.kiosk, "account": record.body["account"]}
        rows = self._connection.execute(_UNCERTAIN, held).all()
        return [row.id for row in rows if same_load(json.loads(row.line)["body"], record.body)]

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
        """Write a record that is not in the ledger yet, and what follows from it; say its id."""
        record_id = self._insert(
            records,
            kiosk=record.kiosk,
            epoch=record.epoch,
            seq=record.seq,
            after=record.after,
            sha256=record.sha256,
            kind=record.kind,
            line=record.line,
            received_at=self._now_s,
            **_state(assessment),
        )
        self._enter(record_id, record, assessment)
        return record_id

    def settle(self, record_id: int, record: Record, assessment: Assessment) -> None:
        """Give a record that was held its final state, and what follows from it."""
        self._connection.execute(
            update(records).where(records.c.id == record_id).values(**_state(assessment))
        )
        self._enter(record_id, record, assessment)

    def reject(self, kiosk: str, epoch: str, line: bytes, code: str, record: Record | None) -> None:
        """Keep a line that will never post, once.

        `record` is what it says of this epoch, where the kiosk signed it; what nobody signed has
        no place among the kiosk's records, whatever stands in it.
        """
        values = {"kiosk": kiosk, "epoch": epoch, "sha256": sha256_hex(line), "code": code}
        known = select(rejected.c.id).filter_by(**values)
        if self._connection.execute(known).first() is None:
            self._insert(
                rejected,
                seq=record.seq if record else 0,
                after=record.after if record else None,
                line=line,
                received_at=self._now_s,
                **values,
            )

    def flag(self, record_id: int, found: Iterable[Flag]) -> None:
        """Note why somebody should look at a record; the same reason is noted once."""
        for one in found:
            row = {"record_id": record_id, "code": one.code, "detail": one.detail}
            self._connection.execute(_FLAG, row | {"at": self._now_s})

    def _enter(self, record_id: int, record: Record, assessment: Assessment) -> None:
        """Credit what is to be credited, and flag what is not plausible about it."""
        if not isinstance(assessment, Credit):
            return
        body, at_s = assessment.body, utc_s_of(record.at)
        self._keep(record_id, record, assessment, at_s)
        self._credit(record_id, assessment)
        if known := self._uncertain(record):
            fell = {"state": "posted", "code": AGAIN}
            self._connection.execute(update(records).where(records.c.id.in_(known)).values(fell))
        recent = around(self._connection, record_id, record.kiosk, body, at_s)
        self.flag(record_id, implausible(body, assessment.item, recent, at_s, self._now_s))

    def _keep(self, record_id: int, record: Record, credit: Credit, at_s: int) -> None:
        """The deposit as statements and later deposits look it up."""
        body, priced = credit.body, credit.priced
        self._insert(
            deposits,
            record_id=record_id,
            kiosk=record.kiosk,
            at=record.at,
            at_s=at_s,
            priced_by=priced.priced_by,
            points=priced.points,
            shown_points=body.points,
            carbon_g=priced.carbon_g,
            **body.model_dump(include=_KEPT),
        )
        for barcode in sorted(set(body.barcodes)):
            self._insert(
                barcodes, record_id=record_id, barcode=barcode, account=body.account, at_s=at_s
            )

    def _credit(self, record_id: int, credit: Credit) -> None:
        """The receipt's figure, then its correction."""
        body, priced = credit.body, credit.priced
        entry = self._transfer(record_id, "deposit", body.account, body.points)
        if priced.carbon_g:
            self._insert(carbon, entry_id=entry, account=body.account, grams=priced.carbon_g)
        if priced.points != body.points:
            reason = f"kiosk showed {body.points}, {body.catalogue_version} says {priced.points}"
            self._transfer(record_id, reason, body.account, priced.points - body.points)

    def _transfer(self, record_id: int, reason: str, account: str, points: int) -> int:
        """Enter `points` from the operator to the account, or back where they are negative."""
        entry = self._insert(entries, record_id=record_id, reason=reason, at=self._now_s)
        payer, payee = OPERATOR, resident(account)
        if points < 0:
            payer, payee = payee, payer
        if points:
            self._insert(transfers, entry_id=entry, debit=payer, credit=payee, points=abs(points))
        return entry

    def _insert(self, table: Table, **row: Any) -> int:
        """Add one row; its key where the database chose that."""
        key = self._connection.execute(_INSERT[table], row).inserted_primary_key
        assert key is not None
        return int(key[0])


def _state(assessment: Assessment) -> dict[str, str | None]:
    held = isinstance(assessment, Hold)
    return {
        "state": "held" if held else "posted",
        "code": assessment.code,
        "account": assessment.account,
    }
