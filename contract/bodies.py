"""What each kind of record says, as pydantic models: the body inside a record's envelope.

Masses are in grams, points and carbon (g CO2e) integers, probabilities in permille.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from contract.fields import (
    Account,
    Agreed,
    Count,
    Day,
    Epoch,
    Grams,
    Instant,
    Name,
    Points,
    Seq,
    Sha256,
    Text,
    Word,
)

SEALED = r"^[A-Za-z0-9_-]{90}[AEIMQUYcgkosw048]$"
"""How `contract.sealed` spells a sealed number."""

MOST_BARCODES = 16
"""As many as a record takes; a load has a few."""


class Body(Agreed):
    """Root of all bodies."""


class ScaleReading(Agreed):
    """What makes a weighing traceable: the scale, its calibration and the raw counts.

    `e_g` is the verification interval at this mass, `max_g` and `min_g` the scale's Max and Min,
    after OIML R 76-1; `raw` and `zero_raw` are counts of the load cell's converter. Every new
    record has `min_g`. Older ones, which are closed and posted still, were written without it.
    """

    e_g: Grams
    max_g: Grams
    min_g: Grams | None = None
    raw: int
    zero_raw: int
    tare_g: Grams
    calibration_id: Word
    calibrated_on: Day


class Load(Body):
    """What intent, deposit and uncertain say alike about one load.

    `points` and `carbon_g` are what the screen showed: advisory, the ledger computes its own.
    `priced_by` tells how: by `mass`, by the `piece`, or `none` where no price applied.
    `barcodes` are those that two decoders or two frames agreed on; `seen_before` says that the
    kiosk knew the resident's code already. Records from before either was kept have neither.
    `sealed` is a typed phone number that only the platform can read, and `account` a pseudonym
    then.
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
    barcodes: Annotated[list[Word], Field(default_factory=list, max_length=MOST_BARCODES)]
    seen_before: bool = False
    sealed: Annotated[str, Field(pattern=SEALED)] | None = None


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
    catalogue_version: Word | None = None


class ReturnedBody(Body):
    """A load that was given back without any promise; `reason` is a screen text's key."""

    session: Word
    bay: Name
    reason: Word
    label: Word
    mass_g: Grams
    scale: ScaleReading
    catalogue_version: Word | None = None


class FaultBody(Body):
    """A fault of a bay, or of `the-kiosk`, began (`active`) or ended; `fault` is its code.

    Of one that ended, `times` says how often it came until it stayed away, and `lasted_s` for how
    long in all, where the controller saw it begin. `missed` counts records of faults before this
    one that could not be written.
    """

    bay: Name
    fault: Word
    active: bool
    detail: Text
    times: Count | None = None
    lasted_s: Count | None = None
    missed: Count = 0
    catalogue_version: Word | None = None


class CalibrationPoint(Agreed):
    """What the cell read, in counts, under weights of `mass_g`."""

    raw: int
    mass_g: Grams


class VerificationRow(Agreed):
    """One weighing of a verification, judged before rounding, in milligrams.

    `where` is `centre`, a corner, or `pan` for the empty one. On `repeatability`, `creep` and
    `late-creep` rows `error_mg` is the largest difference between readings that should agree.
    """

    test: Literal["load", "corner", "repeatability", "creep", "late-creep", "zero-return"]
    load_g: Grams
    where: Name
    reading_mg: int
    error_mg: int
    limit_mg: Count
    passed: bool


