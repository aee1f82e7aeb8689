"""What later kinds and fields say; what was written before them is read as it was."""

from __future__ import annotations

from typing import Any

import pytest

from contract.bodies import BODIES, SENT, DepositBody
from contract.errors import RecordError
from contract.record import open_record
from tests.contract.samples import (
    SampleKiosk,
    calibration_body,
    deposit_body,
    intent_body,
    returned_body,
)

EPOCH = {
    "previous_epoch": "5be1000000000001",
    "upto": 41,
    "sha256": "ab" * 32,
    "reason": "restored from a copy",
}
CATALOGUE = {"version": "2026-12-a", "sha256": "cd" * 32, "accepted": False, "reason": "forged"}
IN_FORCE = {"valid_from": "2026-12-01", "in_force": True}
SERVICE = {"what": "bay a opened by hand", "by": "staff-7"}
FAULT = {"bay": "a", "fault": "edge", "active": True, "detail": ""}
VOID = {"deposit_id": "s1-1", "intent": 1, "session": "s1", "reason": "taken back"}


def read(kind: str, body: dict[str, Any]) -> dict[str, Any]:
    """Sealed, opened again, and read."""
    kiosk = SampleKiosk()
    sealed = kiosk.append(kind, body)
    return open_record(sealed.line, kiosk.signer.public).read().model_dump()


@pytest.mark.parametrize(
    ("kind", "body"),
    [("epoch", EPOCH), ("catalogue", CATALOGUE | IN_FORCE), ("service", SERVICE | {"intent": 7})],
)
def test_a_journal_says_what_became_of_itself_its_prices_and_its_bays(
    kind: str, body: dict[str, Any]
) -> None:
    """Chained and signed as all are; and none of it is sent."""
    assert read(kind, body) == body
    assert kind not in SENT


def test_what_is_sent_only_grows() -> None:
    """A ledger follows `after` along kinds that it does not know yet, and holds them till then."""
    assert sorted(SENT) == ["collection", "deposit", "uncertain", "void"]
    assert set(BODIES) >= SENT


@pytest.mark.parametrize(
    ("kind", "body", "field"),
    [
        ("epoch", EPOCH | {"previous_epoch": "x"}, "previous_epoch"),
        ("epoch", EPOCH | {"upto": -1}, "upto"),
        ("epoch", EPOCH | {"reason": "x" * 301}, "reason"),
        ("catalogue", CATALOGUE | {"sha256": "cd"}, "sha256"),
        ("catalogue", CATALOGUE | {"accepted": 1}, "accepted"),
        ("service", {"what": "x"}, "by"),
        ("service", SERVICE | {"intent": 0}, "intent"),
        ("deposit", deposit_body(barcodes=["6"] * 17), "barcodes"),
        ("deposit", deposit_body(barcodes=[6901234567892]), r"barcodes\[0\]"),
        ("deposit", deposit_body(seen_before=None), "seen_before"),
    ],
)
def test_what_no_reader_would_understand_is_not_signed(
    kind: str, body: dict[str, Any], field: str
) -> None:
    """The field is named."""
    with pytest.raises(RecordError, match=f"field {field}"):
        read(kind, body)


def test_a_load_says_its_barcodes_and_whether_its_code_was_known() -> None:
    """Of a promise as of what becomes of it; a record from before says neither."""
    more = {"barcodes": ["6901234567892"], "seen_before": True}
    for kind, body in (("intent", intent_body()), ("deposit", deposit_body())):
        assert read(kind, body | more) == body | more | {"sealed": None}
        assert read(kind, body) == body | {"barcodes": [], "seen_before": False, "sealed": None}


def test_two_loads_do_not_share_their_barcodes() -> None:
    """Each without any has a list of its own."""
    first, second = (DepositBody.model_validate(deposit_body()) for _ in range(2))
    assert first.barcodes is not second.barcodes


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("returned", returned_body()),
        ("void", VOID),
        ("fault", FAULT),
        ("calibration", calibration_body()),
    ],
)
def test_every_record_may_name_the_catalogue_in_force(kind: str, body: dict[str, Any]) -> None:
    """One from before does not."""
    assert read(kind, body | {"catalogue_version": "2026-11-a"})["catalogue_version"] == "2026-11-a"
    assert read(kind, body)["catalogue_version"] is None
