"""Acts of staff in the audit log: whatever they do, they go by one name there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cloud.staff.audit import note
from cloud.staff.desk import WHOLE_CITY

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from cloud.staff.desk import Staff


def noted(district: str) -> str:
    """A district as lines of the log have it; what is of the whole city is of no district."""
    return "" if district == WHOLE_CITY else district


def note_by(
    connection: Connection,
    now_s: int,
    staff: Staff,
    action: str,
    district: str,
    *,
    record_id: int | None = None,
    detail: str = "",
) -> None:
    """Add a line about what `staff` did, in its transaction; `*` is noted as no district."""
    where = noted(district)
    note(connection, now_s, staff.actor, action, where, record_id=record_id, detail=detail)
