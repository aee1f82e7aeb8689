"""Service: staff begin when nobody is served, and leave everything as they found it.

The order of a service: a badge or the key, the wait until the resident's session is over, the
acts (`flow.serve`), and the way out, with every hatch shut that was moved.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from contract.badge import Badge
from contract.errors import TokenError
from controller.core import commands, events
from controller.core.bay import HATCH_STUCK
from controller.core.flow import depart, failed, on_duty
from controller.core.identity import BadgeError
from controller.core.scale import SOMETHING_G
from controller.core.service.duty import BEGUN, KEY, REMEMBERED, Answer, Duty
from controller.core.staff import Staff
from controller.core.states import State

if TYPE_CHECKING:
    from controller.core.bay import Bay
    from controller.core.session import Session
    from controller.core.touches import ServiceAsked, ServiceLeft

LOOKS_S = 3_600.0
"""Of one badge that looks on again and again, so often a record says so."""

PACE_S = 5.0
"""So often an open hatch is told to close for staff who wait; not at the rate of the reports."""


def badge_typed(s: Session, event: events.BadgeTyped, now_s: float) -> None:
    """Somebody at the kiosk's own interface names themself by the text of their badge."""
    service = s.service
    if not service.attempts.is_heard(now_s):
        s.refused["badge:too-many"] += 1
        service.refuse("too-many", "too many wrong badges: wait five minutes")
        return
    clock_known = event.clock_quality == "synchronised"
    try:
        shown = s.doorkeeper.read(event.text, event.utc_s, now_s, clock_known=clock_known)
        if not isinstance(shown, Badge):
            raise TokenError("no-badge", "this is a resident's code or card: show a staff badge")
    except TokenError as error:
        _wrong(s, error, now_s)
    else:
        if event.looks:
            _looks_on(s, shown, now_s)
        else:
            _let_in(s, Duty.of_badge(Staff(shown, event.utc_s, now_s), now_s), now_s)


def asked(s: Session, event: ServiceAsked, now_s: float) -> None:
    """The screen at the kiosk speaks for whoever showed a badge there, or turned the key, once."""
    service, staff = s.service, s.staff
    duty = service.duty or service.wanted
    if duty is not None and not duty.taken:
        duty.taken = True
        service.answer = Answer(duty=duty)
    elif duty is not None:
        service.refuse("occupied", "somebody else is in service: they must leave first")
    elif staff is None or not any(staff.may(role, now_s) for role in staff.badge.roles):
        service.refuse("no-badge", "show a staff badge at the reader, or turn the service key")
    else:
        _let_in(s, Duty.of_badge(staff, now_s), now_s)


def shown_again(s: Session, event: events.CodeShown, now_s: float) -> None:
    """A code or a badge at the reader in service: of whoever is in it, their next screen is theirs.

    A page that was loaded anew has lost its token, and only at the reader can it be asked for.
    """
    clock_known = event.clock_quality == "synchronised"
    try:
        shown = s.doorkeeper.read(event.text, event.utc_s, now_s, clock_known=clock_known)
    except TokenError as error:
        s.refused[f"badge:{error.code}"] += isinstance(error, BadgeError)
        shown = None
    duty = s.service.duty
    if duty is not None and isinstance(shown, Badge) and shown.staff == duty.by:
        duty.taken = False
    else:
        s.refused["SERVICE:CodeShown"] += 1


def key_turned(s: Session, event: events.KeyTurned, now_s: float) -> None:
    """The key opens service for whoever holds it, and closes it again."""
    service = s.service
    if event.on:
        service.key_seen_s = now_s
        if service.duty is None and service.wanted is None:
            _want(s, Duty.of_key(now_s), now_s)
    elif service.wanted is not None and service.wanted.by == KEY:
        service.wanted = None
    elif service.duty is not None and service.duty.by == KEY:
        leave(s, "key turned back", now_s)


def code_read(s: Session, event: events.CodeShown, now_s: float) -> None:
    """Whatever it was: the reader reads."""
    s.service.code_seen_s = now_s


def mains_heard(s: Session, event: events.MainsSeen, now_s: float) -> None:
    """The UPS's line speaks: one that never says that the mains went has not been tried."""
    if not event.on:
        s.service.mains_lost_s = now_s
    elif s.service.mains_lost_s is not None:
        s.service.mains_back_s, s.service.mains_lost_s = now_s, None


def node_up(s: Session, event: events.NodeUp, now_s: float) -> None:
    """A node that started anew has forgotten what staff had switched on: it is on again."""
    duty = s.service.duty
    if duty is None or duty.leaves:
        return
    if event.bay in duty.fast:
        s.ask(commands.SampleFast(event.bay, True))
    if event.bay in duty.lit:
        s.ask(commands.Light(event.bay, True))


def look(s: Session, event: object, now_s: float) -> None:
    """Begin once the resident has gone; whoever lingers is led to the end of their session."""
    if isinstance(event, events.NodeReport):
        s.service.reports[event.bay] = event
    elif isinstance(event, events.NodeLost):
        s.service.reports.pop(event.bay, None)
        if not s.restarting[event.bay].is_under_way(now_s):
            s.service.lost.setdefault(event.bay, deque(maxlen=REMEMBERED)).append(now_s)
    if s.service.wanted is None:
        return
    waited = now_s - s.entered_s >= PACE_S
    if s.state is State.IDLE or (s.state is State.FAREWELL and waited):
        _begin(s, s.service.wanted, now_s)
    elif waited:
        _hurry(s, now_s)


