"""An intent is open and its node was away, or the controller was: see to it, then go on.

The stored zero holds while an intent is open, for the pan may be loaded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from controller.core import commands, events
from controller.core.flow import depart, examine, journal, resume
from controller.core.load import uncertain_body
from controller.core.states import State
from controller.core.unclosed import Unclosed

if TYPE_CHECKING:
    from controller.core.session import Session


CLOCK_S = 2.0
"""An age is the difference of two times that are known to whole seconds."""


def found(s: Session, event: events.OpenIntent, now_s: float) -> None:
    """The journal holds an open intent: note it and see to it when its bay answers."""
    promised_s = None if event.age_s is None else now_s - event.age_s - CLOCK_S
    one = Unclosed(event.seq, event.body, promised_s)
    if one.bay not in s.bays:
        _of_no_bay(s, one)
        return
    _keep(s, one)
    if s.state is State.IDLE:
        start(s, now_s)


def nobody_served(s: Session, event: events.NodeReport, now_s: float) -> None:
    """Nobody is being served any more: see to what had to wait."""
    start(s, now_s)


def node_up(s: Session, event: events.NodeUp, now_s: float) -> None:
    """A node (re)started: whatever moved before is over; tell it what it must know."""
    bay = s.bays[event.bay]
    s.ask(bay.load_limit)
    if s.bay is bay and s.state not in (State.IDLE, State.FAREWELL, State.RECOVERING):
        interrupted(s, event, now_s)
    if s.state is State.IDLE or (s.open_intents and s.open_intents[0].bay == bay.name):
        start(s, now_s)  # another bay's restart disturbs no examination


def node_lost(s: Session, event: events.NodeLost, now_s: float) -> None:
    """The session's node is gone: an open intent waits for it, anything else ends here."""
    if s.bay is s.bays.get(event.bay) and s.state not in (State.IDLE, State.FAREWELL):
        interrupted(s, event, now_s)


def interrupted(s: Session, event: events.NodeUp | events.NodeLost, now_s: float) -> None:
    """Keep an open intent for recovery; else the session ends with what it has.

    A load that was seen to have fallen waits for the disk alone, and for no node.
    """
    load = s.load
    if s.state is State.CREDITING:
        return
    if load is not None and load.promise is not None and load.intent is not None:
        _keep(s, Unclosed(load.intent, load.promise, s.promised_s))
        s.open_intents.rotate()  # whoever stands here waits for this one
        s.load = None
        s.enter(State.RECOVERING, now_s)
    elif s.state is not State.RECOVERING:
        depart.bay_down(s, event, now_s)


def start(s: Session, now_s: float) -> bool:
    """See to the oldest open intent whose bay answers, if nobody is being served."""
    if s.state not in (State.IDLE, State.RECOVERING):
        return False
    for _ in s.open_intents:  # the oldest whose bay answers comes first
        bay = s.bays[s.open_intents[0].bay]
        if not bay.lost:
            break
        s.open_intents.rotate(-1)
    else:
        return False
    one = s.open_intents[0]
    one.begin(now_s)
    bay.unfinished = True
    bay.scale.hold_zero(one.body["scale"]["zero_raw"])
    bay.scale.restart()
    s.ask(commands.SampleFast(bay.name, True), commands.Light(bay.name, True))
    s.enter(State.RECOVERING, now_s)
    examine.be_patient(s, one, now_s)
    return True


def give_up(s: Session, event: object, now_s: float) -> None:
    """The bay did not answer or could not drop in time: staff must look, the rest goes on."""
    if s.open_intents:
        one = s.open_intents[0]
        bay = s.bays[one.bay]
        if not bay.lost:
            bay.await_staff(examine.NOT_CLEARED)
            examine.hold(s, examine.NOT_CLEARED)
            return
        one.pause(now_s)
    s.forget_resident()
    s.enter(State.IDLE, now_s)


def resolved(s: Session, event: events.Committed, now_s: float) -> None:
    """The intent is closed; the next one, or on with the session."""
    if s.open_intents and event.closes == s.open_intents[0].seq:
        _over(s, event, now_s)


def _over(s: Session, event: events.Committed, now_s: float) -> None:
    closed = s.open_intents.popleft()
    bay = s.bays[closed.bay]
    if all(one.bay != bay.name for one in s.open_intents):
        bay.interrupted = False
        bay.scale.release_zero()
    if event.kind == "deposit":  # what the drop left on the pan may be zeroed
        journal.remember(s, bay, unfinished=False)
        if closed.body["by"] == "card":
            s.doorkeeper.cards.bring(closed.body["jti"], closed.body["points"])
    if not start(s, now_s):
        resume.go_on(s, closed, event, now_s)


def commit_failed(s: Session, event: events.CommitFailed, now_s: float) -> None:
    """The disk does not take it now; examine again. What another load left to write waits.

    What no disk will take is held for staff instead; where that is refused too, the intent stays
    open in the journal, and the kiosk goes on without its bay.
    """
    if not s.open_intents or event.wish.closes != s.open_intents[0].seq:
        journal.keep(s, event, now_s)
    elif event.lasting:
        journal.refused_for_good(s, event, s.bays[s.open_intents[0].bay], now_s)
        if event.wish.kind == "uncertain":
            _over(s, events.Committed("uncertain", 0), now_s)
        else:
            examine.hold(s, journal.REFUSED)
    else:
        s.open_intents[0].begun_s = now_s  # without the disk nobody could be served anyway
        s.wait(s.config.session.motion_s, now_s)


def _keep(s: Session, one: Unclosed) -> None:
    """Until it is closed its zero holds, and its bay serves nobody."""
    s.open_intents.append(one)
    bay = s.bays[one.bay]
    bay.interrupted = True
    bay.scale.hold_zero(one.body["scale"]["zero_raw"])


def _of_no_bay(s: Session, one: Unclosed) -> None:
    """Its bay was taken out, or has another name now: nobody can look, so the ledger holds it."""
    reason = f"no such bay here, only {', '.join(s.bays)}"
    body = uncertain_body(one.body, one.seq, reason)
    s.ask(
        commands.Note("intent-of-no-bay", one.bay, f"record {one.seq}: {reason}"),
        commands.Commit("uncertain", body, closes=one.seq),
    )
