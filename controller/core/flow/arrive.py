"""From the idle screen to an open hatch: who is it, which bay, is its pan at zero."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contract import token
from contract.errors import TokenError
from contract.hours import is_open
from controller.core import commands, events
from controller.core.flow import depart, give_back, journal
from controller.core.load import Resident
from controller.core.scale import SOMETHING_G, ScaleError
from controller.core.states import State

if TYPE_CHECKING:
    from controller.core.session import Session
    from controller.core.touches import BayPicked

TOKEN_MESSAGES = {
    "foreign": "code-foreign",
    "expired": "code-expired",
    "bad-signature": "code-forged",
    "unknown-key": "code-unknown-key",
}
"""Token error code → sentence; every other code is `code-unreadable`."""


def show_code(s: Session, event: events.CodeShown, now_s: float) -> None:
    """Identify the resident, or say what the code is instead."""
    clock_known = event.clock_quality == "synchronised"
    try:
        shown = token.verify(event.text, s.token_keys, event.utc_s, clock_known=clock_known)
    except TokenError as error:
        s.say(TOKEN_MESSAGES.get(error.code, "code-unreadable"), what=getattr(error, "what", ""))
        s.wait(s.config.session.farewell_s, now_s)
        return
    # A clock for which nobody vouches closes no kiosk.
    if clock_known and not is_open(s.catalogue.hours, event.utc_s):
        s.say("closed-hours")
        s.wait(s.config.session.farewell_s, now_s)
        return
    s.forget_resident()
    s.resident = Resident(s.new_id(), shown.account, "code", shown.jti, event.clock_quality)
    s.ask(commands.RememberCode(shown.jti, shown.expires_at))
    if clock_known:
        for bay in s.bays.values():
            bay.see_day(event.utc_s)
    usable = [bay for bay in s.bays.values() if bay.usable]
    if not usable:
        s.enter(State.FAREWELL, now_s, "out-of-service")
    elif len(usable) == 1:
        s.bay = usable[0]
        prepare(s, event, now_s)
    else:
        s.enter(State.IDENTIFIED, now_s)


def pick_bay(s: Session, event: BayPicked, now_s: float) -> None:
    """Take the bay the resident touched, if it is there and works."""
    bay = s.bays.get(event.bay)
    if bay is None:
        s.say("bay-unknown", bay=event.bay)
    elif not bay.usable:
        s.say("bay-down", bay=event.bay)
    else:
        s.bay = bay
        prepare(s, event, now_s)


def prepare(s: Session, event: object, now_s: float) -> None:
    """Light the chamber and watch the pan, which must come to rest to be zeroed."""
    s.here.scale.restart()
    s.ask(commands.Light(s.here.name, True), commands.SampleFast(s.here.name, True))
    s.enter(State.PREPARING, now_s)


def zero(s: Session, event: events.Samples, now_s: float) -> None:
    """Zero the scale as soon as the pan is at rest, and have it remembered."""
    scale = s.here.scale
    if not scale.can_zero:
        return
    if s.here.unfinished and (scale.gross_g or 0.0) >= SOMETHING_G:
        give_back.clear_leftover(s, event, now_s)
        return
    s.here.clearings = 0
    try:
        scale.set_zero()
    except ScaleError as error:
        s.here.closed_because = str(error)
        depart.bay_down(s, event, now_s)
        return
    journal.remember(s, s.here, unfinished=True)


def remembered(s: Session, event: events.BayRemembered, now_s: float) -> None:
    """Whatever fails from here on, what comes onto the pan is no zero: open the hatch."""
    if event.bay != s.here.name or not event.unfinished:
        return
    s.ask(s.here.load_limit, commands.OpenHatch(s.here.name))
    s.enter(State.OPENING, now_s)


def not_remembered(s: Session, event: events.BayNotRemembered, now_s: float) -> None:
    """A kiosk that cannot record opens no hatch."""
    if event.bay == s.here.name:
        s.here.unfinished = False
        depart.rest_bay(s)
        s.enter(State.FAREWELL, now_s, "out-of-service")


def opened(s: Session, event: events.HatchOpened, now_s: float) -> None:
    """The hatch is open: ask for the load."""
    s.enter(State.LOADING, now_s)
