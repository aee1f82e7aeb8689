"""Calibrating and verifying a bay's scale in service; the end of it is one record.

A calibration that passed is in force as soon as that record is durable, and a verification that
failed closes its bay then (`flow.calibrate`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from contract.hours import day_of
from controller.core import commands, events
from controller.core.flow import calibrate, on_duty
from controller.core.metrology.calibration import CalibrationError
from controller.core.metrology.loads import usual_loads
from controller.core.metrology.procedure import PlanError
from controller.core.metrology.record import calibration_body
from controller.core.metrology.verifying import Verifying
from controller.core.service.acts import Act
from controller.core.service.procedure import begin

if TYPE_CHECKING:
    from controller.core import touches
    from controller.core.service.procedure import Procedure
    from controller.core.session import Session


def begun(s: Session, event: touches.ProcedureBegun, now_s: float) -> None:
    """Begin; another one that was on its way is given up."""
    on_duty.touch(s, now_s)
    duty, bay = s.service.duty, s.bays.get(event.bay)
    if duty is None or duty.staff is None or not duty.may(Act.VERIFY):
        s.refused[f"service:{Act.VERIFY.value}"] += 1
        s.service.refuse("forbidden", "verifying takes an inspector's badge")
    elif bay is None:
        s.service.refuse("no-such-bay", f"no bay {event.bay!r} here: {', '.join(s.bays)}")
    elif s.service.running is not None:
        s.service.refuse("busy", "a check is running: wait until it is over")
    elif why := on_duty.may_not_move(bay, ()):
        s.service.refuse("not-now", why)
    else:
        if s.service.procedure is not None and not s.service.procedure.summary:
            given_up(s, event, now_s)
        loads_g = usual_loads(bay.scale.class_iii)
        today = day_of(duty.staff.utc_s)
        try:
            found = begin(event.kind, bay, loads_g, event.masses_g, event.creep_s, today)
        except PlanError as error:
            s.service.refuse("bad-request", str(error))
            return
        s.service.procedure = found
        duty.fast.add(bay.name)
        bay.scale.restart()
        s.ask(commands.SampleFast(bay.name, True))
        if bay.hatch == "CLOSED":  # weights are laid on through it
            on_duty.move(s, commands.OpenHatch(bay.name))
        on_duty.record(s, f"{event.kind} of bay {bay.name} begun", "ok", now_s)


def read(s: Session, event: touches.ReadingTaken, now_s: float) -> None:
    """Staff are sure of what lies there: take the reading, whatever it says."""
    on_duty.touch(s, now_s)
    procedure = s.service.procedure
    if procedure is None or procedure.summary:  # all was read just before the finger came
        s.service.refuse("not-now", "nothing is being verified: begin")
        return
    if lost := s.bays[procedure.bay].lost:
        s.service.refuse("node-lost", f"bay {procedure.bay} is not heard: {lost}")
        return
    procedure.take(s.bays[procedure.bay], now_s)
    if procedure.said:
        s.service.refuse("not-now", procedure.said)
    _go_on(s, procedure, now_s)


def given_up(
    s: Session, event: touches.ProcedureGivenUp | touches.ProcedureBegun, now_s: float
) -> None:
    """Staff stop, or begin another one; nothing was changed."""
    on_duty.touch(s, now_s)
    if (procedure := s.service.procedure) is not None:
        _end(s, procedure)
        if not procedure.summary:
            on_duty.record(s, f"{procedure.of_bay} ended", "given up", now_s)


def heard(s: Session, event: events.Samples | events.CommandRefused, now_s: float) -> None:
    """The pan was read: where it rests with what is asked for, that is the reading."""
    procedure = s.service.procedure
    if procedure is None or procedure.bay != event.bay or procedure.summary:
        return
    if isinstance(event, events.CommandRefused):
        procedure.said = f"the hatch does not open: {event.reason}"
        return
    taken = procedure.done
    procedure.sees(s.bays[event.bay], event.raw, now_s)
    if procedure.done != taken:
        on_duty.touch(s, now_s)
        _go_on(s, procedure, now_s)


def node_lost(s: Session, event: events.NodeLost, now_s: float) -> None:
    """What the pan read before is no reading any more; the step waits for the node."""
    procedure = s.service.procedure
    if procedure is not None and procedure.bay == event.bay:
        procedure.rest_raw.clear()


def recorded(s: Session, event: events.Committed, now_s: float) -> None:
    """The record is durable: what it says holds from now on, whether or not service goes on."""
    if event.kind == "calibration":
        found = events.CalibrationFound(event.body["bay"], event.body)
        calibrate.found(s, found, now_s)


def _go_on(s: Session, procedure: Procedure, now_s: float) -> None:
    """After a calibration comes its verification, and after that the record."""
    if procedure.step is not None:
        return
    try:
        procedure.verify_next()
    except CalibrationError as error:
        procedure.summary = f"failed: {error}"
        on_duty.record(s, f"{procedure.of_bay} ended", procedure.summary, now_s)
        _end(s, procedure)
        return
    if isinstance(procedure.way, Verifying) and procedure.step is None:
        _record(s, procedure, procedure.way, now_s)


def _record(s: Session, procedure: Procedure, way: Verifying, now_s: float) -> None:
    duty, bay = s.service.duty, s.bays[procedure.bay]
    assert duty is not None, "nobody verifies outside of service"
    verification = way.result()
    body = calibration_body(
        verification,
        bay=bay.name,
        by=duty.by,
        verified_on=procedure.today,
        verified_dc=bay.temperature_dc,
        catalogue_version=s.catalogue.version,
    )
    procedure.summary = verification.summary
    _end(s, procedure)
    s.ask(commands.Commit("calibration", body))
    on_duty.record(s, f"scale of bay {bay.name} verified", verification.summary, now_s)


def _end(s: Session, procedure: Procedure) -> None:
    """Sample slowly again; what was found stays to be read."""
    if not procedure.summary:
        s.service.procedure = None
    if s.service.duty is not None:
        s.service.duty.fast.discard(procedure.bay)
    s.ask(commands.SampleFast(procedure.bay, False))
