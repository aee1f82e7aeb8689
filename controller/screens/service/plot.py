"""A figure over the last minutes as a line, drawn as SVG: no more points than are seen."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field
from html import escape

SPAN_S = 120.0
"""So far back a plot reaches: what was just done can be looked at."""

POINTS = 480
"""Four a second over that time; older ones go, however long the page is open."""

WIDE, HIGH, PAD = 600, 120, 6
"""The drawing's size in its own units; it is stretched to its place."""


@dataclass(slots=True)
class Plot:
    """One figure of one bay: its points (seconds, figure) and what it is called.

    `least` is the smallest height that the axis spans, in `unit`: noise alone fills no plot.
    The axis goes no lower than `floor`.
    """

    name: str
    unit: str
    least: float
    floor: float = -math.inf
    points: deque[tuple[float, float]] = field(default_factory=lambda: deque(maxlen=POINTS))

    def take(self, at_s: float, figure: float | None) -> None:
        """Take a figure in; what nobody can tell is no point."""
        while self.points and at_s - self.points[0][0] > SPAN_S:
            self.points.popleft()
        if figure is not None:
            self.points.append((at_s, figure))

    @property
    def span(self) -> tuple[float, float]:
        """The lowest and the highest figure of the axis."""
        figures = [figure for _, figure in self.points] or [0.0]
        low, high = min(figures), max(figures)
        spare = max(0.0, self.least - (high - low)) / 2
        bottom = max(self.floor, low - spare)
        return bottom, max(high + spare, bottom + self.least)

    def svg(self, now_s: float, title: str) -> str:
        """The plot as SVG: a line, its highest and lowest figure, and the one of now."""
        low, high = self.span
        now = f"{self.points[-1][1]:g} {self.unit}" if self.points else "–"
        line = " ".join(
            f"{_x(at_s, now_s):.1f},{_y(figure, low, high)}" for at_s, figure in self.points
        )
        says = escape(f"{title}: {now}", quote=True)
        return (
            f'<svg viewBox="0 0 {WIDE} {HIGH}" preserveAspectRatio="none" role="img" '
            f'aria-label="{says}"><polyline class="line" points="{line}"/></svg>'
            f'<span class="ends">{low:g} … {high:g} {escape(self.unit)}</span>'
        )


def _x(at_s: float, now_s: float) -> float:
    return WIDE * (1 - (now_s - at_s) / SPAN_S)


def _y(figure: float, low: float, high: float) -> float:
    share = (figure - low) / (high - low) if high > low else 0.5
    return round(HIGH - PAD - share * (HIGH - 2 * PAD), 1)
