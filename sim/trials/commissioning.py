"""A technician puts a simulated cell into service, or does not: weights, readings, the procedures.

The cell is calibrated and verified in the afternoon, and verified again at the end of the night:
one visit cannot see what temperature does to the span. What fails once is tried once more.
"""

from __future__ import annotations

import datetime as dt
import math
from statistics import fmean, median, stdev
from typing import TYPE_CHECKING, Literal

from controller.core.metrology.calibrating import Calibrating
from controller.core.metrology.calibration import CalibrationError
from controller.core.metrology.loads import usual_loads
from controller.core.metrology.procedure import CENTRE, CORNERS, PAN, ReadingError, Settled
from controller.core.metrology.validity import Validity, ValidityError, Visit
from controller.core.metrology.verifying import Verifying
from sim.errors import SimError

if TYPE_CHECKING:
    from collections.abc import Callable

    from controller.core.metrology.calibration import Calibration
    from controller.core.metrology.procedure import Step
    from sim.trials.lone_pan import LonePan

DAY_ONE = dt.date(2026, 11, 1)
DAY_S = 86_400

WEIGHTS_G = (5_000, 10_000, 15_000)
CHANGES_S = 20
"""Taking one weight away and lowering another."""

WAITS_S = 5
READS_S = 1.0
HOUR_S = 3_600
RESTS_S = 2 * 3_600
TRIES = 2
LATER_CREEP_S = 300

PLACES = {CENTRE: (0, 0), PAN: (0, 0)} | dict(
    zip(CORNERS, [(-1, 1), (1, 1), (-1, -1), (1, -1)], strict=True)
)


class NotInServiceError(SimError):
    """The cell was not put into service; the message is the technician's."""


class Technician:
    """Works at one pan; `visits` are the verifications that passed.

    Args:
        pan: The pan; its clock goes on with the work.
        before: The calibration that is in force when the technician comes.
    """

    def __init__(self, pan: LonePan, before: Calibration) -> None:
        self.visits: list[Visit] = []
        self._pan = pan
        self._before = before
        self._began_s = 0.0

    @property
    def today(self) -> dt.date:
        """The day that it is."""
        return DAY_ONE + dt.timedelta(days=self._pan.at_us // (DAY_S * 1_000_000))

    def commission(self) -> tuple[Calibration, Validity]:
        """Calibrate and verify at the day's warmest, and verify again at its coldest.

        Raises:
            NotInServiceError: It failed as often as is tried.
        """
        for left in reversed(range(TRIES)):
            self.visits.clear()
            try:
                self._come_when(max)
                calibration = self._calibrate()
                self._verify(calibration, "initial", 1_800)
                self._come_when(min)
                return calibration, self._verify(calibration, "initial", 1_800)
            except (CalibrationError, ReadingError, ValidityError) as error:
                if not left:
                    raise NotInServiceError(str(error)) from error
                self._pan.wait(RESTS_S)
        raise AssertionError("at least one try")

    def check(self, calibration: Calibration) -> Validity:
        """Verify the calibration in force again, to the limits in service.

        Raises:
            NotInServiceError: It failed: the bay is closed.
        """
        try:
            return self._verify(calibration, "in-service", LATER_CREEP_S)
        except (ReadingError, ValidityError) as error:
            raise NotInServiceError(str(error)) from error

    def _come_when(self, most: Callable[..., float]) -> None:
        """Come at the hour of the next day at which it is warmest or coldest."""
        hours = range(0, DAY_S, HOUR_S)
        self._pan.wait(most(hours, key=self._pan.temperature_dc_in))

    def _calibrate(self) -> Calibration:
        state = Calibrating(self._before, WEIGHTS_G)
        while (step := state.next) is not None:
            state = state.take(self._settle(step))
        return state.result(f"a-{self.today}", self.today.isoformat())

    def _verify(
        self, calibration: Calibration, limits: Literal["initial", "in-service"], creep_s: int
    ) -> Validity:
        loads_g = usual_loads(calibration.class_iii)
        state = Verifying(calibration, limits, loads_g, "M1", creep_s)
        while (step := state.next) is not None:
            state = state.take(self._settle(step))
        warmths = [reading.temperature_dc or 0 for reading in state.readings]
        self.visits.append(Visit(state.result(), round(fmean(warmths)), self.today))
        return Validity.of(self.visits)

    def _settle(self, step: Step) -> Settled:
        """Lay on what the step asks for, wait, and read."""
        pan = self._pan
        if step.after_s:
            pan.wait(max(0.0, self._began_s + step.after_s - pan.at_us / 1e6))
        else:
            pan.wait(CHANGES_S)
            pan.lay(step.load_g, *PLACES[step.where])
            pan.wait(WAITS_S)
        reading = read(pan)
        if not step.after_s:
            self._began_s = reading.at_s
        return reading


def read(pan: LonePan) -> Settled:
    """The mean of a second at rest, single spikes left out.

    Raises:
        ReadingError: Nothing is converted.
    """
    raws = [raw for _, raw in pan.fast(READS_S)]
    if len(raws) < 3:
        raise ReadingError("no conversions arrive: check the HX711 and its cable")
    middles = [median(raws[at : at + 3]) for at in range(len(raws) - 2)]
    rest = 8 * stdev(middles) + 1
    kept = [raw for raw in raws if abs(raw - median(middles)) < rest] or raws
    sd_raw = stdev(kept) / math.sqrt(len(kept)) if len(kept) > 1 else math.inf
    return Settled(fmean(kept), sd_raw, pan.at_us / 1e6, pan.temperature_dc)
