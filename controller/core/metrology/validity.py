"""For which temperatures and until which day a calibration holds, from where it was verified.

A verification proves one temperature on one day. Between two that passed, the span is taken to go
straight from one to the other. Beyond them it may move as fast as it was seen to move, and where
nobody has looked as fast as a poor cell's, until what the limit in service leaves free is used up.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from contract.errors import KioskError
from controller.core.metrology.loads import WEIGHTS_OFF, usual_loads
from controller.core.metrology.procedure import READING_E

if TYPE_CHECKING:
    from collections.abc import Sequence

    from controller.core.metrology.class_iii import ClassIII
    from controller.core.metrology.verification import Row, Verification

POOR_PER_K = 2e-4
"""Of the span: the poorest cells lose 0.2 % in 10 K (half bridges of body scales, 0.05 to 0.2)."""

POOR_PER_DAY = 4e-3 / 365
"""Of the span: 0.4 % a year, twenty times what makers of good cells promise (an assumption)."""

RESERVE = 0.15
"""Part of the limit in service that is kept for noise, hysteresis and creep of the zero."""

EACH = 0.5
"""Temperature and age each get so much of what is left."""

OUTSIDE = "temperature outside what the calibration was verified for"
LAPSED = "the verification has run out"
CLOCK_BEHIND = "the clock is before the verification"
"""How refusals begin; the colon and figures follow. Residents' screens go by what stands here."""

FAILED = "the scale failed its verification"
"""Why a bay is closed whose calibration in force was checked again and is not good any more."""

LONGEST_DAYS = 365
"""No verification lasts longer, whatever was found."""


class ValidityError(KioskError):
    """The calibration does not hold here and now, or not at all; says why and what to do."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A verification, how warm the cell was meanwhile (tenths of a degree Celsius), and the day."""

    verification: Verification
    temperature_dc: int
    on: dt.date

    @property
    def span(self) -> float:
        """How much more than it should the cell gives under the heaviest load, as a part of it."""
        top = self._top
        return top.error_g / top.load_g

    @property
    def doubt(self) -> float:
        """How far off `span` may be: a weight's own error, and two readings' scatter."""
        verification, top = self.verification, self._top
        scatter_g = math.sqrt(2) * READING_E * verification.calibration.class_iii.e_g
        return WEIGHTS_OFF[verification.weights_class] + scatter_g / top.load_g

    @property
    def used(self) -> float:
        """Largest part of the limit in service that any load or corner took, or would at worst."""
        class_iii = self.verification.calibration.class_iii
        parts = [0.0]
        for row in self.verification.rows:
            if row.load_g and row.test in ("load", "corner"):
                parts.append(abs(row.error_g) / class_iii.in_service_limit_g(row.load_g))
            if row.load_g and row.test == "corner":
                # It grows with the load, and other loads have less room for it than this one.
                parts.append(abs(row.error_g) / (row.load_g * _tightest(class_iii)))
        return max(parts)

    @property
    def _top(self) -> Row:
        loads = [row for row in self.verification.rows if row.test == "load"]
        return max(loads, key=lambda row: row.load_g)


