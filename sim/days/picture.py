"""A month on one page: minutes down day by day, what it was down for, and what befell it."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from sim.days.availability import Availability
from sim.days.lived import EMPTYING
from sim.days.month import OPEN_S, OPENS_S
from sim.report.axis import Axis
from sim.report.page import PAGE, STYLE
from sim.report.plot import Line, Mark, Plot
from sim.report.series import Series
from sim.scenario import DAY_S

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.days.lived import Lived
    from sim.days.month import Month

GOAL = 0.99
MINUTE_S = 60.0
LEAST_TOP_MIN = 30.0
LEVELS = 4
"""Signs of troubles that come close together stand on so many lines."""


class Days(Axis):
    """Opening hours one after the other, a day as wide as a unit of the axis; nights left out."""

    def __init__(self, days: int) -> None:
        super().__init__([(0.0, days)], days)
        self._days = days

    def ticks(self) -> list[tuple[float, str]]:
        """The number of each day, where it begins."""
        return [(self.px(day), str(day + 1)) for day in range(self._days)]


def month_page(month: Month, days: Sequence[Lived]) -> str:
    """An HTML page that needs nothing beside it; `days` begin with the first of `month`."""
    whole = together(days)
    return PAGE.format(
        title=f"kiosk-month, seed {month.seed}",
        style=STYLE.read_text(encoding="utf-8"),
        verdict=f"{len(days)} days, available {100 * whole.share:.2f} % of the opening hours",
        index="",
        runs=f'<section class="card"><div class="wide">{_plot(month, days)}</div></section>'
        f'<section class="card"><table>{_rows(whole)}</table></section>',
    )


def together(days: Sequence[Lived]) -> Availability:
    """Several days as one account.

    Raises:
        ValueError: There are none.
    """
    if not days:
        raise ValueError("no days: give at least one")
    whole = days[0].availability
    for one in days[1:]:
        whole += one.availability
    return whole


def _plot(month: Month, days: Sequence[Lived]) -> str:
    plot = Plot(Days(len(days)))
    minutes = Series(0.0)
    for at, one in enumerate(days):
        minutes.note(at, sum(one.availability.down_s.values()) / MINUTE_S)
    limit_min = (1 - GOAL) * OPEN_S / MINUTE_S
    line = [Line("down", "strong", minutes)]
    plot.graph("down", "min a day", line, least_top=LEAST_TOP_MIN, limit=limit_min)
    spans = [(_at(d.from_s), _at(d.to_s), d.cause) for one in days for d in one.down]
    shown = sorted(one for one in spans if one[1] > one[0])
    plot.strip("down for", [(*one, "idle" if one[2] == EMPTYING else "closed") for one in shown])
    befell = [one for one in month.befalls if one.at_s < len(days) * DAY_S]
    return plot.svg(
        Mark(_at(one.at_s), one.trouble, f"{one.trouble}, day {one.at_s / DAY_S:.1f}", "event", n)
        for n, one in ((at % LEVELS, one) for at, one in enumerate(befell))
    )


def _at(at_s: float) -> float:
    """Seconds of the month as days of opening hours; what is at night is at the next opening."""
    day, of_day_s = divmod(at_s, DAY_S)
    return day + min(1.0, max(0.0, of_day_s - OPENS_S) / OPEN_S)


def _rows(whole: Availability) -> str:
    """What it was down for, the most first."""
    causes = sorted(whole.down_s.items(), key=lambda one: -one[1])
    return "<tr><th>down for</th><th>min</th></tr>" + "".join(
        f"<tr><td>{escape(cause)}</td><td>{for_s / MINUTE_S:.1f}</td></tr>"
        for cause, for_s in causes
    )
