"""What may happen in a scenario besides people: each verb with its arguments."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated, Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.bay import SimBay
    from sim.broker import Broker
    from sim.clock import SimClock


class Stage(Protocol):
    """Everything that verbs can reach."""

    @property
    def bays(self) -> Mapping[str, SimBay]:
        """The bays by name."""

    @property
    def broker(self) -> Broker:
        """The broker."""

    @property
    def clock(self) -> SimClock:
        """The kiosk's wall clock."""


class _Verb(BaseModel):
    """Something that happens at `at_s`, in seconds from the start."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    at_s: Annotated[float, Field(ge=0)]


class BrokerDown(_Verb):
    """No broker for `seconds`."""

    verb: Literal["broker_down"]
    seconds: Annotated[float, Field(gt=0)]

    def perform(self, stage: Stage) -> None:
        """Take the broker down."""
        stage.broker.broker_down(self.seconds)


class CutUplink(_Verb):
    """Every connection to the broker breaks."""

    verb: Literal["cut_uplink"]

    def perform(self, stage: Stage) -> None:
        """Cut."""
        stage.broker.cut()


class DuplicateMessages(_Verb):
    """The next `messages` messages reach the platform twice."""

    verb: Literal["duplicate_messages"]
    messages: Annotated[int, Field(ge=1)] = 1

    def perform(self, stage: Stage) -> None:
        """Arm it."""
        stage.broker.duplicate(self.messages)


class ReorderMessages(_Verb):
    """Each of the next `messages` messages is overtaken by the one behind it."""

    verb: Literal["reorder_messages"]
    messages: Annotated[int, Field(ge=1)] = 1

    def perform(self, stage: Stage) -> None:
        """Arm it."""
        stage.broker.reorder(self.messages)


class ClockJump(_Verb):
    """The kiosk's wall clock is suddenly `seconds` ahead."""

    verb: Literal["clock_jump"]
    seconds: int

    def perform(self, stage: Stage) -> None:
        """Jump."""
        stage.clock.jump(self.seconds)


class _BayVerb(_Verb):
    bay: str


class Obstruct(_BayVerb):
    """Something `height_mm` high stands in the hatch's opening; 0 takes it away."""

    verb: Literal["obstruct"]
    height_mm: Annotated[int, Field(ge=0)]

    def perform(self, stage: Stage) -> None:
        """Put it there."""
        stage.bays[self.bay].obstruct(self.height_mm)


class Jam(_BayVerb):
    """`part` is stuck, or free again."""

    verb: Literal["jam"]
    part: Literal["hatch", "gate", "diverter"]
    on: bool = True

    def perform(self, stage: Stage) -> None:
        """Jam it."""
        stage.bays[self.bay].jam(self.part, self.on)


class Hang(_BayVerb):
    """The next `times` drops leave `keep_permille` of the load on the leaves."""

    verb: Literal["hang"]
    keep_permille: Annotated[int, Field(ge=0, le=1000)]
    times: Annotated[int, Field(ge=1)] = 1

    def perform(self, stage: Stage) -> None:
        """Arm it."""
        stage.bays[self.bay].hang(self.keep_permille, self.times)


class Switch(_BayVerb):
    """A safety input of the bay goes on or off."""

    verb: Literal["switch"]
    name: Literal["emergency_stop", "smoke", "tamper", "inner_release"]
    on: bool = True

    def perform(self, stage: Stage) -> None:
        """Switch it."""
        stage.bays[self.bay].switch(self.name, self.on)


class RestartNode(_BayVerb):
    """The bay's node stops, as after a watchdog, and starts again `dead_s` later."""

    verb: Literal["restart_node"]
    dead_s: Annotated[float, Field(ge=0, le=3600)] = 0.5

    def perform(self, stage: Stage) -> None:
        """Stop it."""
        stage.bays[self.bay].restart_node(self.dead_s)


class CutWire(_BayVerb):
    """Nothing passes between node and controller for `seconds`."""

    verb: Literal["cut_wire"]
    seconds: Annotated[float, Field(gt=0)]

    def perform(self, stage: Stage) -> None:
        """Cut, and mend in time."""
        wire = stage.bays[self.bay].wire
        wire.cut()
        asyncio.get_running_loop().call_later(self.seconds, wire.mend)


class WireNoise(_BayVerb):
    """For `seconds`, of a million bytes so many are bent or lost."""

    verb: Literal["wire_noise"]
    seconds: Annotated[float, Field(gt=0)]
    flips_ppm: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    drops_ppm: Annotated[int, Field(ge=0, le=1_000_000)] = 0

    def perform(self, stage: Stage) -> None:
        """Make noise, and mend in time."""
        wire = stage.bays[self.bay].wire
        wire.noise(flips_ppm=self.flips_ppm, drops_ppm=self.drops_ppm)
        asyncio.get_running_loop().call_later(self.seconds, wire.mend)


Verb = Annotated[
    BrokerDown
    | CutUplink
    | DuplicateMessages
    | ReorderMessages
    | ClockJump
    | Obstruct
    | Jam
    | Hang
    | Switch
    | RestartNode
    | CutWire
    | WireNoise,
    Field(discriminator="verb"),
]
