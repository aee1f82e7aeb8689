"""A bay that was closed opens again: by itself where that is safe, or by staff with a badge.

What may lie in its chamber, and a scale that failed its verification, are no part of this: an empty
pan ends the one (`journal.look_after`), another calibration the other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from contract.badge import Role
from controller.core import commands
from controller.core.bay import HATCH_STUCK, MINOR
from controller.core.flow import heal, recover, restart
from controller.core.flow.collect import staff_for
from controller.core.flow.give_back import LEFT_BEHIND

if TYPE_CHECKING:
    from controller.core import events
    from controller.core.session import Session
    from controller.core.touches import BayChecked

CLOSES = ("", HATCH_STUCK, LEFT_BEHIND)
"""Whatever else a bay is closed for, its hatch is not moved before staff have seen to it."""

PROBE_S = 600.0
"""So often a hatch that did not arrive is asked to close once more: a passing cause has passed."""


def nobody_served(s: Session, event: events.NodeReport, now_s: float) -> None:
    """See to what had to wait, and ask a hatch that was left open to close.

    It stuck or was blocked, or it refused for so long that its visit ended, or over what nobody had
    taken back. The node closes no hatch that is not clear, and nothing may lie on the pan: it would
    be shut in, and its owner may stand there. Whoever is busy at a hatch that put its bay out of
    use has time to draw back. A hatch that comes from its open to its closed end is well, and the
    bay hears that by itself.
    """
    recover.nobody_served(s, event, now_s)
    heal.try_again(s, event, now_s)
    restart.nobody_served(s, event, now_s)
    bay = s.bays.get(event.bay)
    if bay is None or bay.hatch != "OPEN" or bay.closed_because not in CLOSES:
        return
    away_s = heal.AWAY_S if bay.closed_because else s.config.session.hand_out_s
    is_out = bay.hand_out_for_s(now_s) >= away_s
    is_well = not bay.lost and not bay.faults - MINOR
    if bay.is_empty and is_out and is_well and now_s >= bay.probe_s:
        bay.probe_s = now_s + PROBE_S
        s.ask(commands.CloseHatch(bay.name))


def checked(s: Session, event: BayChecked, now_s: float) -> None:
    """Staff have looked at the bay: it opens, or its pan decides from now on."""
    staff = staff_for(s, Role.SERVICE, now_s)
    bay = s.bays.get(event.bay)
    if staff is None or bay is None:
        return
    reason = bay.closed_because
    if reason and reason in (HATCH_STUCK, bay.record_refused):
        bay.closed_because = bay.record_refused = ""
    elif reason == LEFT_BEHIND and bay.zero_unknown:  # they have seen the pan empty
        bay.closed_because, bay.unfinished, bay.zero_unknown = "", False, False
    elif bay.waits_for_staff:
        bay.was_looked_at()
    else:
        return
    what = f"bay {bay.name} was looked at, closed for: {reason}"
    s.ask(commands.Commit("service", {"what": what[:300], "by": staff.badge.staff}))
    s.say("badge-known")
