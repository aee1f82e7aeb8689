"""The end of a session: close up, say farewell, forget who it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from controller.core import commands, events
from controller.core.bay import HATCH_STUCK, MINOR
from controller.core.sill import OBSTRUCTED
from controller.core.states import State

if TYPE_CHECKING:
    from controller.core.bay import Bay
    from controller.core.session import Session

SAYS = {
    "hand-inside": "hand-inside",
    "presence": "hand-inside",
    "edge": "hand-inside",
    "inner-release": "hand-inside",
    "overload": "returned-too-heavy",
    "expired": "",
    "no-lease": "",
    "busy": "",
    "load-unknown": "",
}
"""Refusals of the node after which closing may be asked for again: people, and the link; and what
is said meanwhile, which is the state's own sentence where the resident has no part in it."""

PASSING = frozenset(SAYS)

OF_PEOPLE = frozenset({"person-inside", "inner-release"})
"""Faults that go when somebody does."""

OPEN_AT_MOST_S = 180.0
"""So long a hatch may refuse to close, or open again, before its visit ends with the hatch open:
three times what ends any other visit (`idle_s`). Whoever stands there can take everything out."""

APART = 1.5
"""A hatch that refuses for ever is asked at least once in `idle_s`. Of refusals that lie further
apart than so many of these the later one is another matter: of a slow resident, or of the next."""

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
    if event.reason not in PASSING or _lasts(s.here, APART * s.config.session.idle_s, now_s):
        bay_down(s, event, now_s)
    else:
        s.enter(State.LOADING, now_s, SAYS[event.reason] or s.sill.says(s.here.hand_left_s))


def _lasts(bay: Bay, apart_s: float, now_s: float) -> bool:
    """Whether it will refuse again: a sensor is broken, or it has refused for too long.

    A sensor that is broken in a way that no node can tell from a hand refuses for ever.
    """
    since_s, latest_s = bay.ajar or (now_s, now_s)
    if now_s - latest_s > apart_s:
        since_s = now_s
    bay.ajar = since_s, now_s
    broken = bay.faults - MINOR - OF_PEOPLE
    return bool(broken) or now_s - since_s >= OPEN_AT_MOST_S


def still_there(s: Session, event: events.HatchObstructed, now_s: float) -> None:
    """Something is in the hatch after all; it is open again."""
    was_hand = s.here.hand or s.here.hand_left_s >= s.entered_s  # since it was asked to close
    s.sill.meets(now_s, hand=was_hand)
    s.enter(State.LOADING, now_s, OBSTRUCTED)


def reopened(s: Session, event: events.HatchOpened, now_s: float) -> None:
    """The node could not close it, for link or supply left it, and opened it: ask again soon."""
    if _lasts(s.here, APART * s.config.session.idle_s, now_s):
        bay_down(s, event, now_s)
    else:
        s.enter(State.LOADING, now_s, s.sill.says(s.here.hand_left_s))


def farewell(s: Session, event: object, now_s: float) -> None:
    """Show the sums and rest the bay."""
    rest_bay(s)
    points = sum(row.points for row in s.receipt)
    thanks = "farewell-given" if s.resident and s.resident.gives else "farewell"
    message = thanks if s.receipt else "farewell-nothing"
    s.enter(State.FAREWELL, now_s, message, points=points)


def idle(s: Session, event: object, now_s: float) -> None:
    """Warn once whoever may still be reading; then it is a farewell."""
    left_s = s.config.session.idle_s - s.config.session.warning_s
    if s.warned or left_s <= 0:
        farewell(s, event, now_s)
        return
    s.say("still-there")
    s.warned = True
    s.wait(left_s, now_s)


def hatch_stuck(s: Session, event: object, now_s: float) -> None:
    """The hatch did not reach its end in time: no more sessions here until it has; see `reopen`."""
    s.here.closed_because = HATCH_STUCK
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
