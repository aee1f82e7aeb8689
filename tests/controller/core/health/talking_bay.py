"""A bay that says what it shows, so that tests can tell what a diagnosis makes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from controller.core import events
from controller.core.health.diagnosis import Look, failing
from controller.core.health.parts import Part
from controller.core.health.signs import Signs
from controller.core.symptoms.table import Symptom

if TYPE_CHECKING:
    pass


TRAVEL_MM = 400
RUNS_MA, STALLS_MA = 560, 1_450


class Story:
    """A bay that says something every tenth of a second."""

    def __init__(self) -> None:
        self.signs = Signs()
        self.now_s = 100.0
        self._faults: tuple[str, ...] = ()
        self.says()

    def says(
        self,
        hatch: str = "CLOSED",
        mm: int = 0,
        ma: int = 0,
        *raised: str,
        gate: str = "CLOSED",
        presence: bool = False,
    ) -> Story:
        """One report; faults that were raised stay."""
        self._faults += raised
        self.hears(
            events.NodeReport(
                "a", round(self.now_s * 1000), hatch, gate, False, presence, 0, 0, ma, mm,
                self._faults,
            )
        )  # fmt: skip
        return self

    def hears(self, *heard: events.NodeEvent) -> Story:
        """Events, a tenth of a second apart."""
        for event in heard:
            self.now_s += 0.1
            self.signs.hear(event, self.now_s)
        return self

    def waits(self, seconds: float) -> Story:
        """Nothing happens."""
        self.now_s += seconds
        return self

    def fails(self, *symptoms: Symptom) -> tuple[Part, ...]:
        """What is named."""
        return failing(Look(self.signs, symptoms, TRAVEL_MM, self.now_s))


def refused(reason: str, times: int) -> list[events.NodeEvent]:
    return [events.CommandRefused("a", "CloseHatch", reason) for _ in range(times)]
