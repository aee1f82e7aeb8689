"""How much of its opening hours a kiosk takes deposits over a month of faults at published rates.

A month has some ten troubles, most of them small, and every other month none for which anybody must
come: the share of one month is chance. So the figure is the expected one: each trouble of
`sim.days.troubles` is run once by itself, at a time of the day of its own, and the opening hours
that it costs are taken as often as it comes; and two hours without any, and the bins that the crew
takes out. So for a kiosk with one bay, and again for one with two, which is down while neither
takes anything; and for one bay on a site without a steward, of which every bin goes every day.
`scripts/campaign kiosk_month` runs a month day by day.
"""

from __future__ import annotations

import functools
from functools import partial
from typing import TYPE_CHECKING

import typer

from bench.row import Row
from sim.days.cost import cost_s, expected, expected_of_two, plain_share
from sim.days.crew import REFUSE, STREAM, rounds
from sim.days.month import ONE_BAY, TWO_BAYS, YEAR_DAYS, month
from sim.days.troubles import TROUBLES
from sim.seeing import shipped_classifier
from sim.trials.many import many

if TYPE_CHECKING:
    from collections.abc import Sequence

    from controller.adapters.onnx_classifier import OnnxClassifier
    from sim.days.availability import Availability

FIRST = 2_000_000
"""No seed from here on was looked at while kiosk, diagnosis and rates were made."""

IRELAND_PERCENT, MINISTER_PERCENT = 86.0, 95.0
"""Re-turn's machines, and what is asked of them (notes on the domain, A.1)."""

GOAL_PERCENT = 99.0
MOST_FULL_PERCENT = 1.0
PLAIN = len(TROUBLES)
EVERY = len({*STREAM.values()}) + REFUSE
"""Bins of a bay."""

OF_STEWARD = [number for number, one in enumerate(TROUBLES.values()) if one.for_steward]


def rows() -> list[Row]:
    """Availability over 30 days with faults, and what it is down for on stderr; full bins."""
    crew = rounds(month(FIRST, days=YEAR_DAYS), YEAR_DAYS)
    one_s, one_plain = _measured(ONE_BAY)
    two_s, two_plain = _measured(TWO_BAYS)
    alone_s = many(partial(cost, ONE_BAY, has_steward=False), OF_STEWARD, chunk=1)
    names = [list(TROUBLES)[number] for number in OF_STEWARD]
    bare_s = one_s | dict(zip(names, alone_s, strict=True))
    one = expected(one_s, one_plain, crew.bins_a_day)
    two = expected_of_two(two_s, two_plain, one_s, crew.bins_a_day)
    bare = expected(bare_s, one_plain, EVERY)
    percent = 100 * crew.refused / crew.loads
    name = f"refused for full, a year of rounds, {crew.bins_a_day:.2f} bins a day"
    return [
        *_rows("one bay, steward, bins that need it", one),
        *_rows("one bay, no steward, every bin every day", bare),
        *_rows("two bays, steward, bins that need it", two),
        Row(name, percent, "%", "goal", MOST_FULL_PERCENT, MOST_FULL_PERCENT, False, True),
    ]


def _measured(bays: Sequence[str]) -> tuple[dict[str, float], float]:
    """What each trouble costs such a kiosk, and the share without any."""
    *costs_s, plain = many(partial(cost, bays), range(PLAIN + 1), chunk=1)
    return dict(zip(TROUBLES, costs_s, strict=True)), plain


def _rows(which: str, whole: Availability) -> list[Row]:
    typer.echo(f"{which}:", err=True)
    tell(whole)
    percent = 100 * whole.share
    name = f"available over 30 days with faults, {which}, expected"
    return [
        Row(name, percent, "%", "Ireland", IRELAND_PERCENT, GOAL_PERCENT, is_limit=True),
        Row(name, percent, "%", "its minister's demand", MINISTER_PERCENT, 1.0),
    ]


def cost(bays: Sequence[str], number: int, *, has_steward: bool = True) -> float:
    """Seconds that the trouble of that number costs; after the last, the share without any."""
    if number == PLAIN:
        return plain_share(FIRST + number, _eyes(), bays)
    name = list(TROUBLES)[number]
    return cost_s(name, FIRST + number, _eyes(), bays, has_steward=has_steward)


def tell(whole: Availability) -> None:
    """What it is down for, the most first, in seconds of a day on average."""
    for cause, for_s in sorted(whole.down_s.items(), key=lambda one: -one[1]):
        percent = 100 * for_s / whole.opening_s
        typer.echo(f"  {cause:16} {for_s:7.1f} s a day, {percent:6.3f} %", err=True)


@functools.cache
def _eyes() -> OnnxClassifier:
    """A process loads them once."""
    return shipped_classifier()
