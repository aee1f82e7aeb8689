"""From the idle screen to an open hatch: who is it, which bay, is its pan at zero."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from contract.badge import Badge
from contract.card import Card
from contract.errors import TokenError
from contract.fields import GUESTS
from contract.hours import is_open
from controller.core import commands, events
from controller.core.flow import depart, give_back, journal
from controller.core.identity import BadgeError
from controller.core.load import Resident
from controller.core.scale import ScaleError
from controller.core.staff import Staff
from controller.core.states import State

if TYPE_CHECKING:
    from controller.core.session import Session
    from controller.core.touches import BayPicked

    Shown = events.CodeShown | events.PhoneTyped | events.PhoneConfirmed | events.GuestCame

TOKEN_MESSAGES = {
    "foreign": "code-foreign",
    "expired": "code-expired",
    "bad-signature": "code-forged",
    "unknown-key": "code-unknown-key",
    "revoked": "card-lost",
    "spent": "card-spent",
}
"""Token error code → sentence; every other code is `code-unreadable`."""


def show_code(s: Session, event: events.CodeShown, now_s: float) -> None:
    """Identify who shows a code, a card or a badge, or say what it is instead."""
    clock_known = event.clock_quality == "synchronised"
    try:
        shown = s.doorkeeper.read(event.text, event.utc_s, now_s, clock_known=clock_known)
    except BadgeError as error:
        _wrong_badge(s, error, now_s)
    except TokenError as error:
        s.refused[f"code:{error.code}"] += 1
        message = TOKEN_MESSAGES.get(error.code, "code-unreadable")
        tell(s, message, now_s, what=error.what)
    else:
        if isinstance(shown, Badge):
            _greet(s, event, shown, now_s)
        elif isinstance(shown, Card):
            _let_in(s, event, now_s, shown.account, "card", shown.card_id)
        elif _let_in(s, event, now_s, shown.account, "code", shown.jti):
            s.ask(commands.RememberCode(shown.jti, shown.expires_at))


def shown_again(s: Session, event: events.CodeSeenBefore, now_s: float) -> None:
    """A code that was shown before lets in who was here last, and nobody else.

    It could only credit its owner, and the record says that it was seen before.
    """
    if event.jti != s.guest.jti:
        return
    s.refused["code:replayed"] += 1
    if s.doorkeeper.returns:
        s.resident = replace(s.guest, seen_before=True)
        return
    s.doorkeeper.turned_away()
    depart.rest_bay(s)
    depart.forget(s, event, now_s)
    tell(s, "code-replayed", now_s)


def card_used(s: Session, event: events.CardUsed, now_s: float) -> None:
    """After a restart: what a card has brought today counts on."""
    s.doorkeeper.cards.bring(event.card_id, event.points, event.day)


def tell(s: Session, message: str, now_s: float, **figures: str | int) -> None:
    """Say a sentence to somebody who is not let in, so that the same one again is noticed."""
    s.told += 1
    s.say(message, **figures)
    s.wait(s.config.session.farewell_s, now_s)


def admit(s: Session, event: Shown, guest: Resident, now_s: float) -> bool:
    """Begin a session for `guest`; False, and say so, while the kiosk is closed."""
    # A clock for which nobody vouches closes no kiosk.
    clock_known = event.clock_quality == "synchronised"
    if clock_known and not is_open(s.catalogue.hours, event.utc_s):
        tell(s, "closed-hours", now_s)
        return False
    s.forget_resident()
    s.staff = None
    s.resident = guest
    s.doorkeeper.came(guest.jti or guest.session, now_s)
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
    return True


def guest_came(s: Session, event: events.GuestCame, now_s: float) -> None:
    """Let somebody in who gives no name: what they bring goes to the account of all guests."""
    admit(s, event, Resident(s.new_id(), GUESTS, "guest", "", event.clock_quality), now_s)


def _let_in(
    s: Session, event: events.CodeShown, now_s: float, account: str, by: str, shown_id: str
) -> bool:
    guest = Resident(s.new_id(), account, by, shown_id, event.clock_quality)
    return admit(s, event, guest, now_s)


def _greet(s: Session, event: events.CodeShown, badge: Badge, now_s: float) -> None:
    """Record which staff member is here, and with which vehicle; what they touch is theirs."""
    s.staff = Staff(badge, event.utc_s, now_s)
    roles = " ".join(role.name.lower() for role in sorted(badge.roles))
    what = f"badge {badge.badge_id} shown: {roles} {badge.vehicle}".rstrip()
    s.ask(commands.Commit("service", {"what": what, "by": badge.staff}))
    tell(s, "badge-known", now_s)


def _wrong_badge(s: Session, error: BadgeError, now_s: float) -> None:
    """Count a badge that is none, and record the first few."""
    s.refused[f"badge:{error.code}"] += 1
    if error.recorded:
        what = f"badge refused: {error.code}"
        s.ask(commands.Commit("service", {"what": what, "by": "unknown"}))
    tell(s, "badge-refused", now_s)


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
    if s.guest.by == "card" and s.doorkeeper.cards.is_spent(s.guest.jti):
        depart.rest_bay(s)
        s.enter(State.FAREWELL, now_s, "card-spent")
        return
    s.here.scale.restart()
    s.ask(commands.Light(s.here.name, True), commands.SampleFast(s.here.name, True))
    s.enter(State.PREPARING, now_s)


def zero(s: Session, event: events.Samples, now_s: float) -> None:
    """Zero the scale as soon as the pan is at rest, and have it remembered."""
    scale = s.here.scale
    if not scale.can_zero:
        return
    # A hatch that stood open may have let something in of which no journal knows.
    doubtful = s.here.unfinished or s.here.hatch != "CLOSED"
    if doubtful and (scale.gross_g or 0.0) >= s.here.something_g:
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
