"""Thirty days of a kiosk as its seed draws them: who comes, what befalls it, and who mends it.

The kiosk's age, each day's weather, and troubles at the rates of `sim.days.troubles`. A day is a
scenario from before the kiosk opens until it closes: at night nobody comes, what is over by the
morning is not seen, and each morning begins with what is not yet mended.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.arrivals import HOUR_S, HOURS, Arrivals
from sim.chance import rng
from sim.days import technician
from sim.days.day import MIDNIGHT, TRUCK_H
from sim.days.troubles import RUBS, TROUBLES
from sim.scenario import DAY_S, KIOSK, Scenario, visitors_of
from sim.weather import Season, Weather

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator, Sequence

    from sim.days.availability import Span
    from sim.days.troubles import Words
    from sim.visitors import Visitor

DAYS = 30
YEAR_DAYS = 365
USES = 25.0
"""What a kiosk of the field sees a day (notes on the domain, A.2, Haicang)."""

OPENS_S, CLOSES_S = 6 * HOUR_S, 22 * HOUR_S
OPEN_S = CLOSES_S - OPENS_S
LEAD_S = 180.0
"""So long before it opens a run begins, so that everything has started and is warm."""

BAY = "a"
ONE_BAY, TWO_BAYS = (BAY,), (BAY, "b")
"""Kiosks by their bays; each bay is as the usual scenario's one, with bins of its own."""

OLDEST_YEARS = 5.0
FRICTION_A_YEAR = 0.2
CHATTER_MS_A_YEAR = 1.5
"""How rails and contacts wear: assumptions; unattended, at five years twice as hard, and 7.5 ms
longer."""

RAILS_YEARS = (RUBS - 1) / FRICTION_A_YEAR
"""From one cleaning of the rails to the next: the kiosk names them when they rub so hard."""

RAINS = 0.4
"""Share of days: Hangzhou has about 150 days with rain a year (from memory)."""

WIND_M_S = 2.5
MOMENT_S = 2.0
IN_A_VISIT_S = 8.0
"""From somebody's coming until the hatch is open and something lies in it."""

SEASONS: Sequence[Season] = ("winter", "spring", "summer", "autumn")


@dataclass(frozen=True, slots=True)
class Befalls:
    """A trouble of `TROUBLES` from `at_s` to `until_s`, seconds since the month's midnight.

    `comes_s` is when the technician does; None where it is over by itself.
    """

    trouble: str
    at_s: float
    until_s: float
    comes_s: float | None = None


