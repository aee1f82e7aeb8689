"""What the core does with a journal: what a bay must not forget, and what cannot be written now.

A kiosk stops taking before it stops recording. Without room no session begins and no hatch opens;
what happened all the same waits here and is written as soon as the journal takes it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from controller.core import commands, events
from controller.core.flow import give_back, refusal
from controller.core.service.acceptance import ACCEPTANCE
from controller.core.states import State

if TYPE_CHECKING:
    from controller.core.bay import Bay
    from controller.core.session import Session

NO_ROOM = "the journal cannot be written"
REFUSED = "its record was refused"
"""Why a load is uncertain whose deposit no disk will take."""

STANDS = frozenset({"returned", "void", "uncertain"})
"""Kinds of records of what has happened already, whether or not it can be written now."""


def room_seen(s: Session, event: events.RoomSeen, now_s: float) -> None:
    """Open or close every bay for new sessions, and write what had to wait."""
    for bay in s.bays.values():
        bay.cannot_record = "" if event.enough else f"{NO_ROOM}: {event.reason}"
    if event.enough:
        waiting, s.unwritten = s.unwritten, []
        s.ask(*waiting)  # what fails again comes back to `keep`
        refusal.try_again(s, now_s)


def keep(s: Session, event: events.CommitFailed, now_s: float) -> None:
    """Keep what stands until there is room; a promise that was not written is none."""
    if event.lasting:
        of_hand = s.bay if event.wish.kind in STANDS else None
        refused_for_good(s, event, of_hand, now_s)
    elif event.wish.kind in STANDS or is_long_work(event.wish):
        s.unwritten.append(event.wish)


def is_long_work(wish: commands.Commit) -> bool:
    """A calibration, or what became of an acceptance: nobody does it again for want of room."""
    return wish.kind == "calibration" or wish.body.get("what", "").startswith(ACCEPTANCE)


def refused_for_good(s: Session, event: events.CommitFailed, bay: Bay | None, now_s: float) -> None:
    """No disk will help: name the record to staff and close its bay, `bay` if it names none."""
    bay = s.bays.get(event.wish.body.get("bay", ""), bay)
    name = "" if bay is None else bay.name
    s.ask(commands.Note("record-refused", name, f"{event.wish.kind}: {event.reason}"))
    if bay is not None:
        refusal.rest_refused(bay, f"{NO_ROOM}: {event.wish.kind} refused", now_s)
        if event.wish.closes is not None:  # until another record ends it
            bay.unended.add(event.wish.closes)


def memory_found(s: Session, event: events.BayMemoryFound, now_s: float) -> None:
    """After a restart: a load that a session left behind is weighed by the zero of that session."""
    bay = s.bays.get(event.bay)
    if bay is None:
        known = ", ".join(s.bays)
        s.ask(commands.Note("memory-refused", event.bay, f"no such bay here, only {known}"))
    elif event.unfinished or bay.unfinished:
        bay.unfinished = True
        bay.scale.recall_zero(event.zero_raw)


def memory_missing(s: Session, event: events.BayMemoryMissing, now_s: float) -> None:
    """A new journal: what lies on the pan may be anybody's, and only its calibration tells.

    Cells of one make differ by 100 g and more, so a zero that was not measured on this one tells
    nothing: the scale sets itself to zero then, as it may within a tenth of Max.
    """
    bay = s.bays.get(event.bay)
    if bay is not None and bay.knows_zero:
        bay.unfinished = bay.zero_unknown = True


def unreadable(s: Session, event: events.IntentUnreadable, now_s: float) -> None:
    """A load was promised to somebody who cannot be named any more: what lies there is nobody's.

    The pan decides, as over any visit that was cut off. Nothing vouches for the bay that a damaged
    line names; where it names none, it may be any.
    """
    known = s.bays.get(event.bay or "")
    for bay in s.bays.values() if known is None else (known,):
        bay.unfinished = True
        bay.unreadable.add(event.seq)
        s.ask(commands.Note("intent-unreadable", bay.name, f"record {event.seq}, {event.reason}"))


def remember(s: Session, bay: Bay, *, unfinished: bool) -> None:
    """Have it kept whether something may lie on the bay's pan that is nobody's zero."""
    bay.unfinished, bay.zero_unknown = unfinished, False
    s.ask(commands.RememberBay(bay.name, bay.scale.zero.raw, unfinished))


def look_after(s: Session, event: events.Samples, now_s: float) -> None:
    """A visit is over once its bay is shut and its pan at rest shows nothing.

    `something_g` is 2.5 e, more for a bay of which nothing was remembered: a zero of class III may
    move by 1 e with each 5 °C (OIML R 76-1, 3.9.2.3). A cell that cooled by more during a power
    cut reads as a load, and costs a drop into the refuse bin or a look by staff, but nobody's load.
    """
    bay = s.bays[event.bay]
    is_served = bay is s.bay and s.state is not State.FAREWELL
    if not bay.unfinished or bay.interrupted or is_served or bay.hatch != "CLOSED":
        return
    rests_g = bay.scale.rests_g
    if rests_g is not None and abs(rests_g) < bay.something_g and not bay.waits_for_staff:
        bay.reopen(give_back.LEFT_BEHIND)
        remember(s, bay, unfinished=False)
