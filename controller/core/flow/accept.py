"""The acceptance of a new site in service: begun, gone on with check by check, ended on record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from controller.core import commands
from controller.core.flow import on_duty
from controller.core.service.acceptance import ACCEPTANCE, Acceptance
from controller.core.service.acts import Act

if TYPE_CHECKING:
    from controller.core import events, touches
    from controller.core.service.check import Check
    from controller.core.service.finding import Finding
    from controller.core.service.given import Given
    from controller.core.session import Session


def found(s: Session, event: events.AcceptanceFound, now_s: float) -> None:
    """At start: one was on its way."""
    s.service.acceptance = Acceptance.of(event.rows)


def begun(s: Session, event: touches.AcceptanceBegun, now_s: float) -> None:
    """Begin anew; one that is on its way is gone on with instead."""
    if not on_duty.allowed(s, Act.CHECK, now_s):
        return
    if s.service.acceptance is not None:
        s.service.refuse("begun-before", "an acceptance is on its way: go on, or give it up")
        return
    s.service.acceptance = Acceptance(on_duty.who(s), event.utc_s)
    on_duty.record(s, f"{ACCEPTANCE}{s.config.kiosk} begun", "ok", now_s)
    _keep(s)


def checked(s: Session, check: Check, bay: str, finding: Finding, given: Given) -> None:
    """A check was run while an acceptance is on its way: it belongs to it."""
    if s.service.acceptance is not None and check.act is Act.CHECK:
        s.service.acceptance.take((check.name, bay), finding, on_duty.who(s), given.utc_s)
        _keep(s)


def ended(s: Session, event: touches.AcceptanceEnded, now_s: float) -> None:
    """Its report is written: the record says what it says, and names it by its hash."""
    if not on_duty.allowed(s, Act.CHECK, now_s) or not _is_on(s):
        return
    if s.service.running is not None:
        name = s.service.running.check.name
        s.service.refuse("busy", f"check {name} is running, and would be missing from the report")
        return
    acceptance = s.service.acceptance
    assert acceptance is not None
    result = f"{acceptance.summary(s.bays)}; report {event.report_sha256}"
    s.service.acceptance = None
    on_duty.record(s, f"{ACCEPTANCE}{s.config.kiosk}", result, now_s)
    _keep(s)


def given_up(s: Session, event: touches.AcceptanceGivenUp, now_s: float) -> None:
    """Nothing of it counts."""
    if on_duty.allowed(s, Act.CHECK, now_s) and _is_on(s):
        s.service.acceptance = None
        on_duty.record(s, f"{ACCEPTANCE}{s.config.kiosk}", "given up", now_s)
        _keep(s)


def _is_on(s: Session) -> bool:
    if s.service.acceptance is None:
        s.service.refuse("not-begun", "no acceptance is on its way: begin one")
    return s.service.acceptance is not None


def _keep(s: Session) -> None:
    acceptance = s.service.acceptance
    s.ask(commands.KeepAcceptance(() if acceptance is None else acceptance.kept()))
