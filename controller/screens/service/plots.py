"""A bay's weight, hatch current, temperature and levels over the last minutes, as plots."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nicegui import ui

from controller.screens.service.plot import Plot
from controller.screens.tags import box, text

if TYPE_CHECKING:
    from collections.abc import Callable

    from controller.screens.service.counter import Counter

EVERY_S = 0.25
"""Four times a second: a hand that goes over a sensor is seen."""

FIGURES = (
    ("mass", "mass_g", "g", 10.0),
    ("motor", "motor_ma", "mA", 100.0),
    ("temperature", "temperature_c", "°C", 1.0),
)
"""Label, key of what the desk tells, unit, and the least that the axis spans."""

LEVEL_LEAST = 10.0
"""Percent."""


class Plots:
    """The plots of one bay. Drawn once; each then follows by itself while the page is open.

    Args:
        counter: The page's.
        bay: The bay's name.
        told: Gives what the desk tells of the bay's inputs.
    """

    def __init__(self, counter: Counter, bay: str, told: Callable[[], dict[str, Any]]) -> None:
        self._counter = counter
        self._bay = bay
        self._told = told
        self._plots = {key: Plot(label, unit, least) for label, key, unit, least in FIGURES}
        for index in sorted(told()["levels_permille"]):
            self._plots[index] = Plot("bin-number", "%", LEVEL_LEAST, floor=0.0)
        self._drawn: dict[str, ui.html] = {}

    def draw(self) -> None:
        """One plot a figure."""
        self._drawn = {}
        with box("plots"):
            for key, plot in self._plots.items():
                with box("plot").props(f'data-plot="{key}"'):
                    text(self._title(key, plot), "soft")
                    self._drawn[key] = ui.html("", sanitize=False)
        self.follow()
        ui.timer(EVERY_S, self.follow)

    def follow(self) -> None:
        """Take the figures of now in, and draw them."""
        now_s, row = self._counter.desk.now_s(), self._told()
        levels = row["levels_permille"]
        for key, plot in self._plots.items():
            figure = row[key] if key in row else _percent(levels.get(key))
            plot.take(now_s, figure)
            self._drawn[key].set_content(plot.svg(now_s, self._title(key, plot)))

    def _title(self, key: str, plot: Plot) -> str:
        words = self._counter.words
        return words.label(plot.name, index=key) if key.isdigit() else words.label(plot.name)


def _percent(permille: int | None) -> float | None:
    return None if permille is None else permille / 10
