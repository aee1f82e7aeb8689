"""Reading the flags: what somebody should look at."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import desc, select

from cloud.store.bulk import among
from cloud.store.schema import deposits, flags, records

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class Flagged:
    """A record with one reason to look at it. `flagged_at` is in Unix seconds.

    `deposit_id` and `account` are None where the record credited nothing.
    """

    kiosk: str
    epoch: str
    seq: int
    deposit_id: str | None
    account: str | None
    code: str
    detail: str
    flagged_at: int


def flagged_of(connection: Connection, limit: int) -> list[Flagged]:
    """The latest `limit` flags of all kiosks, newest first."""
    rows = connection.execute(
        select(
            records.c.kiosk,
            records.c.epoch,
            records.c.seq,
            deposits.c.deposit_id,
            deposits.c.account,
            flags.c.code,
            flags.c.detail,
            flags.c.at,
        )
        .join(records, records.c.id == flags.c.record_id)
        .outerjoin(deposits, deposits.c.record_id == flags.c.record_id)
        .order_by(desc(flags.c.id))
        .limit(limit)
    )
    return [Flagged(*row) for row in rows]


def codes_of(connection: Connection, record_ids: Collection[int]) -> dict[int, tuple[str, ...]]:
    """Record → the codes of its flags, for those that have any."""
    found: defaultdict[int, tuple[str, ...]] = defaultdict(tuple)
    these = among(connection, flags.c.record_id, record_ids)
    query = select(flags.c.record_id, flags.c.code).where(these)
    for row in connection.execute(query.order_by(flags.c.id)):
        found[row.record_id] += (row.code,)
    return dict(found)
