"""Which bins the truck's crew takes out on its round, and how many loads meet a full one meanwhile.

The crew comes every day, as the trade's rules ask (collected and cleared daily), and sees on the
platform how full each bin is. It takes out what is due (60 %) and what would be full before it
comes again, were tomorrow like the fullest day of the last week. Any other bin it leaves where it
is: for that nothing is opened. The refuse bin goes every day, for what lies in it may be soiled.

Where a city reads that rule by the letter, every bin goes every day.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from controller.core.levels.level import DUE, FULL
from sim.arrivals import HOUR_S
from sim.days.day import TRUCK_H
from sim.scenario import DAY_S
from sim.world.heap import BULK_G_PER_L

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sim.days.month import Month
    from sim.visitors import Visitor

STREAM: Mapping[str, str] = {
    "newspaper": "paper",
    "carton": "paper",
    "pet-bottle": "plastic",
    "can": "metal",
    "steel-can": "metal",
}
"""Kinds of goods → the bin they go to, in the usual scenario's kiosk; all else is given back."""

WEEK = 7
REFUSE = 1
"""Refuse bins of a bay: out every day."""

LITRES = 240.0
"""Of a bin (EN 840-1); its chute stands 27 l higher."""


@dataclass(slots=True)
class Bin:
    """One bin as the crew sees it, in shares of its room; `days` is what each day brought."""

    level: float = 0.0
    today: float = 0.0
    days: list[float] = field(default_factory=list)

    def takes(self, share: float) -> bool:
        """Whether a load goes in; a bin takes one that finds it below its limit."""
        if self.level >= FULL / 1000:
            return False
        self.level += share
        self.today += share
        return True

    @property
    def goes(self) -> bool:
        """Whether it is taken out today."""
        tomorrow = max(self.days[-WEEK:], default=0.0)
        return self.level >= DUE / 1000 or self.level + tomorrow >= FULL / 1000

    def ends_day(self) -> None:
        """Midnight."""
        self.days.append(self.today)
        self.today = 0.0


@dataclass(frozen=True, slots=True)
class Rounds:
    """The rounds of some days: bins `taken` out on each, and of `loads` those that met a full one.

    Every load is taken for one that the kiosk accepts, so that bins fill rather too fast.
    """

    taken: Sequence[int]
    loads: int
    refused: int

    @property
    def bins_a_day(self) -> float:
        """How many bins go on a day, on average."""
        return sum(self.taken) / len(self.taken)


def rounds(month: Month, days: int) -> Rounds:
    """The crew's rounds at one bay of a kiosk to which the month's people come."""
    bins = {stream: Bin() for stream in STREAM.values()}
    taken, met = [], Counter[bool]()
    for day in range(days):
        people = month.visitors(day)
        before = [who for at_s, who in people if at_s < _truck_s(day)]
        after = [who for at_s, who in people if at_s >= _truck_s(day)]
        met += _fill(bins, before)
        goes = [one for one in bins.values() if one.goes]
        for one in goes:
            one.level = 0.0
        taken.append(len(goes) + REFUSE)
        met += _fill(bins, after)
        for one in bins.values():
            one.ends_day()
    return Rounds(taken, met.total(), met[False])


def _truck_s(day: int) -> float:
    return day * DAY_S + TRUCK_H * HOUR_S


def _fill(bins: Mapping[str, Bin], people: Iterable[Visitor]) -> Counter[bool]:
    """How many loads of `people` found room, and how many did not."""
    things = [thing for who in people for thing in who.items if thing.kind in STREAM]
    return Counter(
        bins[STREAM[one.kind]].takes(one.mass_g / BULK_G_PER_L[one.kind] / LITRES) for one in things
    )
