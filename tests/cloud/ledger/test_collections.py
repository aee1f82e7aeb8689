"""Collections at the ledger: in their place among the deposits, and worth no points."""

from __future__ import annotations

from typing import Any

from tests.cloud.conftest import Office
from tests.contract.samples import SampleKiosk

COLLECTION: dict[str, Any] = {
    "bay": "a",
    "bin_index": 1,
    "stream": "plastic",
    "next_lot": "5be1000000000009",
    "closed_at": "2026-11-27T10:00:00Z",
    "deposits": 2,
    "deposits_g": 48,
    "uncertain": 0,
    "uncertain_g": 0,
    "by": "d01e0000000000aa",
    "badge_id": "6261646765303031",
    "vehicle": "浙AD12345",
    "reason": "emptied",
}


def test_a_collection_is_filed_among_the_deposits_and_credits_nobody(
    office: Office, kiosk: SampleKiosk
) -> None:
    """Its place in the chain says which deposits make the lot; the ack passes over it."""
    before, collection, after = (
        kiosk.deposit(),
        kiosk.append("collection", COLLECTION),
        kiosk.deposit(),
    )
    ack = office.post(before, collection, after)
    assert (ack.sha256, ack.rejected) == (after.sha256, [])
    assert office.rows("SELECT kind, state FROM records ORDER BY seq") == [
        ("deposit", "posted"),
        ("collection", "posted"),
        ("deposit", "posted"),
    ]
    totals = office.ledger.totals()
    assert (totals.records, totals.held, totals.credited_points) == (3, 0, 8)
