"""Days of a kiosk for measurements: whoever comes by itself, as a scenario's arrivals have it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.arrivals import HOUR_S, HOURS, THINGS, Arrivals
from sim.chance import rng
from sim.goods import GOODS, load_weights
from sim.scenario import DAY_S, Scenario
from sim.visitors import Collection, ItemToBring, Visitor

if TYPE_CHECKING:
    from collections.abc import Sequence

MIDNIGHT = 1_796_054_400
"""When days begin: 1 December 2026 at midnight, local time."""

LOADS = 300
"""What a busy kiosk takes in a day."""

LAST_S = 900.0
"""Nobody comes any more within so long of the end of a part of a day, as nobody does at night."""

EVENLY = (1,) * 24
TRUCK_H = 13.0

APART_S = 60.0
"""From one visit to the next where nobody is to wait."""


def a_day(seed: int, *, loads: float = LOADS, part: float = 1.0) -> Scenario:
    """A day's scenario from midnight to midnight, with one truck.

    Args:
        seed: The run's, and so who comes, when and with what.
        loads: How many are brought on average, within the day or within its part.
        part: Of the day. Within less than a whole one people come evenly.
    """
    length_s = DAY_S * part
    comes_s = length_s if part == 1 else length_s - LAST_S
    persons = loads / mean_things()
    crowd = Arrivals(
        persons_a_day=persons * DAY_S / comes_s,
        days=comes_s / DAY_S,
        hours=HOURS if part == 1 else EVENLY,
    )
    return Scenario(
        name="kiosk-day",
        line=f"A day of {loads:g} loads, or a part of it.",
        seed=seed,
        starts_at=MIDNIGHT,
        duration_s=length_s,
        arrivals=(crowd,),
        collections=(Collection(at_s=TRUCK_H * HOUR_S * part),),
    )


def single_visits(seed: int, count: int, kinds: Sequence[str]) -> Scenario:
    """Residents who come one after the other with one load each, of `kinds` by their shares."""
    chance = rng(seed, "single visits")
    weights = load_weights({kind: GOODS[kind].mass_share for kind in kinds})
    people = []
    for number, kind in enumerate(chance.choices(list(weights), list(weights.values()), k=count)):
        mass_g, pieces = GOODS[kind].drawn(chance)
        item = ItemToBring(kind=kind, mass_g=mass_g, pieces=pieces)
        comes_s = APART_S * number + 3.0
        people.append(Visitor(arrives_s=comes_s, account=f"resident-{number}", items=(item,)))
    return Scenario(name="single-visits", line="One load a visit.", seed=seed, people=tuple(people))


def mean_things() -> float:
    """How many loads a visit brings on average."""
    return sum(number * share for number, share in enumerate(THINGS, 1)) / sum(THINGS)
