"""Ed25519 keys: signing behind one small interface, so that the key may live in a file or a chip.

A public key is 32 raw bytes; on disk it is 64 hex digits in a text file. A private key on disk
is PEM (PKCS 8), readable by its owner only.
"""

from __future__ import annotations

import os
import stat
from functools import lru_cache
from pathlib import Path
from typing import Protocol, Self, TypeVar

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from contract.canonical import sha256_hex
from contract.errors import KeyFileError

K = TypeVar("K", Ed25519PrivateKey, EllipticCurvePrivateKey)

PUBLIC_BYTES = 32
SIGNATURE_BYTES = 64


class Signer(Protocol):
    """Whoever can sign with one Ed25519 key."""

    @property
    def public(self) -> bytes:
        """The public key, 32 raw bytes."""

    @property
    def key_id(self) -> str:
        """The public key's short name, as `key_id_of` gives it."""

    def sign(self, data: bytes) -> bytes:
        """Sign `data`; 64 bytes (RFC 8032)."""


class SeedSigner:
    """A signer whose key is 32 given bytes, for simulations that must repeat to the bit."""

    def __init__(self, seed: bytes) -> None:
        if len(seed) != PUBLIC_BYTES:
            raise KeyFileError("seed-length", f"seed has {len(seed)} bytes: it must have 32")
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.public = self._key.public_key().public_bytes_raw()
        self.key_id = key_id_of(self.public)

    def sign(self, data: bytes) -> bytes:
        """Sign `data`; 64 bytes."""
        return self._key.sign(data)


class FileSigner(SeedSigner):
    """A signer whose key lies in a PEM file."""

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Self:
        """Read the key at `path`.

        Raises:
            KeyFileError: `unreadable`, `not-a-key`, `wrong-key-type`, or `exposed` where others
                than its owner may read it.
        """
        # mypy takes an abstract class for one that will be called.
        key = load_private(Path(path), Ed25519PrivateKey, "Ed25519")  # type: ignore[type-abstract]
        return cls(key.private_bytes_raw())

    @classmethod
    def new(cls, path: str | os.PathLike[str]) -> Self:
        """Make a key and write it to `path`, which must not exist, readable by its owner only.

        Raises:
            KeyFileError: `exists` or `unwritable`.
        """
        key = Ed25519PrivateKey.generate()
        write_private(Path(path), key)
        return cls(key.private_bytes_raw())


def load_private(path: Path, kind: type[K], name: str) -> K:
    """Read the private key at `path`, which must be of this kind, called `name` in errors.

    Raises:
        KeyFileError: As `FileSigner.load`.
    """
    data = _read(path)
    try:
        key = load_pem_private_key(data, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise KeyFileError(
            "not-a-key", f"{path} holds no private key in PEM without a password: {error}"
        ) from error
    if not isinstance(key, kind):
        raise KeyFileError("wrong-key-type", f"{path} holds a {_kind(key)}: {name} is needed")
    _refuse_exposed(path)
    return key


def write_private(path: Path, key: Ed25519PrivateKey | EllipticCurvePrivateKey) -> None:
    """Write a key to `path`, which must not exist, readable by its owner only.

    Raises:
        KeyFileError: `exists` or `unwritable`.
    """
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise KeyFileError(
            "exists", f"{path} exists already: choose another name, keys are never overwritten"
        ) from error
    except OSError as error:
        raise KeyFileError("unwritable", f"{path} cannot be written: {error}") from error
    with os.fdopen(handle, "wb") as file:
        file.write(pem)


def _refuse_exposed(path: Path) -> None:
    """A key that others can read may be anybody's by now; they may not even be its group."""
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise KeyFileError(
            "exposed",
            f"{path} has mode {mode:o}, so others than its owner can read or change it: "
            f"chmod 600 {path}, and make a new key if somebody may have",
        )


@lru_cache(maxsize=1024)
def key_id_of(public: bytes) -> str:
    """The first 8 hex digits of the SHA-256 of a public key: names it, proves nothing."""
    return sha256_hex(public)[:8]


def is_signed(public: bytes, signature: bytes, data: bytes) -> bool:
    """Whether `signature` over `data` was made with the private half of `public` (32 bytes)."""
    try:
        verify_key(public).verify(signature, data)
    except InvalidSignature:
        return False
    return True


@lru_cache(maxsize=1024)
def verify_key(public: bytes) -> Ed25519PublicKey:
    """The key object of 32 raw bytes.

    Raises:
        KeyFileError: `key-length`: other than 32 bytes.
    """
    if len(public) != PUBLIC_BYTES:
        raise KeyFileError("key-length", f"public key has {len(public)} bytes: it must have 32")
    return Ed25519PublicKey.from_public_bytes(public)


def load_public(source: str | os.PathLike[str]) -> bytes:
    """Read a public key: 64 hex digits, or a file that holds them or a PEM public key.

    Raises:
        KeyFileError: `unreadable`, `not-a-key` or `wrong-key-type`.
    """
    text = os.fspath(source)
    if (public := _from_hex(text)) is not None:
        return public
    data = _read(Path(text))
    if (public := _from_hex(data.decode("ascii", errors="replace"))) is not None:
        return public
    try:
        key = load_pem_public_key(data)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise KeyFileError(
            "not-a-key", f"{text} holds neither 64 hex digits nor a public key in PEM"
        ) from error
    if not isinstance(key, Ed25519PublicKey):
        raise KeyFileError("wrong-key-type", f"{text} holds a {_kind(key)}: Ed25519 is needed")
    return key.public_bytes_raw()


def _from_hex(text: str) -> bytes | None:
    text = text.strip()
    if len(text) != 2 * PUBLIC_BYTES:
        return None
    try:
        return bytes.fromhex(text)
    except ValueError:
        return None


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise KeyFileError(
            "unreadable", f"{path} cannot be read: {error.strerror or error}"
        ) from error


def _kind(key: object) -> str:
    return type(key).__name__.strip("_")
