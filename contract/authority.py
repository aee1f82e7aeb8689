"""The city's own authority: one key that signs the certificates of kiosks, platform and broker.

Two files in a folder, `ca.key` and `ca.crt`. Brokers and kiosks have `ca.crt` alone; who holds
`ca.key` decides who may speak, so it lies with the platform and nowhere else.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Self

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from contract.certificates import (
    Certificate,
    Request,
    check_key,
    is_kiosk_id,
    load_certificate,
    named,
    open_certificate,
)
from contract.errors import CertificateError
from contract.keys import write_private
from contract.p256 import load_key
from contract.whole_file import replace_whole

if TYPE_CHECKING:
    from collections.abc import Sequence

LIFE_DAYS = 90
"""Of what is signed. A third of it is left when a kiosk first asks for the next one."""

OWN_LIFE_DAYS = 3650

EARLIER = timedelta(minutes=10)
"""A certificate holds from a little before it was made: clocks differ."""

KEY, CERTIFICATE = "ca.key", "ca.crt"


class Authority:
    """Whoever may sign certificates.

    Args:
        key: Its private key.
        certificate: Its own certificate, which all sides hold.

    Raises:
        CertificateError: `other-key` or `not-an-authority`.
    """

    def __init__(self, key: EllipticCurvePrivateKey, certificate: Certificate) -> None:
        check_key(certificate, key)
        refuse_no_authority(certificate)
        self._key = key
        self.certificate = certificate

    @classmethod
    def new(cls, folder: Path, name: str, now_s: int) -> Self:
        """Make one in `folder`, named such as `Hangzhou kiosks`, at this time (Unix seconds).

        Raises:
            KeyFileError: `exists` or `unwritable`: an authority is never overwritten.
            CertificateError: `unwritable`.
        """
        key = generate_private_key(SECP256R1())
        write_private(folder / KEY, key)
        public = key.public_key()
        builder = _builder(named(name), named(name), public, now_s, OWN_LIFE_DAYS)
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
        builder = builder.add_extension(_usage(signs_certificates=True), True)
        builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(public), False)
        authority = cls(key, _signed(builder, key))
        write_certificate(folder / CERTIFICATE, authority.certificate)
        return authority

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read the one in `folder`.

        Raises:
            KeyFileError: `ca.key` cannot be used.
            CertificateError: `ca.crt` cannot be used, or is no authority's over this key.
        """
        return cls(load_key(folder / KEY), load_certificate(folder / CERTIFICATE))

    def sign(self, request: Request, now_s: int, days: int = LIFE_DAYS) -> Certificate:
        """A certificate by which whoever asked may connect to the broker."""
        builder = self._leaf(request.name, request.public, now_s, days)
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH])
        return _signed(builder.add_extension(usage, False), self._key)

    def sign_broker(
        self,
        public: EllipticCurvePublicKey,
        host: str,
        now_s: int,
        days: int = LIFE_DAYS,
        *,
        more: Sequence[str] = (),
        is_node: bool = False,
    ) -> Certificate:
        """A certificate by which a broker proves that it is the one at `host`, name or address.

        `more` are others of its names. A node of several, `is_node`, shows it to the others too,
        whose client it then is.

        Raises:
            CertificateError: `name`: such a client would be the kiosk that can be called `host`.
        """
        if is_node and is_kiosk_id(host):
            raise CertificateError("name", f"{host} is a kiosk's id: name the node with a domain")
        builder = self._leaf(host, public, now_s, days)
        hosts = x509.SubjectAlternativeName([_host(one) for one in (host, *more)])
        uses = [ExtendedKeyUsageOID.SERVER_AUTH]
        if is_node:
            uses.append(ExtendedKeyUsageOID.CLIENT_AUTH)
        builder = builder.add_extension(hosts, False)
        builder = builder.add_extension(x509.ExtendedKeyUsage(uses), False)
        return _signed(builder, self._key)

    def _leaf(
        self, name: str, public: EllipticCurvePublicKey, now_s: int, days: int
    ) -> x509.CertificateBuilder:
        issuer = self.certificate.x509.subject
        builder = _builder(named(name), issuer, public, now_s, days)
        builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), True)
        builder = builder.add_extension(_usage(signs_certificates=False), True)
        own = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        return builder.add_extension(own, False)


def refuse_no_authority(certificate: Certificate) -> None:
    """Refuse a certificate that may sign no others.

    Raises:
        CertificateError: `not-an-authority`.
    """
    try:
        extensions = certificate.x509.extensions
        if extensions.get_extension_for_class(x509.BasicConstraints).value.ca:
            return
    except (x509.ExtensionNotFound, ValueError):
        pass
    raise CertificateError(
        "not-an-authority",
        f"the certificate of {certificate.name} is no authority's: name the city's {CERTIFICATE}",
    )


def write_certificate(path: Path, certificate: Certificate) -> None:
    """Write a certificate for everybody to read, in place of one that is there.

    Raises:
        CertificateError: `unwritable`.
    """
    try:
        replace_whole(path, certificate.pem, mode=0o644)
    except OSError as error:
        reason = error.strerror or error
        raise CertificateError("unwritable", f"{path} cannot be written: {reason}") from error


def _builder(
    subject: x509.Name, issuer: x509.Name, public: EllipticCurvePublicKey, now_s: int, days: int
) -> x509.CertificateBuilder:
    now = datetime.fromtimestamp(now_s, UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - EARLIER)
        .not_valid_after(now + timedelta(days=days))
    )


def _signed(builder: x509.CertificateBuilder, key: EllipticCurvePrivateKey) -> Certificate:
    return open_certificate(builder.sign(key, SHA256()).public_bytes(Encoding.PEM))


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _host(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        return x509.DNSName(host)
