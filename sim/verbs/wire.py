"""What may happen in a scenario to the line between a bay's node and the controller."""

from __future__ import annotations

import asyncio
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from sim.verbs.stage import BayVerb, Stage

PartsPerMillion = Annotated[int, Field(ge=0, le=1_000_000)]
Seconds = Annotated[float, Field(gt=0)]
SWAP_S = 4.0
"""So long two cables are out whose places are changed."""


class CutWire(BayVerb):
    """Nothing passes between node and controller for `seconds`, both ways or one way only."""

    verb: Literal["cut_wire"]
    seconds: Seconds
    way: Literal["both", "to_node", "to_host"] = "both"

    def perform(self, stage: Stage) -> None:
        """Cut, and mend in time."""
        wire = stage.bays[self.bay].wire
        wire.cut(to_node=self.way != "to_host", to_host=self.way != "to_node")
        asyncio.get_running_loop().call_later(self.seconds, wire.mend)


class UsbUnplug(BayVerb):
    """The cable is out for `seconds`; the host needs a moment to find it again."""

    verb: Literal["usb_unplug"]
    seconds: Seconds

    def perform(self, stage: Stage) -> None:
        """Pull it."""
        stage.bays[self.bay].wire.unplug(self.seconds)


class HostStall(BayVerb):
    """For `seconds` the host neither reads nor writes; then everything comes together."""

    verb: Literal["host_stall"]
    seconds: Seconds

    def perform(self, stage: Stage) -> None:
        """Stall."""
        stage.bays[self.bay].wire.stall(self.seconds)


class WireNoise(BayVerb):
    """For `seconds`, of a million bytes so many are bent, lost, doubled or begin a burst.

    `repeats_ppm` is of a million pieces that arrive in one go: so many come twice.
    """

    verb: Literal["wire_noise"]
    seconds: Seconds
    flips_ppm: PartsPerMillion = 0
    drops_ppm: PartsPerMillion = 0
    doubles_ppm: PartsPerMillion = 0
    bursts_ppm: PartsPerMillion = 0
    repeats_ppm: PartsPerMillion = 0

    def perform(self, stage: Stage) -> None:
        """Make noise, and mend in time."""
        wire = stage.bays[self.bay].wire
        wire.noise(
            flips_ppm=self.flips_ppm,
            drops_ppm=self.drops_ppm,
            doubles_ppm=self.doubles_ppm,
            bursts_ppm=self.bursts_ppm,
            repeats_ppm=self.repeats_ppm,
        )
        asyncio.get_running_loop().call_later(self.seconds, wire.mend)


class NodesSwapped(BayVerb):
    """The cables of two bays change places at the computer, and each is found again in time."""

    verb: Literal["nodes_swapped"]
    other: str

    @model_validator(mode="after")
    def _are_two(self) -> Self:
        if self.other == self.bay:
            raise ValueError(f"bay {self.bay!r} cannot change places with itself: name another")
        return self

    def perform(self, stage: Stage) -> None:
        """Pull both, and plug each in where the other was."""
        one, other = stage.bays[self.bay].wire, stage.bays[self.other].wire
        for wire in (one, other):
            wire.unplug(SWAP_S)
        one.swap(other)


HappensToWire = CutWire | UsbUnplug | HostStall | WireNoise | NodesSwapped
