"""Staff who showed a badge say what they did: a bin was emptied."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from contract.badge import Role
from contract.instant import instant_of
from controller.core import commands, events
from controller.core.flow import arrive
from controller.core.levels.levels import REFUSE

if TYPE_CHECKING:
    from controller.core.bay import Bay
    from controller.core.session import Session
    from controller.core.staff import Staff
    from controller.core.touches import BinEmptied

EMPTIED = "emptied"


def staff_for(s: Session, role: Role, now_s: float) -> Staff | None:
    """Whoever may do what needs `role`; None, counted and said, where nobody has shown that."""
    if s.staff is not None and s.staff.may(role, now_s):
        return s.staff
    s.refused[f"badge:no-{role.name.lower()}"] += 1
    arrive.tell(s, "badge-refused", now_s)
    return None


def emptied(s: Session, event: BinEmptied, now_s: float) -> None:
    """Close the bin's lot and open the next one, in one record."""
    staff = staff_for(s, Role.COLLECTION, now_s)
    if staff is None:
        return
    bay = s.bays.get(event.bay)
    stream = None if bay is None else _stream(bay, event.bin_index)
    if bay is None or stream is None:
        s.refused["collection:no-such-bin"] += 1
        s.say("bay-unknown", bay=event.bay)
        return
    body = _body(s, staff, event, stream, now_s)
    s.ask(commands.Commit("collection", body))


def answered(s: Session, event: events.Committed | events.CommitFailed, now_s: float) -> None:
    """The lot is closed once that is durable (`count`); else it goes on. Staff are told."""
    failed = isinstance(event, events.CommitFailed)
    arrive.tell(s, "bin-not-recorded" if failed else "bin-emptied", now_s)


def found(s: Session, event: events.LotsFound, now_s: float) -> None:
    """At start: what was kept of the lots, and what was recorded since."""
    s.lots.found(event.rows, event.waiting)
    _weigh_bins(s)


def count(s: Session, event: events.Committed, now_s: float) -> None:
    """What was recorded lies in its bin, or has closed its lot."""
    if s.lots.count(event.kind, event.body):
        s.ask(commands.KeepLots(s.lots.rows()))
        _weigh_bins(s)


def _weigh_bins(s: Session) -> None:
    """Tell the levels what lies in the bins by the records."""
    for bay in s.bays.values():
        for index in bay.levels.by_bin:
            bay.levels.weigh(index, s.lots.of(bay.name, index))


def _stream(bay: Bay, bin_index: int) -> str | None:
    if bin_index == bay.config.refuse_bin:
        return REFUSE
    return next((one.stream for one in bay.config.bins if one.index == bin_index), None)


def _body(s: Session, staff: Staff, event: BinEmptied, stream: str, now_s: float) -> dict[str, Any]:
    lot, badge = s.lots.of(event.bay, event.bin_index), staff.badge
    body = {
        "bay": event.bay,
        "bin_index": event.bin_index,
        "stream": stream,
        "next_lot": s.new_id(),
        "closed_at": instant_of(staff.utc_s + int(now_s - staff.shown_s)),
        "deposits": lot.deposits,
        "deposits_g": lot.mass_g,
        "uncertain": lot.uncertain,
        "uncertain_g": lot.uncertain_g,
        "by": badge.staff,
        "badge_id": badge.badge_id,
        "vehicle": badge.vehicle,
        "reason": EMPTIED,
        "catalogue_version": s.catalogue.version,
    }
    opened = {"opened_at": instant_of(lot.opened_s)} if lot.opened_s else {}
    weighed = {} if event.weighed_g is None else {"weighed_g": event.weighed_g}
    return body | opened | weighed | ({"lot": lot.lot} if lot.lot else {})
