"""From an accepted load to a gate that is closed again: promise, drop, or take the promise back."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from controller.core import commands, events
from controller.core.flow import depart, give_back, journal
from controller.core.load import intent_body, uncertain_body, void_body
from controller.core.recovery import Pan
from controller.core.states import State
from controller.core.unclosed import Unclosed

if TYPE_CHECKING:
    from controller.core.session import Session
    from controller.core.verdict import Accept


def promise(s: Session, accepted: Accept, now_s: float) -> None:
    """Write the intent before anything moves."""
    load = s.pending
    load.accepted = accepted
    load.promise = intent_body(load, s.guest, s.here, s.catalogue.version)
    s.here.scale.hold_zero(load.weighing.zero_raw)
    s.ask(commands.Commit("intent", load.promise))
    s.enter(State.PROMISING, now_s)


def promised(s: Session, event: events.Committed, now_s: float) -> None:
    """The intent is durable: drop."""
    s.pending.intent, s.promised_s = event.seq, now_s
    drop(s, now_s)


def promise_failed(s: Session, event: events.CommitFailed, now_s: float) -> None:
    """A kiosk that cannot record takes nothing."""
    s.here.scale.release_zero()
    s.pending.promise = None
    if event.lasting:
        journal.refused_for_good(s, event, s.here, now_s)
    give_back.give_back(s, "store-failed", now_s)


def drop(s: Session, now_s: float) -> None:
    """Let the load fall into its bin."""
    s.next_look()  # what the camera says of the pan before this drop is void
    load = s.pending
    assert load.promise is not None
    load.attempts += 1
    load.asked_s, load.left, load.is_seen = -math.inf, None, False
    s.ask(commands.DropLoad(s.here.name, load.promise["bin_index"]))
    s.enter(State.DROPPING, now_s)


def drop_refused(s: Session, event: events.CommandRefused, now_s: float) -> None:
    """The node will not open the gate: nothing fell, so the promise is void.

    Unless it opened before, for a load that hung: then a part of it may lie in the bin.
    """
    load = s.pending
    if event.reason in depart.LAPSED and load.attempts < s.config.session.drop_attempts:
        drop(s, now_s)
    elif load.attempts > 1 and promised_load(s).pan(s.here) is not Pan.PROMISED:
        give_up(s, f"gate refused: {event.reason}, and a part of it may have fallen", now_s)
    else:
        withdraw(s, f"gate refused: {event.reason}", now_s)


def dropped(s: Session, event: events.GateCycled, now_s: float) -> None:
    """The gate is closed again: look at the pan."""
    s.here.scale.restart()
    s.enter(State.CHECKING, now_s)


def promised_load(s: Session) -> Unclosed:
    """The load as its promise has it, to be compared with what pan and counters say now."""
    load = s.pending
    assert load.promise is not None and load.intent is not None
    return Unclosed(load.intent, load.promise, s.promised_s)


def withdraw(s: Session, reason: str, now_s: float) -> None:
    """The promise is void, and the load goes back."""
    load = s.pending
    assert load.promise is not None and load.intent is not None
    body = void_body(load.promise, load.intent, reason)
    s.ask(commands.Commit("void", body, closes=load.intent))
    load.promise = load.intent = None  # what happens next is no affair of recovery
    s.here.scale.release_zero()
    give_back.give_back(s, "returned-gate", now_s)


def give_up(s: Session, reason: str, now_s: float) -> None:
    """Record that nobody knows, close the bay for staff, and say so."""
    load = s.pending
    assert load.promise is not None and load.intent is not None
    s.ask(
        commands.Commit(
            "uncertain", uncertain_body(load.promise, load.intent, reason), closes=load.intent
        )
    )
    s.here.scale.release_zero()
    s.here.await_staff(reason)
    s.load = None
    depart.rest_bay(s)
    s.enter(State.FAREWELL, now_s, "uncertain-given" if s.guest.gives else "uncertain")
