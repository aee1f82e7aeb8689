"""Certificates by which kiosk, platform and broker know each other on the wire.

X.509 over P-256, since that is what secure elements hold; one name each, the common name, which
for a kiosk is its id. Who signs them stands in `contract.authority`. Records are signed with
another key (`contract.keys`): a certificate lets a kiosk speak, and proves nothing it says.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from contract.errors import CertificateError

PLATFORM = "platform.ledger"
"""The platform's name at the broker. No kiosk can have it: their ids hold no dot."""

MAX_BYTES = 16_384
"""Longer files are no certificates of ours, which have about 800 bytes, nor requests for one."""

_KIOSK = re.compile(r"[a-z0-9-]{1,32}")
_PLATFORM = re.compile(rf"{re.escape(PLATFORM)}(-[a-z0-9-]{{1,32}})?")

_UNREADABLE = (
    ValueError,
    UnsupportedAlgorithm,
    InvalidSignature,
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
)
"""All that the library says of bytes that are no sound certificate or request."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate as it was read; times in Unix seconds, both ends included."""

    name: str
    not_before_s: int
    not_after_s: int
    x509: x509.Certificate

    @property
    def renew_from_s(self) -> int:
        """When a new one should be asked for: at two thirds of its life."""
        return self.not_before_s + (self.not_after_s - self.not_before_s) * 2 // 3

    @property
    def serial(self) -> str:
        """Its number, in hex digits."""
        return f"{self.x509.serial_number:x}"

    @property
    def public(self) -> EllipticCurvePublicKey:
        """Its public key."""
        return _p256(self.x509.public_key(), "certificate")

    @property
    def pem(self) -> bytes:
        """As a file holds it."""
        return self.x509.public_bytes(Encoding.PEM)


@dataclass(frozen=True, slots=True)
class Request:
    """A request for a certificate, signed with the key that it is for."""

    name: str
    public: EllipticCurvePublicKey


def request(key: EllipticCurvePrivateKey, name: str) -> bytes:
    """A request (PEM, PKCS 10) for a certificate over `key` with this name."""
    builder = x509.CertificateSigningRequestBuilder().subject_name(named(name))
    return builder.sign(key, SHA256()).public_bytes(Encoding.PEM)


def open_request(pem: bytes) -> Request:
    """Read a request.

    Raises:
        CertificateError: `too-long`, `not-a-request`, `wrong-key-type`, `bad-signature` (whoever
            asks does not have the key) or `name` (neither a kiosk's id nor the platform's name).
    """
    _refuse_long(pem, "request")
    try:
        csr = x509.load_pem_x509_csr(pem)
        is_signed = csr.is_signature_valid
        names = csr.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        key = csr.public_key()
    except _UNREADABLE as error:
        raise CertificateError("not-a-request", f"this is no request in PEM: {error}") from error
    public = _p256(key, "request")
    if not is_signed:
        raise CertificateError("bad-signature", "the request is not signed with its own key")
    return Request(_one_name(names), public)


def open_certificate(pem: bytes) -> Certificate:
    """Read a certificate, without any judgement of who signed it and when it holds.

    Raises:
        CertificateError: `too-long`, `not-a-certificate`, `wrong-key-type`.
    """
    _refuse_long(pem, "certificate")
    try:
        found = x509.load_pem_x509_certificate(pem)
        names = found.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        key = found.public_key()
    except _UNREADABLE as error:
        raise CertificateError(
            "not-a-certificate", f"this is no certificate in PEM: {error}"
        ) from error
    _p256(key, "certificate")
    name = str(names[0].value) if names else ""
    before, after = found.not_valid_before_utc, found.not_valid_after_utc
    return Certificate(name, int(before.timestamp()), int(after.timestamp()), found)


def load_certificate(path: Path) -> Certificate:
    """Read the certificate at `path`.

    Raises:
        CertificateError: `unreadable`, or as `open_certificate`; the message names the file.
    """
    try:
        pem = path.read_bytes()
    except OSError as error:
        reason = error.strerror or error
        raise CertificateError("unreadable", f"{path} cannot be read: {reason}") from error
    try:
        return open_certificate(pem)
    except CertificateError as error:
        raise CertificateError(error.code, f"{path}: {error.message}") from error


