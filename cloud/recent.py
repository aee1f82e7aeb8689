"""What the ledger knows around one deposit, read back in one query for `cloud.plausible`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select, text

from cloud.plausible import DAY_S, Recent
from cloud.schema import barcodes

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from contract.bodies import DepositBody

MOST = 500
"""Deposits that a sum goes over, the latest: ten times what is believed of an account in a day,
and two fillings of a bin with loads of 70 g. It keeps a flood from growing dear."""

_AROUND = text(
    """
    WITH day AS (
        SELECT kiosk, mass_g FROM deposits
        WHERE account = :account AND at_s > :at_s - :day_s AND at_s <= :at_s
        ORDER BY at_s DESC LIMIT :most
    ), bin AS (
        SELECT mass_g FROM deposits
        WHERE kiosk = :kiosk AND bay = :bay AND bin_index = :bin_index
            AND at_s > :at_s - :day_s AND at_s <= :at_s
        ORDER BY at_s DESC LIMIT :most
    ), code AS (
        SELECT kiosk FROM deposits WHERE jti = :jti LIMIT :most
    )
    SELECT
        (SELECT :at_s - at_s FROM deposits WHERE kiosk = :kiosk AND bay = :bay
            AND at_s <= :at_s AND record_id <> :record_id ORDER BY at_s DESC LIMIT 1),
        (SELECT at_s - :at_s FROM deposits WHERE kiosk = :kiosk AND bay = :bay
            AND at_s > :at_s AND record_id <> :record_id ORDER BY at_s LIMIT 1),
        (SELECT sum(mass_g) FROM bin),
        (SELECT sum(mass_g) FROM day),
        (SELECT count(*) FROM day),
        (SELECT count(DISTINCT kiosk) FROM day),
        (SELECT count(DISTINCT kiosk) FROM code)
    """
)


def around(
    connection: Connection, record_id: int, kiosk: str, body: DepositBody, at_s: int
) -> Recent:
    """What is known around the deposit of `record_id`, which must be in the ledger already."""
    given = body.model_dump(include={"account", "bay", "bin_index", "jti"})
    before_s, after_s, bin_g, account_g, deposits, kiosks, code_kiosks = connection.execute(
        _AROUND,
        given
        | {"record_id": record_id, "kiosk": kiosk, "at_s": at_s, "day_s": DAY_S, "most": MOST},
    ).one()
    return Recent(
        bay_gap_s=min((gap for gap in (before_s, after_s) if gap is not None), default=None),
        bin_g=bin_g,
        account_g=account_g,
        account_deposits=deposits,
        account_kiosks=kiosks,
        code_kiosks=code_kiosks,
        barcodes=_barcodes(connection, body, at_s),
    )


def _barcodes(connection: Connection, body: DepositBody, at_s: int) -> dict[str, int]:
    """How often the account brought each barcode of the deposit in the day up to it."""
    counts = {}
    for barcode in sorted(set(body.barcodes)):
        day = (
            select(barcodes.c.record_id)
            .filter_by(account=body.account, barcode=barcode)
            .where(barcodes.c.at_s > at_s - DAY_S, barcodes.c.at_s <= at_s)
            .limit(MOST)
        )
        counts[barcode] = connection.execute(
            select(func.count()).select_from(day.subquery())
        ).scalar_one()
    return counts
