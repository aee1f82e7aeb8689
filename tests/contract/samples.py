"""A kiosk of the tests: seals what happens, as its journal would."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from contract.bodies import SENT
from contract.fields import ZERO_HASH
from contract.keys import SeedSigner, Signer
from contract.record import Sealed, seal

ALICE = "a11ce00000000001"
BOB = "b0b0000000000002"
EPOCH = "5be1000000000001"


def signer(name: str) -> SeedSigner:
    """The same key for the same name, always."""
    return SeedSigner(name.encode().ljust(32, b"."))


def scale_reading() -> dict[str, Any]:
    """What makes a sample's mass traceable."""
    return {
        "e_g": 2,
        "max_g": 15000,
        "min_g": 40,
        "raw": 12345,
        "zero_raw": -11,
        "tare_g": 0,
        "calibration_id": "factory",
        "calibrated_on": "2026-01-01",
    }


def intent_body(number: int = 1, **changes: Any) -> dict[str, Any]:
    """One plastic bottle of 24 g, promised to Alice."""
    return {
        "deposit_id": f"s1-{number}",
        "session": "s1",
        "bay": "a",
        "account": ALICE,
        "by": "code",
        "jti": "0011223344556677",
        "item_code": "pet-bottle",
        "stream": "plastic",
        "bin_index": 0,
        "mass_g": 24,
        "pieces": 1,
        "priced_by": "piece",
        "points": 4,
        "carbon_g": 28,
        "catalogue_version": "2026-11-a",
        "label": "plastic",
        "confidence_permille": 970,
        "model_sha256": "b" * 64,
        "scale": scale_reading(),
        "gate_cycles": 4,
        "hatch_openings": 4,
        "clock_quality": "synchronised",
    } | changes


def deposit_body(number: int = 1, **changes: Any) -> dict[str, Any]:
    """The same bottle, fallen."""
    return intent_body(number) | {"intent": 1, "empty_check": "pan+camera"} | changes


def returned_body(**changes: Any) -> dict[str, Any]:
    """A load of 90 g that nobody could name, given back."""
    return {
        "session": "s1",
        "bay": "a",
        "reason": "returned-unknown",
        "label": "",
        "mass_g": 90,
        "scale": scale_reading(),
    } | changes


def calibration_body(**changes: Any) -> dict[str, Any]:
    """Bay a's cell, calibrated with one weight and verified in its middle."""
    row = {
        "test": "load",
        "load_g": 7500,
        "where": "centre",
        "reading_mg": 7_500_400,
        "error_mg": 400,
        "limit_mg": 5000,
        "passed": True,
    }
    return {
        "bay": "a",
        "calibration_id": "a-2026-11-01",
        "calibrated_on": "2026-11-01",
        "zero_raw": 1200,
        "points": [{"raw": 1_803_550, "mass_g": 10_000}],
        "e_g": 2,
        "e_high_g": 5,
        "interval_g": 6000,
        "max_g": 15_000,
        "min_g": 40,
        "temperature_dc": 215,
        "verified_on": "2026-11-01",
        "verified_dc": 215,
        "limits": "initial",
        "rows": [row],
        "passed": True,
        "by": "staff-7",
        "weights_class": "M1",
        "procedure": "1",
    } | changes


@dataclass
class SampleKiosk:
    """A kiosk's journal in memory. Verbs append records; `lines` are all, `sent` the sent ones."""

    name: str = "hz-xihu-0001"
    epoch: str = EPOCH
    lines: list[bytes] = field(default_factory=list)
    sent: list[Sealed] = field(default_factory=list)
    deposits: int = 0
    prev: str = ZERO_HASH
    last_sent: int = 0

    @property
    def signer(self) -> Signer:
        """Its key."""
        return signer(self.name)

    def append(self, kind: str, body: dict[str, Any]) -> Sealed:
        """Seal the next record."""
        sealed = seal(
            kind,
            body,
            kiosk=self.name,
            epoch=self.epoch,
            seq=len(self.lines) + 1,
            after=self.last_sent if kind in SENT else None,
            at="2026-11-23T12:54:00Z",
            prev=self.prev,
            signer=self.signer,
        )
        self.lines.append(sealed.line)
        self.prev = sealed.sha256
        if kind in SENT:
            self.last_sent = len(self.lines)
            self.sent.append(sealed)
        return sealed

    def deposit(self, **changes: Any) -> Sealed:
        """An intent and the deposit that fulfils it."""
        self.deposits += 1
        self.append("intent", intent_body(self.deposits))
        return self.append("deposit", deposit_body(self.deposits, intent=len(self.lines)) | changes)

    def uncertain(self, **changes: Any) -> Sealed:
        """An intent of which nobody knows what became."""
        self.deposits += 1
        body = intent_body(self.deposits) | {"intent": 1, "reason": "power failed"} | changes
        return self.append("uncertain", body)

    def void(self) -> Sealed:
        """A promise withdrawn."""
        return self.append(
            "void",
            {"deposit_id": "s1-9", "intent": 1, "session": "s1", "reason": "gate refused"},
        )

    def give_back(self) -> Sealed:
        """A load returned; stays in the journal."""
        return self.append("returned", returned_body())

    def calibrate(self, **changes: Any) -> Sealed:
        """A calibration of its cell; stays in the journal."""
        return self.append("calibration", calibration_body(**changes))
