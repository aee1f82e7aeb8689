"""A typed phone number: twice, or once and a yes; sealed before anything else is done with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contract.errors import TokenError
from controller.core.flow import arrive
from controller.core.load import Resident

if TYPE_CHECKING:
    from controller.core import events
    from controller.core.identity import SealedNumber
    from controller.core.session import Session


def typed(s: Session, event: events.PhoneTyped, now_s: float) -> None:
    """Take a number, and ask for it again; the second time somebody has named themself."""
    if s.phones is None:
        arrive.tell(s, "phone-not-here", now_s)
        return
    if event.confirmed:  # whoever typed before and went away is not who types now
        s.phones.forget()
    try:
        found = s.phones.type(event.number)
    except TokenError as error:
        s.refused[f"phone:{error.code}"] += 1
        message = "phone-differs" if error.code == "numbers-differ" else "phone-wrong"
        arrive.tell(s, message, now_s)
        return
    if found is None and event.confirmed:
        found = s.phones.confirm()
    if found is None:
        s.say("phone-again")
        s.wait(s.config.session.answer_s, now_s)
    else:
        _admit(s, event, found, now_s)


def confirmed(s: Session, event: events.PhoneConfirmed, now_s: float) -> None:
    """Whoever typed a number says that it is theirs."""
    found = s.phones.confirm() if s.phones is not None else None
    if found is None:
        arrive.tell(s, "phone-wrong", now_s)
    else:
        _admit(s, event, found, now_s)


def _admit(s: Session, event: arrive.Shown, found: SealedNumber, now_s: float) -> None:
    session = s.new_id()
    guest = Resident(session, found.account, "phone", "", event.clock_quality, sealed=found.sealed)
    arrive.admit(s, event, guest, now_s)
