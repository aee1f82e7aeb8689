"""Which till is signed in at a browser: as staff are, for a shop's day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cloud.errors import ShopError
from cloud.staff.sessions import Bounds, Sessions

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Engine

    from cloud.shop.partners import Partner, PartnerDesk

HOLDS_S = 12 * 3600
"""A shop's day."""

IDLE_S = 4 * 3600
"""Longer than any shop has no customer."""

MOST = 500
"""More tills than any shop has, for all of them show one token; beyond that the oldest ends."""


def till_sessions(
    database: Engine, desk: PartnerDesk, clock: Callable[[], int], new_id: Callable[[], str]
) -> Sessions[Partner]:
    """Sessions of tills; refused with ShopError `no-token`, `token-ended` or `signed-out`."""

    def ended() -> ShopError:
        return ShopError("signed-out", "no till is signed in here any more: sign in again")

    return Sessions(
        database,
        "till",
        desk.known_by,
        lambda one: one.id,
        Bounds(HOLDS_S, IDLE_S, MOST),
        ended,
        clock,
        new_id,
    )