@dataclass(frozen=True, slots=True)
class Month:
    """A month as drawn: `befalls` in order, the weather day by day, and how old the kiosk is.

    What befalls a bay befalls the first of `bays`. `has_steward` says whether somebody on the site
    does what needs no technician (`sim.days.technician`).
    """

    seed: int
    age_years: float
    weather: Sequence[Weather]
    uses: float = USES
    befalls: Sequence[Befalls] = ()
    bays: Sequence[str] = ONE_BAY
    has_steward: bool = True

    def scenario(self, day: int, from_s: float = OPENS_S, to_s: float = CLOSES_S) -> Scenario:
        """A day of it, or its stretch between two whole seconds of that day, as a scenario."""
        begins_s = day * DAY_S + from_s - LEAD_S
        ends_s = day * DAY_S + to_s
        truck_s = day * DAY_S + TRUCK_H * HOUR_S - begins_s
        return self._scenario(
            day,
            (from_s, to_s),
            events=[*self._wear, *_events(self.befalls, begins_s, ends_s)],
            collections=[{"at_s": truck_s}] if 0 <= truck_s < ends_s - begins_s else [],
        )

    def _scenario(self, day: int, stretch: Span, **what: object) -> Scenario:
        """A day on which people come as they do, and `what` else there is in it."""
        from_s, to_s = stretch
        length_s = to_s - from_s + LEAD_S
        crowd = Arrivals(persons_a_day=self.uses, days=length_s / DAY_S, hours=HOURS)
        return Scenario.model_validate(
            {
                "name": "kiosk-month",
                "line": f"Day {day + 1} of a month.",
                "seed": rng(self.seed, "month", "day", str(day)).getrandbits(31),
                "starts_at": MIDNIGHT + round(day * DAY_S + from_s - LEAD_S),
                "duration_s": length_s,
                "kiosk": {"bays": [KIOSK["bays"][0] | {"name": name} for name in self.bays]},
                "weather": self.weather[day % len(self.weather)],
                "arrivals": (crowd,),
            }
            | what
        )

    @property
    def _wear(self) -> list[dict[str, Any]]:
        factor = 1 + FRICTION_A_YEAR * (self.age_years % RAILS_YEARS)
        chatter_ms = CHATTER_MS_A_YEAR * self.age_years
        worn: list[dict[str, Any]] = [
            {"verb": "friction", "factor": factor},
            {"verb": "limit_worn", "limit": "closed", "chatter_ms": chatter_ms},
        ]
        return [one | {"at_s": 0.0, "bay": bay} for bay in self.bays for one in worn]

    def visitors(self, day: int) -> list[tuple[float, Visitor]]:
        """Who comes on a day and when, in seconds since the month's midnight, in order."""
        one = self._scenario(day, (OPENS_S, CLOSES_S))
        begins_s = one.starts_at - MIDNIGHT
        came = [(begins_s + who.arrives_s, who) for who in visitors_of(one, _arrivals(one.seed))]
        return sorted(came, key=lambda at_and_who: at_and_who[0])

    def noticed_s(self, at_s: float) -> float:
        """When somebody comes after `at_s` and meets what is broken; then staff are called."""
        for day in range(int(at_s // DAY_S), DAYS * 2):
            for comes_s, _ in self.visitors(day):
                if comes_s >= at_s:
                    return comes_s
        return at_s


def month(seed: int, uses: float = USES, days: int = DAYS) -> Month:
    """Draw a month."""
    chance = rng(seed, "month")
    bare = Month(seed, chance.uniform(0, OLDEST_YEARS), _weather(chance, days), uses)
    befalls = []
    for name, trouble in TROUBLES.items():
        at_s = chance.expovariate(trouble.a_year / (YEAR_DAYS * DAY_S))
        while at_s < days * DAY_S:
            day = at_s // DAY_S
            befalls.append(befalling(bare, name, day * DAY_S + while_used_s(chance)))
            at_s += chance.expovariate(trouble.a_year / (YEAR_DAYS * DAY_S))
    befalls.sort(key=lambda one: one.at_s)
    return Month(seed, bare.age_years, bare.weather, uses, befalls)


def while_used_s(chance: random.Random) -> float:
    """A time of a day at which people come: where things break, and what breaks else costs most."""
    (hour,) = chance.choices(range(24), HOURS)
    return (hour + chance.random()) * HOUR_S


def befalling(month: Month, name: str, at_s: float) -> Befalls:
    """A trouble that begins at `at_s`, or in the next visit from then on, and how it ends."""
    trouble = TROUBLES[name]
    if trouble.in_a_visit:
        at_s = month.noticed_s(at_s) + IN_A_VISIT_S
    if trouble.heals_s is not None:
        return Befalls(name, at_s, at_s + trouble.heals_s)
    called_s = at_s if trouble.in_a_visit else month.noticed_s(at_s)
    if trouble.for_steward and month.has_steward:
        return Befalls(name, at_s, called_s + technician.STEWARD_S)
    comes_s = technician.comes_s(called_s)
    return Befalls(name, at_s, comes_s + technician.MENDING_S, comes_s)


def _weather(chance: random.Random, days: int) -> tuple[Weather, ...]:
    season = chance.choice(SEASONS)
    return tuple(
        Weather(
            season=season,
            wind_m_s=round(min(40.0, chance.expovariate(1 / WIND_M_S)), 1),
            rain=chance.random() < RAINS,
            daylight=round(chance.random(), 2),
        )
        for _ in range(days)
    )


def _events(befalls: Sequence[Befalls], begins_s: float, ends_s: float) -> Iterator[dict[str, Any]]:
    """What of the troubles falls into a run, as the verbs of its scenario."""
    for one in befalls:
        trouble, starts_s = TROUBLES[one.trouble], max(one.at_s, begins_s)
        if starts_s >= ends_s or (one.at_s < begins_s and one.until_s <= begins_s):
            continue
        times_s = _times_s(one, starts_s)
        told = [(at_s, _cut_to(word, one, at_s)) for at_s in times_s for word in trouble.breaks]
        told += [(starts_s + MOMENT_S, word) for word in trouble.a_moment_later]
        told += [(one.until_s, word) for word in trouble.mends]
        told += [(one.until_s + MOMENT_S, word) for word in trouble.afterwards]
        if one.comes_s is not None:
            told.append((one.until_s + MOMENT_S, technician.OFF_AND_ON))
        for at_s, word in told:
            if at_s < ends_s:
                yield {**word, "at_s": round(at_s - begins_s, 3)}


def _times_s(one: Befalls, starts_s: float) -> Sequence[float]:
    """When it is told, and told again while it lasts."""
    again_s = TROUBLES[one.trouble].again_s
    if again_s is None:
        return [starts_s]
    count = math.ceil((one.until_s - starts_s) / again_s)
    return [starts_s + number * again_s for number in range(count)]


def _cut_to(word: Words, one: Befalls, at_s: float) -> Words:
    """What is told again while it lasts never lasts longer than the trouble."""
    seconds, again_s = word.get("seconds"), TROUBLES[one.trouble].again_s
    if again_s is None or not isinstance(seconds, float):
        return word
    return {**word, "seconds": min(seconds, max(MOMENT_S, one.until_s - at_s))}


def _arrivals(seed: int) -> random.Random:
    """Who comes, as `sim.parts` draws it in a run of that seed."""
    return rng(seed, "arrivals")
