"""The table of commands: from issued over sent to their end, by whichever worker is at hand.

    issued → sent → waiting → done | refused
                  ↘ expired, and from there to done or refused once the kiosk says so

A command is sent again until the kiosk has said what became of it, or its time is over. Who sends
is agreed on in the row itself, so that several workers do not all send the same at once; where they
do all the same, the kiosk knows the command by its id.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import and_, case, desc, func, or_, select, update

from cloud.store.bulk import among
from cloud.store.database import as_kept
from cloud.store.schema_fleet import commands, fleet_kiosks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, Connection, Row

    from contract.command import CommandResult

State = Literal["issued", "sent", "waiting", "done", "refused", "expired"]

OPEN = ("issued", "sent", "waiting")
FINAL = ("done", "refused")

AGAIN_S = 30
"""So long the kiosk may take to say that it has a command."""

WAITS_AGAIN_S = 300
"""So often a command that waits there is asked after: a resident's visit takes a minute or two."""

GREETED_S = 2
"""A kiosk that has just connected gets its commands at once, but not from every worker."""

GRACE_S = 60
"""So long after its end a command may still be answered before it counts as expired."""

SEND_MOST = 200
"""Commands that are sent at a time."""


@dataclass(frozen=True, slots=True)
class Order:
    """One command and what became of it; times in Unix seconds.

    `at` is by the kiosk's clock for what it said, `ended_at` by the platform's. `sends` counts how
    often it was sent.
    """

    command_id: str
    kiosk: str
    verb: str
    arguments: dict[str, str]
    staff: str
    issued_at: int
    not_after: int
    state: State
    code: str
    detail: str
    sends: int
    ended_at: int | None
    number: int


def due(connection: Connection, now_s: int) -> list[tuple[str, str, str, str]]:
    """City, route, kiosk and line of what is to be sent now, marked as sent."""
    return _send(connection, _is_due(now_s), now_s)


def due_to(connection: Connection, kiosk: str, now_s: int) -> list[tuple[str, str, str, str]]:
    """The same of a kiosk that has just said that it is there."""
    asked = and_(commands.c.kiosk == kiosk, _holds(now_s), _rests(now_s, GREETED_S))
    return _send(connection, asked, now_s)


def any_due(connection: Connection, now_s: int) -> bool:
    """Whether anything is to be sent or ended now: most seconds there is nothing to write."""
    query = select(commands.c.id).where(or_(_is_due(now_s), _is_over(now_s))).limit(1)
    return connection.execute(query).first() is not None


def expire(connection: Connection, now_s: int) -> None:
    """End what was not answered in its time, but for what somebody has in hand just now."""
    over = select(commands.c.id).where(_is_over(now_s)).with_for_update(skip_locked=True)
    ids = connection.execute(over).scalars().all()
    if ids:
        values = {"state": "expired", "ended_at": now_s}
        connection.execute(
            update(commands).where(among(connection, commands.c.id, ids)).values(**values)
        )


def hear(connection: Connection, result: CommandResult, now_s: int) -> None:
    """Take what a kiosk says of its command; a word that is behind another one changes nothing."""
    of = and_(commands.c.command_id == result.id, commands.c.kiosk == result.kiosk)
    values: dict[str, Any] = {"code": as_kept(result.code), "detail": as_kept(result.detail)}
    if result.outcome == "waiting":
        asked = and_(of, commands.c.state.in_(("issued", "sent")))
        values |= {"state": "waiting"}
    else:
        asked = and_(of, commands.c.state.not_in(FINAL))
        values |= {"state": result.outcome, "ended_at": now_s}
    connection.execute(update(commands).where(asked).values(**values))


def order(connection: Connection, command_id: str) -> Order | None:
    """A command by its id."""
    row = connection.execute(select(commands).where(commands.c.command_id == command_id)).first()
    return None if row is None else _read(row)


def orders_of(connection: Connection, kiosk: str, before: int | None, limit: int) -> list[Order]:
    """A kiosk's latest commands, newest first, of those before number `before`."""
    query = select(commands).where(commands.c.kiosk == kiosk)
    if before is not None:
        query = query.where(commands.c.id < before)
    found = connection.execute(query.order_by(desc(commands.c.id)).limit(limit))
    return [_read(row) for row in found]


def open_orders(connection: Connection, kiosk: str) -> list[Order]:
    """A kiosk's commands that are not over."""
    query = select(commands).where(commands.c.kiosk == kiosk, commands.c.state.in_(OPEN))
    return [_read(row) for row in connection.execute(query)]


def open_counts(connection: Connection, kiosks: Sequence[str]) -> dict[str, int]:
    """Kiosk → how many of its commands are not over."""
    mine = and_(commands.c.state.in_(OPEN), among(connection, commands.c.kiosk, kiosks))
    counted = select(commands.c.kiosk, func.count().label("open")).where(mine)
    found = connection.execute(counted.group_by(commands.c.kiosk))
    return {row.kiosk: row.open for row in found}


def _holds(now_s: int) -> ColumnElement[bool]:
    return and_(commands.c.state.in_(OPEN), commands.c.not_after >= now_s)


def _is_over(now_s: int) -> ColumnElement[bool]:
    return and_(commands.c.state.in_(OPEN), commands.c.not_after < now_s - GRACE_S)


def _is_due(now_s: int) -> ColumnElement[bool]:
    """To a kiosk that is there, for the first time, or again since it has not answered."""
    patience_s = case((commands.c.state == "waiting", WAITS_AGAIN_S), else_=AGAIN_S)
    there = select(fleet_kiosks.c.kiosk).where(fleet_kiosks.c.online == 1)
    return and_(_holds(now_s), commands.c.kiosk.in_(there), _rests(now_s, patience_s))


def _rests(now_s: int, patience_s: ColumnElement[int] | int) -> ColumnElement[bool]:
    """Not sent so lately; a clock that was set back must not keep commands waiting."""
    return or_(commands.c.sent_at <= now_s - patience_s, commands.c.sent_at > now_s + GREETED_S)


def _send(
    connection: Connection, asked: ColumnElement[bool], now_s: int
) -> list[tuple[str, str, str, str]]:
    oldest = select(commands.c.id).where(asked).order_by(commands.c.id).limit(SEND_MOST)
    # What another worker has in hand is its own: nobody waits, so no two wait for each other.
    mine = connection.execute(oldest.with_for_update(skip_locked=True)).scalars().all()
    if not mine:
        return []
    values = {
        "sent_at": now_s,
        "sends": commands.c.sends + 1,
        "state": case((commands.c.state == "issued", "sent"), else_=commands.c.state),
    }
    sending = update(commands).where(commands.c.id.in_(mine)).values(**values)
    sent = connection.execute(
        sending.returning(commands.c.id, commands.c.kiosk, commands.c.line)
    ).all()
    where = {
        row.kiosk: (row.city, row.route)
        for row in connection.execute(
            select(fleet_kiosks).where(fleet_kiosks.c.kiosk.in_({row.kiosk for row in sent}))
        )
    }
    return [
        (*where[row.kiosk], row.kiosk, row.line)
        for row in sorted(sent, key=lambda row: row.id)
        if row.kiosk in where
    ]


def _read(row: Row[Any]) -> Order:
    return Order(
        row.command_id,
        row.kiosk,
        row.verb,
        json.loads(row.arguments),
        row.staff,
        row.issued_at,
        row.not_after,
        row.state,
        row.code,
        row.detail,
        row.sends,
        row.ended_at,
        row.id,
    )
