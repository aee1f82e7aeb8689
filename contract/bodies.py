"""What each kind of record says, as pydantic models: the body inside a record's envelope.

Masses are in grams, points and carbon (g CO2e) integers, probabilities in permille.
"""

from __future__ import annotations

from typing import Literal

from contract.fields import Account, Agreed, Count, Day, Grams, Name, Points, Seq, Text, Word


class Body(Agreed):
    """Root of all bodies."""


class ScaleReading(Agreed):
    """What makes a weighing traceable: the scale, its calibration and the raw counts.

    `e_g` is the verification interval at this mass and `max_g` the scale's Max, after
    OIML R 76-1; `raw` and `zero_raw` are counts of the load cell's converter.
    """

    e_g: Grams
    max_g: Grams
    raw: int
    zero_raw: int
    tare_g: Grams
    calibration_id: Word
    calibrated_on: Day


class Load(Body):
    """What intent, deposit and uncertain say alike about one load.

    `points` and `carbon_g` are what the screen showed: advisory, the ledger computes its own.
    `priced_by` tells how: by `mass`, by the `piece`, or `none` where no price applied.
    """

    deposit_id: Word
    session: Word
    bay: Name
    account: Account
    by: Literal["code", "card", "phone", "guest"]
    jti: Word
    item_code: Name
    stream: Name
    bin_index: Count
    mass_g: Grams
    pieces: Count
    priced_by: Literal["mass", "piece", "none"]
    points: Points
    carbon_g: Grams
    catalogue_version: Word
    label: Word
    confidence_permille: Count
    model_sha256: Word
    scale: ScaleReading
    gate_cycles: Count
    hatch_openings: Count
    clock_quality: Literal["synchronised", "unknown"]


class IntentBody(Load):
    """The promise, before the gate moves, that this load becomes a deposit."""


class DepositBody(Load):
    """The load is in the bin. `intent` is the seq of the promise that this fulfils."""

    intent: Seq
    empty_check: Literal["pan+camera", "pan+counters"]


class UncertainBody(Load):
    """Nobody can tell whether the load fell; the ledger holds it until staff decide."""

    intent: Seq
    reason: Text


class VoidBody(Body):
    """The promise `intent` is withdrawn: the load went back to the resident."""

    deposit_id: Word
    intent: Seq
    session: Word
    reason: Text


class ReturnedBody(Body):
    """A load that was given back without any promise; `reason` is a screen text's key."""

    session: Word
    bay: Name
    reason: Word
    label: Word
    mass_g: Grams


class FaultBody(Body):
    """A fault of a bay began (`active`) or ended; `fault` is its code in the fault table."""

    bay: Name
    fault: Word
    active: bool
    detail: Text


BODIES: dict[str, type[Body]] = {
    "intent": IntentBody,
    "deposit": DepositBody,
    "void": VoidBody,
    "uncertain": UncertainBody,
    "returned": ReturnedBody,
    "fault": FaultBody,
}
"""Kind of a record → what its body must be."""

SENT = frozenset({"deposit", "void", "uncertain"})
"""Kinds that go to the ledger; the others stay in the journal."""
