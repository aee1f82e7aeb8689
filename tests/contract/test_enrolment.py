"""Requests for certificates as messages: whatever is changed on the way is found."""

from __future__ import annotations

from contextlib import suppress

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from hypothesis import example, given
from hypothesis import strategies as st

from contract.authority import Authority
from contract.certificates import open_request, request
from contract.enrolment import Enrol, Renew, ask, ask_again, proven, proven_again
from contract.errors import CertificateError, ContractError, PayloadError
from contract.payloads import decode, encode
from tests.contract.samples import signer

KIOSK, OTHER = "hz-xihu-0001", "hz-xihu-0002"
NOW_S = 1_795_500_000


@pytest.fixture(scope="module")
def first() -> bytes:
    """A kiosk's first request, as it goes over the line."""
    return encode(
        ask(KIOSK, "0000-1111-2222-3333", signer(KIOSK), generate_private_key(SECP256R1()))
    )


@pytest.fixture(scope="module")
def later(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A later request."""
    key = generate_private_key(SECP256R1())
    authority = Authority.new(tmp_path_factory.mktemp("ca"), "Hangzhou kiosks", NOW_S)
    old = authority.sign(open_request(request(key, KIOSK)), NOW_S)
    return encode(ask_again(old, key))


def opened_first(sent: bytes) -> Enrol:
    """A first request as the platform takes it."""
    got = decode(Enrol, sent)
    proven(got)
    return got


def opened_later(sent: bytes) -> Renew:
    """A later request as the platform takes it."""
    got = decode(Renew, sent)
    proven_again(got)
    return got


def said(message: Enrol | Renew) -> dict[str, object]:
    """What a message says; one signature may be spelled in several ways."""
    return message.model_dump(exclude={"sig"})


def test_both_requests_are_proven_as_they_were_made(first: bytes, later: bytes) -> None:
    """In the kiosk's name."""
    assert proven(decode(Enrol, first)).name == KIOSK
    old, asked = proven_again(decode(Renew, later))
    assert (old.name, asked.name) == (KIOSK, KIOSK)


def test_a_request_in_another_kiosks_name_is_refused(first: bytes, later: bytes) -> None:
    """Whoever has one kiosk's keys cannot become another one."""
    stranger = generate_private_key(SECP256R1())
    foreign = {"request": request(stranger, OTHER).decode()}
    for refused in (
        lambda: proven(decode(Enrol, first).model_copy(update=foreign)),
        lambda: proven_again(decode(Renew, later).model_copy(update=foreign)),
    ):
        with pytest.raises(CertificateError) as error:
            refused()
        assert error.value.code == "other-name"


@given(st.integers(0, 2000), st.binary(max_size=3))
@example(at=0, noise=b"")
def test_what_is_changed_on_the_way_is_found(
    first: bytes, later: bytes, at: int, noise: bytes
) -> None:
    """Bytes put over others, anywhere: refused by a code, or nothing that counts was changed."""
    for opened, sent in ((opened_first, first), (opened_later, later)):
        changed = sent[: at % len(sent)] + noise + sent[at % len(sent) + len(noise) :]
        with suppress(CertificateError, PayloadError):
            assert said(opened(changed)) == said(opened(sent))


@given(st.binary(max_size=200), st.text(alphabet="AB-_", min_size=80, max_size=104))
def test_no_signature_breaks_the_reader(later: bytes, noise: bytes, sig: str) -> None:
    """Of any length, and over any certificate."""
    asked = decode(Renew, later)
    for changed in ({"sig": sig}, {"certificate": noise.decode("latin-1")}):
        with pytest.raises(ContractError) as error:
            proven_again(asked.model_copy(update=changed))
        assert error.value.code in ("bad-signature", "not-a-certificate")
