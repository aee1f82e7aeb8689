"""What one trouble costs of a kiosk's opening hours, and what all of them are expected to cost."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sim.arrivals import HOUR_S
from sim.chance import rng
from sim.days import technician
from sim.days.availability import Availability
from sim.days.lived import AFTER_S, BIN_S, EMPTYING, lived
from sim.days.month import CLOSES_S, ONE_BAY, OPEN_S, OPENS_S, befalling, month, while_used_s
from sim.days.troubles import TROUBLES
from sim.scenario import DAY_S

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from controller.adapters.onnx_classifier import OnnxClassifier
    from sim.days.availability import Down, Span
    from sim.days.month import Befalls, Month

AT_LAST_S = 1_800.0
"""The kiosk asks an open hatch to close every ten minutes: until it has done so, with a margin."""

BEGINS_S, STEPS_UP_S, VISIT_S = 120.0, 30.0, 600.0
"""What shows itself at once; before and after the arrival of who meets what does not."""

PLAIN_S = (9 * HOUR_S, 11 * HOUR_S)
YEAR_DAYS = 365
BOTH_BAYS = "both bays, by chance"


def cost_s(
    name: str,
    seed: int,
    eyes: OnnxClassifier,
    bays: Sequence[str] = ONE_BAY,
    *,
    has_steward: bool = True,
) -> float:
    """For how many seconds of opening hours one trouble keeps a kiosk down, emptying left out.

    It begins at a time of the day at which people come, drawn from `seed`, and nothing else befalls
    the kiosk. What heals is run until it has; where it leaves the kiosk down, the technician comes
    after all. Of what the technician mends only what may change anything is run: its beginning, the
    first visit that meets it, the end of its mending. Until that visit the kiosk was as the visit
    finds it, and until the technician as the visit leaves it.
    """
    bare = replace(month(seed), befalls=(), bays=bays, has_steward=has_steward)
    one = befalling(bare, name, while_used_s(rng(seed, "cost", name)))
    alone = replace(bare, befalls=(one,))
    if one.comes_s is None:
        return _healing_s(alone, one, eyes)
    mended = _stood(alone, (one.until_s - BEGINS_S, one.until_s + AFTER_S), eyes)
    mending_s = _open_s(one.comes_s, one.until_s - BEGINS_S)
    return _until_called_s(alone, one, one.comes_s, eyes) + mending_s + mended.down_s


def _until_called_s(alone: Month, one: Befalls, comes_s: float, eyes: OnnxClassifier) -> float:
    """For how long it keeps the kiosk down until the technician comes."""
    met_s = alone.noticed_s(one.at_s)
    begun_s = min(one.at_s + BEGINS_S, met_s - STEPS_UP_S)
    begun = _stood(alone, (one.at_s, begun_s), eyes)
    if begun.is_down_at_last:
        return _open_s(one.at_s, comes_s)
    met = _stood(alone, (max(one.at_s, met_s - STEPS_UP_S), met_s + VISIT_S), eyes)
    return (
        begun.down_s
        + _open_s(begun_s, met_s - STEPS_UP_S) * met.is_down_at_first
        + met.down_s
        + _open_s(met_s + VISIT_S, comes_s) * met.is_down_at_last
    )


def _healing_s(alone: Month, one: Befalls, eyes: OnnxClassifier) -> float:
    """For how long what heals by itself keeps the kiosk down."""
    for after_s in (AFTER_S, AT_LAST_S):
        ends_s = one.until_s + after_s
        stood = _stood(alone, (one.at_s, ends_s), eyes)
        if not stood.is_down_at_last:
            return stood.down_s
    mended_s = technician.comes_s(one.at_s) + technician.MENDING_S
    return stood.down_s + _open_s(ends_s, mended_s)


@dataclass(frozen=True, slots=True)
class _Stood:
    """How a kiosk stood between two times: seconds down, and whether at their ends."""

    down_s: float = 0.0
    is_down_at_first: bool = False
    is_down_at_last: bool = False


def _stood(month: Month, span: Span, eyes: OnnxClassifier) -> _Stood:
    """Run the opening hours of `span`, which may go on on the next day."""
    down: list[Down] = []
    down_s, first_s, last_s = 0.0, math.floor(span[0]), span[1]
    for day, stretch in _stretches(*span):
        told = lived(month, day, eyes, stretch=stretch)
        causes = told.availability.down_s
        down_s += sum(for_s for cause, for_s in causes.items() if cause != EMPTYING)
        down += [one for one in told.down if one.cause != EMPTYING]
        last_s = day * DAY_S + stretch[1]
    return _Stood(
        down_s,
        any(one.from_s <= first_s + 1 < one.to_s for one in down),
        any(one.from_s < last_s <= one.to_s for one in down),
    )


def _open_s(from_s: float, to_s: float) -> float:
    """How many seconds of opening hours lie between two times."""
    return sum(end_s - start_s for _, (start_s, end_s) in _stretches(from_s, to_s))


def plain_share(seed: int, eyes: OnnxClassifier, bays: Sequence[str] = ONE_BAY) -> float:
    """Which part of two hours in which nothing befalls the kiosk it is down all the same."""
    bare = replace(month(seed), befalls=(), bays=bays)
    return 1 - lived(bare, 0, eyes, stretch=PLAIN_S).availability.share


def expected(costs_s: Mapping[str, float], plain: float, bins: float) -> Availability:
    """A day on average: each trouble's seconds as often as it comes, and so many bins emptied.

    Two troubles at once are counted twice.
    """
    by_itself = {EMPTYING: BIN_S * bins, "by itself": plain * OPEN_S}
    return Availability(OPEN_S, by_itself | _a_day_s(costs_s, bays=1))


def expected_of_two(
    costs_s: Mapping[str, float], plain: float, alone: Mapping[str, float], bins: float
) -> Availability:
    """A day on average of a kiosk with two bays, which is down while neither takes anything.

    Args:
        costs_s: For how long each trouble keeps the whole kiosk down; a bay's come twice as often.
        plain: Which part of the time it is down although nothing befell it.
        alone: For how long each keeps a kiosk with one bay down: by chance, the other bay may have
            a trouble of its own meanwhile, or be emptied.
        bins: Emptied a day in each bay.
    """
    of_bay = {name: for_s for name, for_s in alone.items() if TROUBLES[name].of_bay}
    share = (sum(_a_day_s(of_bay, bays=1).values()) + BIN_S * bins) / OPEN_S
    by_itself = {BOTH_BAYS: share * share * OPEN_S, "by itself": plain * OPEN_S}
    return Availability(OPEN_S, by_itself | _a_day_s(costs_s, bays=2))


def _a_day_s(costs_s: Mapping[str, float], bays: int) -> dict[str, float]:
    """Seconds a day of each trouble, as often as it comes to so many bays."""
    return {name: for_s * _a_day(name, bays) for name, for_s in costs_s.items()}


def _a_day(name: str, bays: int) -> float:
    """How often a trouble comes a day to a kiosk with so many bays."""
    one = TROUBLES[name]
    return one.a_year * (bays if one.of_bay else 1) / YEAR_DAYS


def _stretches(from_s: float, to_s: float) -> Iterable[tuple[int, Span]]:
    """The opening hours between two times, day by day."""
    for day in range(int(from_s // DAY_S), int(to_s // DAY_S) + 1):
        opens_s = max(math.floor(from_s - day * DAY_S), OPENS_S)
        closes_s = min(math.ceil(to_s - day * DAY_S), CLOSES_S)
        if closes_s > opens_s:
            yield day, (opens_s, closes_s)
