"""Writing to the ledger inside one transaction: records, entries, transfers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from cloud.assess import Assessment, Credit, Hold, assess, only_once
from cloud.schema import carbon, deposits, entries, records, rejected, transfers
from contract.canonical import sha256_hex

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection, CursorResult

    from contract.catalogue import Catalogue
    from contract.record import Record

OPERATOR = "operator"
"""The account that pays for what residents bring."""


def resident(account: str) -> str:
    """The ledger's name of a resident's account (16 hex digits)."""
    return f"resident:{account}"


class Book:
    """The ledger's pages for one transaction that began at `now_s` (Unix seconds)."""

    def __init__(self, connection: Connection, now_s: int) -> None:
        self._connection = connection
        self._now_s = now_s

    def hash_of(self, record: Record) -> str | None:
        """The hash that is posted under the record's kiosk, epoch and seq, if any."""
        found: str | None = self._connection.execute(
            select(records.c.sha256).where(
                records.c.kiosk == record.kiosk,
                records.c.epoch == record.epoch,
                records.c.seq == record.seq,
            )
        ).scalar()
        return found

    def assess(self, record: Record, catalogues: Mapping[str, Catalogue]) -> Assessment:
        """What the record means, given what was credited before."""
        assessment = assess(record, catalogues)
        if not isinstance(assessment, Credit):
            return assessment
        found = self._connection.execute(
            select(
                deposits.c.account, deposits.c.item_code, deposits.c.mass_g, deposits.c.pieces
            ).where(
                deposits.c.kiosk == record.kiosk,
                deposits.c.deposit_id == assessment.body.deposit_id,
            )
        ).first()
        return only_once(assessment, found and (found[0], found[1], found[2], found[3]))

    def post(self, record: Record, assessment: Assessment) -> None:
        """Write a record that is not in the ledger yet, and what follows from it."""
        added = self._connection.execute(
            insert(records).values(
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
        )
        self._enter(_key(added), record, assessment)

    def settle(self, record_id: int, record: Record, assessment: Assessment) -> None:
        """Give a record that was held its final state, and what follows from it."""
        self._connection.execute(
            update(records).where(records.c.id == record_id).values(**_state(assessment))
        )
        self._enter(record_id, record, assessment)

    def reject(self, kiosk: str, epoch: str, line: bytes, code: str) -> int:
        """Keep a line that will never post, once; return the seq that it claims, or 0."""
        values = {"kiosk": kiosk, "epoch": epoch, "sha256": sha256_hex(line), "code": code}
        seq = _claim(b"seq", line) or 0
        known = select(rejected.c.id).filter_by(**values)
        if self._connection.execute(known).first() is None:
            self._connection.execute(
                insert(rejected).values(
                    seq=seq,
                    after=_claim(b"after", line),
                    line=line,
                    received_at=self._now_s,
                    **values,
                )
            )
        return seq

    def _enter(self, record_id: int, record: Record, assessment: Assessment) -> None:
        """Credit what is to be credited: the receipt's figure, then its correction."""
        if not isinstance(assessment, Credit):
            return
        body, priced = assessment.body, assessment.priced
        self._connection.execute(
            insert(deposits).values(
                record_id=record_id,
                kiosk=record.kiosk,
                deposit_id=body.deposit_id,
                account=body.account,
                at=record.at,
                item_code=body.item_code,
                catalogue_version=body.catalogue_version,
                mass_g=body.mass_g,
                pieces=body.pieces,
                priced_by=priced.priced_by,
                points=priced.points,
                shown_points=body.points,
                carbon_g=priced.carbon_g,
            )
        )
        entry = self._transfer(record_id, "deposit", body.account, body.points)
        if priced.carbon_g:
            self._connection.execute(
                insert(carbon).values(entry_id=entry, account=body.account, grams=priced.carbon_g)
            )
        if priced.points != body.points:
            reason = f"kiosk showed {body.points}, {body.catalogue_version} says {priced.points}"
            self._transfer(record_id, reason, body.account, priced.points - body.points)

    def _transfer(self, record_id: int, reason: str, account: str, points: int) -> int:
        """Enter `points` from the operator to the account, or back where they are negative."""
        entry = _key(
            self._connection.execute(
                insert(entries).values(record_id=record_id, reason=reason, at=self._now_s)
            )
        )
        payer, payee = OPERATOR, resident(account)
        if points < 0:
            payer, payee = payee, payer
        if points:
            self._connection.execute(
                insert(transfers).values(
                    entry_id=entry, debit=payer, credit=payee, points=abs(points)
                )
            )
        return entry


def _state(assessment: Assessment) -> dict[str, str | None]:
    held = isinstance(assessment, Hold)
    return {
        "state": "held" if held else "posted",
        "code": assessment.code,
        "account": assessment.account,
    }


def _key(result: CursorResult[Any]) -> int:
    assert result.inserted_primary_key is not None
    return int(result.inserted_primary_key[0])


def _claim(field: bytes, line: bytes) -> int | None:
    """What a line that may be damaged says of a top-level number; the last one is the topmost."""
    found = re.findall(rb'"%s":([0-9]{1,15})[,}]' % field, line)
    return int(found[-1]) if found else None
