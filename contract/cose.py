"""`GR1:` texts: signed claims in base45, small enough for a QR code, checked offline.

Inside is a COSE_Sign1 (RFC 9052, tag 18) with Ed25519 over a CBOR map of claims (RFC 8392). The
key id is the first 4 bytes of the SHA-256 of the issuer's public key, in the unprotected header.
Every text has exactly one spelling; any other is refused, though its signature might still hold.

Which claims there are says what it is: a resident's code (`contract.token`), a card
(`contract.card`) or a staff badge (`contract.badge`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import cbor2
from base45 import b45decode, b45encode  # type: ignore[import-untyped]  # ships no types
from cwt import COSE, COSEKey, VerifyError
from cwt.cose_key_interface import COSEKeyInterface

from contract.errors import TokenError
from contract.foreign import what_is

if TYPE_CHECKING:
    from collections.abc import Mapping

    from contract.keys import Signer

PREFIX = "GR1:"
MAX_TEXT = 400
"""Characters of the longest text that is looked into; a resident's code has 172, a badge 203."""

SKEW_S = 30
"""How far the kiosk's clock may be ahead of the issuer's."""

EXP, CTI = 4, 7
"""Claims that all of them have: expiry in Unix seconds, and an id of 8 bytes."""

ID_BYTES = 8
MAX_EXP = 2**40

_SIGN1_TAG = 18
_KID = 4
_EDDSA = -8
_OKP, _ED25519 = 1, 6


@dataclass(frozen=True, slots=True)
class Opened:
    """Claims whose signature holds, and the id of the key (8 hex digits) that made it."""

    claims: dict[Any, Any]
    key_id: str


def sign_claims(signer: Signer, claims: Mapping[int, Any]) -> str:
    """Sign `claims` and spell them as a `GR1:` text."""
    cose = COSE.new(alg_auto_inclusion=True, kid_auto_inclusion=True)
    raw = cose.encode_and_sign(cbor2.dumps(dict(claims)), _SigningKey(signer))
    return PREFIX + str(b45encode(raw), "ascii")


def open_claims(text: str, keys: Mapping[str, bytes]) -> Opened:
    """Read a text that the holder of one of `keys` (key id → 32 bytes) must have signed.

    Raises:
        TokenError: `not-a-code` (nothing legible), `foreign` (`what` says what it is instead),
            `too-long`, `malformed`, `unknown-key`, `bad-signature`.
    """
    if not text.startswith(PREFIX):
        raise _not_ours(text)
    if len(text) > MAX_TEXT:
        raise TokenError("too-long", f"code has {len(text)} characters: at most {MAX_TEXT}")
    message = _message(text)
    key_id = _key_id(message)
    if key_id not in keys:
        raise TokenError(
            "unknown-key", f"code is signed by key {key_id}, which this kiosk does not know"
        )
    claims = _verified(message, key_id, keys[key_id])
    if not isinstance(claims, dict):
        raise malformed("its claims are no map")
    return Opened(claims, key_id)


def named_key(text: str) -> str:
    """The id of the key that a text says it was signed with; proves nothing, empty for none."""
    try:
        ours = text.startswith(PREFIX) and len(text) <= MAX_TEXT
        return _key_id(_message(text)) if ours else ""
    except TokenError:
        return ""


def is_id(value: object) -> bool:
    """Whether a claim is an id: 8 bytes."""
    return isinstance(value, bytes) and len(value) == ID_BYTES


def is_expiry(value: object) -> bool:
    """Whether a claim is an expiry: Unix seconds, after 1970 and no fancy."""
    return type(value) is int and 0 < value < MAX_EXP


def id_bytes(text: str, what: str) -> bytes:
    """The bytes of `text`, 16 hex digits; `what` names it where it is refused.

    Raises:
        TokenError: `malformed`.
    """
    try:
        return bytes.fromhex(text)
    except ValueError as error:
        raise malformed(f"{what} {text[:32]!r} is not 16 hex digits") from error


def malformed(why: str) -> TokenError:
    """The error for whatever is not as an issuer would have made it."""
    return TokenError("malformed", f"code is damaged: {why}; show a fresh one")


def _not_ours(text: str) -> TokenError:
    what = what_is(text)
    if what is None:
        return TokenError("not-a-code", "nothing legible was read: hold the code still and flat")
    return TokenError(
        "foreign", f"this is {what}, not a resident's code: show the one of your account", what
    )


def _message(text: str) -> cbor2.CBORTag:
    """Decode base45 and CBOR down to the COSE_Sign1 structure, in its only spelling."""
    try:
        raw = b45decode(text.removeprefix(PREFIX).encode("ascii"))
        message = cbor2.loads(raw)
        only_spelling = cbor2.dumps(message) == raw
    except Exception as error:  # cbor2 lets through whatever a tagged value's own type raises
        raise malformed(f"it cannot be decoded ({error})") from error
    if not isinstance(message, cbor2.CBORTag) or message.tag != _SIGN1_TAG:
        raise malformed("it is no COSE_Sign1")
    if not only_spelling:
        raise malformed("it has another spelling than the issuer's")
    return message


def _key_id(message: cbor2.CBORTag) -> str:
    """The key id of a COSE_Sign1 whose headers are exactly ours."""
    match message.value:
        case [bytes(protected), dict(unprotected), bytes(), bytes()]:
            kid = unprotected.get(_KID)
            ours = protected == cbor2.dumps({1: _EDDSA}) and list(unprotected) == [_KID]
            if ours and isinstance(kid, bytes) and len(kid) == 4:
                return kid.hex()
    raise malformed("its headers are not an issuer's")


def _verified(message: cbor2.CBORTag, key_id: str, public: bytes) -> Any:
    """Check the signature, then decode the claims."""
    try:
        payload = COSE.new().decode(message, _verifying_key(key_id, public))
    except VerifyError as error:
        raise TokenError(
            "bad-signature", "code was not signed by its issuer: it was changed, or forged"
        ) from error
    try:
        return cbor2.loads(payload)
    except Exception as error:  # as in `_message`
        raise malformed(f"its claims cannot be decoded ({error})") from error


class _SigningKey(COSEKeyInterface):
    """Lets COSE sign through a `Signer`, whose key may be out of reach."""

    def __init__(self, signer: Signer) -> None:
        super().__init__({1: _OKP, 2: bytes.fromhex(signer.key_id), 3: _EDDSA, 4: [1]})
        self._signer = signer

    def sign(self, msg: bytes) -> bytes:
        return self._signer.sign(msg)


@lru_cache(maxsize=64)
def _verifying_key(key_id: str, public: bytes) -> COSEKeyInterface:
    kid = bytes.fromhex(key_id)
    return COSEKey.new({1: _OKP, -1: _ED25519, -2: public, 2: kid, 3: _EDDSA, 4: [2]})
