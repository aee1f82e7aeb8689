"""The kiosk's condition as the platform is told of it: bays, faults since when, versions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from contract.condition import FAULTS_MOST, BayCondition, KioskCondition, StandingFault
from controller.core.faults import DETAIL_MAX, THE_KIOSK, faults_of, faults_of_kiosk

if TYPE_CHECKING:
    from collections.abc import Mapping

    from contract.condition import KeptList, RefusedList
    from controller.core.bay import Bay
    from controller.core.session import Session


@dataclass(frozen=True, slots=True)
class Around:
    """What the core does not know of the kiosk.

    `utc_s` is the wall clock's time at `now_s` of loop time, `clock` its quality; `started_at` as
    in `KioskCondition`, and so are `lists` and `refused_lists`. `takes_commands` says whether it
    knows whose commands to follow.
    """

    software: str
    model: str
    utc_s: int
    now_s: float
    clock: str
    started_at: int | None
    free_bytes: int | None
    takes_commands: bool
    lists: list[KeptList] | None = None
    refused_lists: list[RefusedList] | None = None


def condition_of(s: Session, around: Around) -> KioskCondition:
    """How the kiosk is now."""
    return KioskCondition(
        kiosk=s.config.kiosk,
        software=around.software,
        catalogue=s.catalogue.version,
        model=around.model or None,
        started_at=around.started_at,
        clock=around.clock,
        free_bytes=_in_powers(around.free_bytes),
        commands=around.takes_commands,
        bays=[_bay(s, bay, around) for bay in s.bays.values()],
        faults=_faults(s, THE_KIOSK, faults_of_kiosk(s.signs, around.now_s), around),
        lists=around.lists,
        refused_lists=around.refused_lists,
    )


def gist(condition: KioskCondition) -> KioskCondition:
    """What of a condition is news when it differs: not since when, which a clock's tick moves."""

    def timeless(faults: list[StandingFault]) -> list[StandingFault]:
        return [fault.model_copy(update={"since": None}) for fault in faults]

    bays = [
        bay.model_copy(update={"faults": timeless(bay.faults), "why_not": ""})
        for bay in condition.bays
    ]
    return condition.model_copy(update={"bays": bays, "faults": timeless(condition.faults)})


def _bay(s: Session, bay: Bay, around: Around) -> BayCondition:
    closing = s.orders.closed_bays.get(bay.name)
    return BayCondition(
        bay=bay.name,
        usable=bay.usable,
        why_not=bay.why_not[:DETAIL_MAX],
        closed_by=None if closing is None else closing.id,
        calibration=bay.scale.calibration.calibration_id,
        node=None if bay.lost or bay.boot_id is None else f"{bay.boot_id:08x}",
        firmware=str(bay.firmware) if bay.firmware else None,
        faults=_faults(s, bay.name, faults_of(bay, around.now_s), around),
    )


def _faults(
    s: Session, where: str, present: Mapping[str, str], around: Around
) -> list[StandingFault]:
    since = s.faults.since(where)
    found = []
    for code, detail in sorted(present.items())[:FAULTS_MOST]:
        began_s = since.get(code, around.now_s)
        at = None if began_s is None else around.utc_s - round(around.now_s - began_s)
        known = at is not None and at >= 0 and around.clock == "synchronised"
        found.append(
            StandingFault(code=code, since=at if known else None, detail=detail[:DETAIL_MAX])
        )
    return found


def _in_powers(count: int | None) -> int | None:
    return None if count is None else 1 << count.bit_length() >> 1
