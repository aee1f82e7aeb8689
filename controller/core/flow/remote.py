"""Commands from afar: taken at any time, done while nobody is served, and answered.

Nothing here moves a hatch or a gate; a node that is to start anew does so at rest. Each command
that is done is on record first, so that whoever reads the journal knows why a bay was closed, or
the software started anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from contract.command import (
    CLOSE_BAY,
    OPEN_BAY,
    RESTART_CONTROLLER,
    RESTART_NODE,
    SEND_DIAGNOSTICS,
)
from controller.core import commands
from controller.core.flow import restart
from controller.core.flow.answering import end, tell
from controller.core.health.kiosk_signs import SYNCHRONISED
from controller.core.remote.kept import OrderRow
from controller.core.remote.orders import OVER
from controller.core.states import State

if TYPE_CHECKING:
    from contract.command import Command
    from controller.core import events
    from controller.core.health.sightings import ClockSeen
    from controller.core.remote.heard import CommandCame, OrdersFound, UpkeepDone
    from controller.core.session import Session

CLOSED = "closed by the operator from afar"
"""Why a bay is closed that a command closed; its id stands in the record."""


def clock_seen(s: Session, event: ClockSeen, now_s: float) -> None:
    """The time by which commands end, and calibrations lapse."""
    s.orders.clock.see(event.utc_s, event.quality, event.at_s)
    if event.quality == SYNCHRONISED:
        for bay in s.bays.values():
            bay.see_day(event.utc_s)


def found(s: Session, event: OrdersFound, now_s: float) -> None:
    """At start: bays that were closed are closed, and a restart that was asked for has happened."""
    s.orders.recall(event.rows)
    for name in s.orders.closed_bays:
        if name in s.bays:
            s.bays[name].closed_from_afar = CLOSED
    for row in s.orders.waiting:
        if row.stage != "begun":
            continue
        if row.verb == RESTART_CONTROLLER:
            end(s, row, "done", "restarted", "the controller has started anew", now_s)
        elif row.verb == RESTART_NODE:  # asked for once: nobody was there to hear what came of it
            why = "the controller started anew meanwhile: ask again if it is still needed"
            end(s, row, "refused", "failed", why, now_s)


def came(s: Session, event: CommandCame, now_s: float) -> None:
    """A command is answered: as it was before, with a refusal, or by what is done at once."""
    s.orders.clock.see(event.utc_s, event.clock_quality, now_s)
    command = event.command
    row = s.orders.rows.get(command.id)
    if row is not None:
        if s.orders.is_lost(row, now_s):
            _take(s, row, event, now_s)  # its bundle is made anew
        else:
            _again(s, row)
        return
    row = _row(command)
    code, why = s.orders.why_not(command, s.bays, now_s)
    if code:
        s.refused[f"command:{code}"] += 1
        end(s, row, "refused", code, why, now_s)
        return
    _take(s, row, event, now_s)


def _take(s: Session, row: OrderRow, event: object, now_s: float) -> None:
    """It waits from now on, and is begun at once where nobody is served."""
    row = s.orders.move(row, "waiting", now_s, "", "")
    s.ask(commands.KeepOrders(s.orders.kept))
    look(s, event, now_s)
    if s.orders.rows[row.id].stage == "waiting" and not s.orders.doing:
        tell(s, row)


def look(s: Session, event: object, now_s: float) -> None:
    """Begin the oldest command once nobody is served; what holds no more is not begun."""
    orders = s.orders
    if orders.doing or not (waiting := orders.waiting):
        return
    row = waiting[0]
    if orders.is_over(row.not_after, now_s):
        s.refused["command:expired"] += 1
        end(s, row, "refused", "expired", "its time was over before the kiosk was free", now_s)
    elif row.bay and row.bay not in s.bays:  # the kiosk has other bays since it waits
        end(s, row, "refused", "no-such-bay", f"no bay {row.bay} here any more", now_s)
    elif s.state is State.IDLE and s.service.wanted is None:
        orders.doing = row.id
        s.ask(commands.Commit("service", {"what": _said(row), "by": row.by}))


def recorded(s: Session, event: events.Committed, now_s: float) -> None:
    """The record is durable: now it is done."""
    row = s.orders.rows.get(s.orders.doing)
    if row is None or not _is_of(row, event.kind, event.body):
        return
    if row.verb == CLOSE_BAY:
        _close(s, row, now_s)
    elif row.verb == OPEN_BAY:
        _open(s, row, now_s)
    elif row.verb == RESTART_NODE:
        _restart(s, row, now_s)
    else:
        s.orders.move(row, "begun", now_s, "", "")
        s.ask(commands.KeepOrders(s.orders.kept), commands.DoUpkeep(row.id, row.verb))


def not_recorded(s: Session, event: events.CommitFailed, now_s: float) -> None:
    """Nothing is done of which no record can be written."""
    row = s.orders.rows.get(s.orders.doing)
    if row is not None and _is_of(row, event.wish.kind, event.wish.body):
        end(s, row, "refused", "not-recorded", event.reason, now_s)


def upkeep_done(s: Session, event: UpkeepDone, now_s: float) -> None:
    """The software around the core has done it, or could not."""
    row = s.orders.rows.get(event.id)
    if row is not None and row.stage == "begun":
        if row.verb == SEND_DIAGNOSTICS and not event.code:
            s.orders.bundled = row.id
        end(s, row, "refused" if event.code else "done", event.code, event.detail, now_s)


def _close(s: Session, row: OrderRow, now_s: float) -> None:
    bay = s.bays[row.bay]
    code = "already" if bay.closed_from_afar else ""
    bay.closed_from_afar = CLOSED
    end(s, row, "done", code, bay.why_not, now_s)


def _open(s: Session, row: OrderRow, now_s: float) -> None:
    """What closed a bay at the kiosk itself is for those who stand there."""
    bay = s.bays[row.bay]
    if not bay.closed_from_afar:
        why = bay.why_not or "it is open"
        end(s, row, "refused", "not-closed-from-afar", f"bay {bay.name}: {why}", now_s)
        return
    bay.closed_from_afar = ""
    s.orders.lift(bay.name)
    end(s, row, "done", "", bay.why_not, now_s)


def _restart(s: Session, row: OrderRow, now_s: float) -> None:
    """It has begun before the node is asked, so that no restart of the kiosk asks twice."""
    code, why = restart.why_not(s, s.bays[row.bay])
    if code:
        end(s, row, "refused", code, why, now_s)
        return
    s.orders.move(row, "begun", now_s, "", "")
    s.ask(commands.KeepOrders(s.orders.kept))
    restart.ask(s, s.bays[row.bay], now_s, row.id)


def _again(s: Session, row: OrderRow) -> None:
    """The same command once more: the platform has not heard what became of it."""
    if row.stage in OVER or row.id != s.orders.doing:
        tell(s, row)


def _row(command: Command) -> OrderRow:
    bay = command.arguments.get("bay", "")
    return OrderRow(
        command.id, command.verb, bay, command.by, command.not_after, "waiting", "", "", 0
    )


def _said(row: OrderRow) -> str:
    return f"command {row.id} {row.verb} {row.bay}".strip()


def _is_of(row: OrderRow, kind: str, body: dict[str, object]) -> bool:
    return kind == "service" and body.get("what") == _said(row)
