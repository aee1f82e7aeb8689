"""Samples of everything that comes from outside, who reads it, and how it gets spoilt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import strategies as st

from contract import enrolment, token
from contract.authority import Authority
from contract.badge import Role, issue_badge, read_badge
from contract.card import issue_card, read_card
from contract.catalogue import example, load_signed, sign
from contract.certificates import open_certificate, open_request, request
from contract.cose import open_claims
from contract.head import check_ack, open_head, sign_ack, sign_head
from contract.keys import key_id_of
from contract.payloads import (
    Ack,
    BinLevels,
    BinState,
    DepositBatch,
    KioskState,
    Rejected,
    decode,
    encode,
)
from contract.receipt import decode as receipt_line
from contract.receipt import encode as receipt_of
from contract.receipt import join, open_receipt, split
from contract.record import open_record
from contract.revoked import Revoked, load_revoked, sign_revoked
from contract.sealed import seal, unseal
from contract.topics import Topics, parse
from tests.contract.samples import ALICE, EPOCH, SampleKiosk, signer

KIOSK = "hz-xihu-0001"
NOW_S = 1_795_500_000
ID = bytes.fromhex("0011223344556677")
CITY, OFFICE, LEDGER, OPERATOR = (signer(one) for one in ("city", "office", "ledger", "operator"))
KEYS = {one.key_id: one.public for one in (CITY, OFFICE, LEDGER)}
PLATFORM = X25519PrivateKey.from_private_bytes(b"platform".ljust(32, b"."))
PLATFORM_PUBLIC = PLATFORM.public_key().public_bytes_raw()
TLS_KEY = derive_private_key(20_261_127, SECP256R1())


@dataclass(frozen=True, slots=True)
class Outside:
    """One kind of thing that comes from outside.

    Attributes:
        sample: A good one.
        read: As its reader reads it; what it gives can be compared.
        is_proven: Nobody but its maker can change what it says.
    """

    sample: bytes
    read: Callable[[bytes], object]
    is_proven: bool = True


def _text(data: bytes) -> str:
    """What a scanner, a broker or a form hands over as text; noise as well."""
    return data.decode("utf-8", "replace")


def _code(data: bytes) -> object:
    return token.verify(_text(data), KEYS, NOW_S, clock_known=True)


def _card(data: bytes) -> object:
    return read_card(open_claims(_text(data), KEYS), NOW_S, clock_known=True, revoked=())


def _badge(data: bytes) -> object:
    return read_badge(open_claims(_text(data), KEYS), NOW_S, clock_known=True, revoked=())


def _receipt_parts(data: bytes) -> object:
    return receipt_line(join(_text(data).splitlines()))


def _ack(data: bytes) -> object:
    return check_ack(decode(Ack, data), KIOSK, KEYS)


def _sealed(data: bytes) -> object:
    keys = {key_id_of(PLATFORM_PUBLIC): PLATFORM}
    return unseal(_text(data), keys, kiosk=KIOSK, account=ALICE)


def _enrol(data: bytes) -> object:
    asked = decode(enrolment.Enrol, data)
    enrolment.proven(asked)
    return asked.model_dump(exclude={"sig"})  # which can be spelt in several ways


def _renew(data: bytes) -> object:
    asked = decode(enrolment.Renew, data)
    enrolment.proven_again(asked)
    return asked.model_dump(exclude={"sig"})


def _request(data: bytes) -> object:
    return open_request(data).name


def _certificate(data: bytes) -> object:
    return open_certificate(data).name


@cache
def outside() -> dict[str, Outside]:
    """All of them, by name."""
    kiosk, public = SampleKiosk(KIOSK), signer(KIOSK).public
    line = kiosk.deposit().line
    receipt = receipt_of(line)
    ack = Ack(
        epoch=EPOCH, upto=41, sha256="a" * 64, rejected=[Rejected(seq=7, code="bad-signature")]
    )
    state = KioskState(
        kiosk=KIOSK,
        epoch=EPOCH,
        online=True,
        boot="b",
        outbox_depth=3,
        software="0.1.0",
        aside={"conflict": 2},
        refused={"unsigned": 1},
        fault="ledger differs",
    )
    plastic = BinState(
        bay="a", bin_index=1, stream="plastic", permille=950, due=True, full=True, by="sensor"
    )
    levels = BinLevels(kiosk=KIOSK, bins=[plastic])
    batch = DepositBatch(
        kiosk=KIOSK, epoch=EPOCH, historical=True, records=[line.decode(), "{}", "no JSON"]
    )
    lost = Revoked(version=3, issued_on="2026-11-27", ids=("0011223344556677",))
    enrol = enrolment.ask(KIOSK, "0000-1111-2222-3333", signer(KIOSK), TLS_KEY)
    with TemporaryDirectory() as folder:
        authority = Authority.new(Path(folder), "Hangzhou kiosks", NOW_S)
        certificate = authority.sign(open_request(request(TLS_KEY, KIOSK)), NOW_S)
    card = issue_card(CITY, ALICE, NOW_S, number=1, card_id=ID)
    badge = issue_badge(OFFICE, ALICE, NOW_S, roles=[Role.SERVICE], badge_id=ID)
    sealed = seal("13800138000", PLATFORM_PUBLIC, kiosk=KIOSK, account=ALICE)
    return {
        "code": Outside(token.issue(CITY, ALICE, NOW_S, jti=ID).encode(), _code),
        "card": Outside(card.encode(), _card),
        "badge": Outside(badge.encode(), _badge),
        "revoked": Outside(
            sign_revoked(lost, CITY), lambda data: load_revoked(data, {CITY.key_id: CITY.public})
        ),
        "receipt": Outside(receipt.encode(), lambda data: open_receipt(_text(data), public)),
        "receipt-parts": Outside(
            "\n".join(split(receipt, 150)).encode(), _receipt_parts, is_proven=False
        ),
        "catalogue": Outside(
            sign(example(), OPERATOR), lambda data: load_signed(data, OPERATOR.public)
        ),
        "record": Outside(line, lambda data: open_record(data, public)),
        "ack": Outside(encode(sign_ack(ack, KIOSK, LEDGER)), _ack),
        "ack-unsigned": Outside(encode(ack), lambda data: decode(Ack, data), is_proven=False),
        "head": Outside(sign_head(ack, KIOSK, LEDGER), lambda data: open_head(data, KEYS)),
        "batch": Outside(encode(batch), lambda data: decode(DepositBatch, data), is_proven=False),
        "levels": Outside(encode(levels), lambda data: decode(BinLevels, data), is_proven=False),
        "state": Outside(encode(state), lambda data: decode(KioskState, data), is_proven=False),
        "topic": Outside(
            Topics("hangzhou", "xihu", KIOSK).deposit.encode(),
            lambda data: parse(_text(data)),
            is_proven=False,
        ),
        "sealed-number": Outside(sealed.encode(), _sealed),
        "request": Outside(enrol.request.encode(), _request),
        "certificate": Outside(certificate.pem, _certificate, is_proven=False),
        "enrolment": Outside(encode(enrol), _enrol),
        "renewal": Outside(encode(enrolment.ask_again(certificate, TLS_KEY)), _renew),
    }


VALUES = (b"-1", b"0", b"1.5", b"1e999", b"9" * 400, b"null", b"true", b"NaN", b'""', b"[]", b"{}")
"""What may stand where another value stood."""


@st.composite
def spoilt(draw: st.DrawFn, good: bytes) -> bytes:
    """Noise, or a good one that was changed one to three times."""
    if draw(st.integers(0, 9)) == 0:
        return draw(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
    data = good
    for _ in range(draw(st.integers(1, 3))):
        data = _changed(draw, data)
    return data


def _changed(draw: st.DrawFn, data: bytes) -> bytes:
    """Flip a bit, cut, put in, double, move to the end, repeat, or set another value in place."""
    first, last = sorted(draw(st.integers(0, len(data))) for _ in range(2))
    head, piece, tail = data[:first], data[first:last], data[last:]
    ways: list[Callable[[], bytes]] = [
        lambda: head + _flipped(draw, piece) + tail,
        lambda: head + tail,
        lambda: head + draw(st.binary(min_size=1, max_size=8)) + piece + tail,
        lambda: head + piece + piece + tail,
        lambda: head + tail + piece,
        lambda: data + piece * draw(st.integers(1, 400)),
        lambda: _other_value(draw, data),
    ]
    return draw(st.sampled_from(ways))()


def _flipped(draw: st.DrawFn, piece: bytes) -> bytes:
    return bytes([piece[0] ^ 1 << draw(st.integers(0, 7))]) + piece[1:] if piece else piece


def _other_value(draw: st.DrawFn, data: bytes) -> bytes:
    """As in JSON: what stands between a colon and the next comma or brace."""
    starts = [at + 1 for at, byte in enumerate(data) if byte == ord(":")]
    if not starts:
        return data[: len(data) // 2]
    first = draw(st.sampled_from(starts))
    last = next((at for at in range(first, len(data)) if data[at] in b",}"), len(data))
    return data[:first] + draw(st.sampled_from(VALUES)) + data[last:]
