"""Records: sealed once, readable for ever, and nothing else passes for one."""

import json
import pickle
from base64 import urlsafe_b64encode
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.bodies import BODIES, DepositBody
from contract.canonical import canonical, sha256_hex
from contract.errors import RecordError
from contract.fields import ZERO_HASH
from contract.record import MAX_LINE, TAIL, Sealed, open_envelope, open_record, seal
from tests.contract.samples import (
    EPOCH,
    SampleKiosk,
    calibration_body,
    deposit_body,
    intent_body,
    returned_body,
    signer,
)

PUBLIC = signer("hz-xihu-0001").public


def sealed(kind: str = "deposit", body: dict[str, Any] | None = None, **changes: Any) -> Sealed:
    """A first record, with `changes` to its envelope."""
    envelope: dict[str, Any] = {
        "kiosk": "hz-xihu-0001",
        "epoch": EPOCH,
        "seq": 1,
        "after": 0,
        "at": "2026-11-23T12:54:00Z",
        "prev": ZERO_HASH,
        "signer": signer("hz-xihu-0001"),
    } | changes
    return seal(kind, deposit_body() if body is None else body, **envelope)


def signed_anyway(change: Callable[[dict[str, Any]], object]) -> bytes:
    """A line that `seal` would refuse to make, but whose signature holds."""
    value = json.loads(sealed().line)
    del value["sig"]
    change(value)
    unsigned = canonical(value)
    sig = urlsafe_b64encode(signer("hz-xihu-0001").sign(unsigned)).rstrip(b"=")
    return unsigned.removesuffix(TAIL) + b',"sig":"' + sig + b'"' + TAIL


def code_of(line: bytes, public: bytes = PUBLIC) -> str:
    """The code with which `line` is refused."""
    with pytest.raises(RecordError) as error:
        open_record(line, public)
    return error.value.code


@given(
    st.integers(0, 20_000),
    st.integers(0, 100_000),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
)
def test_what_was_sealed_is_what_is_read(mass_g: int, points: int, label: str) -> None:
    """Every figure and every script comes back as it was."""
    body = deposit_body(mass_g=mass_g, points=points, label=label)
    made = sealed(body=body)
    record = open_record(made.line, PUBLIC)
    assert record.body == body
    assert (record.kind, record.seq, record.after) == ("deposit", 1, 0)
    assert record.sha256 == made.sha256 == sha256_hex(made.line)
    typed = record.read()
    assert isinstance(typed, DepositBody)
    assert (typed.mass_g, typed.label) == (mass_g, label)


def test_a_line_is_canonical_json_with_its_signature_inside() -> None:
    """Cutting the signature in by hand gives the very bytes that canonical JSON would."""
    line = sealed().line
    assert canonical(json.loads(line)) == line


@given(st.data())
def test_one_changed_byte_is_found(data: st.DataObject) -> None:
    """Wherever it is changed, and to whatever."""
    line = bytearray(sealed().line)
    line[data.draw(st.integers(0, len(line) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises(RecordError):
        open_record(bytes(line), PUBLIC)


@given(st.binary(max_size=300))
def test_noise_is_refused_by_name(noise: bytes) -> None:
    """Nothing but a `RecordError` ever comes out of the reader."""
    assert code_of(noise) in {"not-json", "schema", "not-canonical"}


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"", "not-json"),
        (b"[]", "not-json"),
        (b"\xff\xfe{}", "not-json"),
        (b"[" * 5000, "not-json"),
        (b"{ }", "not-canonical"),
        (b'{"a":1,"a":1}', "not-canonical"),
        (b'{"a":"\\u0041"}', "not-canonical"),
        (b'{"a":1.5}', "float"),
        (b'{"a":NaN}', "float"),
        (b'{"a":9007199254740993}', "integer-range"),
        (b'"' + b"x" * MAX_LINE + b'"', "too-long"),
        (b"{}", "schema"),
    ],
)
def test_what_is_no_record_has_its_own_code(line: bytes, code: str) -> None:
    """Each kind of wrong line is told apart."""
    assert code_of(line) == code


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (lambda v: v.pop("epoch"), "epoch"),
        (lambda v: v.update(epoch="5BE1000000000001"), "epoch"),
        (lambda v: v.update(seq=0), "seq"),
        (lambda v: v.update(seq=True), "seq"),
        (lambda v: v.update(seq="1"), "seq"),
        (lambda v: v.update(after=None), "after"),
        (lambda v: v.update(kiosk="hz.xihu"), "kiosk"),
        (lambda v: v.update(at="2026-13-01T00:00:00Z"), "at"),
        (lambda v: v.update(at="2026-11-01T00:00:00+08:00"), "at"),
        (lambda v: v.update(extra=1), "extra"),
        (lambda v: v["body"].pop("account"), "account"),
        (lambda v: v["body"].update(account="Alice"), "account"),
        (lambda v: v["body"].update(points=-1), "points"),
        (lambda v: v["body"]["scale"].update(e_g="2"), "scale.e_g"),
        (lambda v: v["body"].update(empty_check="trust me"), "empty_check"),
    ],
)
def test_a_wrong_field_is_named(change: Callable[[dict[str, Any]], object], field: str) -> None:
    """Even under a good signature, a field that is missing or wrong is refused by its name."""
    with pytest.raises(RecordError, match=rf"field {field}") as error:
        open_record(signed_anyway(change), PUBLIC)
    assert error.value.code == "schema"


