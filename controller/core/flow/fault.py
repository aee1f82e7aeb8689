"""A fault of a bay begins or ends: it leaves a record, and holds nobody up.

What the journal does not take is dropped and counted; a fault that still stands when there is room
again is recorded then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from controller.core import commands, events
from controller.core.faults import faults_of

if TYPE_CHECKING:
    from controller.core.bay import Bay
    from controller.core.session import Session


def found(s: Session, event: events.FaultFound, now_s: float) -> None:
    """At start: this fault was recorded, and its end was not."""
    s.faults.found(event.bay, event.fault, now_s)


def look(s: Session, event: object, now_s: float) -> None:
    """Record what has begun or ended, of the bay that was heard of or, now and then, of all."""
    bay = s.bays.get(getattr(event, "bay", ""))
    for one in s.bays.values() if bay is None else (bay,):
        _look(s, one, event, now_s)


def _look(s: Session, bay: Bay, event: object, now_s: float) -> None:
    if bay.lost and bay.boot_id is None and not isinstance(event, events.NodeLost):
        return  # nobody has heard of its node yet, and nobody was told that it is lost
    room = not bay.cannot_record
    if bay.lost:
        bodies = s.faults.look_lost(bay.name, bay.lost, now_s, room=room)
    else:
        present = faults_of(bay, now_s)
        again = isinstance(event, events.RoomSeen) and event.enough
        bodies = s.faults.again(bay.name, present) if again else []
        bodies += s.faults.look(bay.name, present, now_s, room=room)
    for body in bodies:
        _record(s, bay, body)


def _record(s: Session, bay: Bay, body: dict[str, Any]) -> None:
    if bay.cannot_record:  # known to be in vain
        s.faults.drop(body)
        return
    body = s.faults.asked(body | {"catalogue_version": s.catalogue.version})
    s.ask(commands.Commit("fault", body))


def answered(s: Session, event: events.Committed | events.CommitFailed, now_s: float) -> None:
    """Take the journal's answer; no state of a session waits for it."""
    if isinstance(event, events.Committed):
        s.faults.written()
        s.ask(commands.KeepFaults(s.faults.recorded))
        return
    body = event.wish.body
    s.faults.refused(body, lasting=event.lasting)
    if event.lasting:
        s.ask(commands.Note("fault-not-recorded", body["bay"], f"{body['fault']}: {event.reason}"))


def camera_lost(s: Session, event: events.CameraLost, now_s: float) -> None:
    """The bay's camera is gone; what had asked it hears of that by itself."""
    if (bay := s.bays.get(event.bay)) is not None:
        bay.camera_lost = event.reason


def camera_back(s: Session, event: events.CameraBack, now_s: float) -> None:
    """The bay's camera gives pictures again."""
    if (bay := s.bays.get(event.bay)) is not None:
        bay.camera_lost = ""
