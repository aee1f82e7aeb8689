"""Deposits as the benches seal them: a plastic bottle each, of a hundred residents in turn."""

from __future__ import annotations

import datetime as dt
from typing import Any

from controller.core.records import Draft

BEGAN = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
EVERY_S = 1080
"""Eighty deposits a day."""

SCALE = {
    "e_g": 2,
    "max_g": 15000,
    "min_g": 40,
    "raw": 12345,
    "zero_raw": -11,
    "tare_g": 0,
    "calibration_id": "factory",
    "calibrated_on": "2026-01-01",
}


def intent(number: int) -> Draft:
    """The promise of the deposit with this number; each has an id of its own."""
    return Draft("intent", load_of(number), at_of(number), sent=False)


def deposit(number: int, promise: int) -> Draft:
    """The deposit that fulfils the intent of seq `promise`."""
    body = load_of(number) | {"intent": promise, "empty_check": "pan+camera"}
    return Draft("deposit", body, at_of(number), sent=True, closes=promise)


def at_of(number: int) -> str:
    """When the deposit with this number fell."""
    at = BEGAN + dt.timedelta(seconds=EVERY_S * number)
    return at.isoformat().replace("+00:00", "Z")


def load_of(number: int) -> dict[str, Any]:
    """What intent and deposit say alike of it."""
    return {
        "deposit_id": f"bench-{number}",
        "session": "bench",
        "bay": "a",
        "account": f"{number % 100:016x}",
        "by": "code",
        "jti": f"{number:016x}",
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
        "scale": SCALE,
        "gate_cycles": 4,
        "hatch_openings": 4,
        "clock_quality": "synchronised",
    }
