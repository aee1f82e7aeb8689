"""Which till is signed in at a browser: as staff are, for a shop's day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cloud.errors import ShopError
from cloud.staff.sessions import Sessions

if TYPE_CHECKING:
    from collections.abc import Callable

    from cloud.shop.partners import Partner, PartnerDesk

HOLDS_S = 12 * 3600
"""A shop's day."""


def till_sessions(
    desk: PartnerDesk, clock: Callable[[], int], new_id: Callable[[], str]
) -> Sessions[Partner]:
    """Sessions of tills; refused with ShopError `no-token`, `token-ended` or `signed-out`."""

    def ended() -> ShopError:
        return ShopError("signed-out", "no till is signed in here any more: sign in again")

    return Sessions(desk.known_by, HOLDS_S, ended, clock, new_id)
