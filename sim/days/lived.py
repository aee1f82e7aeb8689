"""Days of a month as they were run: how long the kiosk was down, and what it was down for.

Counted strictly. Down is what the screen says cannot be used, every emptying, and the technician's
work; but emptying one of two bays leaves the other open. What closed the kiosk and only the
technician mends has it down from when it began, although nobody had noticed it then, until it is
mended, although the kiosk tries again in between.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sim.arrivals import HOUR_S
from sim.days.availability import Availability, Down, availability
from sim.days.closures import Closures
from sim.days.crew import rounds
from sim.days.day import TRUCK_H
from sim.days.month import CLOSES_S, LEAD_S, OPENS_S
from sim.run import Options, run_scenario
from sim.scenario import DAY_S

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from controller.adapters.onnx_classifier import OnnxClassifier
    from controller.core.config import KioskConfig
    from sim.days.availability import Span
    from sim.days.month import Befalls, Month
    from sim.run import Outcome

BIN_S = 60.0
"""To take out a bin of 240 L and put in an empty one: an assumption. Which go, `crew` says."""

EMPTYING = "emptying"
AFTER_S = 300.0
"""So long after a trouble is over what it left behind is its own: a start, a warm scale."""


@dataclass(frozen=True, slots=True)
class Lived:
    """A day, or a stretch of it, as it was run."""

    day: int
    availability: Availability
    down: Sequence[Down]
    outcome: Outcome


def lived(
    month: Month,
    day: int,
    eyes: OnnxClassifier,
    *,
    stretch: Span = (OPENS_S, CLOSES_S),
    node: str = "cpython",
) -> Lived:
    """Run a day of `month`, or the stretch between two seconds of that day.

    Raises:
        SimError: It cannot be run: a node does not start.
    """
    closures = Closures()
    scenario = month.scenario(day, *stretch)
    outcome = run_scenario(scenario, Options(node=node), eyes, witness=closures)
    opening = (day * DAY_S + stretch[0], day * DAY_S + stretch[1])
    begins_s = opening[0] - LEAD_S
    said = [
        replace(one, from_s=one.from_s + begins_s, to_s=one.to_s + begins_s)
        for one in closures.down
    ]
    bins = rounds(month, day + 1).taken[day]
    down = [*_emptying(scenario.kiosk, day, bins), *_down(said, month.befalls, opening[0])]
    return Lived(day, availability([opening], down), down, outcome)


def _emptying(kiosk: KioskConfig, day: int, bins: int) -> list[Down]:
    """One bay after the other: with a second one there is always one that takes something."""
    if len(kiosk.bays) > 1:
        return []
    begins_s = day * DAY_S + TRUCK_H * HOUR_S
    return [Down(begins_s, begins_s + BIN_S * bins, EMPTYING)]


def _down(said: Sequence[Down], befalls: Iterable[Befalls], open_s: float) -> list[Down]:
    """What the screen said, by what had befallen the kiosk; and what the screen did not know.

    `open_s` is when the run's opening hours begin: what was over by then was its starting up.
    """
    down = []
    for one in befalls:
        from_s, to_s = one.at_s, one.until_s + AFTER_S
        its_own = [it for it in said if from_s <= it.from_s <= to_s and it.to_s > open_s]
        if one.comes_s is not None:
            closed = any(it.from_s < one.comes_s for it in its_own)
            down.append(Down(one.at_s if closed else one.comes_s, one.until_s, one.trouble))
        down += [replace(it, cause=one.trouble) for it in its_own]
    return [*down, *said]
