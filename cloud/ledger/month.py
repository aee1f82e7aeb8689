"""A kiosk's month: what was deposited there, item by item."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from cloud.errors import MonthError
from cloud.store.schema import decisions, deposits, records
from contract.hours import LOCAL

if TYPE_CHECKING:
    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class ItemMonth:
    """The credited deposits of one item at one kiosk in one month, without those refused since."""

    item_code: str
    deposits: int
    mass_g: int
    points: int
    carbon_g: int


def month_of(connection: Connection, kiosk: str, month: str) -> list[ItemMonth]:
    """What a kiosk took in `month`, as in `2026-11`, by the kiosks' clocks; heaviest first.

    Raises:
        MonthError: It is no month.
    """
    first_s, next_s = bounds_of(month)
    mass_g = func.sum(deposits.c.mass_g)
    # By way of the few decisions, so that a month need not look into every record.
    refused = select(records.c.id).join(decisions).where(records.c.code == "refused")
    rows = connection.execute(
        select(
            deposits.c.item_code,
            func.count(),
            mass_g,
            func.sum(deposits.c.points),
            func.sum(deposits.c.carbon_g),
        )
        .where(
            deposits.c.kiosk == kiosk,
            deposits.c.at_s >= first_s,
            deposits.c.at_s < next_s,
            deposits.c.record_id.not_in(refused),
        )
        .group_by(deposits.c.item_code)
        .order_by(mass_g.desc(), deposits.c.item_code)
    )
    # PostgreSQL adds up whole numbers as decimals.
    return [ItemMonth(code, *map(int, sums)) for code, *sums in rows]


def bounds_of(month: str) -> tuple[int, int]:
    """The first second of a month in China, and of the next (Unix seconds).

    Raises:
        MonthError: It is no month.
    """
    if not re.fullmatch(r"20[0-9]{2}-(0[1-9]|1[0-2])", month):
        raise MonthError(f"month {month[:16]!r} is none: write it as in 2026-11")
    year, number = int(month[:4]), int(month[5:])
    first = datetime(year, number, 1, tzinfo=LOCAL)
    after = datetime(year + number // 12, number % 12 + 1, 1, tzinfo=LOCAL)
    return int(first.timestamp()), int(after.timestamp())
