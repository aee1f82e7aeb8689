"""A load that is not taken: open the hatch, wait until it is gone, say why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from controller.core import commands, events
from controller.core.flow import depart
from controller.core.load import returned_body
from controller.core.states import State

if TYPE_CHECKING:
    from controller.core.session import Session


LEFT_BEHIND = "a load was left behind"
"""Why a bay is closed whose pan bears what nobody took; an empty pan opens it again."""


def give_back(s: Session, reason: str, now_s: float) -> None:
    """Record the return, open the hatch and say why; `reason` is a key of the text table."""
    if s.load is not None:
        body = returned_body(s.load, s.guest, s.here, reason)
        body["catalogue_version"] = s.catalogue.version
        s.ask(commands.Commit("returned", body))
    s.choices = ()
    s.ask(commands.OpenHatch(s.here.name))
    s.enter(State.RETURNING, now_s, reason)


def open_refused(s: Session, event: events.CommandRefused, now_s: float) -> None:
    """The hatch must open for the load: again where only the link was late, else staff must."""
    if event.reason in depart.LAPSED:
        s.ask(commands.OpenHatch(s.here.name))
    else:
        stuck(s, event, now_s)


def watch(s: Session, event: events.Samples, now_s: float) -> None:
    """Once the pan is empty and the hand out, the hatch is free for another load."""
    scale = s.here.scale
    if s.here.hatch != "OPEN" or not scale.at_rest:
        return
    min_g = s.here.config.scale.min_g
    limit_g = s.load.empty_below_g(min_g) if s.load is not None else min_g / 2
    gone = (scale.gross_g or 0.0) < limit_g
    if gone and s.here.hand_out_for_s(now_s) >= s.config.session.hand_out_s:
        s.load = None
        s.enter(State.LOADING, now_s, "put-in")


def abandoned(s: Session, event: events.TimePassed, now_s: float) -> None:
    """Nobody took it: to the refuse bin uncredited, or the bay is closed where there is none."""
    s.ask(commands.CloseHatch(s.here.name))
    if s.here.config.refuse_bin is None:
        s.here.closed_because = LEFT_BEHIND
        s.enter(State.LEAVING, now_s, "farewell-nothing")
    else:
        s.enter(State.CLEARING, now_s, "refuse-bin")


def clear_leftover(s: Session, event: object, now_s: float) -> None:
    """Something lies on the pan from a session that was cut off: it is nobody's, so it goes."""
    bay = s.here
    if bay.config.refuse_bin is None or bay.clearings >= s.config.session.drop_attempts:
        stuck(s, event, now_s)
        return
    bay.clearings += 1
    if bay.hatch == "CLOSED":
        s.ask(commands.DropLoad(bay.name, bay.config.refuse_bin))
    else:
        s.ask(commands.CloseHatch(bay.name))
    s.enter(State.CLEARING, now_s)


def refuse(s: Session, event: events.HatchClosed, now_s: float) -> None:
    """Drop what was left into the refuse bin."""
    refuse_bin = s.here.config.refuse_bin
    assert refuse_bin is not None
    s.ask(commands.DropLoad(s.here.name, refuse_bin))
    s.wait(s.config.session.motion_s, now_s)


def refused(s: Session, event: events.GateCycled, now_s: float) -> None:
    """The pan is free again: for whoever was kept waiting by a leftover, or for the next."""
    if s.here.clearings:
        s.here.scale.restart()
        s.enter(State.PREPARING, now_s)
    else:
        depart.farewell(s, event, now_s)


def clearing_refused(s: Session, event: events.CommandRefused, now_s: float) -> None:
    """Again where only the link was late, until the state's time is up; else staff must."""
    refuse_bin = s.here.config.refuse_bin
    if event.reason not in depart.LAPSED or refuse_bin is None:
        stuck(s, event, now_s)
    elif event.command == commands.CloseHatch.__name__:
        s.ask(commands.CloseHatch(s.here.name))
    else:
        s.ask(commands.DropLoad(s.here.name, refuse_bin))


def stuck(s: Session, event: object, now_s: float) -> None:
    """The leftover could not be cleared: staff must."""
    s.here.closed_because = LEFT_BEHIND
    depart.farewell(s, event, now_s)
