"""What calibrating and verifying share: a reading of the pan at rest, and a step of the way.

Both are frozen states. `next` says what to do, `take` gives the state after it, and a refused
reading leaves the state as it was, so that the same step can be done again.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from contract.errors import KioskError
from controller.core.metrology.calibration import RAW_LIMIT

if TYPE_CHECKING:
    from controller.core.metrology.calibration import Calibration

PAN = "pan"
CENTRE = "centre"
CORNERS = ("front-left", "front-right", "back-left", "back-right")

SURE = 3.0
"""A reading is as good as so many of its standard deviations: 99.7 %."""

READING_E = 0.2
"""And must be that good in the first e: finer than 0.2 e, rounding is left out of account
(OIML R 76-1, 3.5.3.2)."""


class PlanError(KioskError, ValueError):
    """The weights do not make a procedure; the message says which are missing or too many."""


class ReadingError(KioskError):
    """A reading is not taken; the message says why and what to do before it is tried again."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What the pan read at rest.

    `raw` is the mean in counts and `sd_raw` that mean's standard deviation; `at_s` is when, in
    seconds of any steady clock; `temperature_dc` the cell's, in tenths of a degree, if known.
    """

    raw: float
    sd_raw: float
    at_s: float
    temperature_dc: int | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One reading to take: for which test, of what load, lying where, after how long.

    `after_s` counts from the first reading of the same test; 0 where time is of no account.
    """

    test: str
    load_g: int
    where: str = CENTRE
    after_s: int = 0

    @property
    def instruction(self) -> str:
        """What staff do before the reading, in words."""
        if self.load_g == 0:
            return "clear the pan"
        if self.after_s:
            return f"leave {self.load_g} g in the {self.where} until {self.after_s} s have passed"
        place = "in the centre" if self.where == CENTRE else f"on the {self.where} corner"
        return f"have {self.load_g} g {place}"


def check_settled(settled: Settled, calibration: Calibration) -> None:
    """Refuse what is no reading, or not a sure one by the slope of `calibration`.

    Raises:
        ReadingError: A figure is no number, the cell saturated, or the pan is not at rest.
    """
    figures = (settled.raw, settled.sd_raw, settled.at_s)
    if not all(map(math.isfinite, figures)) or settled.sd_raw < 0:
        raise ReadingError(f"reading {figures} is no reading: check the cell and its wiring")
    if abs(settled.raw) >= RAW_LIMIT:
        raise ReadingError(f"raw {settled.raw:.0f} is saturated: take the load off, check the cell")
    unsure_g = abs(calibration.grams(SURE * settled.sd_raw, 0))
    limit_g = READING_E * calibration.class_iii.e_g
    if unsure_g > limit_g:
        raise ReadingError(
            f"the pan is not at rest: sure to {unsure_g:.2f} g only, {limit_g:.2f} g are needed; "
            "see that nothing touches it, and wait"
        )
