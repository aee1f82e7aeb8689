"""A technician with weights, and a pan whose cell is as good or bad as a test makes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from controller.core.config import ScaleConfig
from controller.core.metrology.calibrating import Calibrating
from controller.core.metrology.calibration import Calibration
from controller.core.metrology.procedure import Settled, Step
from controller.core.metrology.verification import Verification
from controller.core.metrology.verifying import Verifying

FACTORY = ScaleConfig().calibration
PAN = FACTORY.class_iii
LOADS_G = (40, 1_000, 4_000, 6_000, 10_000, 15_000)


@dataclass
class Bench:
    """A pan whose cell is what the test makes it; `settle` lays on what a step asks for.

    Errors are in grams at Max: of span, of bend (a parabola), of hysteresis (on the way down)
    and of creep (all of it in half an hour). `corner` is a part of the load, at one corner.
    """

    per_g: float = 183.0
    zero_raw: float = 21_000
    span_g: float = 0.0
    bend_g: float = 0.0
    hysteresis_g: float = 0.0
    creep_g: float = 0.0
    corner: float = 0.0
    stuck_g: float = 0.0
    sd_g: float = 0.02
    at_s: float = 0.0
    highest_g: int = 0

    def settle(self, step: Step) -> Settled:
        """The reading once the pan is at rest under what `step` asks for."""
        self.at_s += 60 + step.after_s
        self.highest_g = max(self.highest_g, step.load_g)
        part = step.load_g / PAN.max_g
        grams = step.load_g + self.span_g * part + 4 * self.bend_g * part * (1 - part)
        if step.load_g < self.highest_g:
            grams += 4 * self.hysteresis_g * part * (1 - part)
        if step.where == "back-left":
            grams *= 1 + self.corner
        if step.load_g == 0 and step.test != "zero":
            grams += self.stuck_g
        grams += self.creep_g * part * step.after_s / 1_800
        raw = self.zero_raw + self.per_g * grams
        return Settled(raw, self.sd_g * self.per_g, self.at_s, 215)

    def calibrate(self, *masses_g: int) -> Calibration:
        """Go all the way with these weights."""
        state = Calibrating(FACTORY, masses_g)
        while (step := state.next) is not None:
            state = state.take(self.settle(step))
        return state.result("a-2026-11-01", "2026-11-01")

    def verify(
        self,
        calibration: Calibration,
        limits: Literal["initial", "in-service"] = "initial",
        creep_s: int = 1_800,
    ) -> Verification:
        """Go all the way with M1 weights."""
        state = Verifying(calibration, limits, LOADS_G, "M1", creep_s)
        self.highest_g = 0
        while (step := state.next) is not None:
            state = state.take(self.settle(step))
        return state.result()
