"""Staff badges: `GR1:` texts (`contract.cose`) that say what their holder may do, and until when.

Their claims:

    4       exp, expiry in Unix seconds
    7       cti, the badge's id, 8 bytes, by which a lost one is revoked
    -65539  the staff member, a pseudonym of 8 bytes
    -65540  the roles, distinct, in ascending order
    -65541  the registration of the vehicle that is driven, where there is one

Badges are signed with a key of their own: whoever issues residents' codes makes no staff.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum
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

if TYPE_CHECKING:
    from collections.abc import Collection, Container

    from contract.cose import Opened
    from contract.keys import Signer

STAFF, ROLES, VEHICLE = -65539, -65540, -65541

TTL_S = 30 * 86_400
"""A badge is renewed monthly, so a list of revoked ones stays short."""

_REGISTRATION = re.compile("[\u4e00-\u9fff][A-Z][A-HJ-NP-Z0-9]{5,6}")
"""Province, authority, five characters or six for new-energy vehicles; no I, no O (GA 36)."""


class Role(IntEnum):
    """What a staff member may do at a kiosk."""

    COLLECTION = 1
    SERVICE = 2
    CALIBRATION = 3


@dataclass(frozen=True, slots=True)
class Badge:
    """A badge that was verified: `staff` and `badge_id` in hex; `vehicle` empty for none."""

    staff: str
    badge_id: str
    roles: frozenset[Role]
    vehicle: str
    expires_at: int
    key_id: str


def issue_badge(
    signer: Signer,
    staff: str,
    now_s: int,
    *,
    roles: Collection[Role],
    badge_id: bytes,
    vehicle: str = "",
    ttl_s: int = TTL_S,
) -> str:
    """Make a badge for `staff` (a pseudonym, 16 hex digits) that holds for `ttl_s`.

    `badge_id` is 8 fresh random bytes; `vehicle` a registration such as 浙AD12345.

    Raises:
        TokenError: `malformed`: staff, id, roles or vehicle is not as it should be.
    """
    claims: dict[int, object] = {
        EXP: now_s + ttl_s,
        CTI: badge_id,
        STAFF: id_bytes(staff, "staff"),
        ROLES: sorted(int(role) for role in set(roles)),
    }
    if vehicle:
        claims[VEHICLE] = vehicle
    _read_claims(claims)
    return sign_claims(signer, claims)


def read_badge(opened: Opened, now_s: int, *, clock_known: bool, revoked: Container[str]) -> Badge:
    """Read claims whose signature holds as a badge; arguments as `contract.card.read_card`.

    Raises:
        TokenError: `malformed`, `revoked` or `expired`.
    """
    badge = _read_claims(opened.claims, opened.key_id)
    if badge.badge_id in revoked:
        raise TokenError("revoked", "badge was reported lost: ask for another one")
    if clock_known and now_s > badge.expires_at + SKEW_S:
        ended = day_of(badge.expires_at)
        raise TokenError("expired", f"badge ended on {ended}: have it renewed")
    return badge


def _read_claims(claims: dict[int, object], key_id: str = "") -> Badge:
    vehicle = claims.get(VEHICLE, "")
    match {name: value for name, value in claims.items() if name != VEHICLE}:
        case {4: int(exp), 7: bytes(cti), -65539: bytes(staff), -65540: list(roles), **rest}:
            ids_fit = not rest and is_expiry(exp) and is_id(cti) and is_id(staff)
            if ids_fit and _are_roles(roles) and _is_vehicle(vehicle, VEHICLE in claims):
                held = frozenset(Role(role) for role in roles)
                return Badge(staff.hex(), cti.hex(), held, str(vehicle), exp, key_id)
    raise malformed("its claims are not an expiry, an id, a staff member, roles and a vehicle")


def _are_roles(roles: list[object]) -> bool:
    known = [int(role) for role in Role]
    are_known = all(type(role) is int and role in known for role in roles)
    return bool(roles) and are_known and roles == sorted(set(roles))  # type: ignore[type-var]


def _is_vehicle(vehicle: object, given: bool) -> bool:
    if not given:
        return True
    return isinstance(vehicle, str) and _REGISTRATION.fullmatch(vehicle) is not None
