"""What may happen in a scenario between kiosk and platform."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from sim.verbs.stage import Stage, StageVerb


class BrokerVerb(StageVerb):
    """Something that happens to broker or platform, and so to every kiosk."""

    befalls_all: ClassVar[bool] = True


class BrokerDown(BrokerVerb):
    """No broker for `seconds`."""

    verb: Literal["broker_down"]
    seconds: Annotated[float, Field(gt=0)]

    def perform(self, stage: Stage) -> None:
        """Take the broker down."""
        stage.broker.broker_down(self.seconds)


class CutUplink(StageVerb):
    """The kiosk's connection to the broker breaks, and none is to be had for `seconds`."""

    verb: Literal["cut_uplink"]
    seconds: Annotated[float, Field(ge=0)] = 0.0

    def perform(self, stage: Stage) -> None:
        """Cut."""
        stage.uplink.cut(self.seconds)


class DuplicateMessages(BrokerVerb):
    """The next `messages` messages reach the platform twice."""

    verb: Literal["duplicate_messages"]
    messages: Annotated[int, Field(ge=1)] = 1

    def perform(self, stage: Stage) -> None:
        """Arm it."""
        stage.broker.duplicate(self.messages)


class ReorderMessages(BrokerVerb):
    """Each of the next `messages` messages is overtaken by the one behind it."""

    verb: Literal["reorder_messages"]
    messages: Annotated[int, Field(ge=1)] = 1

    def perform(self, stage: Stage) -> None:
        """Arm it."""
        stage.broker.reorder(self.messages)


class LedgerSlow(BrokerVerb):
    """For `seconds` whatever the ledger answers comes `delay_s` later."""

    verb: Literal["ledger_slow"]
    seconds: Annotated[float, Field(gt=0)]
    delay_s: Annotated[float, Field(gt=0, le=3600)] = 10.0

    def perform(self, stage: Stage) -> None:
        """Slow it down."""
        stage.broker.slow(self.delay_s, self.seconds)


HappensToUplink = BrokerDown | CutUplink | DuplicateMessages | ReorderMessages | LedgerSlow
