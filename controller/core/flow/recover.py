"""An intent is open and its node was away, or the controller was: see to it, then go on.

The stored zero holds while an intent is open, for the pan may be loaded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from controller.core import commands, events
from controller.core.flow import depart, examine, journal, resume
from controller.core.states import State
from controller.core.unclosed import Unclosed

if TYPE_CHECKING:
    from controller.core.session import Session


CLOCK_S = 2.0
"""An age is the difference of two times that are known to whole seconds."""


def found(s: Session, event: events.OpenIntent, now_s: float) -> None:
    """The journal holds an open intent: note it and see to it when its bay answers."""
    promised_s = None if event.age_s is None else now_s - event.age_s - CLOCK_S
    _keep(s, Unclosed(event.seq, event.body, promised_s))
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
    start(s, now_s)


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
        s.load = None
        s.enter(State.RECOVERING, now_s)
    elif s.state is not State.RECOVERING:
        depart.bay_down(s, event, now_s)


def start(s: Session, now_s: float) -> bool:
    """See to the oldest open intent whose bay answers, if nobody is being served."""
    if s.state not in (State.IDLE, State.RECOVERING):
        return False
    for _ in s.open_intents:  # the oldest whose bay answers comes first
        bay = s.bays.get(s.open_intents[0].bay)
        if bay is not None and not bay.lost:
            break
        s.open_intents.rotate(-1)
    else:
        return False
    one = s.open_intents[0]
    one.begin()
    bay.unfinished = True
    bay.scale.hold_zero(one.body["scale"]["zero_raw"])
    bay.scale.restart()
    s.ask(commands.SampleFast(bay.name, True), commands.Light(bay.name, True))
    s.enter(State.RECOVERING, now_s)
    return True


def give_up(s: Session, event: object, now_s: float) -> None:
    """The bay did not answer or could not drop in time: staff must look, the rest goes on."""
    bay = s.bays.get(s.open_intents[0].bay) if s.open_intents else None
    if bay is not None and not bay.lost:
        bay.closed_because = examine.NOT_CLEARED
        examine.hold(s, bay.closed_because)
        return
    s.forget_resident()
    s.enter(State.IDLE, now_s)


def resolved(s: Session, event: events.Committed, now_s: float) -> None:
    """The intent is closed; the next one, or on with the session."""
    if not s.open_intents or event.closes != s.open_intents[0].seq:
        return
    closed = s.open_intents.popleft()
    bay = s.bays[closed.bay]
    if all(one.bay != bay.name for one in s.open_intents):
        bay.interrupted = False
        bay.scale.release_zero()
    if event.kind == "deposit":  # what the drop left on the pan may be zeroed
        journal.remember(s, bay, unfinished=False)
    if not start(s, now_s):
        resume.go_on(s, closed, event, now_s)


def commit_failed(s: Session, event: events.CommitFailed, now_s: float) -> None:
    """The disk does not take it now; examine again. What another load left to write waits."""
    if s.open_intents and event.wish.closes == s.open_intents[0].seq:
        s.wait(s.config.session.motion_s, now_s)
    else:
        journal.keep(s, event, now_s)


def _keep(s: Session, one: Unclosed) -> None:
    """Until it is closed its zero holds, and its bay serves nobody."""
    s.open_intents.append(one)
    bay = s.bays.get(one.bay)
    if bay is not None:
        bay.interrupted = True
        bay.scale.hold_zero(one.body["scale"]["zero_raw"])
