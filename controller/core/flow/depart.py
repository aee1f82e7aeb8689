"""The end of a session: close up, say farewell, forget who it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from controller.core import commands, events
from controller.core.states import State

if TYPE_CHECKING:
    from controller.core.session import Session

PASSING = frozenset(
    {"hand-inside", "presence", "edge", "inner-release", "overload"}
    | {"expired", "no-lease", "busy", "load-unknown"}
)
"""Refusals of the node after which closing may be asked for again: people, and the link."""


LAPSED = frozenset({"expired", "no-lease", "not-ready"})
"""Refusals of a late link or of a node that still tests itself: ask again a moment later."""


def open_refused(s: Session, event: events.CommandRefused, now_s: float) -> None:
    """Ask again where it was only too soon or late, until the state's time is up; else end."""
    if event.reason in LAPSED:
        s.ask(commands.OpenHatch(s.here.name))
    else:
        bay_down(s, event, now_s)


def close_and_leave(s: Session, event: object, now_s: float) -> None:
    """Close the hatch over an empty pan and go."""
    s.ask(commands.CloseHatch(s.here.name))
    s.enter(State.LEAVING, now_s)


def close_refused(s: Session, event: events.CommandRefused, now_s: float) -> None:
    """The node must not close: wait for what will pass, end the session over what will not."""
    if event.reason in PASSING:
        heavy = event.reason == "overload"
        s.enter(State.LOADING, now_s, "returned-too-heavy" if heavy else "hand-inside")
    else:
        bay_down(s, event, now_s)


def still_there(s: Session, event: events.HatchObstructed, now_s: float) -> None:
    """Somebody is at the hatch after all."""
    s.enter(State.LOADING, now_s, "obstructed")


def farewell(s: Session, event: object, now_s: float) -> None:
    """Show the sums and rest the bay."""
    rest_bay(s)
    points = sum(row.points for row in s.receipt)
    message = "farewell" if s.receipt else "farewell-nothing"
    s.enter(State.FAREWELL, now_s, message, points=points)


def hatch_stuck(s: Session, event: object, now_s: float) -> None:
    """The hatch did not reach its end in time: no more sessions here until staff looked."""
    s.here.closed_because = "the hatch does not move as it should"
    bay_down(s, event, now_s)


def bay_down(s: Session, event: object, now_s: float) -> None:
    """The bay cannot go on; what was credited stays credited."""
    rest_bay(s)
    s.load = None
    s.enter(State.FAREWELL, now_s, "bay-down", bay=s.here.name)


def forget(s: Session, event: object, now_s: float) -> None:
    """Back to the idle screen."""
    s.forget_resident()
    s.enter(State.IDLE, now_s)


def rest_bay(s: Session) -> None:
    """Dark chamber, slow samples: nobody is here."""
    if s.bay is not None:
        s.ask(commands.SampleFast(s.bay.name, False), commands.Light(s.bay.name, False))
