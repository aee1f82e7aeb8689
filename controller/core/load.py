"""The load on the pan, from its weighing to its record, and the bodies of its records."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from contract.bodies import MOST_BARCODES

if TYPE_CHECKING:
    from controller.core.bay import Bay
    from controller.core.recovery import Pan
    from controller.core.scale import Weighing
    from controller.core.sight import Sight
    from controller.core.verdict import Accept


@dataclass(frozen=True, slots=True)
class Resident:
    """Who is at the kiosk: a pseudonymous account and how it was named."""

    session: str
    account: str
    by: str
    jti: str
    clock_quality: str
    seen_before: bool = False
    sealed: str = ""
    """A typed number that only the platform can read; empty where none was typed."""

    @property
    def gives(self) -> bool:
        """Whether they give their points away: a guest, who has no account."""
        return self.by == "guest"


@dataclass(slots=True)
class Load:
    """One load between hatch and bin."""

    number: int
    weighing: Weighing
    hatch_openings: int
    """How often the hatch had opened when it was weighed: what was weighed is behind it since."""
    sight: Sight | None = None
    accepted: Accept | None = None
    intent: int | None = None
    promise: dict[str, Any] | None = None
    attempts: int = 0
    weighed: int = 1
    """How often it was weighed: again where it did not stay what it was."""
    asked_s: float = -math.inf
    """When the camera was last asked whether the pan is empty."""
    left: Pan | None = None
    """What the pan bore at rest when the camera was last asked; None while it was not."""
    is_seen: bool = False
    """Whether the camera has said what it sees since the last drop."""

    def empty_below_g(self, min_g: int) -> float:
        """The pan counts as empty below the smaller of Min/2 and half the load."""
        return min(min_g / 2, self.weighing.mass_g / 2)


def intent_body(load: Load, resident: Resident, bay: Bay, catalogue_version: str) -> dict[str, Any]:
    """The promise that `load` becomes a deposit: what, how much, for whom, and the counters."""
    assert load.accepted is not None and load.sight is not None
    item, priced = load.accepted.item, load.accepted.priced
    sealed = {"sealed": resident.sealed} if resident.sealed else {}
    return sealed | {
        "deposit_id": f"{resident.session}-{load.number}",
        "session": resident.session,
        "bay": bay.name,
        "account": resident.account,
        "by": resident.by,
        "jti": resident.jti,
        "item_code": item.code,
        "stream": item.stream,
        "bin_index": load.accepted.bin_index,
        "mass_g": load.weighing.mass_g,
        "pieces": load.accepted.pieces,
        "priced_by": priced.priced_by,
        "points": priced.points,
        "carbon_g": priced.carbon_g,
        "catalogue_version": catalogue_version,
        "label": load.sight.label,
        "confidence_permille": round(load.sight.probability * 1000),
        "model_sha256": load.sight.model_sha256,
        "barcodes": list(load.sight.barcodes[:MOST_BARCODES]),
        "scale": scale_reading(load.weighing, bay),
        "gate_cycles": bay.gate_cycles,
        "hatch_openings": bay.hatch_openings,
        "clock_quality": resident.clock_quality,
        "seen_before": resident.seen_before,
    }


def deposit_body(
    promise: dict[str, Any], intent: int, empty_check: str, bay: Bay
) -> dict[str, Any]:
    """The deposit that fulfils `promise`; counters as they stand afterwards."""
    return promise | {
        "intent": intent,
        "empty_check": empty_check,
        "gate_cycles": bay.gate_cycles,
        "hatch_openings": bay.hatch_openings,
    }


def void_body(promise: dict[str, Any], intent: int, reason: str) -> dict[str, Any]:
    """The promise is withdrawn: the load went back to the resident."""
    return {
        "deposit_id": promise["deposit_id"],
        "intent": intent,
        "session": promise["session"],
        "reason": reason,
        "catalogue_version": promise["catalogue_version"],
    }


def uncertain_body(promise: dict[str, Any], intent: int, reason: str) -> dict[str, Any]:
    """Nobody can tell what became of the load; the ledger holds it for staff."""
    return promise | {"intent": intent, "reason": reason}


def returned_body(load: Load, resident: Resident, bay: Bay, reason: str) -> dict[str, Any]:
    """A load that was given back, and why."""
    return {
        "session": resident.session,
        "bay": bay.name,
        "reason": reason,
        "label": load.sight.label if load.sight else "",
        "mass_g": load.weighing.mass_g,
        "scale": scale_reading(load.weighing, bay),
    }


def scale_reading(weighing: Weighing, bay: Bay) -> dict[str, Any]:
    """What makes a weighing traceable; stands in every record that carries a mass."""
    return {
        "e_g": weighing.e_g,
        "max_g": weighing.max_g,
        "min_g": bay.config.scale.min_g,
        "raw": weighing.raw,
        "zero_raw": weighing.zero_raw,
        "tare_g": weighing.tare_g,
        "calibration_id": weighing.calibration_id,
        "calibrated_on": weighing.calibrated_on,
    }
