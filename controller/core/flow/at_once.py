"""Checks that move, count and picture nothing: what they find now, without anybody in service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from controller.core.service.check import Result
from controller.core.service.checks import CHECKS
from controller.core.service.finding import Seen

if TYPE_CHECKING:
    from controller.core.service.given import Given
    from controller.core.session import Session


def found_now(s: Session, given: Given, now_s: float) -> dict[tuple[str, str], Result]:
    """What each of them finds, by check and bay; nothing is kept of it, since nobody ran it."""
    return {
        (name, bay): Result(check.judge(seen(s, bay, given, now_s)), now_s)
        for name, check in CHECKS.items()
        if check.at_once
        for bay in check.places(s.bays)
    }


def seen(s: Session, bay: str, given: Given, now_s: float) -> Seen:
    """All that the core knows of a bay, or ("") of the kiosk, and what was told along."""
    service = s.service
    return Seen(
        s.catalogue,
        given,
        now_s,
        s.bays.get(bay),
        lost=tuple(service.lost.get(bay, ())),
        code_seen_s=service.code_seen_s,
        key_seen_s=service.key_seen_s,
        mains_back_s=service.mains_back_s,
        on_battery=any(one.on_battery for one in s.bays.values()),
    )
