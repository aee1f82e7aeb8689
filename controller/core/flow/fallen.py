"""Whether the load has left the pan: pan, camera and the node's counters say so together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from controller.core import commands, events
from controller.core.flow import credit
from controller.core.flow.drop import drop, give_up, withdraw
from controller.core.trigger import PICTURES, Glance

if TYPE_CHECKING:
    from controller.core.session import Session

ASK_AGAIN_S = 1.0
"""An answer of the camera that has not come by then was lost."""


def check_pan(s: Session, event: events.Samples, now_s: float) -> None:
    """The pan must read empty; then the camera is asked."""
    scale = s.here.scale
    if not scale.at_rest:
        return
    is_empty = (scale.gross_g or 0.0) < s.pending.empty_below_g(s.here.config.scale.min_g)
    if _has_opened(s):
        _somebody_was_in(s, now_s, is_empty=is_empty)
    elif not is_empty:
        _not_fallen(s, now_s)
    elif now_s - s.pending.asked_s >= ASK_AGAIN_S:
        s.pending.asked_s = now_s
        s.ask(commands.SeeEmpty(s.here.name, s.looks))


def check_camera(s: Session, event: events.EmptySeen, now_s: float) -> None:
    """Credit when the camera agrees, or cannot tell and the counters do."""
    if event.number != s.looks:
        return
    tried = s.pending.attempts >= s.config.session.drop_attempts
    if _has_opened(s):
        _somebody_was_in(s, now_s, is_empty=event.empty is not False)
    elif event.empty:
        credit.write_deposit(s, "pan+camera", now_s)
    elif event.empty is None and _has_cycled(s):
        credit.write_deposit(s, "pan+counters", now_s)
    elif event.empty is False and tried and _nothing_weighs(s):
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
        credit.write_deposit(s, "pan+counters", now_s)
    else:
        _not_fallen(s, now_s)


def unsettled(s: Session, event: events.TimePassed, now_s: float) -> None:
    """The pan never came to rest after the drop: nobody can tell."""
    give_up(s, "pan did not come to rest after the drop", now_s)


def _nothing_weighs(s: Session) -> bool:
    """Whether pan and counters have no doubt: zero but for 2 e, gate cycled, hatch stayed shut."""
    scale, e_g = s.here.scale, s.here.config.scale.e_g
    is_zero = scale.at_rest and abs(scale.gross_g or 0.0) < 2 * e_g
    return is_zero and _has_cycled(s) and not _has_opened(s)


def _has_cycled(s: Session) -> bool:
    """Whether the gate stood open since the promise."""
    promise = s.pending.promise
    assert promise is not None
    before: int = promise["gate_cycles"]
    return s.here.gate_cycles != before


def _has_opened(s: Session) -> bool:
    """Whether the hatch left its closed place since the promise, whoever moved it."""
    promise = s.pending.promise
    assert promise is not None
    before: int = promise["hatch_openings"]
    return s.here.hatch_openings != before


def _somebody_was_in(s: Session, now_s: float, *, is_empty: bool) -> None:
    """The hatch opened: what is gone may have been taken out, what lies there may be another load.

    An emergency stop frees the hatch, also while the gate is just opening.
    """
    if is_empty:
        give_up(s, "hatch opened after the promise", now_s)
    else:
        withdraw(s, "hatch opened after the promise", now_s)


def _not_fallen(s: Session, now_s: float) -> None:
    if s.pending.attempts < s.config.session.drop_attempts:
        drop(s, now_s)
    else:
        give_up(s, "load did not leave the pan", now_s)
