"""Cards for people without a phone: long-lived `GR1:` texts (`contract.cose`), printed once.

Their claims:

    4       exp, expiry in Unix seconds
    7       cti, the card's id, 8 bytes, by which a lost one is revoked
    -65537  the account, 8 bytes
    -65538  which card of that account it is, from 1 on: what makes it a card

A card can be copied. Showing a copy only credits its owner; what it is worth in a day is bounded
at the kiosk (`controller.core.bounds`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from contract.cose import (
    CTI,
    EXP,
    SKEW_S,
    id_bytes,
    is_expiry,
    is_id,
    malformed,
    sign_claims,
)
from contract.errors import TokenError
from contract.hours import day_of
from contract.token import ACCOUNT

if TYPE_CHECKING:
    from collections.abc import Container

    from contract.cose import Opened
    from contract.keys import Signer

CARD = -65538

TTL_S = 5 * 365 * 86_400
"""About as long as a printed code stays legible in a purse."""

MAX_NUMBER = 1000


@dataclass(frozen=True, slots=True)
class Card:
    """A card that was verified: `account` and `card_id` in hex, `number` among the account's."""

    account: str
    card_id: str
    number: int
    expires_at: int
    key_id: str


def issue_card(
    signer: Signer, account: str, now_s: int, *, number: int, card_id: bytes, ttl_s: int = TTL_S
) -> str:
    """Make the card `number` (1 to 1000) of `account` (16 hex digits), good for `ttl_s`.

    `card_id` is 8 fresh random bytes.

    Raises:
        TokenError: `malformed`: account, id or number is not as it should be.
    """
    account_id = id_bytes(account, "account")
    claims = {EXP: now_s + ttl_s, CTI: card_id, ACCOUNT: account_id, CARD: number}
    _read_claims(claims)
    return sign_claims(signer, claims)


def read_card(opened: Opened, now_s: int, *, clock_known: bool, revoked: Container[str]) -> Card:
    """Read claims whose signature holds as a card.

    Args:
        opened: What `contract.cose.open_claims` gave.
        now_s: Unix seconds.
        clock_known: Whether `now_s` can be trusted; where not, no card counts as expired.
        revoked: Ids (16 hex digits) that are no longer good.

    Raises:
        TokenError: `malformed`, `revoked` or `expired`.
    """
    card = _read_claims(opened.claims, opened.key_id)
    if card.card_id in revoked:
        raise TokenError("revoked", "card was reported lost: use the one that replaced it")
    if clock_known and now_s > card.expires_at + SKEW_S:
        ended = day_of(card.expires_at)
        raise TokenError("expired", f"card ended on {ended}: have a new one printed")
    return card


def _read_claims(claims: dict[int, object], key_id: str = "") -> Card:
    match claims:
        case {4: int(exp), 7: bytes(cti), -65537: bytes(account), -65538: int(number)}:
            fits = len(claims) == 4 and type(number) is int and 1 <= number <= MAX_NUMBER
            if fits and is_expiry(exp) and is_id(cti) and is_id(account):
                return Card(account.hex(), cti.hex(), number, exp, key_id)
    raise malformed("its claims are not an expiry, an id, an account and a number of cards")
