"""Held and refused records: the resident sees why and appeals once, staff decide with a reason.

A record is `held`, `credited` or `refused`. Staff release what is held or refused: its load is
credited as any other. They refuse what is held, which then stays uncredited, or what is credited:
what was entered for it is entered back. However often a kiosk tells of the load afterwards, the
decision stands. Every step is in the audit log, in the transaction that it tells of.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from sqlalchemy import desc, insert, select, update
from sqlalchemy.exc import SQLAlchemyError

from cloud.assess import AGAIN, NUL, Hold, load_of, priced
from cloud.audit import audit_of, note
from cloud.book import Book, resident
from cloud.bulk import take_turns
from cloud.cases import cases_of_account, waiting_cases
from cloud.database import cause, reading
from cloud.districts import district_of
from cloud.errors import DecisionError, LedgerError
from cloud.reversing import reverse
from cloud.schema import appeals, decisions, deposits, records
from cloud.staff import WHOLE_CITY
from contract.bodies import Load
from contract.errors import RecordError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy import Connection, Engine, Row

    from cloud.audit import Audited
    from cloud.cases import Case, Status
    from cloud.keyring import Keyring
    from cloud.staff import Staff
    from contract.catalogue import Catalogue
    from contract.record import Record

Outcome = Literal["released", "refused"]

LONGEST = 300
"""Letters of an appeal or a reason: a sentence, as elsewhere in records."""

NOBODYS = frozenset({"phone-unread", NUL})
"""Codes of what cannot be credited whatever staff think: to whom, or by what name, nobody knows."""


class Place(NamedTuple):
    """Which record: its kiosk, epoch and seq."""

    kiosk: str
    epoch: str
    seq: int


class Decisions:
    """Appeals and decisions over one ledger.

    Args:
        database: The ledger's.
        catalogues: Catalogue version → catalogue.
        keys: Kiosk id → its keys.
        clock: Gives Unix seconds.
    """

    def __init__(
        self,
        database: Engine,
        catalogues: Mapping[str, Catalogue],
        keys: Mapping[str, Keyring],
        clock: Callable[[], int],
    ) -> None:
        self._database = database
        self._catalogues = catalogues
        self._keys = keys
        self._clock = clock

    def of_account(self, account: str, limit: int = 50) -> list[Case]:
        """What is held of an account, and what was decided about it; newest first."""
        with reading(self._database) as connection:
            return cases_of_account(connection, account, limit)

    def held(self, staff: Staff, limit: int = 1000) -> list[Case]:
        """What waits for a decision in the districts of `staff`, of the latest `limit`."""
        with reading(self._database) as connection:
            found = waiting_cases(connection, limit)
        return [one for one in found if staff.covers(self.district_of(one.kiosk))]

    def audit(self, staff: Staff, limit: int = 100) -> list[Audited]:
        """The latest lines of the audit log that are theirs, newest first."""
        with reading(self._database) as connection:
            whole = staff.district == WHOLE_CITY
            return audit_of(connection, None if whole else staff.district, limit)

    def district_of(self, kiosk: str) -> str:
        """The district whose staff decide about a kiosk; empty where only the city's do."""
        return district_of(self._catalogues, kiosk)

    def appeal(self, account: str, place: Place, sentence: str) -> None:
        """A resident says, once, why their record should count.

        Raises:
            DecisionError: `unknown-record`, `not-yours`, `appealed`, `not-held` or `text`.
            LedgerError: The database failed; nothing was noted.
        """
        _check_text("appeal", sentence)
        with self._turn(place) as (connection, row):
            if row.account != account:
                raise DecisionError("not-yours", "this record is another account's")
            if _status(connection, row) == "credited":
                raise DecisionError("not-held", "this record is credited: there is nothing to say")
            known = select(appeals).where(appeals.c.record_id == row.id)
            if connection.execute(known).first() is not None:
                raise DecisionError("appealed", "an appeal was made already: staff will look at it")
            now_s = self._clock()
            values = {"record_id": row.id, "sentence": sentence, "at": now_s}
            connection.execute(insert(appeals).values(**values))
            district = self.district_of(place.kiosk)
            note(connection, now_s, resident(account), "appealed", district, record_id=row.id)

    def decide(self, staff: Staff, place: Place, outcome: Outcome, reason: str) -> None:
        """Staff release or refuse a record.

        Raises:
            DecisionError: `unknown-record`, `other-district`, `already`, `cannot-credit`,
                `role` or `text`.
            LedgerError: The database failed; nothing was decided.
        """
        _check_text("reason", reason)
        if staff.role != "decide":
            raise DecisionError("role", f"{staff.staff_id} may read and not decide")
        district = self.district_of(place.kiosk)
        if not staff.covers(district):
            where = district or "no district"
            raise DecisionError("other-district", f"{place.kiosk} is in {where}: not yours")
        with self._turn(place) as (connection, row):
            status = _status(connection, row)
            if status == ("credited" if outcome == "released" else "refused"):
                raise DecisionError("already", f"record {place.seq} is {status} already")
            if outcome == "released":
                self._release(connection, row)
            else:
                _refuse(connection, row, status, reason, self._clock())
            _close_twins(connection, row)
            self._note(connection, row, staff, outcome, reason, district)

    def _turn(self, place: Place) -> _Turn:
        return _Turn(self._database, place)

    def _release(self, connection: Connection, row: Row[Any]) -> None:
        record, body = self._read(row)
        credit = priced(record.kiosk, body, self._catalogues, "released")
        if isinstance(credit, Hold) or row.code in NOBODYS:
            code = credit.code if isinstance(credit, Hold) else row.code
            raise DecisionError("cannot-credit", f"record {row.seq} has no price or owner: {code}")
        book = Book(connection, self._clock(), [record])
        book.settle(row.id, record, credit)
        book.write()

    def _read(self, row: Row[Any]) -> tuple[Record, Load]:
        keys = self._keys.get(row.kiosk)
        if keys is None:
            raise DecisionError("cannot-credit", f"kiosk {row.kiosk} has no key on file any more")
        try:
            record = keys.open(row.line)
            body = record.read()
        except RecordError as error:
            raise DecisionError("cannot-credit", f"record {row.seq}: {error}") from error
        if not isinstance(body, Load):
            raise DecisionError("cannot-credit", f"a {row.kind} is worth nothing")
        return record, body

    def _note(
        self,
        connection: Connection,
        row: Row[Any],
        staff: Staff,
        outcome: Outcome,
        reason: str,
        district: str,
    ) -> None:
        now_s = self._clock()
        deposit_id = str(_body(row).get("deposit_id", ""))[:64].replace("\0", "\ufffd")
        values = {"record_id": row.id, "kiosk": row.kiosk, "deposit_id": deposit_id}
        values |= {"outcome": outcome, "reason": reason, "staff": staff.staff_id, "at": now_s}
        connection.execute(insert(decisions).values(**values))
        actor = f"staff:{staff.staff_id}"
        note(connection, now_s, actor, outcome, district, record_id=row.id, detail=reason)


