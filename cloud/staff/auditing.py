"""Looking something up in the audit log: by who did it, what it was done to, and the day."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cloud.errors import StaffError
from cloud.staff.audit import Asked, audit_of
from cloud.staff.desk import NO_STAFF, WHOLE_CITY
from cloud.store.database import reading
from contract.hours import bounds_of_day

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from cloud.staff.audit import Audited
    from cloud.staff.desk import Staff

LONGEST = 64
"""Letters of a name that is looked for."""

_POSSIBLE = re.compile(rf"[a-z0-9:._-]{{0,{LONGEST}}}")


class AuditLog:
    """Reads the log for staff with the right `audit-see`; those of a district see its lines.

    Args:
        database: The platform's.
    """

    def __init__(self, database: Engine) -> None:
        self._database = database

    def lines(
        self,
        staff: Staff,
        limit: int = 100,
        *,
        actor: str = "",
        about: str = "",
        day: str = "",
        before: int | None = None,
    ) -> list[Audited]:
        """The latest lines that are theirs, newest first.

        Args:
            staff: Who asks.
            limit: So many at most.
            actor: Of that one alone: a pseudonym of staff, or as the log says it.
            about: About that alone: an id of a kiosk, card, account, command, partner ...
            day: Of that day in China alone, as in 2026-11-28.
            before: Those with ids below it.

        Raises:
            StaffError: `role`, or `no-day`.
            LedgerError: The database failed.
        """
        staff.check("audit-see")
        asked = Asked(actor_named(actor), about.strip().lower(), _within(day), before)
        if not _POSSIBLE.fullmatch(asked.actor) or not _POSSIBLE.fullmatch(asked.about):
            return []  # no database need hear what anybody makes up
        with reading(self._database) as connection:
            whole = staff.district == WHOLE_CITY
            return audit_of(connection, None if whole else staff.district, limit, asked)


def actor_named(typed: str) -> str:
    """How the log names whoever somebody types; a bare pseudonym is one of staff."""
    actor = typed.strip().lower()
    return actor if ":" in actor or actor in ("", *NO_STAFF) else f"staff:{actor}"


def _within(day: str) -> tuple[int, int] | None:
    try:
        return bounds_of_day(day) if day else None
    except ValueError as error:
        raise StaffError("no-day", f"{day[:24]!r} is no day: write it as 2026-11-28") from error
