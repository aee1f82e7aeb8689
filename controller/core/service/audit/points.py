"""The seven unified points (七统一一规范), as one table: each judged from data, or unknown.

Signs, prices, measuring, hours, rules, staff's dress and regular operation: the seven of the
implementation plan for recyclables (its section 2). A kiosk sees no vest: that staff with a badge
of the operator came stands for theirs, and the badge is issued with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from controller.core.metrology.validity import FAILED
from controller.core.service.audit.upkeep import LOOKED_AT_DAYS
from controller.core.service.do import Do
from controller.core.service.finding import Finding, Verdict, within

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from contract.catalogue import Catalogue
    from contract.hours import Hours
    from controller.core.bay import Bay
    from controller.core.service.audit.upkeep import Upkeep
    from controller.core.site_config import SiteConfig

SIGNS = "gb-t-19095-2019"
"""The set of signs that the kiosk's screen draws; the cabinet's own is to be the same."""

PASS: MappingProxyType[Verdict, str] = MappingProxyType(
    {"good": "pass", "bad": "fail", "unknown": "unknown"}
)
"""How an audit calls a verdict."""


@dataclass(frozen=True, slots=True)
class Audited:
    """All that an audit looks at.

    `today` is the day in China (ISO 8601), empty where nobody vouches for the clock. `upkeep` is
    None where the journal is too young, or could not be read (`upkeep_reason`).
    """

    site: SiteConfig
    catalogue: Catalogue
    bays: tuple[Bay, ...]
    today: str
    upkeep: Upkeep | None
    upkeep_reason: str = ""


def signs(seen: Audited) -> Finding:
    """The cabinet's signs are of the same set as the screen's."""
    hung = seen.site.signs
    if not hung:
        return Finding("unknown", "", SIGNS, Do.NAME_SIGNS)
    return within(is_good=hung == SIGNS, figure=hung, limit=SIGNS, do=Do.CHANGE_SIGNS)


def prices(seen: Audited) -> Finding:
    """A signed price table is in force: it has begun, and what was agreed on is not over."""
    catalogue, ends = seen.catalogue, seen.site.prices_until
    figure = f"{catalogue.version}, {catalogue.valid_from}" + (f" … {ends}" if ends else "")
    limit = f"{catalogue.valid_from} ≤ {seen.today} ≤ {ends or '…'}"
    if not seen.today:
        return Finding("unknown", figure, "", Do.CLOCK_UNKNOWN)
    if ends is not None and ends < seen.today:
        return Finding("bad", figure, limit, Do.AGREE_PRICES)
    if catalogue.valid_from > seen.today:
        return Finding("bad", figure, limit, Do.CATALOGUE_EARLY)
    if ends is None:
        return Finding("unknown", figure, limit, Do.NAME_PRICES_END)
    return Finding("good", figure, limit)


def measuring(seen: Audited) -> Finding:
    """Every bay's scale was verified, and its verification has not run out."""
    found = [_scale(bay, seen.today) for bay in seen.bays]
    order: tuple[Verdict, ...] = ("bad", "unknown", "good")
    return min(found, key=lambda one: order.index(one.verdict))


def hours(seen: Audited) -> Finding:
    """The cabinet's plate says what the screen shows."""
    plate, shown = seen.site.hours, said(seen.catalogue.hours)
    if plate is None:
        return Finding("unknown", "", shown, Do.NAME_HOURS)
    is_good = _days(plate) == _days(seen.catalogue.hours)
    return within(is_good=is_good, figure=said(plate), limit=shown, do=Do.CHANGE_HOURS)


def rules(seen: Audited) -> Finding:
    """The operator's rules hang out in a version that still holds."""
    version, ends = seen.site.rules, seen.site.rules_until
    if not version or ends is None:
        return Finding("unknown", version, "", Do.NAME_RULES)
    if not seen.today:
        return Finding("unknown", f"{version} … {ends}", "", Do.CLOCK_UNKNOWN)
    is_good = seen.today <= ends
    figure, limit = f"{version} … {ends}", f"≥ {seen.today}"
    return within(is_good=is_good, figure=figure, limit=limit, do=Do.RENEW_RULES)


def dress(seen: Audited) -> Finding:
    """Somebody whose badge the operator issued was here within the week."""
    limit = f"≥ 1 / {LOOKED_AT_DAYS} d"
    if seen.upkeep is None:
        return Finding("unknown", "", limit, Do.JOURNAL_YOUNG, seen.upkeep_reason)
    came = seen.upkeep.came
    figure = f"{len(came)} × / {seen.upkeep.days:.0f} d, {len({by for _, by in came})} badges"
    return within(is_good=bool(came), figure=figure, limit=limit, do=Do.SHOW_BADGES)


def regular(seen: Audited) -> Finding:
    """Rounds are made as often as they are to be, and the bays can be used."""
    site, upkeep = seen.site, seen.upkeep
    limit = f"≤ {site.round_days} d, ≥ {site.available_percent} %"
    if upkeep is None:
        return Finding("unknown", "", limit, Do.JOURNAL_YOUNG, seen.upkeep_reason)
    figure = f"≤ {upkeep.longest_gap_days:.1f} d, {upkeep.available_percent:.1f} %"
    is_open = upkeep.available_percent >= site.available_percent
    # A round is made by day: two of them lie no further apart than their days, and half a day.
    is_seen = upkeep.longest_gap_days <= site.round_days + 0.5
    do = Do.MAKE_ROUNDS if is_open else Do.MEND_BAYS
    return within(is_good=is_open and is_seen, figure=figure, limit=limit, do=do)


POINTS: MappingProxyType[str, Callable[[Audited], Finding]] = MappingProxyType(
    {
        "signs": signs,
        "prices": prices,
        "measuring": measuring,
        "hours": hours,
        "rules": rules,
        "dress": dress,
        "regular": regular,
    }
)
"""Point → how it is judged, in the plan's order."""


def said(hours: Iterable[Hours]) -> str:
    """Opening hours in short, as `1-7 06:30-21:00`."""
    rows = [f"{','.join(map(str, sorted(one.days)))} {one.opens}-{one.closes}" for one in hours]
    return "; ".join(rows) or "1,2,3,4,5,6,7 00:00-24:00"


def _days(hours: Iterable[Hours]) -> set[tuple[int, str, str]]:
    """Every stretch of every weekday; always open, where there is none."""
    found = {(day, one.opens, one.closes) for one in hours for day in one.days}
    return found or {(day, "00:00", "24:00") for day in range(1, 8)}


def _scale(bay: Bay, today: str) -> Finding:
    scale, validity = bay.config.scale, bay.validity
    of = f"{bay.name}: {bay.scale.calibration.calibration_id}"
    limit = f"e {scale.e_g}/{scale.e_high_g} g, Max {scale.max_g} g"
    if bay.closed_because == FAILED:
        return Finding("bad", of, limit, Do.VERIFY_SCALE, bay.closed_because)
    if validity is None:
        return Finding("bad", of, limit, Do.VERIFY_SCALE)
    verified = max(one.on for one in bay.visits)
    figure = f"{of}, {verified} … {validity.until}"
    if not today:
        return Finding("unknown", figure, limit, Do.CLOCK_UNKNOWN)
    is_good = today <= validity.until.isoformat()
    return within(is_good=is_good, figure=figure, limit=limit, do=Do.VERIFY_SCALE)
