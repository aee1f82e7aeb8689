"""What may happen in a scenario between kiosk and platform."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sim.verbs.stage import Stage, StageVerb


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


class LedgerSlow(StageVerb):
    """For `seconds` whatever the ledger answers comes `delay_s` later."""

    verb: Literal["ledger_slow"]
    seconds: Annotated[float, Field(gt=0)]
    delay_s: Annotated[float, Field(gt=0, le=3600)] = 10.0

    def perform(self, stage: Stage) -> None:
        """Slow it down."""
        stage.broker.slow(self.delay_s, self.seconds)


HappensToUplink = BrokerDown | CutUplink | DuplicateMessages | ReorderMessages | LedgerSlow
