"""What the ledger knows around deposits, read back in two queries for `cloud.plausible`."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, text

from cloud.plausible import DAY_S, Recent

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Connection

MOST = 500
"""Deposits that a sum goes over, the latest: ten times what is believed of an account in a day,
and two fillings of a bin with loads of 70 g. It keeps a flood from growing dear."""

# A deposit is judged by those that were posted before it, whatever came in the same batch. Three
# sums of an account's day go out as one text: a query in this place gives one value, and a day is
# dear to look through.
_DAY = """
    FROM (
        SELECT o.kiosk, o.mass_g FROM deposits AS o
        WHERE o.account = d.account AND o.at_s > d.at_s - :day_s AND o.at_s <= d.at_s
            AND o.record_id <= d.record_id
        ORDER BY o.at_s DESC LIMIT :most
    ) AS day
    """
_BAY = """
    FROM deposits AS o WHERE o.kiosk = d.kiosk AND o.bay = d.bay AND o.record_id < d.record_id
    """

_AROUND = text(
    f"""
    SELECT
        d.record_id,
        (SELECT d.at_s - o.at_s {_BAY} AND o.at_s <= d.at_s ORDER BY o.at_s DESC LIMIT 1),
        (SELECT o.at_s - d.at_s {_BAY} AND o.at_s > d.at_s ORDER BY o.at_s LIMIT 1),
        (SELECT sum(mass_g) FROM (
            SELECT o.mass_g FROM deposits AS o
            WHERE o.kiosk = d.kiosk AND o.bay = d.bay AND o.bin_index = d.bin_index
                AND o.at_s > d.at_s - :day_s AND o.at_s <= d.at_s
                AND o.record_id <= d.record_id
            ORDER BY o.at_s DESC LIMIT :most
        ) AS bin),
        (SELECT sum(mass_g) || ' ' || count(*) || ' ' || count(DISTINCT kiosk) {_DAY}),
        (SELECT count(DISTINCT kiosk) FROM (
            SELECT o.kiosk FROM deposits AS o
            WHERE o.jti = d.jti AND o.record_id <= d.record_id LIMIT :most
        ) AS code)
    FROM deposits AS d WHERE d.record_id IN :ids
    """  # noqa: S608  # every part of it stands above
).bindparams(bindparam("ids", expanding=True))

_BARCODES = text(
    """
    SELECT d.record_id, d.barcode, (SELECT count(*) FROM (
        SELECT o.record_id FROM barcodes AS o
        WHERE o.account = d.account AND o.barcode = d.barcode AND o.at_s > d.at_s - :day_s
            AND o.at_s <= d.at_s AND o.record_id <= d.record_id
        LIMIT :most
    ) AS day)
    FROM barcodes AS d WHERE d.record_id IN :ids ORDER BY d.barcode
    """
).bindparams(bindparam("ids", expanding=True))


def around(connection: Connection, record_ids: Collection[int]) -> dict[int, Recent]:
    """What is known around each of these deposits, which must be in the ledger already."""
    if not record_ids:
        return {}
    given = {"ids": list(record_ids), "day_s": DAY_S, "most": MOST}
    barcodes: defaultdict[int, dict[str, int]] = defaultdict(dict)
    for record_id, barcode, times in connection.execute(_BARCODES, given):
        barcodes[record_id][barcode] = times
    found = {}
    for row in connection.execute(_AROUND, given):
        record_id, before_s, after_s, bin_g, day, code_kiosks = row
        account_g, deposits, kiosks = map(int, day.split())
        found[record_id] = Recent(
            bay_gap_s=min((gap for gap in (before_s, after_s) if gap is not None), default=None),
            bin_g=int(bin_g),  # PostgreSQL adds up whole numbers as decimals
            account_g=account_g,
            account_deposits=deposits,
            account_kiosks=kiosks,
            code_kiosks=code_kiosks,
            barcodes=barcodes[record_id],
        )
    return found
