"""What the service desk tells of the kiosk, as JSON: no language, no layout.

Times of what happened are told in whole seconds before now (`ago_s`), since loop time means
nothing outside.
"""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from controller.core.faults import FAILING, THE_KIOSK, faults_of, faults_of_kiosk
from controller.core.flow.at_once import found_now
from controller.core.health.kiosk_parts import DO_AT_KIOSK
from controller.core.health.parts import DO
from controller.core.metrology.calibrating import Calibrating
from controller.core.service.audit.points import PASS, POINTS
from controller.core.service.checks import CHECKS
from wire import faults

if TYPE_CHECKING:
    from controller.core.bay import Bay
    from controller.core.service.audit.points import Audited
    from controller.core.service.check import Result
    from controller.core.service.given import Given
    from controller.core.session import Session

Told = dict[str, Any]

DISTRIBUTION = "recycling-kiosk"

_DO = {name: do for name, _, _, do in faults.TABLE.values()}
_DO |= {FAILING + part: do for part, do in (DO | DO_AT_KIOSK).items()}


def state(s: Session, now_s: float) -> Told:
    """Who is in service, what runs, and how each bay stands."""
    duty, running = s.service.duty, s.service.running
    return {
        "kiosk": s.config.kiosk,
        "state": s.state.value,
        "in_service": duty is not None,
        "by": duty.by if duty is not None else None,
        "roles": [role.name.lower() for role in sorted(duty.roles)] if duty is not None else [],
        "began_ago_s": round(now_s - duty.began_s) if duty is not None else None,
        "ends_in_s": round(s.deadline_s - now_s) if duty is not None and s.deadline_s else None,
        "running": running.check.name if running is not None else None,
        "asks": running is not None and running.check.asks,
        "unrecorded": s.service.unrecorded,
        "scanned": s.service.scanned,
        "bays": [
            {"bay": one.name, "usable": one.usable, "why_not": one.why_not}
            for one in s.bays.values()
        ],
        "acts": [
            {"ago_s": round(now_s - one.at_s), "by": one.by, "what": one.what, "result": one.result}
            for one in reversed(s.service.acts)
        ],
    }


def checks(s: Session, now_s: float, given: Given | None = None) -> list[Told]:
    """Every check, for each bay or the kiosk, with its last result.

    With what is `given`, those that are judged at once say what they find now.
    """
    now = {} if given is None else found_now(s, given, now_s)
    results = s.service.results | now
    rows = []
    for name, check in CHECKS.items():
        for bay in check.places(s.bays):
            row = {"check": name, "bay": bay, "part": check.part, "moves": bool(check.motions)}
            rows.append(row | result(results.get((name, bay)), now_s))
    return rows


def audit(seen: Audited) -> list[Told]:
    """The seven unified points, each `pass`, `fail` or `unknown`, with figure and limit."""
    rows = []
    for point, judge in POINTS.items():
        found = judge(seen)
        row: Told = {"point": point, "verdict": PASS[found.verdict], "figure": found.figure}
        rows.append(row | {"limit": found.limit, "do": found.do, "detail": found.detail})
    return rows


def result(one: Result | None, now_s: float) -> Told:
    """One result; `verdict` is None where the check has not been run."""
    if one is None:
        return dict.fromkeys(("verdict", "figure", "limit", "do", "detail", "ago_s", "day"))
    found = one.finding
    return {
        "verdict": found.verdict,
        "figure": found.figure,
        "limit": found.limit,
        "do": found.do,
        "detail": found.detail,
        "ago_s": None if one.is_kept else round(now_s - one.at_s),
        "day": one.day,
    }


def inputs(s: Session) -> list[Told]:
    """Everything that a bay's node told last, its mass and its bins' levels."""
    return [inputs_of(s, bay) for bay in s.bays.values()]


