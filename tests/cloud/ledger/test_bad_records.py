"""Records that are none, or not as they must be: each by its code, and the others are credited."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable
from typing import Any

import pytest

from contract.keys import Signer
from contract.payloads import Rejected
from contract.record import MAX_LINE, Sealed
from tests.cloud.conftest import Office
from tests.cloud.web import Client
from tests.contract.samples import ALICE, BOB, SampleKiosk, signer

PIECE = 4
"""Points for one bottle."""


def signed(value: dict[str, Any], key: Signer) -> bytes:
    """A line that `key` signs whatever it says, as a kiosk's software gone wrong would."""
    unsigned = _spelt({name: value[name] for name in value if name != "sig"})
    sig = urlsafe_b64encode(key.sign(unsigned)).rstrip(b"=").decode()
    return _spelt({**value, "sig": sig})


def _spelt(value: dict[str, Any]) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def changed(**changes: Any) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """The record with other fields; None takes one out."""
    return lambda record: {
        name: value for name, value in (record | changes).items() if value is not None
    }


def body(**changes: Any) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """The record with other fields in its body; None takes one out."""
    return lambda record: record | {"body": changed(**changes)(record["body"])}


NEVER_POST = {
    "float": body(mass_g=24.5),
    "integer-range": body(mass_g=2**53),
    "schema": changed(prev=None),
    "too-long": body(label="é" * (MAX_LINE // 2)),
}
"""What no reader takes for a record, by its code, although the kiosk signed it."""


@pytest.mark.parametrize("code", [*NEVER_POST, "bad-signature"])
def test_a_line_that_is_no_record_is_counted_by_its_code_and_harms_no_other(
    office: Office, kiosk: SampleKiosk, code: str
) -> None:
    """Staff see it; those beside it are credited, and the real one when it comes."""
    first, second, third = kiosk.deposit(), kiosk.deposit(account=BOB), kiosk.deposit()
    if code in NEVER_POST:
        bad = signed(NEVER_POST[code](json.loads(second.line)), kiosk.signer)
    else:
        bad = second.line.replace(BOB.encode(), ALICE.encode())
    ack = office.post(first, bad, third)
    assert (ack.upto, ack.rejected) == (2, [Rejected(seq=0, code=code)])
    assert Client(office.ledger).get("/api/rejected") == (200, {code: 1})
    assert balances(office) == (2 * PIECE, 0)
    assert office.post(second).upto == 6
    assert balances(office) == (2 * PIECE, PIECE)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (body(mass_g=None), "schema"),
        (body(mass_g=-24), "schema"),
        (body(points=None), "schema"),
        (changed(kind="rumour"), "unknown-kind"),
        (body(catalogue_version="2026-12-a"), "unknown-catalogue"),
        (body(item_code="fridge"), "unknown-item"),
    ],
)
def test_a_signed_record_that_is_not_understood_is_held_by_its_code(
    office: Office, kiosk: SampleKiosk, change: Callable[..., dict[str, Any]], code: str
) -> None:
    """It is acked and waits for staff or for knowledge; those beside it are credited."""
    first, second = kiosk.deposit(), kiosk.deposit(account=BOB)
    strange = signed(change(json.loads(second.line)), kiosk.signer)
    third = kiosk.deposit()
    ack = office.post(first, strange, third)
    assert (ack.upto, ack.rejected) == (6, [])
    assert Client(office.ledger).get("/api/held") == (200, {code: 1})
    assert Client(office.ledger).get("/api/rejected") == (200, {})
    assert balances(office) == (2 * PIECE, 0)


def test_a_record_by_another_key_waits_and_is_counted_nowhere(
    office: Office, kiosk: SampleKiosk
) -> None:
    """The key on file may be the outdated one: the kiosk repeats, and nothing is lost by it."""
    first = kiosk.deposit()
    forged = signed(json.loads(first.line) | {"key": signer("x").key_id}, signer("x"))
    ack = office.post(forged)
    assert (ack.upto, ack.rejected) == (0, [])
    assert Client(office.ledger).get("/api/rejected") == (200, {})
    assert office.post(first).upto == 2


def test_a_gap_holds_back_the_ack_and_nothing_else(office: Office, kiosk: SampleKiosk) -> None:
    """What came after it is credited; the ack jumps when it is filled."""
    records: list[Sealed] = [kiosk.deposit() for _ in range(4)]
    assert office.post(records[0], *records[2:]).upto == 2
    assert balances(office) == (3 * PIECE, 0)
    assert office.post(records[1]).upto == 8


def balances(office: Office) -> tuple[int, int]:
    """What Alice and Bob have."""
    return office.ledger.balance(ALICE).points, office.ledger.balance(BOB).points