class _Turn:
    """A transaction about one record, whose kiosk's turn is taken; gives connection and row."""

    def __init__(self, database: Engine, place: Place) -> None:
        self._begun = database.begin()
        self._place = place

    def __enter__(self) -> tuple[Connection, Row[Any]]:
        try:
            connection = self._begun.__enter__()
            take_turns(connection, [self._place.kiosk])
            found = select(records).filter_by(**self._place._asdict())
            row = connection.execute(found).first()
        except SQLAlchemyError as error:
            raise LedgerError(f"nothing was decided: {cause(error)}") from error
        if row is None:
            missing = DecisionError("unknown-record", f"there is no record {self._place.seq}")
            self._begun.__exit__(DecisionError, missing, None)
            raise missing
        return connection, row

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        try:
            self._begun.__exit__(kind, error, trace)
        except SQLAlchemyError as failed:
            raise LedgerError(f"nothing was decided: {cause(failed)}") from failed
        if isinstance(error, SQLAlchemyError):
            raise LedgerError(f"nothing was decided: {cause(error)}") from error


def _check_text(name: str, text: str) -> None:
    if not text.strip() or len(text) > LONGEST or not text.isprintable():
        raise DecisionError("text", f"{name}: write one sentence of at most {LONGEST} letters")


def _status(connection: Connection, row: Row[Any]) -> Status:
    """Where a record stands.

    Raises:
        DecisionError: `not-held`: it is none that is credited or could be.
    """
    if row.state == "held":
        return "held"
    latest = select(decisions.c.outcome).where(decisions.c.record_id == row.id)
    outcome = connection.execute(latest.order_by(desc(decisions.c.id)).limit(1)).scalar()
    if outcome == "refused":
        return "refused"
    kept = select(deposits.c.record_id).where(deposits.c.record_id == row.id)
    if outcome == "released" or connection.execute(kept).first() is not None:
        return "credited"
    raise DecisionError("not-held", f"record {row.seq} is a {row.kind} that credits nothing")


def _refuse(connection: Connection, row: Row[Any], status: Status, reason: str, now_s: int) -> None:
    """Leave it uncredited, or enter back what was entered for it."""
    if status == "credited":
        reverse(connection, row.id, reason, now_s)
    refused = {"state": "posted", "code": "refused"}
    connection.execute(update(records).where(records.c.id == row.id).values(refused))


def _close_twins(connection: Connection, row: Row[Any]) -> None:
    """Other held records of the same load wait no longer: this one was decided about."""
    held = select(records.c.id, records.c.line).where(
        records.c.state == "held",
        records.c.account == row.account,
        records.c.kiosk == row.kiosk,
        records.c.id != row.id,
    )
    load = load_of(_body(row))
    twins = [one.id for one in connection.execute(held) if load_of(_body(one)) == load]
    fell = {"state": "posted", "code": AGAIN}
    connection.execute(update(records).where(records.c.id.in_(twins)).values(fell))


def _body(row: Any) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(row.line)["body"]  # it was read before it was posted
    return body
