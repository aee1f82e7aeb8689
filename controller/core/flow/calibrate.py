"""A calibration comes from the journal: the bay's scale takes it, or it is refused by name.

All come at start, oldest first, so the newest good one is in force in the end. Whatever is wrong
with one, the good one before it stays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from controller.core import commands, events
from controller.core.flow import journal
from controller.core.metrology.calibration import CalibrationError
from controller.core.metrology.record import read_calibration, read_visit
from controller.core.metrology.validity import FAILED, Validity, ValidityError
from controller.core.weighing.zero import OUT_OF_RANGE

if TYPE_CHECKING:
    from controller.core.bay import Bay
    from controller.core.session import Session


def found(s: Session, event: events.CalibrationFound, now_s: float) -> None:
    """Take the calibration, unless it is no bay's, no calibration, or failed."""
    bay = s.bays.get(event.bay)
    if bay is None:
        known = ", ".join(s.bays)
        s.ask(commands.Note("calibration-refused", event.bay, f"no such bay here, only {known}"))
        return
    try:
        _take(bay, event.body)
    except (CalibrationError, ValidityError) as error:
        bay.calibration_refused = str(error)
        s.ask(commands.Note("calibration-refused", bay.name, bay.calibration_refused))
        return
    if bay.unfinished:  # the zero that was kept is of the calibration before
        journal.remember(s, bay, unfinished=True)
    if not bay.lost:  # a node that comes later hears its limit then
        s.ask(bay.load_limit)


def _take(bay: Bay, body: dict[str, Any]) -> None:
    """Calibrate the bay's scale, or close the bay where the one in force failed a later check."""
    calibration = read_calibration(body, bay.config.scale.class_iii)
    is_in_force = calibration == bay.scale.calibration
    if not (body["passed"] and all(row["passed"] for row in body["rows"])):
        if is_in_force:
            bay.closed_because = FAILED
        return
    visits = (*(bay.visits if is_in_force else ()), read_visit(body, calibration))
    try:
        validity = Validity.of(visits)
    except ValidityError:
        if is_in_force:
            bay.closed_because = FAILED
        raise
    if not is_in_force:
        bay.scale.calibrate(calibration)
    bay.visits, bay.validity, bay.calibration_refused = visits, validity, ""
    if bay.closed_because.startswith((FAILED, OUT_OF_RANGE)):
        bay.closed_because = ""
