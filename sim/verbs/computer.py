"""What may happen in a scenario to power, computer, clock and disk."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sim.verbs.stage import Stage, StageVerb

MOST_S = 3600.0
"""A brownout lasts at most an hour; so does a cut."""

MS_PER_S = 1000


class PowerCut(StageVerb):
    """No power for `seconds`: the `kiosk` as a whole, its `nodes`, or its `controller` alone.

    Whatever was in memory is gone. The nodes start at once when power is back, the controller
    when its computer has booted, on the journal as it was left.
    """

    verb: Literal["power_cut"]
    seconds: Annotated[float, Field(gt=0, le=MOST_S)] = 5.0
    what: Literal["kiosk", "nodes", "controller"] = "kiosk"

    def perform(self, stage: Stage) -> None:
        """Cut."""
        if self.what != "controller":
            for bay in stage.bays.values():
                bay.brownout(0, self.seconds * MS_PER_S)
        if self.what != "nodes":
            stage.pi.cut(self.seconds)


class DiskFull(StageVerb):
    """The journal's disk is full for `seconds`: it takes no record."""

    verb: Literal["disk_full"]
    seconds: Annotated[float, Field(gt=0)]

    def perform(self, stage: Stage) -> None:
        """Fill it."""
        stage.disk.fill(self.seconds)


class DiskFails(StageVerb):
    """The journal's disk is there for `seconds`, and takes no record."""

    verb: Literal["disk_fails"]
    seconds: Annotated[float, Field(gt=0)]

    def perform(self, stage: Stage) -> None:
        """Spoil it."""
        stage.disk.fail(self.seconds)


class DiskSlow(StageVerb):
    """For `seconds` each record takes the journal's disk `commit_s` longer."""

    verb: Literal["disk_slow"]
    seconds: Annotated[float, Field(gt=0)]
    commit_s: Annotated[float, Field(gt=0, le=60)] = 2.5

    def perform(self, stage: Stage) -> None:
        """Slow it down."""
        stage.disk.tire(self.seconds, self.commit_s)


class ReaderLost(StageVerb):
    """The camera at the front, which reads codes, gives no picture; or does again."""

    verb: Literal["reader_lost"]
    on: bool = True

    def perform(self, stage: Stage) -> None:
        """Pull its cable."""
        stage.front.lose(self.on)


class ClockJump(StageVerb):
    """The kiosk's wall clock is suddenly `seconds` ahead."""

    verb: Literal["clock_jump"]
    seconds: int

    def perform(self, stage: Stage) -> None:
        """Jump."""
        stage.clock.jump(self.seconds)


HappensToComputer = PowerCut | DiskFull | DiskFails | DiskSlow | ReaderLost | ClockJump
