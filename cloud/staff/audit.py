"""The audit log: who did what about which record, and when. It is only ever added to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import desc, insert, select

from cloud.store.schema import audit, records

if TYPE_CHECKING:
    from sqlalchemy import Connection

BARE = ("commanded", "bundle-taken", "denied")
"""Acts that the fleet once noted under the bare pseudonym of who did them."""


@dataclass(frozen=True, slots=True)
class Audited:
    """One line of the log; `at` in Unix seconds. Kiosk, epoch and seq name the record, if any."""

    at: int
    actor: str
    action: str
    district: str
    kiosk: str | None
    epoch: str | None
    seq: int | None
    detail: str


def note(
    connection: Connection,
    now_s: int,
    actor: str,
    action: str,
    district: str,
    *,
    record_id: int | None = None,
    detail: str = "",
) -> None:
    """Add a line, in the transaction of what it tells of."""
    row = {"at": now_s, "actor": actor, "action": action, "district": district}
    connection.execute(insert(audit).values(**row, record_id=record_id, detail=detail))


def audit_of(connection: Connection, district: str | None, limit: int) -> list[Audited]:
    """The latest `limit` lines of a district, or of the city where it is None; newest first."""
    query = (
        select(
            audit.c.at,
            audit.c.actor,
            audit.c.action,
            audit.c.district,
            records.c.kiosk,
            records.c.epoch,
            records.c.seq,
            audit.c.detail,
        )
        .outerjoin(records, records.c.id == audit.c.record_id)
        .order_by(desc(audit.c.id))
        .limit(limit)
    )
    if district is not None:
        query = query.where(audit.c.district == district)
    return [_named(Audited(*row)) for row in connection.execute(query)]


def _named(line: Audited) -> Audited:
    """A line with staff named as they are now: the log itself is never written over."""
    bare = line.action in BARE and ":" not in line.actor
    return replace(line, actor=f"staff:{line.actor}") if bare else line