def check(
    certificate: Certificate, authority: Certificate, now_s: int, name: str | None = None
) -> None:
    """Refuse a certificate that would not let `name` speak at `now_s` (Unix seconds).

    Raises:
        CertificateError: `other-authority`, `not-yet-valid`, `expired` or `other-name`.
    """
    try:
        certificate.x509.verify_directly_issued_by(authority.x509)
    except (TypeError, *_UNREADABLE) as error:
        raise CertificateError(
            "other-authority",
            f"the certificate of {certificate.name} was not signed by {authority.name}: "
            "enrol with the city whose authority is on file",
        ) from error
    if now_s < certificate.not_before_s:
        raise CertificateError(
            "not-yet-valid",
            f"the certificate of {certificate.name} holds from "
            f"{_minute(certificate.not_before_s)}, and the clock says {_day(now_s)}: set the clock",
        )
    if now_s > certificate.not_after_s:
        raise CertificateError(
            "expired",
            f"the certificate of {certificate.name} held until {_minute(certificate.not_after_s)}, "
            f"and the clock says {_day(now_s)}: enrol again, or set the clock",
        )
    if name is not None and certificate.name != name:
        raise CertificateError(
            "other-name",
            f"the certificate is of {certificate.name}, and this is {name}: enrol as {name}",
        )


def check_client(certificate: Certificate) -> None:
    """Refuse a certificate with which nobody can connect to a broker, such as the broker's own.

    Raises:
        CertificateError: `wrong-use`.
    """
    try:
        extensions = certificate.x509.extensions
        uses = extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        if ExtendedKeyUsageOID.CLIENT_AUTH in uses:
            return
    except (x509.ExtensionNotFound, *_UNREADABLE):
        pass
    raise CertificateError(
        "wrong-use", f"the certificate of {certificate.name} is not for connecting to a broker"
    )


def check_key(certificate: Certificate, key: EllipticCurvePrivateKey) -> None:
    """Refuse a certificate that is over another key.

    Raises:
        CertificateError: `other-key`.
    """
    if certificate.public != key.public_key():
        raise CertificateError(
            "other-key",
            f"the certificate of {certificate.name} is over another key than the one beside it: "
            "both come together",
        )


def named(name: str) -> x509.Name:
    """The distinguished name that is a common name alone."""
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def is_kiosk_id(name: str) -> bool:
    """Whether a kiosk can be called so."""
    return _KIOSK.fullmatch(name) is not None


def platform_name(worker: str = "") -> str:
    """The platform's, or one of its workers': the broker lets in each name once."""
    return f"{PLATFORM}-{worker}" if worker else PLATFORM


def check_name(name: str) -> str:
    """The name itself, if somebody at the broker can be called so: it is a rule there.

    Raises:
        CertificateError: `name`.
    """
    if not is_kiosk_id(name) and _PLATFORM.fullmatch(name) is None:
        raise CertificateError(
            "name",
            f"nobody can be called {name[:64]!r}: a kiosk's id is "
            f"1 to 32 characters of a-z, 0-9 and -, the platform is {PLATFORM}, "
            f"and its worker a is {platform_name('a')}",
        )
    return name


def _one_name(names: list[x509.NameAttribute[str | bytes]]) -> str:
    """The one name of a request; a second one could say more at the broker than was meant."""
    return check_name(str(names[0].value) if len(names) == 1 else "")


def _p256(key: object, what: str) -> EllipticCurvePublicKey:
    if isinstance(key, EllipticCurvePublicKey) and isinstance(key.curve, SECP256R1):
        return key
    raise CertificateError("wrong-key-type", f"the {what} is not over a P-256 key")


def _refuse_long(pem: bytes, what: str) -> None:
    if len(pem) > MAX_BYTES:
        raise CertificateError(
            "too-long", f"the {what} has {len(pem)} bytes: at most {MAX_BYTES} are read"
        )


def _minute(at_s: int) -> str:
    return datetime.fromtimestamp(at_s, UTC).strftime("%Y-%m-%d %H:%M UTC")


def _day(at_s: int) -> str:
    """Of the clock to the day: the same trouble is the same message, however often it comes."""
    return datetime.fromtimestamp(at_s, UTC).strftime("%Y-%m-%d")