class CalibrationBody(Body):
    """A bay's cell was calibrated, or a calibration of it was checked again, and how it fared.

    `limits` says which were kept to: `initial` for a new calibration, `in-service` for a later
    check. `by` names the staff member by a pseudonym, `weights_class` the weights that were laid
    on, after OIML R 111, and `procedure` the version of the steps. `verified_on` and `verified_dc`
    say when that was and how warm, in tenths of a degree Celsius; `temperature_dc` how warm the
    cell was when it was calibrated. Both are left out where nobody knows them.
    """

    bay: Name
    calibration_id: Word
    calibrated_on: Day
    zero_raw: int
    points: Annotated[list[CalibrationPoint], Field(min_length=1, max_length=5)]
    e_g: Grams
    e_high_g: Grams
    interval_g: Grams
    max_g: Grams
    min_g: Grams
    temperature_dc: int | None = None
    verified_on: Day
    verified_dc: int | None = None
    limits: Literal["initial", "in-service"]
    rows: Annotated[list[VerificationRow], Field(min_length=1, max_length=40)]
    passed: bool
    by: Word
    weights_class: Literal["E2", "F1", "F2", "M1", "M2"]
    procedure: Word
    catalogue_version: Word | None = None


class EpochBody(Body):
    """This journal goes on where another one ended; always the first record of its epoch.

    `upto` and `sha256` are seq and hash of the last record that could be read in
    `previous_epoch`; `reason` says why a new one was begun.
    """

    previous_epoch: Epoch
    upto: Count
    sha256: Sha256
    reason: Text


class CatalogueBody(Body):
    """A catalogue came, and was taken (`accepted`) or refused for `reason`; or one is `in_force`.

    `sha256` is the hash of the signed file; `version` is empty where it could not be read, and
    `valid_from`, its day of effect, is left out there. With `in_force` the kiosk prices by it
    from here on.
    """

    version: Word
    sha256: Sha256
    accepted: bool
    reason: Text
    valid_from: Day | None = None
    in_force: bool = False


class ServiceBody(Body):
    """Staff did something at the kiosk: `what`, and `by` whom, as a pseudonym.

    `intent` is the seq of a promise that was given up by it, because nobody can read it any more.
    """

    what: Text
    by: Word
    intent: Seq | None = None


class CollectionBody(Body):
    """Staff emptied a bin: its lot is closed and `next_lot` begins.

    A lot is what the deposits of `bay` and `bin_index` say that stand in the chain between two of
    its collections; `deposits` and `deposits_g` are the kiosk's own sum of them, `uncertain` and
    `uncertain_g` of loads that may lie in it or not. `lot` and `opened_at` are left out of the
    first one of a bin; `weighed_g` is what staff weighed, where they did. `by` is a pseudonym.
    """

    bay: Name
    bin_index: Count
    stream: Name
    lot: Word | None = None
    next_lot: Word
    opened_at: Instant | None = None
    closed_at: Instant
    deposits: Count
    deposits_g: Count
    uncertain: Count
    uncertain_g: Count
    weighed_g: Count | None = None
    by: Word
    badge_id: Word
    vehicle: Word
    reason: Text
    catalogue_version: Word | None = None


class ArchiveBody(Body):
    """The records `first` to `last` were moved out of this journal's file into one beside it.

    `sha256` is the hash of record `last`, `sent` the seq of the last record up to it that is sent
    (0 for none): what the journal's next record continues from. `file_sha256` is the hash of the
    file, and `kept_from` the first record that the archive still holds.
    """

    first: Seq
    last: Seq
    sha256: Sha256
    sent: Count
    file_sha256: Sha256
    kept_from: Seq


BODIES: dict[str, type[Body]] = {
    "intent": IntentBody,
    "deposit": DepositBody,
    "void": VoidBody,
    "uncertain": UncertainBody,
    "returned": ReturnedBody,
    "fault": FaultBody,
    "calibration": CalibrationBody,
    "epoch": EpochBody,
    "catalogue": CatalogueBody,
    "service": ServiceBody,
    "collection": CollectionBody,
    "archive": ArchiveBody,
}
"""Kind of a record → what its body must be."""

RECEIPTS = frozenset({"deposit", "void", "uncertain"})
"""Kinds that say what became of a resident's load; each can be shown as a receipt."""

SENT = RECEIPTS | {"collection"}
"""Kinds that go to the ledger; the others stay in the journal.

A calibration stays as well: the ledger has no book for it, and each weighing names its own."""
