"""P-256 keys of certificates: in a file that is their owner's alone, and what they sign."""

from __future__ import annotations

from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.hashes import SHA256

from contract.errors import KeyFileError
from contract.keys import load_private, write_private


def open_key(path: Path) -> EllipticCurvePrivateKey:
    """Read the P-256 key at `path`, or make it where there is none.

    Raises:
        KeyFileError: `unreadable`, `unwritable`, `not-a-key`, `wrong-key-type` or `exposed`.
    """
    if not path.exists():
        key = generate_private_key(SECP256R1())
        write_private(path, key)
    return load_key(path)


def load_key(path: Path) -> EllipticCurvePrivateKey:
    """Read the P-256 key at `path`.

    Raises:
        KeyFileError: `unreadable`, `not-a-key`, `wrong-key-type` or `exposed`.
    """
    # mypy takes an abstract class for one that will be called.
    key = load_private(path, EllipticCurvePrivateKey, "P-256")  # type: ignore[type-abstract]
    if not isinstance(key.curve, SECP256R1):
        raise KeyFileError("wrong-key-type", f"{path} is on curve {key.curve.name}: P-256 needed")
    return key


def sign_with(key: EllipticCurvePrivateKey, data: bytes) -> bytes:
    """ECDSA over SHA-256 of `data`, as DER (RFC 3279)."""
    return key.sign(data, ECDSA(SHA256()))


def is_signed_with(public: EllipticCurvePublicKey, signature: bytes, data: bytes) -> bool:
    """Whether `signature` over `data` was made with the private half of `public`."""
    try:
        public.verify(signature, data, ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True