@dataclass(frozen=True, slots=True)
class Validity:
    """Where and when a calibration holds; ends included, temperatures in tenths of a degree."""

    coldest_dc: int
    warmest_dc: int
    since: dt.date
    until: dt.date

    @classmethod
    def of(cls, visits: Sequence[Visit]) -> Validity:
        """What the verifications of one calibration are good for together.

        Raises:
            ValidityError: There is none, one failed, they are not of one calibration, or what
                they found leaves no room in the limits.
        """
        _check(visits)
        class_iii = visits[0].verification.calibration.class_iii
        left = 1 - RESERVE - max(visit.used for visit in visits)
        if left <= 0:
            raise ValidityError(
                f"errors take all but {100 * (left + RESERVE):.0f} % of the limits in service, "
                f"{100 * RESERVE:.0f} % must stay free: calibrate again"
            )
        share = EACH * left * _tightest(class_iii)
        per_k = _per_k(visits)
        coldest, warmest = _ends(visits)
        apart_k = (warmest.temperature_dc - coldest.temperature_dc) / 10
        reach_dc = math.floor(10 * min(share / per_k, max(apart_k, share / POOR_PER_K)))
        first, last = min(visit.on for visit in visits), max(visit.on for visit in visits)
        # Nobody looks further ahead than back, unless even a poor cell would be good so long.
        seen_days = max((last - first).days, share / POOR_PER_DAY)
        reach_days = min(share / _per_day(visits, per_k), seen_days, LONGEST_DAYS)
        return cls(
            coldest.temperature_dc - reach_dc,
            warmest.temperature_dc + reach_dc,
            first,
            last + dt.timedelta(days=math.floor(reach_days)),
        )

    def check(self, temperature_dc: int, today: dt.date) -> None:
        """Refuse to weigh where or when the calibration was not shown to hold.

        Args:
            temperature_dc: How warm the cell is.
            today: By what a clock said last for which somebody vouched.

        Raises:
            ValidityError: It is too cold or too warm, too late, or before the first verification.
        """
        if not self.coldest_dc <= temperature_dc <= self.warmest_dc:
            # Whole degrees, rounded outwards: what is told afar is not told anew with each tenth.
            outwards = math.floor if temperature_dc < self.coldest_dc else math.ceil
            good = f"good from {self.coldest_dc / 10:.1f} to {self.warmest_dc / 10:.1f} °C"
            raise ValidityError(
                f"{OUTSIDE}: {outwards(temperature_dc / 10)} °C, {good}; "
                "wait, or verify at this temperature too"
            )
        if today > self.until:
            raise ValidityError(f"{LAPSED}: good until {self.until}, it is {today}; verify again")
        if today < self.since:
            raise ValidityError(
                f"{CLOCK_BEHIND}: it is {today}, verified on {self.since}; set the clock"
            )


def _check(visits: Sequence[Visit]) -> None:
    if not visits:
        raise ValidityError("the calibration was never verified: verify it")
    for visit in visits:
        if not visit.verification.passed:
            raise ValidityError(f"the verification of {visit.on} {visit.verification.summary}")
        if visit.verification.calibration != visits[0].verification.calibration:
            raise ValidityError("the verifications are not all of one calibration: verify this one")


def _tightest(class_iii: ClassIII) -> float:
    """Least limit in service as a part of its load: an error of span meets this one first."""
    return min(class_iii.in_service_limit_g(load_g) / load_g for load_g in usual_loads(class_iii))


def _ends(visits: Sequence[Visit]) -> tuple[Visit, Visit]:
    """The coldest and the warmest."""
    by_temperature = sorted(visits, key=lambda visit: visit.temperature_dc)
    return by_temperature[0], by_temperature[-1]


def _per_k(visits: Sequence[Visit]) -> float:
    """How much of the span a kelvin may take, as seen; the days in between may have hidden it."""
    coldest, warmest = _ends(visits)
    apart_k = (warmest.temperature_dc - coldest.temperature_dc) / 10
    hidden = POOR_PER_DAY * abs((warmest.on - coldest.on).days)
    return _rate(coldest, warmest, hidden, apart_k, POOR_PER_K)


def _per_day(visits: Sequence[Visit], per_k: float) -> float:
    """How much of the span a day may take, as seen; the temperature may have hidden it."""
    by_day = sorted(visits, key=lambda visit: visit.on)
    first, last = by_day[0], by_day[-1]
    hidden = per_k * abs(last.temperature_dc - first.temperature_dc) / 10
    return _rate(first, last, hidden, (last.on - first.on).days, POOR_PER_DAY)


def _rate(one: Visit, other: Visit, hidden: float, apart: float, poor: float) -> float:
    """Change of the span over what lies between two visits, at worst.

    A poor cell's where less cannot be shown, and more only where more was seen for sure.
    """
    if apart <= 0:
        return poor
    moved, unsure = abs(other.span - one.span), one.doubt + other.doubt + hidden
    return max(min(poor, (moved + unsure) / apart), (moved - unsure) / apart)
