"""An open intent's load is looked for: by counters, pan and camera, and dropped again if it lies.

What the facts mean stands in `controller.core.recovery`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from controller.core import commands, events, recovery
from controller.core.flow import depart
from controller.core.load import deposit_body, uncertain_body, void_body
from controller.core.recovery import Camera, Gate, Hatch, Outcome, Pan
from controller.core.trigger import PICTURES, Glance

if TYPE_CHECKING:
    from controller.core.bay import Bay
    from controller.core.session import Session
    from controller.core.unclosed import Unclosed

NOT_CLEARED = "an interrupted load could not be cleared"

ASK_AGAIN_S = 1.0
"""An answer of the camera that has not come by then may be lost."""

CAMERA_S = 3.0
"""After so long without any answer the camera is blind."""


def examine(s: Session, event: events.Samples, now_s: float) -> None:
    """Decide once the pan is at rest and the camera was heard."""
    one = s.open_intents[0]
    if event.bay != one.bay:
        return
    bay = s.bays[one.bay]
    if one.dropping:
        if bay.gate == "CLOSED" and bay.gate_cycles != one.gate_before:
            _has_cycled(s, one, now_s)  # the event was lost, the report was not
        return
    if not bay.scale.at_rest or bay.gate != "CLOSED":
        return
    camera = _camera(s, one, now_s)
    if camera is None:
        return
    outcome = recovery.decide(one.doors(bay), one.pan(bay), camera)
    if outcome is Outcome.AGAIN and one.drops >= s.config.session.drop_attempts:
        outcome = _enough(s, one, bay)
    _follow(s, one, bay, outcome, now_s)
    one.forget_picture()
    bay.scale.restart()


def watched(s: Session, event: events.Watched, now_s: float) -> None:
    """The camera's word on the pan."""
    if event.number == s.looks and event.bay == s.open_intents[0].bay:
        s.open_intents[0].glance = event.glance


def dropped(s: Session, event: events.GateCycled | events.CommandRefused, now_s: float) -> None:
    """The gate has cycled, or would not: examine the pan again.

    What a late link or a person at the hatch forbade is no try: the state's time ends it.
    """
    one = s.open_intents[0]
    if event.bay != one.bay:
        return
    if isinstance(event, events.GateCycled):
        _has_cycled(s, one, now_s)
        return
    if event.reason in depart.LAPSED | depart.PASSING and one.dropping:
        one.drops -= 1
    _look_anew(s, one)


def be_patient(s: Session, one: Unclosed, now_s: float) -> None:
    """Wait a movement's time; in all no longer than one examination and every drop may take.

    So a node that restarts again and again keeps the kiosk from others only so long.
    """
    patience = s.config.session
    all_s = patience.motion_s * (1 + patience.drop_attempts)
    s.wait(min(patience.motion_s, max(0.0, all_s - one.spent_for_s(now_s))), now_s)


def hold(s: Session, reason: str) -> None:
    """Record that nobody can tell; the ledger holds it for staff."""
    one = s.open_intents[0]
    body = uncertain_body(one.body, one.seq, reason)
    s.ask(commands.Commit("uncertain", body, closes=one.seq))


def _has_cycled(s: Session, one: Unclosed, now_s: float) -> None:
    """The drop is over, whatever fell."""
    be_patient(s, one, now_s)
    _look_anew(s, one)


def _look_anew(s: Session, one: Unclosed) -> None:
    one.dropping = False
    s.bays[one.bay].scale.restart()


def _follow(s: Session, one: Unclosed, bay: Bay, outcome: Outcome, now_s: float) -> None:
    """Write how it ends, or drop again."""
    match outcome:
        case Outcome.DEPOSIT:
            check = "pan+camera" if one.camera is Camera.EMPTY else "pan+counters"
            body = deposit_body(one.body, one.seq, check, bay)
            s.ask(commands.Commit("deposit", body, closes=one.seq))
        case Outcome.AGAIN:
            one.drops, one.dropping = one.drops + 1, True
            one.gate_before = bay.gate_cycles
            one.lies_there(bay, now_s)
            s.next_look()  # what the camera says of the pan before this drop is void
            s.ask(commands.DropLoad(bay.name, one.body["bin_index"]))
        case Outcome.VOID:
            body = void_body(one.body, one.seq, "load was taken back during an interruption")
            s.ask(commands.Commit("void", body, closes=one.seq))
        case Outcome.UNCERTAIN:
            hold(s, "interrupted, and counters, pan and camera cannot tell")


def _enough(s: Session, one: Unclosed, bay: Bay) -> Outcome:
    """After the last try: a stain that weighs nothing is credited over, else staff must look.

    As `flow.fallen.check_stain` does in a visit that nothing interrupts.
    """
    fell = one.doors(bay) == (Gate.CYCLED, Hatch.SHUT) and one.pan(bay) is Pan.EMPTY
    weighs_nothing = abs(bay.scale.gross_g or 0.0) < 2 * bay.config.scale.e_g
    if fell and weighs_nothing and one.glance is Glance.READY:
        s.ask(commands.Note("pan-stained", bay.name, "seen and weighs nothing: wipe the pan"))
        return Outcome.DEPOSIT
    bay.await_staff(NOT_CLEARED)
    return Outcome.UNCERTAIN


def _camera(s: Session, one: Unclosed, now_s: float) -> Camera | None:
    """What the camera sees; None while its answer may still come."""
    if one.camera is not None:
        return one.camera
    if one.first_asked_s is None:
        one.first_asked_s = now_s
        s.next_look()
    elif now_s - one.first_asked_s >= CAMERA_S:
        return Camera.BLIND
    elif now_s - one.asked_s < ASK_AGAIN_S:
        return None
    one.asked_s = now_s
    s.ask(commands.Watch(one.bay, s.looks, PICTURES))
    return None
