"""From an accepted load to points: promise, drop, check that it fell, record, show."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from controller.core import commands, events
from controller.core.flow import arrive, depart, give_back, journal
from controller.core.load import deposit_body, intent_body, uncertain_body, void_body
from controller.core.states import State
from controller.core.trigger import PICTURES, Glance
from controller.core.view import ReceiptRow

if TYPE_CHECKING:
    from controller.core.session import Session
    from controller.core.touches import Answered
    from controller.core.verdict import Accept

MORE = "more"
"""The answer that opens the hatch for another load."""

ASK_AGAIN_S = 1.0
"""An answer of the camera that has not come by then was lost."""


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
    load.asked_s = -math.inf
    s.ask(commands.DropLoad(s.here.name, load.promise["bin_index"]))
    s.enter(State.DROPPING, now_s)


def drop_refused(s: Session, event: events.CommandRefused, now_s: float) -> None:
    """The node will not open the gate: nothing fell, so the promise is void."""
    load = s.pending
    if event.reason in depart.LAPSED and load.attempts < s.config.session.drop_attempts:
        drop(s, now_s)
        return
    assert load.promise is not None and load.intent is not None
    body = void_body(load.promise, load.intent, f"gate refused: {event.reason}")
    s.ask(commands.Commit("void", body, closes=load.intent))
    load.promise = load.intent = None  # withdrawn: what happens next is no affair of recovery
    s.here.scale.release_zero()
    give_back.give_back(s, "returned-gate", now_s)


def dropped(s: Session, event: events.GateCycled, now_s: float) -> None:
    """The gate is closed again: look at the pan."""
    s.here.scale.restart()
    s.enter(State.CHECKING, now_s)


def check_pan(s: Session, event: events.Samples, now_s: float) -> None:
    """The pan must read empty; then the camera is asked."""
    scale = s.here.scale
    if not scale.at_rest:
        return
    gross_g = scale.gross_g or 0.0
    if gross_g >= s.pending.empty_below_g(s.here.config.scale.min_g):
        _not_fallen(s, now_s)
    elif now_s - s.pending.asked_s >= ASK_AGAIN_S:
        s.pending.asked_s = now_s
        s.ask(commands.SeeEmpty(s.here.name, s.looks))


def check_camera(s: Session, event: events.EmptySeen, now_s: float) -> None:
    """Credit when the camera agrees, or cannot tell and the counters do."""
    if event.number != s.looks:
        return
    if event.empty is not False:
        write_deposit(s, "pan+camera" if event.empty else "pan+counters", now_s)
    elif s.pending.attempts >= s.config.session.drop_attempts and _nothing_weighs(s):
        s.pending.asked_s = now_s
        s.ask(commands.Watch(s.here.name, s.looks, PICTURES))
    else:
        _not_fallen(s, now_s)


def check_stain(s: Session, event: events.Watched, now_s: float) -> None:
    """Credit over a stain or a puddle: it stays after every drop, weighs nothing, lies still.

    What reaches the hatch may be tied to the load, and what moves may be the load: nobody knows.
    """
    if event.number != s.looks:
        return
    if event.glance in (Glance.READY, Glance.EMPTY) and _nothing_weighs(s):
        s.ask(commands.Note("pan-stained", s.here.name, "seen and weighs nothing: wipe the pan"))
        write_deposit(s, "pan+counters", now_s)
    else:
        _not_fallen(s, now_s)


def unsettled(s: Session, event: events.TimePassed, now_s: float) -> None:
    """The pan never came to rest after the drop: nobody can tell."""
    give_up(s, "pan did not come to rest after the drop", now_s)


def _nothing_weighs(s: Session) -> bool:
    """Whether pan and counters have no doubt: zero but for 2 e, gate cycled, hatch stayed shut."""
    promise, bay = s.pending.promise, s.here
    assert promise is not None
    return (
        bay.scale.at_rest
        and abs(bay.scale.gross_g or 0.0) < 2 * bay.config.scale.e_g
        and bay.gate_cycles != promise["gate_cycles"]
        and bay.hatch_openings == promise["hatch_openings"]
    )


def _not_fallen(s: Session, now_s: float) -> None:
    if s.pending.attempts < s.config.session.drop_attempts:
        drop(s, now_s)
    else:
        give_up(s, "load did not leave the pan", now_s)


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


def write_deposit(s: Session, empty_check: str, now_s: float) -> None:
    """The load is in the bin: write the deposit, which closes the intent."""
    load = s.pending
    assert load.promise is not None and load.intent is not None
    body = deposit_body(load.promise, load.intent, empty_check, s.here)
    s.deposit = commands.Commit("deposit", body, closes=load.intent)
    s.ask(s.deposit)
    s.enter(State.CREDITING, now_s)


def retry_deposit(s: Session, event: object, now_s: float) -> None:
    """The disk failed after the drop: the intent stands, so try until it works."""
    assert s.deposit is not None, "only what was written waits for the disk"
    s.ask(s.deposit)
    s.enter(State.CREDITING, now_s, "record-late")


def wait_for_disk(s: Session, event: events.CommitFailed, now_s: float) -> None:
    """Say that the record is late; the state's timeout writes it again, where that can help."""
    if event.wish is not s.deposit:
        journal.keep(s, event, now_s)
    elif event.lasting:
        give_up(s, journal.REFUSED, now_s)
        journal.refused_for_good(s, event, s.here, now_s)
    else:
        s.say("record-late")


def credited(s: Session, event: events.Committed, now_s: float) -> None:
    """Show the points; another load, or farewell. What the drop left on the pan may be zeroed."""
    load = s.pending
    if event.closes != load.intent:
        return
    assert load.accepted is not None
    s.here.scale.release_zero()
    journal.remember(s, s.here, unfinished=False)
    if s.guest.by == "card":
        s.doorkeeper.cards.bring(s.guest.jti, load.accepted.priced.points)
    item, priced = load.accepted.item, load.accepted.priced
    s.receipt.append(
        ReceiptRow(
            deposit_id=f"{s.guest.session}-{load.number}",
            names={"zh": item.names.zh, "en": item.names.en},
            mass_g=load.weighing.mass_g,
            pieces=load.accepted.pieces,
            priced_by=priced.priced_by,
            points=priced.points,
            carbon_g=priced.carbon_g,
            record=event.line,
        )
    )
    s.load = None
    light = load.weighing.mass_g < s.here.config.scale.min_g
    taken = "given" if s.guest.gives else "accepted"
    message = "below-min" if light and priced.priced_by == "none" else taken
    s.enter(State.CREDITED, now_s, message, points=priced.points)


def go_on(s: Session, event: Answered, now_s: float) -> None:
    """Another load, if the bay is still fit for one."""
    if event.answer != MORE or not s.here.usable:
        depart.farewell(s, event, now_s)
    else:
        arrive.prepare(s, event, now_s)
