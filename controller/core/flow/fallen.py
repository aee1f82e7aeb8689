"""Whether the load has left the pan: pan, camera and the node's counters say so together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from controller.core import commands, events, recovery
from controller.core.flow import credit
from controller.core.flow.drop import drop, give_up, promised_load, withdraw
from controller.core.recovery import Camera, Gate, Hatch, Outcome, Pan
from controller.core.trigger import PICTURES, Glance

if TYPE_CHECKING:
    from controller.core.session import Session

ASK_AGAIN_S = 1.0
"""An answer of the camera that has not come by then was lost."""

_CAMERA = {True: Camera.EMPTY, False: Camera.SOMETHING, None: Camera.BLIND}


def check_pan(s: Session, event: events.Samples, now_s: float) -> None:
    """What still weighs on a shut pan hangs: drop again; of anything else the camera is asked."""
    if not s.here.scale.at_rest:
        return
    one = promised_load(s)
    _, hatch = one.counted(s.here)
    left = one.pan(s.here)
    if hatch is Hatch.SHUT and left is not Pan.EMPTY:
        _not_fallen(s, now_s)
    elif now_s - s.pending.asked_s >= ASK_AGAIN_S:
        s.pending.asked_s, s.pending.left = now_s, left
        s.ask(commands.SeeEmpty(s.here.name, s.looks))


def check_camera(s: Session, event: events.EmptySeen, now_s: float) -> None:
    """Decide by the table that also decides after an interruption.

    An emergency stop frees the hatch, also while the gate is just opening. What shakes the pan
    while the camera looks weighs anything: what it bore at rest counts.
    """
    left = s.pending.left
    if event.number == s.looks and left is not None:
        s.pending.is_seen = True
        _decide(s, left, _CAMERA[event.empty], now_s)


def _decide(s: Session, left: Pan, camera: Camera, now_s: float) -> None:
    match recovery.decide(promised_load(s).counted(s.here), left, camera):
        case Outcome.DEPOSIT:
            check = "pan+camera" if camera is Camera.EMPTY else "pan+counters"
            credit.write_deposit(s, check, now_s)
        case Outcome.AGAIN if _is_last(s) and _nothing_weighs(s):
            s.pending.asked_s = now_s
            s.ask(commands.Watch(s.here.name, s.looks, PICTURES))
        case Outcome.AGAIN:
            _not_fallen(s, now_s)
        case Outcome.VOID:
            withdraw(s, "hatch opened after the promise", now_s)
        case Outcome.UNCERTAIN:
            give_up(s, "counters, pan and camera cannot tell", now_s)


def check_stain(s: Session, event: events.Watched, now_s: float) -> None:
    """Credit over a stain or a puddle: it stays after every drop, weighs nothing, lies still.

    What reaches the hatch may be tied to the load, and what moves may be the load: nobody knows.
    """
    if event.number != s.looks:
        return
    if event.glance in (Glance.READY, Glance.EMPTY) and _nothing_weighs(s):
        s.ask(commands.Note("pan-stained", s.here.name, "seen and weighs nothing: wipe the pan"))
        credit.write_deposit(s, "pan+counters", now_s)
    else:
        _not_fallen(s, now_s)


def unsettled(s: Session, event: events.TimePassed, now_s: float) -> None:
    """The pan never came to rest after the drop: nobody can tell.

    Where it did, and the camera never said a word, that one is blind.
    """
    left = s.pending.left
    if s.here.scale.at_rest and left is Pan.EMPTY and not s.pending.is_seen:
        _decide(s, left, Camera.BLIND, now_s)
    else:
        give_up(s, "pan did not come to rest after the drop", now_s)


def _nothing_weighs(s: Session) -> bool:
    """Whether pan and counters have no doubt: zero but for 2 e, gate cycled, hatch stayed shut."""
    scale, e_g = s.here.scale, s.here.config.scale.e_g
    is_zero = scale.at_rest and abs(scale.gross_g or 0.0) < 2 * e_g
    return is_zero and promised_load(s).counted(s.here) == (Gate.CYCLED, Hatch.SHUT)


def _is_last(s: Session) -> bool:
    return s.pending.attempts >= s.config.session.drop_attempts


def _not_fallen(s: Session, now_s: float) -> None:
    if _is_last(s):
        give_up(s, "load did not leave the pan", now_s)
    else:
        drop(s, now_s)
