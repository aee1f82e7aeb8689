"""What may happen in a scenario to bins and their collection."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sim.verbs.stage import BayVerb, Stage, StageVerb


class BinFull(BayVerb):
    """Bin number `bin` is heaped up to the chute until it is emptied: nothing slides into it."""

    verb: Literal["bin_full"]
    bin: Annotated[int, Field(ge=0, le=3)]

    def perform(self, stage: Stage) -> None:
        """Heap it up."""
        stage.bays[self.bay].heap(self.bin)


class PourIn(BayVerb):
    """Somebody pours `litres` into bin number `bin` from above: nothing of it was on the pan."""

    verb: Literal["pour_in"]
    bin: Annotated[int, Field(ge=0, le=3)]
    litres: Annotated[float, Field(gt=0, le=240)]

    def perform(self, stage: Stage) -> None:
        """Pour."""
        stage.bays[self.bay].pour(self.bin, self.litres)


class LateTruck(StageVerb):
    """The next collection, and those behind it, come `seconds` later."""

    verb: Literal["late_truck"]
    seconds: Annotated[float, Field(gt=0)]

    def perform(self, stage: Stage) -> None:
        """Hold it up."""
        stage.truck.late(self.seconds)


HappensToBins = BinFull | PourIn | LateTruck
