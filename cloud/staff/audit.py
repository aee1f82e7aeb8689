"""The audit log: who did what about which record, and when. It is only ever added to.

What a line is about is found by name: the kiosk and the account of its record, or the ids that its
own words name before the first colon, behind which somebody's sentence may stand. Who reserved
something at a partner is told nobody who reads it: the log alone keeps it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import desc, insert, select, union_all

from cloud.store.database import added
from cloud.store.schema import audit, records
from cloud.store.schema_staff import audit_about

if TYPE_CHECKING:
    from sqlalchemy import CTE, Connection, Select, Table

BARE = ("commanded", "bundle-taken", "denied")
"""Acts that the fleet once noted under the bare pseudonym of who did them."""

NAME = re.compile(r"(?!\d{1,15}$)[a-z0-9][a-z0-9.-]{0,63}")
"""What something can be found by: an id of letters, figures, points and hyphens; no mere number.

Of accounts, cards and commands, which are 16 hex digits, one in 1,843 has no letter.
"""

RESIDENT = "resident:"
"""What the name of a resident begins with; their account follows."""

UNTOLD = ("reserved", "cancelled")
"""Acts of residents at a partner: who buys what is no business of staff."""

_OF_THEMSELVES = ("erased",)
"""Acts of residents on their own account, which their words do not name."""

_BETWEEN = re.compile(r"[\s,/]+")

_NO_NAMES = frozenset({"redemption", "at", "points", "to"})
"""Words that stand between ids."""


@dataclass(frozen=True, slots=True)
class Audited:
    """One line of the log; `at` in Unix seconds. Kiosk, epoch and seq name the record, if any.

    `id` rises from line to line.
    """

    id: int
    at: int
    actor: str
    action: str
    district: str
    kiosk: str | None
    epoch: str | None
    seq: int | None
    detail: str


@dataclass(frozen=True, slots=True)
class Asked:
    """Which lines: each that is said must be so.

    `actor` is who did it, as the log names them. `about` is what it was done to. `within` is from
    its first second on to before its last (Unix seconds). `before` is an id: lines below it.
    """

    actor: str = ""
    about: str = ""
    within: tuple[int, int] | None = None
    before: int | None = None


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
    line = added(connection, audit, **row, record_id=record_id, detail=detail)
    names = names_in(action, detail) if record_id is None else _of_record(connection, record_id)
    if action in _OF_THEMSELVES:
        names.add(actor.removeprefix(RESIDENT))
    if names:
        found = [{"name": name, "audit_id": line} for name in sorted(names)]
        connection.execute(insert(audit_about), found)


def names_in(action: str, detail: str) -> set[str]:
    """The ids that a line names; of one about prices its list's version, for a reason follows."""
    words = _BETWEEN.split(detail.partition(":")[0])
    taken = words[:1] if action.startswith("prices-") else words
    return {one for one in taken if NAME.fullmatch(one)} - _NO_NAMES


def audit_of(
    connection: Connection, district: str | None, limit: int, asked: Asked | None = None
) -> list[Audited]:
    """The latest `limit` lines of a district, or of the city where it is None; newest first."""
    asked = asked or Asked()
    lines = audit if asked.within is None else _of_day(*asked.within)
    # Each way by its own index, from the latest line back, and no further than is shown.
    found = [
        _fitting(lines, asked, district, bare=bare).limit(limit).subquery()
        for bare in _ways(asked.actor)
    ]
    ids = union_all(*(select(one.c.id) for one in found))
    line = (audit.c.id, audit.c.at, audit.c.actor, audit.c.action, audit.c.district)
    record = (records.c.kiosk, records.c.epoch, records.c.seq)
    query = select(*line, *record, audit.c.detail).select_from(audit)
    query = query.outerjoin(records, records.c.id == audit.c.record_id)
    query = query.where(audit.c.id.in_(ids)).order_by(desc(audit.c.id)).limit(limit)
    return [_named(Audited(*row)) for row in connection.execute(query)]


def _ways(actor: str) -> tuple[bool, ...]:
    """Whether to look for an actor's bare pseudonym: staff have lines of either kind."""
    return (False, True) if actor.startswith("staff:") else (False,)


def _fitting(
    lines: Table | CTE, asked: Asked, district: str | None, *, bare: bool
) -> Select[tuple[int]]:
    """The ids of the lines that fit, the latest first."""
    query = select(lines.c.id).order_by(desc(lines.c.id))
    if bare:
        query = query.where(lines.c.actor == asked.actor.removeprefix("staff:"))
        query = query.where(lines.c.action.in_(BARE))
    elif asked.actor:
        query = query.where(lines.c.actor == asked.actor)
    if asked.actor.startswith(RESIDENT):
        query = query.where(lines.c.action.not_in(UNTOLD))
    if asked.about:
        about = select(audit_about.c.audit_id).where(audit_about.c.name == asked.about)
        query = query.where(lines.c.id.in_(about))
    if district is not None:
        # SQLite counts no rows, and would go through the district: an actor has fewer lines.
        among = lines.c.district + "" if asked.actor or asked.about else lines.c.district
        query = query.where(among == district)
    if asked.before is not None:
        query = query.where(lines.c.id < asked.before)
    return query


def _of_day(first_s: int, next_s: int) -> CTE:
    """The lines of a day, read by their time before anything else is asked of them."""
    columns = (audit.c.id, audit.c.actor, audit.c.action, audit.c.district)
    day = select(*columns).where(audit.c.at >= first_s, audit.c.at < next_s)
    return day.cte("day").prefix_with("MATERIALIZED")


def _of_record(connection: Connection, record_id: int) -> set[str]:
    of = select(records.c.kiosk, records.c.account).where(records.c.id == record_id)
    return {name for name in connection.execute(of).one() if name}


def _named(line: Audited) -> Audited:
    """A line with staff named as they are now: the log itself is never written over."""
    if line.action in UNTOLD and line.actor.startswith(RESIDENT):
        return replace(line, actor=RESIDENT.removesuffix(":"))
    bare = line.action in BARE and ":" not in line.actor
    return replace(line, actor=f"staff:{line.actor}") if bare else line
