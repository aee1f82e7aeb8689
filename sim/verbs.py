"""What may happen in a scenario besides people: each verb with its arguments."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sim.bay_verbs import HappensToBay
from sim.stage_verb import Stage, StageVerb
from sim.wire_verbs import HappensToWire


class BrokerDown(StageVerb):
    """No broker for `seconds`."""

    verb: Literal["broker_down"]
    seconds: Annotated[float, Field(gt=0)]

    def perform(self, stage: Stage) -> None:
        """Take the broker down."""
        stage.broker.broker_down(self.seconds)


class CutUplink(StageVerb):
    """Every connection to the broker breaks."""

    verb: Literal["cut_uplink"]

    def perform(self, stage: Stage) -> None:
        """Cut."""
        stage.broker.cut()


class DuplicateMessages(StageVerb):
    """The next `messages` messages reach the platform twice."""

    verb: Literal["duplicate_messages"]
    messages: Annotated[int, Field(ge=1)] = 1

    def perform(self, stage: Stage) -> None:
        """Arm it."""
        stage.broker.duplicate(self.messages)


class ReorderMessages(StageVerb):
    """Each of the next `messages` messages is overtaken by the one behind it."""

    verb: Literal["reorder_messages"]
    messages: Annotated[int, Field(ge=1)] = 1

    def perform(self, stage: Stage) -> None:
        """Arm it."""
        stage.broker.reorder(self.messages)


class ClockJump(StageVerb):
    """The kiosk's wall clock is suddenly `seconds` ahead."""

    verb: Literal["clock_jump"]
    seconds: int

    def perform(self, stage: Stage) -> None:
        """Jump."""
        stage.clock.jump(self.seconds)


Verb = Annotated[
    BrokerDown
    | CutUplink
    | DuplicateMessages
    | ReorderMessages
    | ClockJump
    | HappensToWire
    | HappensToBay,
    Field(discriminator="verb"),
]
