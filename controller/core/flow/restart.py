"""A node is asked to start anew: by the kiosk where a sense is gone, from afar, or in service.

Only while nobody is served, and never where a load waits for its recovery: what is known of that
load is worth more than a node. The node itself refuses unless its bay rests and nobody is near
(docs/node.md), and forgets nothing that latched.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from controller.core import commands
from controller.core.flow import answering, on_duty
from controller.core.symptoms.table import Symptom
from wire import faults

if TYPE_CHECKING:
    from controller.core import events
    from controller.core.bay import Bay
    from controller.core.restarting import Restarting
    from controller.core.session import Session

SENSES = frozenset(faults.TABLE[code][0] for code in faults.MENDED_BY_A_START)

ENDED = "done", "", "the node has started anew"


def nobody_served(s: Session, event: events.NodeReport, now_s: float) -> None:
    """A sense of this bay has been gone for a while: its node starts anew, once per so long."""
    bay, one = s.bays.get(event.bay), s.restarting.get(event.bay)
    if bay is None or one is None:
        return
    gone = bay.faults & SENSES
    if not gone:
        one.rests()
        return
    one.stands(now_s)
    if math.isinf(one.due_s):
        one.due_s = now_s + one.pause_s
    if now_s < one.due_s or s.service.wanted is not None or not _rests(bay) or why_not(s, bay)[0]:
        return
    one.tried(now_s)
    ask(s, bay, now_s)
    s.ask(commands.Note("node-restart-asked", bay.name, ", ".join(sorted(gone))))


def ask(s: Session, bay: Bay, now_s: float, order: str = "") -> None:
    """Ask the node; what comes of it, `look` and `refused` see."""
    one = s.restarting[bay.name]
    one.asked_s, one.boot_id, one.order = now_s, bay.boot_id, order
    s.ask(commands.RestartNode(bay.name))


def why_not(s: Session, bay: Bay) -> tuple[str, str]:
    """Code and sentence of why the controller does not ask now; empty where it may."""
    if bay.lost:
        return "node-lost", bay.lost
    if s.restarting[bay.name].asked_s is not None:
        return "under-way", "its node is starting anew already"
    if bay.interrupted or bay.unreadable or any(one.bay == bay.name for one in s.open_intents):
        return "load-waits", "a load that was interrupted waits there for its recovery"
    if bay.waits_for_staff:  # the ledger may hold it, and its lock is what keeps it there
        return "load-waits", f"staff must look into bay {bay.name} first: {bay.closed_because}"
    if Symptom.OUT_OF_STEP in bay.scale.symptoms:
        # Afterwards counts that are halved would look like any others.
        return "scale-in-doubt", "its counts are doubled or halved: somebody must look at its scale"
    return "", ""


def refused(s: Session, event: events.CommandRefused, now_s: float) -> None:
    """The node says why not, with the wire's own word."""
    one = s.restarting.get(event.bay)
    if event.command != commands.RestartNode.__name__ or one is None or one.asked_s is None:
        return
    why = f"the node of bay {event.bay} refuses: {event.reason}"
    _end(s, event.bay, one, ("refused", event.reason, why), now_s)


def look(s: Session, now_s: float) -> None:
    """A start that was asked for has come, or it comes no more."""
    for name, one in s.restarting.items():
        if one.asked_s is None:
            continue
        bay = s.bays[name]
        if not bay.lost and bay.boot_id != one.boot_id:
            _end(s, name, one, ENDED, now_s)
        elif not one.is_under_way(now_s):
            why = bay.lost or "the node neither started anew nor said why not"
            _end(s, name, one, ("refused", "failed", why), now_s)


def _rests(bay: Bay) -> bool:
    """Whether nothing moves there and no hand is in, as far as reports tell."""
    return bay.hatch in ("CLOSED", "OPEN") and bay.gate == "CLOSED" and not bay.hand


def _end(
    s: Session, bay: str, one: Restarting, outcome: tuple[str, str, str], now_s: float
) -> None:
    """Nothing is under way any more; whoever asked hears what came of it."""
    order, asked_s = one.order, one.asked_s
    one.asked_s, one.order = None, ""
    stage, code, why = outcome
    row, duty = s.orders.rows.get(order), s.service.duty
    if row is not None and row.stage == "begun":
        answering.end(s, row, stage, code, why, now_s)
    elif duty is not None and asked_s is not None and asked_s >= duty.began_s:
        on_duty.record(
            s, f"restart of the node of bay {bay}", "ok" if stage == "done" else why, now_s
        )
    else:
        what = "node-restarted" if stage == "done" else "node-not-restarted"
        s.ask(commands.Note(what, bay, why))
