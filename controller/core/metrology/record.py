"""A calibration as its signed record says it, and back.

The record's body is `contract.bodies.CalibrationBody`; it holds integers only, so errors and
limits stand in it in milligrams.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from contract.bodies import CalibrationBody
from contract.fields import first_problem
from controller.core.metrology.calibration import Calibration, CalibrationError
from controller.core.metrology.validity import Visit
from controller.core.metrology.verification import Row, Verification

if TYPE_CHECKING:
    from controller.core.metrology.class_iii import ClassIII


def calibration_body(
    verification: Verification,
    *,
    bay: str,
    by: str,
    verified_on: str,
    verified_dc: int | None = None,
    catalogue_version: str | None = None,
) -> dict[str, Any]:
    """The record of a verification and of the calibration that was verified.

    Args:
        verification: What was found, passed or not.
        bay: Whose cell it is.
        by: The staff member's pseudonym.
        verified_on: The day of the verification, ISO 8601.
        verified_dc: How warm it was meanwhile, tenths of a degree Celsius; None if unknown.
        catalogue_version: The catalogue in force at the kiosk then; None if unknown.
    """
    calibration = verification.calibration
    warmth = calibration.temperature_dc
    return {
        "bay": bay,
        "calibration_id": calibration.calibration_id,
        "calibrated_on": calibration.calibrated_on,
        "zero_raw": calibration.zero_raw,
        "points": [{"raw": raw, "mass_g": mass_g} for raw, mass_g in calibration.points],
        **_scale(calibration.class_iii),
        **({} if warmth is None else {"temperature_dc": warmth}),
        "verified_on": verified_on,
        **({} if verified_dc is None else {"verified_dc": verified_dc}),
        **({} if catalogue_version is None else {"catalogue_version": catalogue_version}),
        "limits": verification.limits,
        "rows": [_row(row) for row in verification.rows],
        "passed": verification.passed,
        "by": by,
        "weights_class": verification.weights_class,
        "procedure": verification.procedure,
    }


def read_calibration(body: dict[str, Any], class_iii: ClassIII) -> Calibration:
    """The calibration that a record holds, for the scale that the bay has.

    Raises:
        CalibrationError: The body is none, is for another scale, or its figures are absurd.
    """
    read = _read(body)
    theirs, ours = ({key: getattr(read, key) for key in _scale(class_iii)}, _scale(class_iii))
    if theirs != ours:
        raise CalibrationError(
            f"calibration {read.calibration_id} is for another scale: {theirs}, here {ours}; "
            "calibrate this one"
        )
    return Calibration(
        read.calibration_id,
        read.calibrated_on,
        read.zero_raw,
        tuple((point.raw, point.mass_g) for point in read.points),
        class_iii,
        read.temperature_dc,
    )


def read_visit(body: dict[str, Any], calibration: Calibration) -> Visit:
    """The verification that a record holds, of `calibration`.

    Raises:
        CalibrationError: The body is none, or does not say how warm it was.
    """
    read = _read(body)
    if read.verified_dc is None:
        raise CalibrationError(
            f"verification of {read.calibration_id} on {read.verified_on} does not say how warm "
            "it was: verify again with a working thermometer"
        )
    rows = tuple(
        Row(
            row.test,
            row.load_g,
            row.where,
            row.reading_mg / 1000,
            row.error_mg / 1000,
            row.limit_mg / 1000,
        )
        for row in read.rows
    )
    verification = Verification(calibration, read.limits, read.weights_class, read.procedure, rows)
    return Visit(verification, read.verified_dc, dt.date.fromisoformat(read.verified_on))


def _read(body: dict[str, Any]) -> CalibrationBody:
    try:
        return CalibrationBody.model_validate(body)
    except ValidationError as error:
        raise CalibrationError(f"record is no calibration: {first_problem(error)}") from error


def _scale(class_iii: ClassIII) -> dict[str, int]:
    return {
        "e_g": class_iii.e_g,
        "e_high_g": class_iii.e_high_g,
        "interval_g": class_iii.change_g,
        "max_g": class_iii.max_g,
        "min_g": class_iii.min_g,
    }


def _row(row: Row) -> dict[str, Any]:
    return {
        "test": row.test,
        "load_g": row.load_g,
        "where": row.where,
        "reading_mg": round(row.reading_g * 1000),
        "error_mg": round(row.error_g * 1000),
        "limit_mg": round(row.limit_g * 1000),
        "passed": row.passed,
    }
