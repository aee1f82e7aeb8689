"""What latched and may be over is tried again, at ever longer intervals, where nobody can be hurt.

A node keeps such a fault until it is told to clear it, and clears it only as far as its cause is
gone. A leaf that a bag held, or leaves that a bottle held, are free again once it has fallen down;
staff would do nothing else. What is a danger stays for staff, and so does what met somebody three
times: a person may be the cause; and a gate that was tried in vain, for each visit finds that out.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from controller.core import commands
from controller.core.bay import MINOR
from controller.core.healing import FIRST_S

if TYPE_CHECKING:
    from controller.core import events
    from controller.core.session import Session

HEALS = frozenset({"hatch-stuck", "gate-stuck", "diverter-stuck"})
"""Faults of `wire.faults` that something in the way brings about."""

OF_GATE = frozenset({"gate-stuck", "diverter-stuck"})
"""A node clears these unseen, and only the next load shows whether they are over. What becomes of a
hatch that stuck is seen without one (`reopen`)."""

LONGER, LAST_S = 10.0, 86_400.0
"""Each try comes after ten times as long as the one before, a day at most."""

FORGOTTEN_S = 86_400.0
"""A bay in which nothing latched for so long begins with the first pause again."""

WORN_S = 604_800.0
"""Wear that was cleared along with what stuck counts for a week more: by then the hatch has run
some hundred times, and has told of it again or not."""


def try_again(s: Session, event: events.NodeReport, now_s: float) -> None:
    """Clear what latched, if it is time and nobody is near."""
    bay, one = s.bays.get(event.bay), s.healing.get(event.bay)
    if bay is None or one is None:
        return
    stands = bay.faults & HEALS
    if not stands:
        one.due_s = math.inf
        return
    if now_s - one.latched_s >= FORGOTTEN_S:
        one.pause_s, one.cycles = FIRST_S, None
    one.latched_s = now_s
    if math.isinf(one.due_s):  # it has latched just now
        if stands & OF_GATE and one.cycles == bay.gate_cycles:
            return  # no load has fallen since the last try: staff must look
        one.due_s = now_s + one.pause_s
    nobody = not event.hand and not event.presence
    if now_s >= one.due_s and nobody and bay.faults <= HEALS | MINOR:
        one.pause_s = min(one.pause_s * LONGER, LAST_S)
        one.due_s, one.cycles = now_s + one.pause_s, bay.gate_cycles
        # A node forgets all of them together; what is worn is not mended by that.
        bay.signs.worn |= dict.fromkeys(bay.faults & MINOR, now_s + WORN_S)
        s.ask(commands.ClearFaults(bay.name))
        s.ask(commands.Note("fault-tried-again", bay.name, ", ".join(sorted(stands))))
