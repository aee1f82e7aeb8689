"""Certificates: who asks, who signs, how long they hold, and what is refused."""

from __future__ import annotations

import base64
import stat
from contextlib import suppress
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    SECP384R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from contract.authority import Authority, refuse_no_authority
from contract.certificates import (
    MAX_BYTES,
    PLATFORM,
    check,
    check_client,
    check_key,
    named,
    open_certificate,
    open_request,
    platform_name,
    request,
)
from contract.errors import CertificateError, KeyFileError
from contract.keys import FileSigner
from contract.p256 import load_key, open_key
from contract.tls import TlsFiles

NOW_S = 1_795_500_000
DAY_S = 86_400
KIOSK = "hz-xihu-0001"


def key() -> EllipticCurvePrivateKey:
    """A new P-256 key."""
    return generate_private_key(SECP256R1())


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    """A city's authority."""
    return Authority.new(tmp_path, "Hangzhou kiosks", NOW_S)


def refused(code: str, call: object, *arguments: object) -> str:
    """The message with which this call refuses its arguments, by this code."""
    assert callable(call)
    with pytest.raises((CertificateError, KeyFileError)) as error:
        call(*arguments)
    assert error.value.code == code, error.value
    return str(error.value)


def test_a_kiosk_asks_and_gets_a_certificate_over_its_key(authority: Authority) -> None:
    """It holds 90 days, in the kiosk's name, and was signed by the city."""
    own = key()
    made = authority.sign(open_request(request(own, KIOSK)), NOW_S)
    assert open_certificate(made.pem) == made
    assert made.name == KIOSK
    check(made, authority.certificate, NOW_S, KIOSK)
    check_key(made, own)
    assert NOW_S - DAY_S < made.not_before_s < NOW_S
    assert made.not_after_s == NOW_S + 90 * DAY_S


def test_a_certificate_is_renewed_at_two_thirds_of_its_life(authority: Authority) -> None:
    """Of 90 days, 30 are left."""
    made = authority.sign(open_request(request(key(), KIOSK)), NOW_S)
    left_s = made.not_after_s - made.renew_from_s
    assert abs(left_s - 30 * DAY_S) < 600


def test_each_certificate_that_does_not_fit_has_its_code(
    authority: Authority, tmp_path: Path
) -> None:
    """Too early, too late, of another kiosk, of another city, over another key."""
    (tmp_path / "b").mkdir()
    elsewhere = Authority.new(tmp_path / "b", "Hangzhou kiosks", NOW_S)
    made = authority.sign(open_request(request(key(), KIOSK)), NOW_S)
    ours = authority.certificate
    check(made, ours, made.not_after_s, KIOSK)
    refused("expired", check, made, ours, made.not_after_s + 1, KIOSK)
    check(made, ours, made.not_before_s, KIOSK)
    assert "set the clock" in refused("not-yet-valid", check, made, ours, 0, KIOSK)
    refused("other-name", check, made, ours, NOW_S, "hz-xihu-0002")
    refused("other-authority", check, made, elsewhere.certificate, NOW_S, KIOSK)
    refused("other-key", check_key, made, key())


def test_what_a_kiosk_may_not_be_called_is_not_signed() -> None:
    """A name is a rule at the broker: no wildcard, no level, nobody else's, and one alone."""
    workers = [f"{PLATFORM}{end}" for end in ("-", "-a/b", "-+", "-" + "a" * 33, "a", ".a", "-a\n")]
    for name in ("a/b", "+", "#", "K1", "k" * 33, "platform.kiosk", " k1", *workers):
        refused("name", open_request, request(key(), name))
    for name in (PLATFORM, platform_name("a")):
        assert open_request(request(key(), name)).name == name
    two = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name) for name in ("k1", "k2")])
    for subject in (two, x509.Name([])):
        csr = x509.CertificateSigningRequestBuilder().subject_name(subject).sign(key(), SHA256())
        refused("name", open_request, csr.public_bytes(Encoding.PEM))


def test_a_node_of_several_is_no_kiosk(authority: Authority) -> None:
    """Its certificate is a client's as well, so its name must be none that a kiosk can have."""
    with pytest.raises(CertificateError) as error:
        authority.sign_broker(key().public_key(), KIOSK, NOW_S, is_node=True)
    assert error.value.code == "name"
    alone = authority.sign_broker(key().public_key(), "broker.example", NOW_S)
    with pytest.raises(CertificateError):
        check_client(alone)
    names = ["broker.example", "node-1.example", "127.0.0.1"]
    node = authority.sign_broker(key().public_key(), names[0], NOW_S, more=names[1:], is_node=True)
    check_client(node)
    hosts = node.x509.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert [str(one.value) for one in hosts] == names


