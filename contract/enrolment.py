"""What a kiosk says to get a certificate, and the platform's answer; JSON over https.

The first time somebody who set the kiosk up vouches for it with a claim code; it also hands in the
public key that signs its records, proven by a signature. Later the certificate of before vouches
for it, proven by a signature with its key. Both carry a request (`contract.certificates`).
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from contract.canonical import canonical
from contract.certificates import MAX_BYTES, Certificate, open_certificate, open_request, request
from contract.errors import CertificateError
from contract.fields import Name, Signature
from contract.keys import is_signed
from contract.p256 import is_signed_with, sign_with
from contract.payloads import Payload

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

    from contract.certificates import Request
    from contract.keys import Signer

ENROL_PATH, RENEW_PATH = "/api/enrol", "/api/renew"

NOT_SIGNED = "A" * 86
"""Stands where a signature goes until there is one."""

Pem = Annotated[str, Field(max_length=MAX_BYTES)]
Code = Annotated[str, Field(max_length=64)]
PublicKey = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
EcSignature = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{80,104}$")]


class Enrol(Payload):
    """The first request: `sig` is Ed25519 with the private half of `public` (hex)."""

    kind: Literal["enrol"] = "enrol"
    kiosk: Name
    code: Code
    request: Pem
    public: PublicKey
    sig: Signature


class Renew(Payload):
    """A later request: `sig` is ECDSA, DER, with the key of `certificate`."""

    kind: Literal["renew"] = "renew"
    certificate: Pem
    request: Pem
    sig: EcSignature


class Enrolled(Payload):
    """The answer: the new certificate, and the authority that signed it."""

    certificate: Pem
    authority: Pem


def ask(kiosk: str, code: str, signer: Signer, key: EllipticCurvePrivateKey) -> Enrol:
    """Ask for a first certificate over `key`; `signer` is the kiosk's, for its records."""
    asked = Enrol(
        kiosk=kiosk,
        code=code,
        request=request(key, kiosk).decode(),
        public=signer.public.hex(),
        sig=NOT_SIGNED,
    )
    return asked.model_copy(update={"sig": _text(signer.sign(_unsigned(asked)))})


def ask_again(old: Certificate, key: EllipticCurvePrivateKey) -> Renew:
    """Ask for the next certificate in the name of `old` and over its key."""
    asked = Renew(
        certificate=old.pem.decode(), request=request(key, old.name).decode(), sig=NOT_SIGNED
    )
    return asked.model_copy(update={"sig": _text(sign_with(key, _unsigned(asked)))})


def proven(enrol: Enrol) -> Request:
    """The request in a first request, once it is sure that whoever asks has both keys.

    Raises:
        CertificateError: `bad-signature`, `other-name`, or what is wrong with the request.
    """
    asked = open_request(enrol.request.encode())
    if asked.name != enrol.kiosk:
        raise CertificateError(
            "other-name", f"the request is of {asked.name}, and {enrol.kiosk} enrols"
        )
    if not is_signed(bytes.fromhex(enrol.public), _bytes(enrol.sig), _unsigned(enrol)):
        raise CertificateError(
            "bad-signature", f"{enrol.kiosk} does not prove that it has the key {enrol.public}"
        )
    return asked


def proven_again(renew: Renew) -> tuple[Certificate, Request]:
    """The certificate of before and the request, once it is sure that one asks for the other.

    Nothing is said about the certificate itself: that is `contract.certificates.check`'s.

    Raises:
        CertificateError: `bad-signature`, `other-name`, or what is wrong with either.
    """
    old = open_certificate(renew.certificate.encode())
    asked = open_request(renew.request.encode())
    if asked.name != old.name:
        raise CertificateError(
            "other-name", f"the request is of {asked.name}, the certificate of {old.name}"
        )
    if not is_signed_with(old.public, _bytes(renew.sig), _unsigned(renew)):
        raise CertificateError(
            "bad-signature", f"whoever asks does not have the key of the certificate of {old.name}"
        )
    return old, asked


def _unsigned(message: Enrol | Renew) -> bytes:
    return canonical(message.model_dump(exclude={"sig"}))


def _text(signature: bytes) -> str:
    return urlsafe_b64encode(signature).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    try:
        return urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError as error:
        raise CertificateError("bad-signature", f"signature {text!r} is no base64url") from error
