"""A bay that a check closed stays closed over a restart, until the same check finds it good."""

from __future__ import annotations

from typing import TYPE_CHECKING

from controller.core import commands
from controller.core.flow.service import CHECK_FAILED
from controller.core.service.failed import failed_results, failed_rows

if TYPE_CHECKING:
    from controller.core import events
    from controller.core.session import Session


def found(s: Session, event: events.FailedChecksFound, now_s: float) -> None:
    """At start: these checks found a bay bad, and none has found it good since."""
    results = failed_results(event.rows, s.bays, now_s)
    s.service.results |= results
    for _, name in results:
        bay = s.bays[name]
        bay.closed_because = bay.closed_because or CHECK_FAILED


def keep(s: Session) -> None:
    """Keep it at once: power may fail before service ends."""
    s.ask(commands.KeepFailedChecks(failed_rows(s.service.results)))
