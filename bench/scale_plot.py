"""Draws weighings, and how the times of many compare; where they come from it does not know.

Colours are those of Okabe and Ito, which people with any colour vision tell apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from controller.core.weighing.settling import CONFIDENCE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from sim.trials.weighing import Course, Weighed

    Array = NDArray[np.float64]

SIZE_IN = (8.0, 6.0)
BLACK, ORANGE, SKY, GREEN = "#000000", "#E69F00", "#56B4E9", "#009E73"
BLUE, VERMILION, PURPLE = "#0072B2", "#D55E00", "#CC79A7"
COLOURS = (BLUE, ORANGE, GREEN, PURPLE, SKY, BLACK)
STYLES = ("-", "--", "-.", ":", "--", "-.")
"""A line is told from the others by its style as well."""

BEFORE_MS, BEHIND_MS = 100.0, 150.0
"""How much a picture shows before the last contact, and after the declaration."""

REACHES = 2.5
"""The lower half of a picture reaches so many limits to either side of the truth."""

TICKS = (0.5, 1, 2, 3, 5, 10, 20, 40)


@dataclass(frozen=True, slots=True)
class Picture:
    """A weighing with its name and what came of it."""

    title: str
    course: Course
    weighed: Weighed


def weighing_figure(picture: Picture) -> Figure:
    """What was converted, what was thought of it and how surely, and when it was declared."""
    weighed = picture.weighed
    figure = Figure(SIZE_IN, layout="constrained")
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=(2, 3))
    _conversions(above, picture)
    _estimate(below, picture)
    for axes in (above, below):
        _instants(axes, weighed)
        axes.grid(alpha=0.25)
    figure.legend(*below.get_legend_handles_labels(), loc="outside lower center", ncols=3)
    known = f"{weighed.declared_g:,.1f} g declared" if _is_declared(weighed) else "not declared"
    figure.suptitle(f"{picture.title}: {known}, {weighed.mass_g:,.1f} g true")
    return figure


def ratios_figure(ratios: Mapping[str, Array], goals: tuple[tuple[float, float], ...]) -> Figure:
    """How many weighings are not declared yet, against the time in Cramér-Rao times.

    Args:
        ratios: Of each way of weighing, by its name; the first is drawn boldly.
        goals: (ratio, share that may take longer).
    """
    figure = Figure(SIZE_IN, layout="constrained")
    axes = figure.subplots()
    for (name, found), colour, style in zip(ratios.items(), COLOURS, STYLES, strict=True):
        left = 1 - np.arange(1, len(found) + 1) / len(found)
        (line,) = axes.step(np.sort(found), left, style, where="post", color=colour, label=name)
        line.set_linewidth(2.5 if colour == COLOURS[0] else 1.5)
    axes.plot(*zip(*goals, strict=True), "v", color=VERMILION, markersize=9, label="goals")
    _logarithmic(axes)
    axes.legend(loc="lower left", bbox_to_anchor=(0.02, 0.02))
    axes.set_title(f"{len(next(iter(ratios.values()))):,} weighings")
    return figure


def _conversions(axes: Axes, picture: Picture) -> None:
    at_ms = 1000 * picture.course.after_s
    end_ms = _end_ms(picture)
    seen = (at_ms >= -BEFORE_MS) & (at_ms <= end_ms)
    axes.plot(at_ms[seen], picture.course.raw_g[seen], "o-", color=BLUE, markersize=3, linewidth=1)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda grams, _: f"{grams:,.0f}"))
    axes.set_ylabel("conversions, g")
    axes.set_xlim(-BEFORE_MS, end_ms)


def _estimate(axes: Axes, picture: Picture) -> None:
    course, limit_g = picture.course, picture.weighed.limit_g
    at_ms, off_g = 1000 * course.after_s, course.level_g - picture.weighed.mass_g
    band_g = CONFIDENCE * course.sd_g
    limit = f"class III in service, ±{limit_g:g} g"
    axes.axhspan(-limit_g, limit_g, color=GREEN, alpha=0.15, linewidth=0, label=limit)
    axes.fill_between(
        at_ms,
        off_g - band_g,
        off_g + band_g,
        color=SKY,
        alpha=0.5,
        linewidth=0,
        label="its band at 99.7 %",
    )
    axes.plot(at_ms, off_g, "o-", color=BLUE, markersize=3, linewidth=1, label="estimate")
    axes.set_ylim(-REACHES * limit_g, REACHES * limit_g)
    axes.set_ylabel("estimate above the true mass, g")
    axes.set_xlabel("time after the last contact, ms")


def _instants(axes: Axes, weighed: Weighed) -> None:
    bound_ms, declared_ms = 1000 * weighed.bound_s, 1000 * weighed.declared_s
    axes.axvline(0, color=BLACK, linestyle=":", linewidth=1.5, label="last contact")
    bound = f"Cramér-Rao time, {bound_ms:.0f} ms"
    axes.axvline(bound_ms, color=PURPLE, linestyle="--", linewidth=1.5, label=bound)
    if _is_declared(weighed):
        declared = f"declared, {declared_ms:.0f} ms"
        axes.axvline(declared_ms, color=VERMILION, linewidth=1.5, label=declared)


def _logarithmic(axes: Axes) -> None:
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.xaxis.set_major_formatter(FuncFormatter(lambda ratio, _: f"{ratio:g}"))
    axes.xaxis.set_minor_formatter("")
    axes.set_xticks(TICKS)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda share, _: f"{100 * share:g} %"))
    axes.set_xlabel("time from the last contact to the declaration / Cramér-Rao time")
    axes.set_ylabel("weighings that are not declared yet")
    axes.grid(alpha=0.25, which="both")


def _end_ms(picture: Picture) -> float:
    weighed, last_s = picture.weighed, float(picture.course.after_s[-1])
    return 1000 * max(weighed.bound_s, min(weighed.declared_s, last_s)) + BEHIND_MS


def _is_declared(weighed: Weighed) -> bool:
    return weighed.declared_s < np.inf
