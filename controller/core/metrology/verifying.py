"""Verifying the pan against class III: which readings are taken, and how each is judged.

A new calibration is held to the limits of initial verification, a later check to those in
service. Readings are judged before they are rounded to e (OIML R 76-1, 3.5.3.2). The pan is
zeroed before each group of tests, as the kiosk zeroes it before each load.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from controller.core.metrology.class_iii import (
    CORNER,
    CREEP_E,
    CREEP_S,
    LATE_CREEP_E,
    ZERO_RETURN_E,
)
from controller.core.metrology.loads import check_loads, check_weights
from controller.core.metrology.procedure import (
    CENTRE,
    CORNERS,
    PAN,
    PlanError,
    ReadingError,
    Step,
    check_settled,
)
from controller.core.metrology.verification import Row, Verification

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Literal

    from controller.core.metrology.calibration import Calibration
    from controller.core.metrology.procedure import Settled

PROCEDURE = "1"
"""Version of the steps and of how they are judged; goes into the record."""

REPEATS = 3
REPEAT_AT = 0.5
"""Part of Max that is laid on three times."""


@dataclass(frozen=True, slots=True)
class Verifying:
    """A verification on its way.

    Args:
        calibration: What is verified.
        limits: `initial` for a new calibration, `in-service` for a later check.
        loads_g: Loads laid on upwards and taken off downwards; they rise and include Min, the
            change of range and one near Max. `usual_loads` gives some.
        weights_class: The weights', after OIML R 111.
        creep_s: How long the heaviest load stays.
        readings: What was taken so far.

    Raises:
        PlanError: Loads are missing or too many, or the weights too coarse.
    """

    calibration: Calibration
    limits: Literal["initial", "in-service"]
    loads_g: tuple[int, ...]
    weights_class: str = "M1"
    creep_s: int = CREEP_S
    readings: tuple[Settled, ...] = ()

    def __post_init__(self) -> None:
        check_loads(self.loads_g, self.calibration.class_iii)
        for load_g in sorted({step.load_g for step in self.steps}):
            check_weights(self.weights_class, load_g, self._limit_g(load_g))
        if not 1 <= self.creep_s <= CREEP_S:
            raise PlanError(f"creep for {self.creep_s} s: 1 to {CREEP_S} s")

    @property
    def steps(self) -> tuple[Step, ...]:
        """All readings of the procedure, in order."""
        max_g, top_g = self.calibration.class_iii.max_g, self.loads_g[-1]
        zero = Step("zero", 0, PAN)
        up_and_down = (*self.loads_g, *self.loads_g[-2::-1])
        return (
            zero,
            *(Step("load", load_g) for load_g in up_and_down),
            Step("load", 0, PAN),
            zero,
            *(Step("corner", round(max_g * CORNER), corner) for corner in CORNERS),
            *((zero, Step("repeatability", round(max_g * REPEAT_AT))) * REPEATS),
            zero,
            Step("creep", top_g),
            Step("creep", top_g, after_s=self.creep_s // 2),
            Step("creep", top_g, after_s=self.creep_s),
            Step("zero-return", 0, PAN),
        )

    @property
    def next(self) -> Step | None:
        """The reading to take now; None when all are taken."""
        done = len(self.readings)
        return self.steps[done] if done < len(self.steps) else None

    @property
    def rows(self) -> tuple[Row, ...]:
        """What can be judged of the readings so far."""
        return (*self._errors(), *self._spreads())

    def take(self, settled: Settled) -> Verifying:
        """The verification with the reading of `next`, whatever its error.

        Raises:
            ReadingError: It is no sure reading, comes too early, zero is out of its range, or
                nothing is left to do.
        """
        step = self.next
        if step is None:
            raise ReadingError("all readings are taken: ask for the result, or begin again")
        check_settled(settled, self.calibration)
        if step.test == "zero":
            self._check_zero(settled)
        if step.after_s:
            self._check_time(step, settled)
        return replace(self, readings=(*self.readings, settled))

    def result(self) -> Verification:
        """The verdict.

        Raises:
            ReadingError: Readings are missing.
        """
        if self.next is not None:
            raise ReadingError(f"not done yet: {self.next.instruction}")
        procedure = f"{PROCEDURE}, creep {self.creep_s} s"
        return Verification(self.calibration, self.limits, self.weights_class, procedure, self.rows)

    def _weighed(self) -> Iterator[tuple[Step, float]]:
        """Each reading of a load in grams above the zero taken before it."""
        zero_raw: float = self.calibration.zero_raw
        for step, settled in zip(self.steps, self.readings, strict=False):
            if step.test == "zero":
                zero_raw = settled.raw
            else:
                yield step, self.calibration.grams(settled.raw, zero_raw)

    def _errors(self) -> Iterator[Row]:
        """Readings against what lay on the pan."""
        for step, grams in self._weighed():
            if step.test == "creep":
                continue
            limit_g = self._limit_g(step.load_g)
            if step.test == "zero-return":
                limit_g = ZERO_RETURN_E * self.calibration.class_iii.e_g
            # Each of the repeated weighings is also an ordinary one (3.6).
            test = "load" if step.test == "repeatability" else step.test
            yield Row(test, step.load_g, step.where, grams, grams - step.load_g, limit_g)

    def _spreads(self) -> Iterator[Row]:
        """Readings against each other: three times the same, and the same for half an hour."""
        repeated = [grams for step, grams in self._weighed() if step.test == "repeatability"]
        if len(repeated) == REPEATS:
            load_g = round(self.calibration.class_iii.max_g * REPEAT_AT)
            yield _spread("repeatability", load_g, repeated, self._limit_g(load_g))
        crept = [grams for step, grams in self._weighed() if step.test == "creep"]
        if len(crept) == 3:
            load_g = self.loads_g[-1]
            e_g = self.calibration.class_iii.interval_g(load_g)
            yield _spread("creep", load_g, crept, CREEP_E * e_g)
            yield _spread("late-creep", load_g, crept[1:], LATE_CREEP_E * e_g)

    def _limit_g(self, load_g: int) -> float:
        scale = self.calibration.class_iii
        initial = self.limits == "initial"
        return scale.initial_limit_g(load_g) if initial else scale.in_service_limit_g(load_g)

    def _check_zero(self, settled: Settled) -> None:
        offset_g = self.calibration.grams(settled.raw, self.calibration.zero_raw)
        limit_g = self.calibration.class_iii.zero_range_g
        if abs(offset_g) > limit_g:
            raise ReadingError(
                f"zero is {offset_g:.0f} g off the calibrated one, limit {limit_g:g} g: clear the "
                "pan; if it is clear, calibrate again"
            )

    def _check_time(self, step: Step, settled: Settled) -> None:
        """Refuse a reading of creep that comes before its time."""
        began = self.steps.index(Step(step.test, step.load_g, step.where))
        waited_s = settled.at_s - self.readings[began].at_s
        if waited_s < step.after_s:
            raise ReadingError(f"too early by {step.after_s - waited_s:.0f} s: {step.instruction}")


def _spread(test: str, load_g: int, readings_g: list[float], limit_g: float) -> Row:
    largest_g = max(readings_g) - min(readings_g)
    return Row(test, load_g, CENTRE, readings_g[-1], largest_g, limit_g)
