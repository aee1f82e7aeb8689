"""Residents' codes: short-lived `GR1:` texts (`contract.cose`), shown as a QR code.

Their claims (RFC 8392):

    4       exp, expiry in Unix seconds
    7       cti, the code's id, 8 bytes
    -65537  the account, 8 bytes (a private claim: `sub` would have to be a text)

A code is short-lived, and showing somebody else's only credits them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from contract.cose import (
    CTI,
    EXP,
    MAX_TEXT,
    PREFIX,
    SKEW_S,
    id_bytes,
    is_expiry,
    is_id,
    malformed,
    open_claims,
    sign_claims,
)
from contract.errors import TokenError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from contract.cose import Opened
    from contract.keys import Signer

__all__ = ["ACCOUNT", "MAX_TEXT", "PREFIX", "SKEW_S", "TTL_S", "Token", "issue", "read", "verify"]

TTL_S = 120

ACCOUNT = -65537
"""The claim that names the account, 8 bytes; a card has it too."""


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
    claims = {EXP: now_s + ttl_s, CTI: jti, ACCOUNT: id_bytes(account, "account")}
    _read_claims(claims)
    return sign_claims(signer, claims)


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
        keys: Key id (8 hex digits) → public key (32 bytes) of those who may issue codes; while a
            key is being replaced both the old and the new one stand in it.
        now_s: Unix seconds.
        skew_s: Seconds by which a code may have expired.
        clock_known: Whether `now_s` can be trusted; where not, no code counts as expired, and
            the ledger decides.

    Raises:
        TokenError: As `contract.cose.open_claims`, or `expired`.
    """
    return read(open_claims(text, keys), now_s, skew_s=skew_s, clock_known=clock_known)


def read(opened: Opened, now_s: int, *, skew_s: int = SKEW_S, clock_known: bool) -> Token:
    """Read claims whose signature holds as a resident's code; arguments as `verify`.

    Raises:
        TokenError: `malformed` or `expired`.
    """
    token = _read_claims(opened.claims, opened.key_id)
    if clock_known and now_s > token.expires_at + skew_s:
        late_s = now_s - token.expires_at
        raise TokenError("expired", f"code expired {late_s} s ago: show a fresh one")
    return token


def _read_claims(claims: dict[int, object], key_id: str = "") -> Token:
    match claims:
        case {4: int(exp), 7: bytes(cti), -65537: bytes(account)} if len(claims) == 3:
            if is_expiry(exp) and is_id(cti) and is_id(account):
                return Token(account.hex(), cti.hex(), exp, key_id)
    raise malformed("its claims are not an expiry, an 8-byte id and an 8-byte account")