def fault_recorded(s: Session, event: events.Committed, now_s: float) -> None:
    """The faults that were recorded last are shown to staff."""
    if event.kind == "fault":
        s.service.history.append((now_s, event.body))


def left(s: Session, event: ServiceLeft, now_s: float) -> None:
    """Staff say that they are done; or the time without a touch is over."""
    leave(s, event.reason, now_s)


def leave(s: Session, reason: str, now_s: float) -> None:
    """Put back what was changed: light, sampling, and every hatch that was moved."""
    service, duty = s.service, s.service.duty
    if duty is None:  # whoever waited for a resident does not wait any more
        service.wanted, service.answer = None, Answer()
        return
    if duty.leaves:
        return
    service.answer = Answer()
    if service.procedure is not None and not service.procedure.summary:
        on_duty.record(s, f"{service.procedure.of_bay} ended", "given up: service ends", now_s)
    service.running = service.procedure = None
    for name in sorted(duty.lit):
        s.ask(commands.Light(name, False))
    for name in sorted(duty.fast):
        s.ask(commands.SampleFast(name, False))
    on_duty.record(s, f"service ended ({reason})", "ok", now_s)
    duty.closing = {name for name in duty.moved if s.bays[name].hatch != "CLOSED"}
    for name in sorted(duty.closing):
        _shut(s, s.bays[name])
    s.say("in-service")
    s.wait(s.config.session.motion_s, now_s)
    over(s, now_s)


def over(s: Session, now_s: float, *, late: bool = False) -> None:
    """Once every hatch is shut, or will not shut, the kiosk is the residents' again."""
    duty = s.service.duty
    if duty is None or duty.closing is None:
        return
    duty.closing = {name for name in duty.closing if s.bays[name].hatch != "CLOSED"}
    if duty.closing and not late:
        return
    for name in duty.closing:  # it opens again when the hatch has gone its whole way
        s.bays[name].closed_because = s.bays[name].closed_because or HATCH_STUCK
    for bay in s.bays.values():
        failed.judge(s, bay)
    s.service.duty = s.staff = None
    s.service.scanned = ""
    depart.forget(s, None, now_s)


def _let_in(s: Session, duty: Duty, now_s: float) -> None:
    """Whoever asks at a screen hears whose service it may speak for: nobody else's, ever."""
    service = s.service
    service.answer = Answer()
    _want(s, duty, now_s)
    if not service.answer.code:
        service.answer = Answer(duty=service.duty or service.wanted)


def _want(s: Session, duty: Duty, now_s: float) -> None:
    """Begin now or once the resident is gone; the same person may come back to their own."""
    service = s.service
    duty.taken = duty.by != KEY  # a key is turned at no screen
    present = service.duty or service.wanted
    if present is None:
        service.wanted = duty
        if s.state is State.IDLE:
            _begin(s, duty, now_s)
        else:
            _hurry(s, now_s)
    elif present.by != duty.by:
        service.refuse("occupied", "somebody else is in service: they must leave first")
    else:
        present.staff, present.roles, present.taken = duty.staff, duty.roles, True
        present.touched_s = now_s


def _looks_on(s: Session, badge: Badge, now_s: float) -> None:
    """Somebody sees how the kiosk is, and touches nothing: residents are served meanwhile.

    A script that looks every minute is one record an hour, which says how often it came before.
    """
    service = s.service
    service.answer = Answer(looks=True)
    recorded_s, unrecorded = service.looks.get(badge.badge_id, (-LOOKS_S, 0))
    if now_s - recorded_s < LOOKS_S:
        service.looks[badge.badge_id] = recorded_s, unrecorded + 1
        return
    service.looks[badge.badge_id] = now_s, 0
    before = f", {unrecorded} times more since the last record" if unrecorded else ""
    what = f"badge {badge.badge_id} looks on{before}"
    s.ask(commands.Commit("service", {"what": what, "by": badge.staff}))


def _begin(s: Session, duty: Duty, now_s: float) -> None:
    s.service.duty, s.service.wanted = duty, None
    duty.began_s = duty.touched_s = now_s
    s.forget_resident()
    s.enter(State.SERVICE, now_s)
    roles = " ".join(role.name.lower() for role in sorted(duty.roles))
    on_duty.record(s, f"{BEGUN}{roles}", "ok", now_s)
    on_duty.touch(s, now_s)


def _hurry(s: Session, now_s: float) -> None:
    """End the resident's session where nothing is in hand; a load is dealt with first."""
    if s.state in (State.IDENTIFIED, State.CREDITED):
        depart.farewell(s, None, now_s)
    elif s.state is State.LOADING and not s.here.hand:
        gross_g = s.here.scale.gross_g
        if gross_g is not None and gross_g < SOMETHING_G:
            depart.close_and_leave(s, None, now_s)


def _wrong(s: Session, error: TokenError, now_s: float) -> None:
    """Count what is no badge that holds, and record that it came, not whose it was."""
    s.service.attempts.wrong(now_s)
    s.refused[f"badge:{error.code}"] += 1
    s.service.refuse(error.code, error.message)
    if not isinstance(error, BadgeError) or error.recorded:
        what = f"badge refused in service: {error.code}"
        s.ask(commands.Commit("service", {"what": what, "by": "unknown"}))


def _shut(s: Session, bay: Bay) -> None:
    """Close a hatch over an empty pan; what lies there would be shut in."""
    gross_g = bay.scale.gross_g
    if gross_g is None or gross_g < SOMETHING_G:
        s.ask(commands.CloseHatch(bay.name))
