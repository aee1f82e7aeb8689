"""A typed phone number, sealed at once so that only the platform can read it.

HPKE base mode (RFC 9180) with X25519, HKDF-SHA256 and AES-128-GCM. What is sealed is the number,
padded to 16 bytes; what goes into a record is base64url of

    4 bytes   id of the platform's key: the first of the SHA-256 of its public key
    32 bytes  the encapsulated key
    32 bytes  the number and the tag

The kiosk and the pseudonym of the deposit are bound in as HPKE's `info`, so sealed bytes that are
copied into another record open nothing. Two sealings of one number have nothing in common.
"""

from __future__ import annotations

import re
import unicodedata
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from contract.errors import TokenError
from contract.keys import key_id_of

if TYPE_CHECKING:
    from collections.abc import Mapping

NUMBER_BYTES = 16
SEALED_BYTES = 4 + 32 + NUMBER_BYTES + 16
SEALED = re.compile(r"[A-Za-z0-9_-]{90}[AEIMQUYcgkosw048]")
"""How `SEALED_BYTES` are spelled: the last two bits are 0."""

_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_128_GCM)
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_BETWEEN = re.compile(r"[\s().\-\u2010-\u2015]+")


def normalise(typed: str) -> str:
    """A mobile number of mainland China as its 11 digits, however it was typed.

    Spaces, dashes, full-width digits and +86 are nobody's mistake. The number itself never stands
    in an error: errors are logged.

    Raises:
        TokenError: `not-a-number`.
    """
    text = _BETWEEN.sub("", unicodedata.normalize("NFKC", typed))
    number = re.sub(r"^(\+|00)86", "", text)
    if not _MOBILE.fullmatch(number) or not number.isascii():
        raise TokenError(
            "not-a-number",
            f"{len(text)} characters are no mobile number: type its 11 digits, beginning with 1",
        )
    return number


def seal(number: str, public: bytes, *, kiosk: str, account: str) -> str:
    """Seal a normalised number to the platform's `public` key (32 bytes, X25519).

    `account` is the pseudonym under which `kiosk` records the deposit.
    """
    padded = number.encode("ascii").ljust(NUMBER_BYTES, b"\0")
    key = X25519PublicKey.from_public_bytes(public)
    sealed = _SUITE.encrypt(padded, key, _info(kiosk, account))
    return urlsafe_b64encode(bytes.fromhex(key_id_of(public)) + sealed).rstrip(b"=").decode()


def unseal(text: str, keys: Mapping[str, X25519PrivateKey], *, kiosk: str, account: str) -> str:
    """Open what `seal` made for one of `keys`, by key id (8 hex digits).

    Raises:
        TokenError: `malformed`, `unknown-key`, or `bad-seal`: it was changed, or made for another
            kiosk or account.
    """
    if not SEALED.fullmatch(text):
        raise TokenError("malformed", f"sealed number has {len(text)} characters: 91 are right")
    raw = urlsafe_b64decode(text + "=")
    key_id = raw[:4].hex()
    if key_id not in keys:
        raise TokenError("unknown-key", f"number is sealed to key {key_id}, which is not ours")
    try:
        padded = _SUITE.decrypt(raw[4:], keys[key_id], _info(kiosk, account))
        return normalise(padded.rstrip(b"\0").decode("ascii"))
    except (InvalidTag, UnicodeDecodeError) as error:
        raise TokenError(
            "bad-seal", f"sealed number was not sealed for {kiosk} and {account}, or was changed"
        ) from error


def _info(kiosk: str, account: str) -> bytes:
    return f"green-account/phone/1/{kiosk}/{account}".encode()
