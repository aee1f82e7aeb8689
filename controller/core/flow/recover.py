"""An intent is open and its node was away, or the controller was: find out and close it.

The stored zero holds while an intent is open, for the pan may be loaded. What the facts mean
stands in `controller.core.recovery`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from controller.core import commands, events, recovery
from controller.core.flow import depart
from controller.core.load import deposit_body, uncertain_body, void_body
from controller.core.recovery import Outcome
from controller.core.states import State

if TYPE_CHECKING:
    from controller.core.bay import Bay
    from controller.core.session import Session


def found(s: Session, event: events.OpenIntent, now_s: float) -> None:
    """The journal holds an open intent: note it and see to it when its bay answers."""
    _keep(s, event)
    start(s, now_s)


def resume(s: Session, event: events.NodeReport, now_s: float) -> None:
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
    """Keep an open intent for recovery; else the session ends with what it has."""
    load = s.load
    if load is not None and load.promise is not None and load.intent is not None:
        _keep(s, events.OpenIntent(load.intent, load.promise))
        s.load = None
        s.enter(State.RECOVERING, now_s)
    elif s.state is not State.RECOVERING:
        if s.state not in (State.IDENTIFIED, State.PREPARING):
            s.here.unfinished = True
        depart.bay_down(s, event, now_s)


def start(s: Session, now_s: float) -> None:
    """See to the oldest open intent whose bay answers, if nobody is being served."""
    if s.state not in (State.IDLE, State.RECOVERING) or not s.open_intents:
        return
    for _ in s.open_intents:  # the oldest whose bay answers comes first
        bay = _bay_of(s)
        if bay is not None and not bay.lost:
            break
        s.open_intents.rotate(-1)
    else:
        return
    bay.scale.hold_zero(s.open_intents[0].body["scale"]["zero_raw"])
    bay.scale.restart()
    s.recovery_drops, s.recovery_dropping = 0, False
    s.ask(commands.SampleFast(bay.name, True))
    s.enter(State.RECOVERING, now_s)


def examine(s: Session, event: events.Samples, now_s: float) -> None:
    """Decide once the pan is at rest, by counters and pan."""
    bay = _bay_of(s)
    if bay is None or event.bay != bay.name or s.recovery_dropping:
        return
    if not bay.scale.at_rest or bay.gate != "CLOSED":
        return
    intent = s.open_intents[0]
    outcome = recovery.decide(
        gate_cycled=bay.gate_cycles != intent.body["gate_cycles"],
        hatch_opened=bay.hatch_openings != intent.body["hatch_openings"],
        pan_empty=(bay.scale.gross_g or 0.0) < _empty_below_g(bay, intent),
    )
    bay.scale.restart()
    match outcome:
        case Outcome.DEPOSIT:
            body = deposit_body(intent.body, intent.seq, "pan+counters", bay)
            s.ask(commands.Commit("deposit", body, closes=intent.seq))
        case Outcome.DROP_AGAIN if s.recovery_drops >= s.config.session.drop_attempts:
            bay.closed_because = "an interrupted load could not be cleared"
            _uncertain(s, bay.closed_because)
        case Outcome.DROP_AGAIN:
            s.recovery_drops += 1
            s.recovery_dropping = True
            s.ask(commands.DropLoad(bay.name, intent.body["bin_index"]))
            s.wait(s.config.session.motion_s, now_s)
        case Outcome.VOID:
            body = void_body(intent.body, intent.seq, "load was taken back during an interruption")
            s.ask(commands.Commit("void", body, closes=intent.seq))
        case Outcome.UNCERTAIN:
            _uncertain(s, "interrupted, and counters and pan cannot tell")


def dropped(s: Session, event: events.GateCycled | events.CommandRefused, now_s: float) -> None:
    """The gate has cycled, or would not: examine the pan again."""
    s.recovery_dropping = False
    s.bays[event.bay].scale.restart()


def give_up(s: Session, event: object, now_s: float) -> None:
    """The bay did not answer or could not drop in time: staff must look, the rest goes on."""
    bay = _bay_of(s)
    if bay is not None and not bay.lost:
        bay.closed_because = "an interrupted load could not be cleared"
        _uncertain(s, bay.closed_because)
        return
    s.forget_resident()
    s.enter(State.IDLE, now_s)


def resolved(s: Session, event: events.Committed, now_s: float) -> None:
    """The intent is closed; the next one, or back to work."""
    closed = s.open_intents.popleft()
    bay = s.bays.get(closed.body["bay"])
    if bay is not None and all(one.body["bay"] != bay.name for one in s.open_intents):
        bay.interrupted = False
        bay.scale.release_zero()
    if s.open_intents:
        start(s, now_s)
    elif s.resident is not None:
        depart.farewell(s, event, now_s)
        s.say("recovered" if event.kind == "deposit" else "uncertain")
    else:
        s.enter(State.IDLE, now_s)


def commit_failed(s: Session, event: events.CommitFailed, now_s: float) -> None:
    """The disk does not take it now; examine again."""
    s.wait(s.config.session.motion_s, now_s)


def _keep(s: Session, intent: events.OpenIntent) -> None:
    """Until it is closed its zero holds, and its bay serves nobody."""
    s.open_intents.append(intent)
    bay = s.bays.get(intent.body["bay"])
    if bay is not None:
        bay.interrupted = True
        bay.scale.hold_zero(intent.body["scale"]["zero_raw"])


def _uncertain(s: Session, reason: str) -> None:
    intent = s.open_intents[0]
    body = uncertain_body(intent.body, intent.seq, reason)
    s.ask(commands.Commit("uncertain", body, closes=intent.seq))


def _bay_of(s: Session) -> Bay | None:
    return s.bays.get(s.open_intents[0].body["bay"]) if s.open_intents else None


def _empty_below_g(bay: Bay, intent: events.OpenIntent) -> float:
    """As `Load.empty_below_g`, from what the intent remembers."""
    mass_g: int = intent.body["mass_g"]
    return min(bay.config.scale.min_g / 2, mass_g / 2)
