"""A record that no disk will ever take: its bay rests, and a test record opens it again.

What is refused once may be refused always, so the tries become rare: each costs a resident the way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from controller.core import commands

if TYPE_CHECKING:
    from controller.core import events
    from controller.core.bay import Bay
    from controller.core.session import Session

RETRY_S, RETRY_MAX_S = 600.0, 86_400.0
"""A bay whose record was refused is tried again so much later, doubled each time it befalls it."""

KIOSK = "kiosk"
"""Who writes a test record: nobody of the staff."""


def rest_refused(bay: Bay, reason: str, now_s: float) -> None:
    """Close a bay whose record no disk will take, and say when to try again."""
    bay.closed_because = bay.record_refused = reason
    bay.refusals += 1
    bay.retry_s = now_s + min(RETRY_MAX_S, RETRY_S * 2 ** (bay.refusals - 1))


def try_again(s: Session, now_s: float) -> None:
    """Write a test record for bays whose record was refused, where no intent hangs on it."""
    for bay in s.bays.values():
        is_refused = bay.record_refused and bay.closed_because == bay.record_refused
        if is_refused and not bay.unended and now_s >= bay.retry_s:
            bay.retry_s = now_s + RETRY_S
            s.ask(commands.Commit("service", _test(bay)))


def recorded(s: Session, event: events.Committed, now_s: float) -> None:
    """A test record was taken: its bay serves again. An intent that has ended hangs on nothing."""
    for bay in s.bays.values():
        bay.unended.discard(event.closes or 0)
        if event.body == _test(bay) and bay.closed_because == bay.record_refused:
            bay.closed_because = bay.record_refused = ""


def _test(bay: Bay) -> dict[str, Any]:
    return {"what": f"bay {bay.name}: test after a record was refused", "by": KIOSK}
