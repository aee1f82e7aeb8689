"""Who comes in a day that nobody has written down: people by the hour, with things by their share.

Sources: 25 uses a machine and day (notes on the domain, A.2, Haicang). The course of the day, the
number of things a visit and the mix of habits are assumptions: two peaks, before work and after
supper; one to four things; a seventh of all over 65 (Hangzhou's census of 2020 has 12 % of
residents, and the old recycle more).
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, Field, field_validator

from contract.hours import LOCAL
from sim.goods import GOODS, load_weights
from sim.habits import HabitName

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator

HOUR_S = 3600.0
DAY_S = 24 * HOUR_S
HOURS = (0,) * 6 + (2, 7, 8, 5, 4, 4, 3, 3, 3, 4, 5, 7, 9, 8, 5, 2) + (0, 0)
"""People an hour for one another, from midnight: 06:00 to 22:00, with two peaks."""

THINGS = (4, 3, 2, 1)
"""Visits with one thing for those with two, three and four."""

HABIT_SHARES: Mapping[HabitName, float] = {
    "usual": 0.5,
    "quick": 0.15,
    "slow": 0.1,
    "elderly": 0.15,
    "child": 0.07,
    "wheelchair": 0.02,
    "fraudster": 0.01,
}
ACCOUNTS = 40
"""So many households share a kiosk; who comes is one of them."""

Weight = Annotated[float, Field(ge=0, allow_inf_nan=False)]


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody who comes at `at_s`, with (kind, grams, pieces) of each thing."""

    at_s: float
    account: str
    habit: HabitName
    things: tuple[tuple[str, int, int], ...]


class Arrivals(BaseModel):
    """People who come by themselves for `days`: `persons_a_day`, spread as `hours` weigh them.

    `mix` gives the kinds of things with their shares of the mass, `habits` those of people. Of
    several kiosks they come to the first, if `kiosk` names no other.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    kiosk: str | None = None
    persons_a_day: Annotated[float, Field(gt=0, le=2_000)] = 25.0
    days: Annotated[float, Field(gt=0, le=31)] = 1.0
    hours: Annotated[tuple[Weight, ...], Field(min_length=24, max_length=24)] = HOURS
    mix: Mapping[str, Weight] = {kind: good.mass_share for kind, good in GOODS.items()}
    habits: Mapping[HabitName, Weight] = HABIT_SHARES

    @field_validator("mix")
    @classmethod
    def _are_goods(cls, mix: Mapping[str, float]) -> Mapping[str, float]:
        for kind in mix:
            if kind not in GOODS:
                raise ValueError(f"no goods {kind!r}; there are {', '.join(GOODS)}")
        return mix

    @field_validator("hours", "mix", "habits")
    @classmethod
    def _is_not_nothing(
        cls, given: Mapping[str, float] | tuple[float, ...]
    ) -> Mapping[str, float] | tuple[float, ...]:
        weights = given.values() if isinstance(given, Mapping) else given
        if not any(weights):
            raise ValueError("all weights are 0: nobody and nothing would come")
        return given

    def drawn(self, starts_at: int, chance: random.Random) -> list[Arrival]:
        """Everybody who comes, in order; `starts_at` is the scenario's start, Unix seconds."""
        return sorted(self._people(starts_at, chance), key=lambda one: one.at_s)

    def _people(self, starts_at: int, chance: random.Random) -> Iterator[Arrival]:
        since_midnight_s = _since_midnight_s(starts_at)
        weights = load_weights(self.mix)
        for day in range(math.ceil(self.days + since_midnight_s / DAY_S)):
            for _ in range(_poisson(self.persons_a_day, chance)):
                (hour,) = chance.choices(range(24), self.hours)
                at_s = day * DAY_S + (hour + chance.random()) * HOUR_S - since_midnight_s
                person = self._person(round(at_s, 3), weights, chance)
                if 0 <= at_s < self.days * DAY_S:
                    yield person

    def _person(self, at_s: float, weights: Mapping[str, float], chance: random.Random) -> Arrival:
        (count,) = chance.choices(range(1, len(THINGS) + 1), THINGS)
        kinds = chance.choices(list(weights), list(weights.values()), k=count)
        (habit,) = chance.choices(list(self.habits), list(self.habits.values()))
        account = f"household-{chance.randint(1, ACCOUNTS)}"
        return Arrival(
            at_s, account, habit, tuple((kind, *GOODS[kind].drawn(chance)) for kind in kinds)
        )


def _since_midnight_s(starts_at: int) -> float:
    local = dt.datetime.fromtimestamp(starts_at, LOCAL)
    return (local - local.replace(hour=0, minute=0, second=0, microsecond=0)).total_seconds()


def _poisson(mean: float, chance: random.Random) -> int:
    """How many come where so many do on average: exponential gaps (Knuth), counted in one day."""
    count, day = 0, chance.expovariate(mean)
    while day < 1:
        count += 1
        day += chance.expovariate(mean)
    return count
