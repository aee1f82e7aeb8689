"""A check on its way: motions that the node carries out, or conversions that are counted.

The node decides what may move; its refusal ends a check and is its result.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from controller.core import commands, events
from controller.core.service.measured import CONVERSIONS, Took

if TYPE_CHECKING:
    from controller.core.service.check import Check
    from controller.core.service.given import Given
    from controller.core.service.measured import Motion

ENDS = {
    commands.OpenHatch: events.HatchOpened,
    commands.CloseHatch: events.HatchClosed,
    commands.DropLoad: events.GateCycled,
}
"""Motion → the event with which it has arrived."""

LATE_S = 15.0
"""What has not arrived by then never will: longer than any drive of the node (docs/node.md)."""

ANSWERED_S = 120.0
"""Whoever was asked and has not answered by then has gone."""

OBSTRUCTED = "obstructed"
LATE = "late"
"""Why a motion has not arrived, besides the node's own refusals."""


@dataclass(slots=True)
class Running:
    """A check that has begun at `began_s` and is not over.

    `motions` are still to be done, the first of them is under way since `moving_s`. `took` and
    `raw` are what was found so far; `refused` is why it ended early, `answer` what the person
    said who was asked.
    """

    check: Check
    bay: str
    given: Given
    began_s: float
    motions: list[Motion] = field(default_factory=list)
    moving_s: float = 0.0
    peak_ma: int = 0
    took: list[Took] = field(default_factory=list)
    raw: list[int] = field(default_factory=list)
    refused: str = ""
    answer: bool | None = None

    @property
    def deadline_s(self) -> float:
        """When what is under way must have arrived."""
        return self.moving_s + (ANSWERED_S if self.check.asks else LATE_S)

    @property
    def over(self) -> bool:
        """Whether all is known that it takes to judge."""
        if self.refused:
            return True
        if self.check.asks:
            name, given = self.check.name, self.given
            return self.answer is not None or name not in given.wired or name in given.troubles
        return not self.motions and (not self.check.samples or len(self.raw) >= CONVERSIONS)

    def next_motion(self, now_s: float) -> Motion | None:
        """The motion to ask for now; None where there is none left."""
        self.moving_s, self.peak_ma = now_s, 0
        return self.motions[0] if self.motions else None

    def hear(self, event: object, now_s: float) -> bool:
        """Take in an event of the bay; whether another motion is to be asked for, or it is over."""
        match event:
            case events.NodeReport():
                self.peak_ma = max(self.peak_ma, event.motor_ma)
            case events.Samples() if self.check.samples:
                self.raw.extend(event.raw)
                return self.over
            case events.CommandRefused() if self.motions:
                self.refused = event.reason
                return True
            case events.HatchObstructed() if self.motions:
                self.refused = OBSTRUCTED
                return True
            case _ if self.motions and isinstance(event, ENDS[type(self.motions[0])]):
                name = type(self.motions.pop(0)).__name__
                self.took.append(Took(name, now_s - self.moving_s, self.peak_ma))
                return True
        return False

    def late(self) -> None:
        """It has not arrived in time."""
        self.refused = LATE