def test_a_request_by_somebody_without_the_key_is_refused() -> None:
    """One bit of its signature changed."""
    csr = x509.load_pem_x509_csr(request(key(), KIOSK))
    der = bytearray(csr.public_bytes(Encoding.DER))
    der[-1] ^= 1
    forged = x509.load_der_x509_csr(bytes(der)).public_bytes(Encoding.PEM)
    refused("bad-signature", open_request, forged)


def test_other_keys_are_refused(tmp_path: Path, authority: Authority) -> None:
    """P-256 alone: in a file, in a request, in a certificate."""
    builder = x509.CertificateSigningRequestBuilder().subject_name(named(KIOSK))
    for other in (generate_private_key(SECP384R1()), Ed25519PrivateKey.generate()):
        algorithm = None if isinstance(other, Ed25519PrivateKey) else SHA256()
        pem = builder.sign(other, algorithm).public_bytes(Encoding.PEM)
        refused("wrong-key-type", open_request, pem)
    FileSigner.new(tmp_path / "kiosk.pem")
    refused("wrong-key-type", load_key, tmp_path / "kiosk.pem")


def test_a_key_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    """The same key when asked again; refused where others could read it."""
    path = tmp_path / "tls.key"
    assert open_key(path).private_numbers() == open_key(path).private_numbers()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    for mode in (0o640, 0o604, 0o620):
        path.chmod(mode)
        assert "chmod 600" in refused("exposed", load_key, path)


def test_a_kiosks_certificate_signs_no_others(authority: Authority) -> None:
    """Whoever names it as authority is told."""
    made = authority.sign(open_request(request(key(), KIOSK)), NOW_S)
    refused("not-an-authority", refuse_no_authority, made)
    refused("other-key", Authority, key(), authority.certificate)


def test_an_authority_is_never_overwritten(authority: Authority, tmp_path: Path) -> None:
    """All kiosks of a city would be out at once."""
    refused("exists", Authority.new, tmp_path, "again", NOW_S)
    assert Authority.load(tmp_path).certificate == authority.certificate


def test_a_file_that_is_missing_or_something_else_is_named(
    authority: Authority, tmp_path: Path
) -> None:
    """Of the three that a connection needs."""
    files = TlsFiles(tmp_path / "tls.key", tmp_path / "tls.crt", tmp_path / "ca.crt")
    assert "tls.crt cannot be read" in refused("unreadable", files.context, KIOSK, NOW_S)
    files.certificate.write_text("no certificate")
    assert "tls.crt: this is no" in refused("not-a-certificate", files.context, KIOSK, NOW_S)
    files.certificate.write_bytes(b"x" * (MAX_BYTES + 1))
    refused("too-long", files.context, KIOSK, NOW_S)
    own = open_key(files.key)
    made = authority.sign(open_request(request(own, KIOSK)), NOW_S)
    files.certificate.write_bytes(made.pem)
    assert files.context(KIOSK, NOW_S).minimum_version.name == "TLSv1_3"


def test_a_certificate_of_a_version_that_is_none_is_refused(authority: Authority) -> None:
    """The library has an error of its own for it, which is no ValueError."""
    der = authority.sign(open_request(request(key(), KIOSK)), NOW_S).x509.public_bytes(Encoding.DER)
    version_3 = bytes.fromhex("a003020102")
    assert der.count(version_3) == 1
    spoilt = der.replace(version_3, bytes.fromhex("a00302010a"))
    text = base64.encodebytes(spoilt)
    pem = b"-----BEGIN CERTIFICATE-----\n" + text + b"-----END CERTIFICATE-----\n"
    assert "10" in refused("not-a-certificate", open_certificate, pem)


@given(st.binary(max_size=300), st.integers(0, 500))
def test_no_bytes_break_a_reader(noise: bytes, at: int) -> None:
    """Noise, and a real request with noise in it: refused by a code, or read as it was meant."""
    good = REQUEST
    for pem in (noise, good[:at] + noise + good[at + len(noise) :]):
        for read in (open_request, open_certificate):
            with suppress(CertificateError):
                assert read(pem).name == KIOSK


REQUEST = request(key(), KIOSK)
