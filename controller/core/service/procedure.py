"""A calibration or verification in service: each reading is taken by itself once the load is there.

Staff only lay on what the screen asks for. A reading that is far from what should lie there is not
taken by itself, so that nobody's hand becomes one; staff who are sure of their weight take it with
a touch.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field
from statistics import fmean, stdev
from typing import TYPE_CHECKING, Literal

from controller.core.metrology.calibrating import Calibrating
from controller.core.metrology.procedure import ReadingError, Settled
from controller.core.metrology.verifying import Verifying

if TYPE_CHECKING:
    from controller.core.bay import Bay
    from controller.core.metrology.procedure import Step

Kind = Literal["verify", "calibrate"]

NEAR_G, NEAR = 15.0, 0.03
"""So near to what is asked for, in grams or as a part of it, lies what is asked for: far more than
any scale that works is off, and less than the next weight."""

CONVERSIONS = 40
"""So many conversions at rest are one reading: half a second, and the noise a sixth."""

LIFTED = 0.5
"""Between two readings of the same load the pan has borne less than that part of it."""


@dataclass(slots=True)
class Procedure:
    """One on its way: in a bay, with its readings so far.

    `said` is why the last reading was refused, `lifted` whether the load was taken off since the
    one before. `summary` is what came of it, once it is over. `rest_raw` are the last conversions
    since the pan came to rest.
    """

    bay: str
    way: Calibrating | Verifying
    calibration_id: str
    today: str
    loads_g: tuple[int, ...]
    creep_s: int
    said: str = ""
    lifted: bool = True
    summary: str = ""
    rest_raw: deque[int] = field(default_factory=lambda: deque(maxlen=CONVERSIONS))

    @property
    def step(self) -> Step | None:
        """What to do now; None when all is read."""
        return self.way.next

    @property
    def done(self) -> tuple[int, int]:
        """Readings that are taken, and all."""
        return len(self.way.readings), len(self.way.steps)

    @property
    def of_bay(self) -> str:
        """What it is, for a record."""
        kind = "calibration" if isinstance(self.way, Calibrating) else "verification"
        return f"{kind} of bay {self.bay}"

    def waits_for_time(self, now_s: float) -> bool:
        """Whether the next reading is due by the clock, and not overdue: no touch is needed.

        `after_s` counts from the first reading of the same load, so what is counted here from the
        last one is never too short; nobody who has walked away keeps the kiosk for ever.
        """
        if self.step is None or not self.step.after_s:
            return False
        return now_s - self.way.readings[-1].at_s <= self.step.after_s

    def sees(self, bay: Bay, raw: tuple[int, ...], now_s: float) -> None:
        """Conversions came: take the reading, if the pan rests with what is asked for."""
        step, gross_g = self.step, bay.scale.gross_g
        if step is None or gross_g is None:
            return
        self.lifted = self.lifted or gross_g < LIFTED * step.load_g
        if not bay.scale.at_rest:
            self.rest_raw.clear()
            return
        self.rest_raw.extend(raw)
        if len(self.rest_raw) < CONVERSIONS:
            return
        grams = bay.scale.calibration.grams(fmean(self.rest_raw), bay.scale.zero.raw)
        near_g = max(NEAR_G, NEAR * step.load_g)
        if abs(grams - step.load_g) <= near_g and (self.lifted or not self._is_again(step)):
            self.take(bay, now_s)

    def take(self, bay: Bay, now_s: float) -> None:
        """Take what the pan reads as the next reading; `said` tells why not.

        What lies there may read as more than Max: that is what a calibration mends.
        """
        if len(self.rest_raw) < CONVERSIONS:
            self.said = "the pan is not at rest: wait, or look for what touches it"
            return
        sd_raw = stdev(self.rest_raw) / math.sqrt(len(self.rest_raw))
        settled = Settled(fmean(self.rest_raw), sd_raw, now_s, bay.temperature_dc)
        try:
            self.way = self.way.take(settled)
        except ReadingError as error:
            self.said = str(error)
        else:
            self.said, self.lifted = "", False

    def verify_next(self) -> None:
        """A calibration that is read is verified before it is used.

        Raises:
            CalibrationError: What was read makes none.
        """
        if isinstance(self.way, Calibrating) and self.step is None:
            calibration = self.way.result(self.calibration_id, self.today)
            self.way = Verifying(calibration, "initial", self.loads_g, creep_s=self.creep_s)
            self.lifted = True

    def _is_again(self, step: Step) -> bool:
        """The same load as before, which must have been off the pan; unless time is what counts."""
        taken = len(self.way.readings)
        before = self.way.steps[taken - 1] if taken else None
        same = before is not None and before.load_g == step.load_g
        return same and step.load_g > 0 and not step.after_s


def begin(
    kind: Kind,
    bay: Bay,
    loads_g: tuple[int, ...],
    masses_g: tuple[int, ...],
    creep_s: int,
    today: str,
) -> Procedure:
    """Begin with a bay's scale; `masses_g` are the weights of a calibration.

    Raises:
        PlanError: The weights do not make a procedure.
    """
    in_force = bay.scale.calibration
    verifying = Verifying(in_force, "in-service", loads_g, creep_s=creep_s)
    way = verifying if kind == "verify" else Calibrating(in_force, masses_g)
    name = _another(f"{bay.name}-{today}", in_force.calibration_id)
    return Procedure(bay.name, way, name, today, loads_g, creep_s)


def _another(name: str, in_force: str) -> str:
    """The day's name for a calibration; with a number where the one in force is of that day too."""
    if in_force == name:
        return f"{name}-2"
    number = in_force.removeprefix(f"{name}-")
    return f"{name}-{int(number) + 1}" if number != in_force and number.isdecimal() else name
