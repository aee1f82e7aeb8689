"""A fault of a bay begins or ends: it leaves a record, and holds nobody up.

What the journal does not take is dropped and counted; a fault that still stands when there is room
again is recorded then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from controller.core import commands, events
from controller.core.faults import THE_KIOSK, faults_of, faults_of_kiosk

if TYPE_CHECKING:
    from collections.abc import Mapping

    from controller.core.bay import Bay
    from controller.core.health.sightings import PicturesSeen
    from controller.core.session import Session


def found(s: Session, event: events.FaultFound, now_s: float) -> None:
    """At start: this fault was recorded, and its end was not."""
    s.faults.found(event.bay, event.fault, now_s)


def look(s: Session, event: object, now_s: float) -> None:
    """Record what has begun or ended, of the bay that was heard of or, now and then, of all."""
    bay = s.bays.get(getattr(event, "bay", ""))
    for one in s.bays.values() if bay is None else (bay,):
        _look(s, one, event, now_s)
    if bay is None:
        _look_at_kiosk(s, event, now_s)


def _look(s: Session, bay: Bay, event: object, now_s: float) -> None:
    if bay.lost and bay.boot_id is None and not isinstance(event, events.NodeLost):
        return  # nobody has heard of its node yet, and nobody was told that it is lost
    if bay.lost and s.restarting[bay.name].is_under_way(now_s):
        return  # it is away because it was asked to start anew
    room, present = not bay.cannot_record, faults_of(bay, now_s)
    if bay.lost:
        bodies = s.faults.look_lost(bay.name, present, now_s, room=room)
    else:
        bodies = _again(s, bay.name, event, present)
        bodies += s.faults.look(bay.name, present, now_s, room=room)
    _record(s, bodies, room=room)


def _look_at_kiosk(s: Session, event: object, now_s: float) -> None:
    """What is no bay's. All bays write to the one journal, so any of them knows its room."""
    room = not any(bay.cannot_record for bay in s.bays.values())
    present = faults_of_kiosk(s.signs, now_s)
    bodies = _again(s, THE_KIOSK, event, present)
    bodies += s.faults.look(THE_KIOSK, present, now_s, room=room)
    for gone in sorted(s.faults.places - s.bays.keys() - {THE_KIOSK}):  # it was taken out since
        bodies += s.faults.look(gone, {}, now_s, room=room)
    _record(s, bodies, room=room)


def _again(
    s: Session, where: str, event: object, present: Mapping[str, str]
) -> list[dict[str, Any]]:
    """What could not be recorded before, if there is room again."""
    there_is_room = isinstance(event, events.RoomSeen) and event.enough
    return s.faults.again(where, present) if there_is_room else []


def _record(s: Session, bodies: list[dict[str, Any]], *, room: bool) -> None:
    for body in bodies:
        _record_one(s, body, room=room)


def _record_one(s: Session, body: dict[str, Any], *, room: bool) -> None:
    if not room:  # known to be in vain
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
        bay.camera_lost = bay.signs.pictures.lost = event.reason


def camera_back(s: Session, event: events.CameraBack, now_s: float) -> None:
    """The bay's camera gives pictures again."""
    if (bay := s.bays.get(event.bay)) is not None:
        bay.camera_lost = bay.signs.pictures.lost = ""


def pictures_seen(s: Session, event: PicturesSeen, now_s: float) -> None:
    """The bay's camera took pictures: what they show of itself is kept."""
    if (bay := s.bays.get(event.bay)) is not None:
        bay.signs.pictures.see(event)