def inputs_of(s: Session, bay: Bay) -> Told:
    """The same of one bay."""
    report = s.service.reports.get(bay.name)
    gross_g = bay.scale.gross_g
    return {
        "bay": bay.name,
        "lost": bay.lost,
        "hatch": bay.hatch,
        "position_mm": bay.position_mm,
        "gate": bay.gate,
        "hand": bay.hand,
        "presence": bay.presence,
        "motor_ma": report.motor_ma if report is not None else None,
        "temperature_c": None if bay.temperature_dc is None else bay.temperature_dc / 10,
        "mass_g": None if gross_g is None else round(gross_g, 1),
        "at_rest": bay.scale.at_rest,
        "zero_raw": bay.scale.zero_raw,
        "gate_cycles": bay.gate_cycles,
        "hatch_openings": bay.hatch_openings,
        "levels_permille": {
            str(index): level.permille for index, level in sorted(bay.levels.by_bin.items())
        },
        "faults": sorted(bay.faults),
        "why_not": bay.why_not,
    }


def standing_faults(s: Session, now_s: float) -> Told:
    """What is wrong now, what was recorded lately, and what was refused at the front, by code.

    What is none of any bay stands under `controller.core.faults.THE_KIOSK`, after the bays.
    """
    found = {bay.name: faults_of(bay, now_s) for bay in s.bays.values()}
    found[THE_KIOSK] = faults_of_kiosk(s.signs, now_s)
    now = [
        {"bay": where, "fault": name, "detail": detail, "do": _DO.get(name, detail)}
        for where, present in found.items()
        for name, detail in present.items()
    ]
    history = [
        {"ago_s": round(now_s - at_s)} | {key: body[key] for key in ("bay", "fault", "active")}
        for at_s, body in reversed(s.service.history)
    ]
    return {"now": now, "history": history, "refused": s.refused_at_the_front}


def versions(s: Session) -> Told:
    """Which software, catalogue and calibrations are in force, and which nodes answer."""
    return {
        "software": version(DISTRIBUTION),
        "catalogue": s.catalogue.version,
        "catalogue_from": s.catalogue.valid_from,
        "calibrations": {bay.name: bay.scale.calibration.calibration_id for bay in s.bays.values()},
        "nodes": {bay.name: bay.lost or f"{bay.boot_id:08x}" for bay in s.bays.values()},
    }


def procedure(s: Session) -> Told | None:
    """What is being calibrated or verified: the step to do now, or what came of it."""
    one = s.service.procedure
    if one is None:
        return None
    done, of = one.done
    step = one.step
    return {
        "bay": one.bay,
        "kind": "calibrate" if isinstance(one.way, Calibrating) else "verify",
        "load_g": None if step is None else step.load_g,
        "where": None if step is None else step.where,
        "after_s": None if step is None else step.after_s,
        "done": done,
        "of": of,
        "said": one.said,
        "summary": one.summary,
        "passed": one.summary.startswith("passed"),
    }


def bins(s: Session) -> list[Told]:
    """Every bin with its lot: what the records say lies in it."""
    rows = []
    for bay in s.bays.values():
        for index, level in sorted(bay.levels.by_bin.items()):
            lot = s.lots.of(bay.name, index)
            rows.append(
                {
                    "bay": bay.name,
                    "bin_index": index,
                    "stream": level.config.stream,
                    "lot": lot.lot,
                    "opened_s": lot.opened_s or None,
                    "deposits": lot.deposits,
                    "mass_g": lot.mass_g,
                    "uncertain": lot.uncertain,
                    "uncertain_g": lot.uncertain_g,
                    "level_permille": level.permille,
                }
            )
    return rows


def links(s: Session, now_s: float) -> list[Told]:
    """How well each node is heard."""
    return [
        {
            "bay": bay.name,
            "lost": bay.lost,
            "lost_ago_s": [round(now_s - at_s) for at_s in s.service.lost.get(bay.name, ())],
            "reset_cause": bay.reset_cause,
            "refused": dict(bay.signs.refused),
        }
        for bay in s.bays.values()
    ]
