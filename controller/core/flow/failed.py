"""A bay that a check closed stays closed over a restart, until the same check finds it good."""

from __future__ import annotations

from typing import TYPE_CHECKING

from controller.core import commands
from controller.core.service.failed import failed_results, failed_rows

if TYPE_CHECKING:
    from controller.core import events
    from controller.core.bay import Bay
    from controller.core.service.check import Check, Result
    from controller.core.session import Session

CHECK_FAILED = "a check failed in service"
"""Why a bay stays closed that staff have left with something bad; the same check opens it."""


def found(s: Session, event: events.FailedChecksFound, now_s: float) -> None:
    """At start: these checks found a bay bad, and none has found it good since."""
    s.service.failed = failed_results(event.rows, s.bays, now_s)
    s.service.results |= s.service.failed
    for bay in s.bays.values():
        judge(s, bay)


def checked(s: Session, check: Check, bay: str, result: Result) -> None:
    """A check is over: keep what it says at once, for power may fail before service ends.

    One that could not tell (no weight was named, somebody held the hatch) makes nothing good.
    """
    if not check.guard or result.finding.verdict == "unknown":
        return
    if result.finding.verdict == "bad":
        s.service.failed[check.name, bay] = result
    else:
        s.service.failed.pop((check.name, bay), None)
    s.ask(commands.KeepFailedChecks(failed_rows(s.service.failed)))


def judge(s: Session, bay: Bay) -> None:
    """A bay that a check found bad is closed; one whose checks are good again opens."""
    is_failed = any(name == bay.name for _, name in s.service.failed)
    bay.check_failed = CHECK_FAILED if is_failed else ""
