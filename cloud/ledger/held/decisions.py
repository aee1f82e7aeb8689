"""Held and refused records: the resident sees why and appeals once, staff decide with a reason.

A record is `held`, `credited` or `refused`. Staff release what is held or refused: its load is
credited as any other. They refuse what is held, which then stays uncredited, or what is credited:
what was entered for it is entered back. However often a kiosk tells of the load afterwards, the
decision stands. Every step is in the audit log, in the transaction that it tells of; so is every
attempt of staff who may not.

A resident's sentence may name people: it is forgotten `KEPT_S` after the decision on it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from sqlalchemy import desc, insert, select, update

from cloud.errors import DecisionError
from cloud.fleet.districts import district_of, kiosks_of
from cloud.ledger.assess import AGAIN, load_of
from cloud.ledger.book import resident
from cloud.ledger.held.cases import cases_of_account, waiting_cases
from cloud.ledger.held.sentences import appealed_at, check_text, decided_at, forget_old
from cloud.ledger.lines import body_of
from cloud.ledger.releasing import Releasing
from cloud.ledger.reversing import reverse
from cloud.staff.acts import note_by
from cloud.staff.audit import note
from cloud.staff.desk import WHOLE_CITY
from cloud.store.bulk import take_turns
from cloud.store.database import as_kept, reading, writing
from cloud.store.schema import HELD, appeals, decisions, deposits, records

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy import Connection, Engine, Row

    from cloud.accounts.phones import PhoneBook
    from cloud.keys.keyring import Keyring
    from cloud.ledger.held.cases import Case, Status
    from cloud.staff.desk import Staff
    from contract.catalogue import Catalogue

Outcome = Literal["released", "refused"]


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
        phones: Says whose a typed number is; without it no load by one is released.
    """

    def __init__(
        self,
        database: Engine,
        catalogues: Mapping[str, Catalogue],
        keys: Mapping[str, Keyring],
        clock: Callable[[], int],
        phones: PhoneBook | None = None,
    ) -> None:
        self._database = database
        self._catalogues = catalogues
        self._clock = clock
        self._releasing = Releasing(catalogues, keys, phones)

    def of_account(self, account: str, limit: int = 50) -> list[Case]:
        """What is held of an account, and what was decided about it; newest first."""
        with reading(self._database) as connection:
            return cases_of_account(connection, account, limit)

    def held(self, staff: Staff, limit: int = 1000) -> list[Case]:
        """What waits for a decision in the district of `staff`, the longest first.

        Raises:
            StaffError: `role`.
        """
        staff.check("held-see")
        whole = staff.district == WHOLE_CITY
        kiosks = None if whole else kiosks_of(self._catalogues, staff.district)
        with reading(self._database) as connection:
            return waiting_cases(connection, kiosks, limit)

    def district_of(self, kiosk: str) -> str:
        """The district whose staff decide about a kiosk; empty where only the city's do."""
        return district_of(self._catalogues, kiosk)

    def appeal(self, account: str, place: Place, sentence: str) -> None:
        """A resident says, once, why their record should count.

        Raises:
            DecisionError: `unknown-record`, `not-yours`, `appealed`, `not-held` or `text`.
            LedgerError: The database failed; nothing was noted.
        """
        check_text("appeal", sentence)
        with _turn(self._database, place) as (connection, row):
            if row.account != account:
                raise DecisionError("not-yours", "this record is another account's")
            if _status(connection, row) == "credited":
                raise DecisionError("not-held", "this record is credited: there is nothing to say")
            if appealed_at(connection, row) is not None:
                raise DecisionError("appealed", "an appeal was made already: staff will look at it")
            now_s = self._clock()
            # After what it is about, also within its second: staff are asked by that order.
            at = max(now_s, decided_at(connection, row) + 1)
            values = {"record_id": row.id, "sentence": sentence, "at": at}
            connection.execute(insert(appeals).values(**values))
            district = self.district_of(place.kiosk)
            note(connection, now_s, resident(account), "appealed", district, record_id=row.id)

    def decide(
        self, staff: Staff, place: Place, outcome: Outcome, reason: str, saw: Status | None = None
    ) -> None:
        """Staff release or refuse a record.

        `saw` is what it was when they looked: so of two who decide at once the later one learns
        of the other's decision instead of turning it round. None where they do not say.

        Raises:
            DecisionError: `unknown-record`, `other-district`, `already`, `changed`,
                `cannot-credit`, `role` or `text`.
            LedgerError: The database failed; nothing was decided.
        """
        district = self.district_of(place.kiosk)
        self._check_right(staff, place, district)
        check_text("reason", reason)
        with _turn(self._database, place) as (connection, row):
            status = _status(connection, row)
            if status == ("credited" if outcome == "released" else "refused"):
                raise DecisionError("already", f"record {place.seq} is {status} already")
            if saw not in (None, status):
                raise DecisionError("changed", f"record {place.seq} is {status} by now: look again")
            if outcome == "released":
                self._releasing.release(connection, row, self._clock())
            else:
                _refuse(connection, row, status, reason, self._clock())
            _close_twins(connection, row)
            self._note(connection, row, staff, outcome, reason, district)
            forget_old(connection, self._clock())

    def forget(self) -> None:
        """Forget the sentences whose time is over; call it at the start, and every hour.

        Raises:
            LedgerError: The database failed; nothing was forgotten.
        """
        with writing(self._database) as connection:
            forget_old(connection, self._clock())

    def _check_right(self, staff: Staff, place: Place, district: str) -> None:
        """Whether these staff may decide there; the log has it where they may not."""
        if not staff.may("held-decide"):
            denied = DecisionError("role", f"{staff.staff_id} may read and not decide")
        elif not staff.covers(district):
            where = district or "no district"
            denied = DecisionError("other-district", f"{place.kiosk} is in {where}: not yours")
        else:
            return
        with writing(self._database) as connection:
            about = connection.execute(select(records.c.id).filter_by(**place._asdict())).scalar()
            now_s, code = self._clock(), denied.code
            note_by(connection, now_s, staff, "denied", district, record_id=about, detail=code)
        raise denied

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
        deposit_id = as_kept(body_of(row.line).get("deposit_id", ""))[:64]
        values = {"record_id": row.id, "kiosk": row.kiosk, "deposit_id": deposit_id}
        at = max(now_s, appealed_at(connection, row) or 0)
        values |= {"outcome": outcome, "reason": reason, "staff": staff.staff_id, "at": at}
        # As it is by now: a load by a typed number was released to the number's account.
        whose = select(records.c.account).where(records.c.id == row.id)
        values |= {"account": connection.execute(whose).scalar()}
        connection.execute(insert(decisions).values(**values))
        note_by(connection, now_s, staff, outcome, district, record_id=row.id, detail=reason)


@contextmanager
def _turn(database: Engine, place: Place) -> Iterator[tuple[Connection, Row[Any]]]:
    """A transaction about one record, whose kiosk's turn is taken; gives connection and row."""
    with writing(database) as connection:
        take_turns(connection, [place.kiosk])
        row = connection.execute(select(records).filter_by(**place._asdict())).first()
        if row is None:
            raise DecisionError("unknown-record", f"there is no record {place.seq}")
        yield connection, row


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
    body = body_of(row.line)
    if not isinstance(body.get("deposit_id"), str):
        return  # it was not understood, and what names no load has no twins
    held = select(records.c.id, records.c.line).where(
        HELD,
        # A load by a typed number is held under a pseudonym, and credited under an account.
        records.c.account.in_({row.account, as_kept(body.get("account"))}),
        records.c.kiosk == row.kiosk,
        records.c.id != row.id,
    )
    twins = [
        one.id for one in connection.execute(held) if load_of(body_of(one.line)) == load_of(body)
    ]
    fell = {"state": "posted", "code": AGAIN}
    connection.execute(update(records).where(records.c.id.in_(twins)).values(fell))