def test_another_key_and_a_forged_signature_are_told_apart() -> None:
    """A wrong key on file is the reader's mistake; a wrong signature is the record's."""
    assert code_of(sealed().line, signer("hz-xihu-0002").public) == "unknown-key"
    forged = sealed().line.replace(b'"points":4,', b'"points":9,')
    assert code_of(forged) == "bad-signature"


def test_a_kind_from_the_future_still_proves_its_place() -> None:
    """The envelope of a kind that is not known here can be verified; its body cannot be read."""
    line = signed_anyway(lambda v: v.update(kind="lot-closed"))
    assert open_envelope(line, PUBLIC).kind == "lot-closed"
    assert code_of(line) == "unknown-kind"


def test_a_kiosk_signs_nothing_that_readers_refuse() -> None:
    """What `seal` lets through, `open_record` takes."""
    for change in ({"seq": 0}, {"kiosk": "A"}, {"epoch": "x"}, {"after": -1}):
        with pytest.raises(RecordError, match=next(iter(change))):
            sealed(**change)
    with pytest.raises(RecordError, match="mass_g"):
        sealed(body=deposit_body(mass_g=24.0))
    with pytest.raises(RecordError, match="none of intent, deposit"):
        sealed(kind="gift")
    with pytest.raises(RecordError, match="label"):
        sealed(body=deposit_body(label="x" * 65))


def test_every_kind_of_record_can_be_sealed() -> None:
    """Each has a body that passes; three kinds go to the ledger."""
    kiosk = SampleKiosk()
    kiosk.deposit(), kiosk.uncertain(), kiosk.void(), kiosk.give_back()
    kiosk.append("fault", {"bay": "a", "fault": "edge-broken", "active": True, "detail": ""})
    kiosk.calibrate()
    kinds = [open_record(line, kiosk.signer.public).kind for line in kiosk.lines]
    assert kinds == ["intent", "deposit", "uncertain", "void", "returned", "fault", "calibration"]
    assert len(kiosk.sent) == 3


@pytest.mark.parametrize(
    "field",
    ["e_g", "max_g", "raw", "zero_raw", "tare_g", "calibration_id", "calibrated_on"],
)
@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("intent", intent_body()),
        ("deposit", deposit_body()),
        ("uncertain", intent_body(intent=1, reason="power failed")),
        ("returned", returned_body()),
    ],
)
def test_no_mass_without_what_makes_it_traceable(
    kind: str, body: dict[str, Any], field: str
) -> None:
    """e, Max, Min, raw counts, zero, tare, and whose calibration of which day."""
    sealed(kind=kind, body=body)
    scale = {name: value for name, value in body["scale"].items() if name != field}
    with pytest.raises(RecordError, match=rf"field scale\.{field}: Field required"):
        sealed(kind=kind, body=body | {"scale": scale})


@pytest.mark.parametrize("kind", ["intent", "deposit", "uncertain", "returned"])
def test_a_record_from_before_min_was_asked_for_is_read_still(kind: str) -> None:
    """An open intent can be closed, and what waits in the outbox is posted."""
    body = {
        "intent": intent_body(),
        "deposit": deposit_body(),
        "uncertain": intent_body(intent=1, reason="power failed"),
        "returned": returned_body(),
    }[kind]
    older = body | {"scale": {name: v for name, v in body["scale"].items() if name != "min_g"}}
    read = open_record(sealed(kind=kind, body=older).line, PUBLIC).read()
    assert read.model_dump()["scale"]["min_g"] is None


def test_every_kind_with_a_mass_carries_the_scale() -> None:
    """A kind that is added later cannot forget it."""
    with_mass = {kind for kind, body in BODIES.items() if "mass_g" in body.model_fields}
    assert with_mass == {"intent", "deposit", "uncertain", "returned"}
    assert all(BODIES[kind].model_fields["scale"].is_required() for kind in with_mass)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"points": []}, "points"),
        ({"points": [{"raw": 1.5, "mass_g": 1}]}, r"points\[0\].raw"),
        ({"points": [{"raw": 5, "mass_g": 1}] * 6}, "points"),
        ({"rows": []}, "rows"),
        ({"limits": "generous"}, "limits"),
        ({"weights_class": "brass"}, "weights_class"),
        ({"calibrated_on": "2026-02-30"}, "calibrated_on"),
        ({"temperature_dc": 21.5}, "temperature_dc"),
    ],
)
def test_a_calibration_that_says_nothing_is_not_signed(change: dict[str, Any], field: str) -> None:
    """The field is named, as in every record."""
    sealed(kind="calibration", body=calibration_body())
    with pytest.raises(RecordError, match=f"field {field}"):
        sealed(kind="calibration", body=calibration_body(**change))


def test_errors_survive_a_process_boundary() -> None:
    """Code and message are both there after pickling."""
    again = pickle.loads(pickle.dumps(RecordError("schema", "field a")))
    assert (again.code, again.message, str(again)) == ("schema", "field a", "field a")
