"""Residents' codes: `GR1:` and a signed CWT in base45, shown as a QR code, checked offline.

Inside is a COSE_Sign1 (RFC 9052, tag 18) with Ed25519 and these claims (RFC 8392):

    4       exp, expiry in Unix seconds
    7       cti, the code's id, 8 bytes
    -65537  the account, 8 bytes (a private claim: `sub` would have to be a text)

The key id is the first 4 bytes of the SHA-256 of the issuer's public key, in the unprotected
header. Every code has exactly one spelling; any other is refused, though its signature might
still hold. A code is short-lived, and showing somebody else's only credits them.
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
"""Characters of the longest code that is looked into; ours have 172."""

TTL_S = 120
SKEW_S = 30
"""How far the kiosk's clock may be ahead of the issuer's."""

EXP, CTI, ACCOUNT = 4, 7, -65537
ID_BYTES = 8
MAX_EXP = 2**40

_SIGN1_TAG = 18
_KID = 4
_EDDSA = -8
_OKP, _ED25519 = 1, 6


@dataclass(frozen=True, slots=True)
class Token:
    """A resident's code that was verified: `account` and `jti` in hex, expiry in Unix seconds."""

    account: str
    jti: str
    expires_at: int
    key_id: str


def issue(signer: Signer, account: str, now_s: int, *, ttl_s: int = TTL_S, jti: bytes) -> str:
    """Make a code for `account` (16 hex digits) that expires at `now_s + ttl_s`.

    `jti` is 8 fresh random bytes.

    Raises:
        TokenError: `malformed`: account or jti has the wrong length.
    """
    claims = {EXP: now_s + ttl_s, CTI: jti, ACCOUNT: _account_bytes(account)}
    _read_claims(claims)
    cose = COSE.new(alg_auto_inclusion=True, kid_auto_inclusion=True)
    raw = cose.encode_and_sign(cbor2.dumps(claims), _SigningKey(signer))
    return PREFIX + str(b45encode(raw), "ascii")


def verify(
    text: str,
    keys: Mapping[str, bytes],
    now_s: int,
    *,
    skew_s: int = SKEW_S,
    clock_known: bool,
) -> Token:
    """Read what was shown to the kiosk as a resident's code.

    Args:
        text: What the code reader read.
        keys: Key id (8 hex digits) → public key (32 bytes) of those who may issue codes.
        now_s: Unix seconds.
        skew_s: Seconds by which a code may have expired.
        clock_known: Whether `now_s` can be trusted; where not, no code counts as expired, and
            the ledger decides.

    Raises:
        TokenError: `not-a-code` (nothing legible), `foreign` (`what` says what it is instead),
            `too-long`, `malformed`, `unknown-key`, `bad-signature`, `expired`.
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
    token = _read_claims(_verified(message, key_id, keys[key_id]), key_id)
    if clock_known and now_s > token.expires_at + skew_s:
        late_s = now_s - token.expires_at
        raise TokenError("expired", f"code expired {late_s} s ago: show a fresh one")
    return token


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
        raise _malformed(f"it cannot be decoded ({error})") from error
    if not isinstance(message, cbor2.CBORTag) or message.tag != _SIGN1_TAG:
        raise _malformed("it is no COSE_Sign1")
    if not only_spelling:
        raise _malformed("it has another spelling than the issuer's")
    return message


def _key_id(message: cbor2.CBORTag) -> str:
    """The key id of a COSE_Sign1 whose headers are exactly ours."""
    match message.value:
        case [bytes(protected), dict(unprotected), bytes(), bytes()]:
            kid = unprotected.get(_KID)
            ours = protected == cbor2.dumps({1: _EDDSA}) and list(unprotected) == [_KID]
            if ours and isinstance(kid, bytes) and len(kid) == 4:
                return kid.hex()
    raise _malformed("its headers are not a resident's code's")


def _verified(message: cbor2.CBORTag, key_id: str, public: bytes) -> Any:
    """Check the signature, then decode the claims."""
    try:
        payload = COSE.new().decode(message, _verifying_key(key_id, public))
    except VerifyError as error:
        raise TokenError(
            "bad-signature", "code was not signed by the city: it was changed, or forged"
        ) from error
    try:
        return cbor2.loads(payload)
    except Exception as error:  # as in `_message`
        raise _malformed(f"its claims cannot be decoded ({error})") from error


def _read_claims(claims: Any, key_id: str = "") -> Token:
    if isinstance(claims, dict) and set(claims) == {EXP, CTI, ACCOUNT}:
        exp, cti, account = claims[EXP], claims[CTI], claims[ACCOUNT]
        in_time = type(exp) is int and 0 < exp < MAX_EXP
        if in_time and _is_id(cti) and _is_id(account):
            return Token(account.hex(), cti.hex(), exp, key_id)
    raise _malformed("its claims are not an expiry, an 8-byte id and an 8-byte account")


def _is_id(value: object) -> bool:
    return isinstance(value, bytes) and len(value) == ID_BYTES


def _account_bytes(account: str) -> bytes:
    try:
        return bytes.fromhex(account)
    except ValueError as error:
        raise _malformed(f"account {account[:32]!r} is not 16 hex digits") from error


def _malformed(why: str) -> TokenError:
    return TokenError("malformed", f"code is damaged: {why}; show a fresh one")


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
