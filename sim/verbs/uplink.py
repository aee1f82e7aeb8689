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


class CommandFromAfar(StageVerb):
    """The operator asks the kiosk for something, which holds for `ttl_s`; `bay` where it takes one.

    With any of these in a scenario the platform has a key, and its acks are signed.
    """

    verb: Literal["command"]
    ask: Literal[
        "close-bay",
        "open-bay",
        "reload-catalogue",
        "send-diagnostics",
        "restart-controller",
        "restart-node",
    ]
    bay: str | None = None
    ttl_s: Annotated[int, Field(ge=60, le=604_800)] = 3_600

    def perform(self, stage: Stage) -> None:
        """Give the command."""
        arguments = {} if self.bay is None else {"bay": self.bay}
        stage.dispatch.command(stage.kiosk_id, self.ask, arguments, self.ttl_s)


HappensToUplink = (
    BrokerDown | CutUplink | DuplicateMessages | ReorderMessages | LedgerSlow | CommandFromAfar
)
