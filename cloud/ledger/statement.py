"""Reading the ledger: balances, receipts, sums."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import desc, func, select, true

from cloud.ledger.book import OPERATOR, resident
from cloud.ledger.flagged import codes_of
from cloud.ledger.held.cases import reasons_of
from cloud.store.bulk import among
from cloud.store.schema import (
    HELD,
    SPENT,
    carbon,
    debited,
    deposits,
    flags,
    postings,
    records,
    rejected,
    transfers,
)
from contract.errors import CatalogueError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sqlalchemy import Column, ColumnElement, Connection, Select

    from contract.catalogue import Catalogue

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Balance:
    """What an account has. `held` counts its loads that staff must look at first."""

    points: int
    carbon_g: int
    held: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """One credited deposit.

    `points` is what was credited, `shown_points` what the kiosk's screen said; they differ where
    the ledger corrected it. `names` are the item's, by language. `flags` are codes of what is
    not plausible about it (`cloud.ledger.plausible`); it is credited all the same. `refused` says
    why staff entered it back, empty where they did not.
    """

    deposit_id: str
    kiosk: str
    at: str
    item_code: str
    names: dict[str, str]
    mass_g: int
    pieces: int
    priced_by: str
    points: int
    shown_points: int
    carbon_g: int
    flags: tuple[str, ...] = ()
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over the whole ledger; `postings_sum` is zero, or the books are wrong.

    `flagged` counts the records that somebody should look at, whatever became of them.
    """

    records: int
    credited_points: int
    accounts: int
    held: int
    rejected: int
    flagged: int
    postings_sum: int


def balance_of(connection: Connection, account: str) -> Balance:
    """Points, carbon and held loads of a resident's account (16 hex digits)."""
    held = select(func.count()).where(HELD, records.c.account == account)
    return Balance(
        points=points_of(connection, resident(account)),
        carbon_g=_sum(connection, carbon.c.grams, carbon.c.account == account),
        held=connection.execute(held).scalar_one(),
    )


def points_of(connection: Connection, name: str) -> int:
    """What an account has, by its name in the books, as in `resident:a11ce00000000001`."""
    credited = _sum(connection, transfers.c.points, transfers.c.credit == name)
    return credited - _sum(connection, transfers.c.points, debited(name))


def points_by_name(connection: Connection, names: Collection[str]) -> dict[str, int]:
    """What each account has, as `points_of` says it of one; the operator's is none of them."""
    points = dict.fromkeys(names, 0)
    got, spent = transfers.c.credit, transfers.c.debit
    for account, sign, which in ((got, 1, true()), (spent, -1, SPENT)):
        mine = among(connection, account, names) & which
        summed = select(account, func.sum(transfers.c.points)).where(mine).group_by(account)
        for name, sum_ in connection.execute(summed):
            points[name] += sign * int(sum_)
    return points


def receipts_of(
    connection: Connection, account: str, limit: int, catalogues: Mapping[str, Catalogue]
) -> list[Receipt]:
    """The latest `limit` credited deposits of an account, newest first."""
    rows = connection.execute(
        select(deposits)
        .where(deposits.c.account == account)
        .order_by(desc(deposits.c.record_id))
        .limit(limit)
    ).all()
    shown = [row.record_id for row in rows]
    flagged, refused = codes_of(connection, shown), reasons_of(connection, shown)
    return [
        Receipt(
            deposit_id=row.deposit_id,
            kiosk=row.kiosk,
            at=row.at,
            item_code=row.item_code,
            names=_names(catalogues, row.catalogue_version, row.item_code),
            mass_g=row.mass_g,
            pieces=row.pieces,
            priced_by=row.priced_by,
            points=row.points,
            shown_points=row.shown_points,
            carbon_g=row.carbon_g,
            flags=flagged.get(row.record_id, ()),
            refused=refused.get(row.record_id, ""),
        )
        for row in rows
    ]


def line_of_deposit(connection: Connection, kiosk: str, deposit_id: str) -> bytes | None:
    """The record's line of a credited deposit; None where there is none."""
    line: bytes | None = connection.execute(
        select(records.c.line)
        .join(deposits, deposits.c.record_id == records.c.id)
        .where(deposits.c.kiosk == kiosk, deposits.c.deposit_id == deposit_id)
    ).scalar()
    return line


def totals_of(connection: Connection) -> Totals:
    """Sums over the whole ledger."""
    paid = select(func.coalesce(func.sum(postings.c.points), 0)).where(
        postings.c.account != OPERATOR
    )
    queries = {
        "records": select(func.count()).select_from(records),
        "credited_points": paid,
        "accounts": select(func.count(deposits.c.account.distinct())),
        "held": select(func.count()).where(HELD),
        "rejected": select(func.count()).select_from(rejected),
        "flagged": select(func.count(flags.c.record_id.distinct())),
        "postings_sum": select(func.coalesce(func.sum(postings.c.points), 0)),
    }
    return Totals(**{name: _whole(connection, one) for name, one in queries.items()})


def rejected_of(connection: Connection) -> dict[str, int]:
    """How many lines were rejected, by code."""
    return _by_code(connection, rejected.c.code)


def held_of(connection: Connection) -> dict[str, int]:
    """How many records are held now, by code."""
    return _by_code(connection, records.c.code, HELD)


def _by_code(
    connection: Connection, code: Column[str], *where: ColumnElement[bool]
) -> dict[str, int]:
    counted = select(code, func.count().label("lines")).where(*where).group_by(code).order_by(code)
    return {row.code: row.lines for row in connection.execute(counted)}


def _sum(connection: Connection, column: Column[int], where: ColumnElement[bool]) -> int:
    return _whole(connection, select(func.coalesce(func.sum(column), 0)).where(where))


def _whole(connection: Connection, query: Select[Any]) -> int:
    """One sum or count; PostgreSQL adds up whole numbers as decimals."""
    return int(connection.execute(query).scalar_one())


def _names(catalogues: Mapping[str, Catalogue], version: str, code: str) -> dict[str, str]:
    """The item's names, or its code where the catalogue of then is no longer at hand as it was."""
    catalogue = catalogues.get(version)
    try:
        if catalogue is not None:
            return catalogue.item(code).names.model_dump()
    except CatalogueError as error:
        _log.error("event=item-not-named version=%s code=%s: %s", version, error.code, error)
    return {"zh": code, "en": code}
