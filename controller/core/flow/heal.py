"""What latched and may be over is tried again, at ever longer intervals, where nobody can be hurt.

A node keeps such a fault until it is told to clear it, and clears it only as far as its cause is
gone. A leaf that a bag held, or leaves that a bottle held, are free again once it has fallen down;
staff would do nothing else. What is a danger stays for staff, and so does a gate that was tried in
vain, for each visit finds that out.

A hatch that met something three times may have met a person. It is tried only when ten minutes
have passed, or one since a hand came and went that may have taken it away, its pan is empty, and
for a whole minute it was watched and no hand, no presence and no other fault were seen. Its bay
serves nobody until a closing has arrived, and the node watches each as in a visit: what it meets
opens the hatch again.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from controller.core import commands
from controller.core.bay import HATCH_STUCK, MINOR
from controller.core.patience import FIRST_S

if TYPE_CHECKING:
    from controller.core import events
    from controller.core.bay import Bay
    from controller.core.healing import Healing
    from controller.core.session import Session

BLOCKED = "hatch-blocked"

HEALS = frozenset({BLOCKED, "hatch-stuck", "gate-stuck", "diverter-stuck"})
"""Faults of `wire.faults` that something in the way brings about."""

OF_GATE = frozenset({"gate-stuck", "diverter-stuck"})
"""A node clears these unseen, and only the next load shows whether they are over. What becomes of a
hatch that stuck is seen without one (`reopen`)."""

BLOCKED_S = 600.0
"""A blocked hatch is tried no sooner: as often as one that was left open (`reopen.PROBE_S`)."""

AWAY_S = 60.0
"""So long nobody is seen near a hatch that did not close, before it is asked to by itself."""

WATCHED_S = 10.0
"""A node reports every five seconds at least: after a longer gap nobody knows who came."""

WORN_S = 604_800.0
"""Wear that was cleared along with what stuck counts for a week more: by then the hatch has run
some hundred times, and has told of it again or not."""


def try_again(s: Session, event: events.NodeReport, now_s: float) -> None:
    """Clear what latched, if it is time and nobody is near."""
    bay, one = s.bays.get(event.bay), s.healing.get(event.bay)
    if bay is None or one is None:
        return
    _remember(bay, one)
    stands = bay.faults & HEALS
    if not stands:
        one.rests()
        return
    _watch(bay, one, now_s)
    if one.stands(now_s):
        one.cycles = None
    if math.isinf(one.due_s):  # it has latched just now
        one.since_s, one.due_s = now_s, _first_due_s(bay, one, stands, now_s)
    if BLOCKED in stands and bay.hand_left_s > one.since_s:
        one.due_s = min(one.due_s, bay.hand_left_s + FIRST_S)
    if now_s >= one.due_s and _may_try(bay, one, now_s):
        _clear(s, bay, one, now_s)


def _remember(bay: Bay, one: Healing) -> None:
    """A hatch that was blocked serves once it has closed; its node forgets when it restarts."""
    if BLOCKED in bay.faults:
        one.is_blocked = True
    elif one.is_blocked and bay.hatch in ("OPEN", "CLOSED"):
        one.is_blocked = False
        if bay.hatch == "OPEN":
            bay.closed_because = bay.closed_because or HATCH_STUCK


def _watch(bay: Bay, one: Healing, now_s: float) -> None:
    """Note whether anybody may be near, from what the node has just reported."""
    was_watched = now_s - one.stood_s <= WATCHED_S
    if not was_watched or not _is_alone(bay):
        one.near_s = now_s


def _first_due_s(bay: Bay, one: Healing, stands: set[str], now_s: float) -> float:
    """When to try for the first time what has latched just now; never what staff must look at."""
    if stands & OF_GATE and one.cycles == bay.gate_cycles:
        return math.inf  # no load has fallen since the last try
    if BLOCKED in stands:
        one.pause_s = max(one.pause_s, BLOCKED_S)
    return now_s + one.pause_s


def _is_alone(bay: Bay) -> bool:
    """Whether nobody is seen near, and nothing else is wrong."""
    return not bay.hand and not bay.presence and bay.faults <= HEALS | MINOR


def _may_try(bay: Bay, one: Healing, now_s: float) -> bool:
    """Whether nobody can be hurt; a hatch that was blocked may have met them."""
    if BLOCKED not in bay.faults:
        return _is_alone(bay)
    return bay.is_empty and now_s - max(one.near_s, bay.hand_left_s) >= AWAY_S


def _clear(s: Session, bay: Bay, one: Healing, now_s: float) -> None:
    """Tell the node to forget what latched, and wait longer with the next try."""
    stands = bay.faults & HEALS
    one.since_s = now_s
    one.tried(now_s)
    if stands & OF_GATE:
        one.cycles = bay.gate_cycles
    # A node forgets all of them together; what is worn is not mended by that.
    bay.signs.worn |= dict.fromkeys(bay.faults & MINOR, now_s + WORN_S)
    if BLOCKED in stands:  # serves nobody until it has closed, which it is asked to
        bay.closed_because = bay.closed_because or HATCH_STUCK
    s.ask(commands.ClearFaults(bay.name))
    s.ask(commands.Note("fault-tried-again", bay.name, ", ".join(sorted(stands))))
