"""Faults of a bay's sensors that are common enough to have a verb of their own."""

from __future__ import annotations

from typing import Literal

from sim.verbs.stage import BayVerb, Stage


class Hx711Desync(BayVerb):
    """The converter is read out of step by one clock, or in step again."""

    verb: Literal["hx711_desync"]
    on: bool = True

    def perform(self, stage: Stage) -> None:
        """Lose a clock."""
        stage.bays[self.bay].sensor_fault("cell", "desync" if self.on else "well")


class CellDrift(BayVerb):
    """The load cell runs away by 2 g/s, or stands again."""

    verb: Literal["cell_drift"]
    on: bool = True

    def perform(self, stage: Stage) -> None:
        """Let it drift."""
        stage.bays[self.bay].sensor_fault("cell", "drift" if self.on else "well")


class Smoke(BayVerb):
    """Smoke at the bay's detector, or none any more."""

    verb: Literal["smoke"]
    on: bool = True

    def perform(self, stage: Stage) -> None:
        """Smoulder."""
        stage.bays[self.bay].switch("smoke", self.on)


HappensToSensor = Hx711Desync | CellDrift | Smoke
