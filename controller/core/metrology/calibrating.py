"""Calibrating the pan: an empty pan, one to five weights upwards, the empty pan again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from controller.core.metrology.calibration import COUNTS_PER_E, MAX_POINTS, Calibration
from controller.core.metrology.class_iii import ZERO_RETURN_E
from controller.core.metrology.procedure import PAN, PlanError, ReadingError, Step, check_settled

if TYPE_CHECKING:
    from controller.core.metrology.class_iii import ClassIII
    from controller.core.metrology.procedure import Settled

SPAN = 0.5
"""The heaviest weight is at least this part of Max: beyond it the last piece is drawn out, and
what is wrong with the weight grows no more than twofold up to Max."""

SPREAD = 0.1
"""Masses lie at least this part of Max apart: over a shorter piece noise and a creeping zero
would pass for a bend of the cell."""


@dataclass(frozen=True, slots=True)
class Calibrating:
    """A calibration on its way.

    Args:
        before: The calibration in force; tells how sure a reading is until there is a new one.
        masses_g: What will lie on the pan, one to five masses, rising.
        readings: What was taken so far.

    Raises:
        PlanError: The masses do not rise, lie too near each other, are too many, beyond Max, or
            all below half of it.
    """

    before: Calibration
    masses_g: tuple[int, ...]
    readings: tuple[Settled, ...] = ()

    def __post_init__(self) -> None:
        _check_plan(self.masses_g, self.before.class_iii)

    @property
    def steps(self) -> tuple[Step, ...]:
        """All readings of the procedure, in order."""
        empty = Step("zero", 0, PAN)
        return (empty, *(Step("span", mass_g) for mass_g in self.masses_g), empty)

    @property
    def next(self) -> Step | None:
        """The reading to take now; None when all are taken."""
        done = len(self.readings)
        return self.steps[done] if done < len(self.steps) else None

    def take(self, settled: Settled) -> Calibrating:
        """The calibration with the reading of `next`.

        Raises:
            ReadingError: It cannot be that reading, or not a sure one; or nothing is left to do.
        """
        step = self.next
        if step is None:
            raise ReadingError("all readings are taken: ask for the result, or begin again")
        check_settled(settled, self.before)
        if step.test == "span":
            self._check_span(step, settled)
        elif self.readings:
            self._check_zero(settled)
        return replace(self, readings=(*self.readings, settled))

    def result(self, calibration_id: str, calibrated_on: str) -> Calibration:
        """The new calibration, to be verified before it is used.

        Raises:
            ReadingError: Readings are missing.
            CalibrationError: What was read makes no calibration: not straight, or absurd.
        """
        if self.next is not None:
            raise ReadingError(f"not done yet: {self.next.instruction}")
        raws = [round(settled.raw) for settled in self.readings[1:-1]]
        return Calibration(
            calibration_id,
            calibrated_on,
            round(self.readings[0].raw),
            tuple(zip(raws, self.masses_g, strict=True)),
            self.before.class_iii,
            self.readings[0].temperature_dc,
        )

    def _check_span(self, step: Step, settled: Settled) -> None:
        """Refuse a weight that hardly shows, or that shows the wrong way round."""
        rise = settled.raw - self.readings[-1].raw
        added_g = step.load_g - (0, *self.masses_g)[len(self.readings) - 1]
        least = COUNTS_PER_E * added_g / self.before.class_iii.e_g
        if rise <= -least:
            raise ReadingError(
                f"{added_g} g more read {rise:.0f} counts: swap the cell's two signal wires, or "
                f"{step.instruction}"
            )
        if rise < least:
            raise ReadingError(
                f"{added_g} g more read {rise:.0f} counts, at least {least:.0f} are needed: "
                f"{step.instruction}, and see that the pan hangs free"
            )

    def _check_zero(self, settled: Settled) -> None:
        """Refuse an empty pan that did not come back to where it began."""
        first, last = self.readings[0].raw, self.readings[-1].raw
        moved_g = (settled.raw - first) * self.masses_g[-1] / (last - first)
        limit_g = ZERO_RETURN_E * self.before.class_iii.e_g
        if abs(moved_g) > limit_g:
            raise ReadingError(
                f"zero moved by {moved_g:.1f} g, limit {limit_g:g} g: clear the pan; if it is "
                "clear, let the scale warm up and begin again"
            )


def _check_plan(masses_g: tuple[int, ...], class_iii: ClassIII) -> None:
    if not 1 <= len(masses_g) <= MAX_POINTS:
        raise PlanError(f"{len(masses_g)} masses: calibrate with one to {MAX_POINTS}")
    apart_g = SPREAD * class_iii.max_g
    if any(later - before < apart_g for before, later in pairwise((0, *masses_g))):
        raise PlanError(f"masses {masses_g} must rise from zero, {apart_g:g} g or more at a time")
    least_g = SPAN * class_iii.max_g
    if not least_g <= masses_g[-1] <= class_iii.max_g:
        raise PlanError(
            f"the heaviest mass is {masses_g[-1]} g: take {least_g:g} g to Max {class_iii.max_g} g"
        )
