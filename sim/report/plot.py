"""Plots of a run as SVG: rows below each other on one time axis."""

from __future__ import annotations

import math
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from sim.report.axis import long_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from sim.report.axis import Axis
    from sim.report.series import Series

LEFT_PX = 132.0
"""Room for the rows' names and scales."""

RIGHT_PX = 24.0
TOP_PX, BOTTOM_PX = 38.0, 26.0
STRIP_PX, GRAPH_PX, GAP_PX = 24.0, 96.0, 18.0
SIGNS_PX, SIGN_PX = 10.0, 13.0
"""From the rows up to the lowest line of signs, and from one line to the next."""

OVERSHOOT = 0.05
"""A curve may leave its scale by this share: a leaf that bounces off its stop, noise about zero."""

LEAST_LETTERS = 8
LETTER_PX = 6.4
"""How wide a letter of a strip's words is, about."""


@dataclass(frozen=True, slots=True)
class Line:
    """A series in a graph: its CSS class, and how many of the graph's units its own are."""

    name: str
    css: str
    series: Series
    scale: float = 1.0


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment across all rows, named at the top; `css` says of what kind.

    `level` is how many lines of signs stand below its own, so that two at once can be read.
    """

    at_s: float
    sign: str
    title: str
    css: str
    level: int = 0


class Plot:
    """Rows on one axis; `svg` is the whole picture."""

    def __init__(self, axis: Axis) -> None:
        self._axis = axis
        self._rows: list[str] = []
        self._y_px = TOP_PX

    def strip(self, name: str, spans: Iterable[tuple[float, float, str, str]]) -> None:
        """A row of words: (from, to, word, CSS class)."""
        y_px, drawn = self._y_px, [self._name(name, "", STRIP_PX)]
        for from_s, to_s, word, css in spans:
            x_px, end_px = self._x(from_s), self._x(to_s)
            wide_px = max(0.75, end_px - x_px)
            title = escape(f"{word or name}, {from_s:.1f} to {to_s:.1f} s")
            drawn.append(
                f'<rect class="word {css}" x="{x_px:.1f}" y="{y_px:.1f}" width="{wide_px:.2f}" '
                f'height="{STRIP_PX}"><title>{title}</title></rect>'
            )
            if short := _cut(word, wide_px):
                text = escape(short)
                drawn.append(
                    f'<text class="in" x="{x_px + 4:.1f}" y="{y_px + 16:.1f}">{text}</text>'
                )
        self._add(drawn, STRIP_PX)

    def graph(
        self,
        name: str,
        unit: str,
        lines: Sequence[Line],
        *,
        least_top: float,
        limit: float | None = None,
    ) -> None:
        """A row of curves with one scale, at least up to `least_top`; `limit` is drawn dashed."""
        top = max(least_top, *(line.series.highest * line.scale for line in lines))
        bottom = min(0.0, *(line.series.lowest * line.scale for line in lines))
        scale = _Scale(bottom, top, self._y_px)
        drawn = [self._name(name, unit, GRAPH_PX), *self._grid(scale), *self._legend(lines)]
        if limit is not None and limit <= scale.top:
            drawn.append(self._across(scale.px(limit), "limit"))
        drawn += [self._curve(line, scale) for line in lines]
        self._add(drawn, GRAPH_PX)

    def svg(self, marks: Iterable[Mark]) -> str:
        """The picture, with `marks` across it."""
        marks = list(marks)
        high_px = self._y_px - GAP_PX
        wide_px = LEFT_PX + self._axis.width_px + RIGHT_PX
        levels = max((mark.level for mark in marks), default=0)
        top_px = min(0.0, TOP_PX - SIGNS_PX - SIGN_PX * (levels + 1))  # many signs need more room
        whole_px = high_px + BOTTOM_PX - top_px
        box = f"0 {top_px:.0f} {wide_px:.0f} {whole_px:.0f}"
        drawn = [*self._folds(high_px), *self._rows, *self._ticks(high_px)]
        drawn += [self._mark(mark, high_px) for mark in marks]
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide_px:.0f}" '
            f'height="{whole_px:.0f}" viewBox="{box}" role="img">' + "".join(drawn) + "</svg>"
        )

    def _x(self, at_s: float) -> float:
        return LEFT_PX + self._axis.px(at_s)

    def _add(self, drawn: list[str], high_px: float) -> None:
        self._rows += drawn
        self._y_px += high_px + GAP_PX

    def _name(self, name: str, unit: str, high_px: float) -> str:
        y_px = self._y_px + min(16.0, high_px / 2 + 4)
        more = f'<tspan class="unit"> {escape(unit)}</tspan>' if unit else ""
        return f'<text class="name" x="0" y="{y_px:.1f}">{escape(name)}{more}</text>'

    def _legend(self, lines: Sequence[Line]) -> list[str]:
        if len(lines) < 2:
            return []
        first_px = self._y_px + 38.0
        return [
            f'<path class="curve {line.css}" d="M0 {first_px + 17 * number - 4:.1f}h14"/>'
            f'<text class="tick" x="19" y="{first_px + 17 * number:.1f}">{escape(line.name)}</text>'
            for number, line in enumerate(lines)
        ]

    def _grid(self, scale: _Scale) -> list[str]:
        return [
            self._across(scale.px(value), "grid")
            + f'<text class="tick end" x="{LEFT_PX - 6:.1f}" y="{scale.px(value) + 4:.1f}">'
            f"{value:g}</text>"
            for value in scale.ticks()
        ]

    def _across(self, y_px: float, css: str) -> str:
        return f'<path class="{css}" d="M{LEFT_PX:.1f} {y_px:.1f}h{self._axis.width_px:.1f}"/>'

    def _curve(self, line: Line, scale: _Scale) -> str:
        """Steps, thinned to the lowest and the highest of each pixel."""
        d, last = [], ""
        for x_px, lowest, highest, value in _columns(line.series, self._x):
            points = (lowest, highest, value) if lowest != highest else (value,)
            ys = [f"{scale.px(one * line.scale):.1f}" for one in points]
            d.append(f"H{x_px:.1f}" if last else f"M{x_px:.1f} {ys[0]}")
            d += [f"V{y}" for y in ys if y != last]
            last = ys[-1]
        end = f"H{LEFT_PX + self._axis.width_px:.1f}" if last else ""
        return f'<path class="curve {line.css}" d="{"".join(d)}{end}"/>'

    def _folds(self, high_px: float) -> list[str]:
        drawn = []
        for piece in self._axis.pieces:
            if not piece.folded:
                continue
            x_px, wide_px = LEFT_PX + piece.from_px, piece.to_px - piece.from_px
            text = long_text(piece.to_s - piece.from_s)
            drawn.append(
                f'<rect class="fold" x="{x_px:.1f}" y="{TOP_PX}" width="{wide_px:.1f}" '
                f'height="{high_px - TOP_PX:.1f}"><title>{text} of rest</title></rect>'
            )
            if wide_px > len(text) * LETTER_PX:
                drawn.append(
                    f'<text class="tick mid" x="{x_px + wide_px / 2:.1f}" '
                    f'y="{high_px + 16:.1f}">{text}</text>'
                )
        return drawn

    def _ticks(self, high_px: float) -> list[str]:
        return [
            f'<path class="grid" d="M{LEFT_PX + x_px:.1f} {high_px:.1f}v5"/>'
            f'<text class="tick mid" x="{LEFT_PX + x_px:.1f}" y="{high_px + 16:.1f}">{text}</text>'
            for x_px, text in self._axis.ticks()
        ]

    def _mark(self, mark: Mark, high_px: float) -> str:
        x_px = self._x(mark.at_s)
        return (
            f'<g class="mark {mark.css}"><title>{escape(mark.title)}</title>'
            f'<path d="M{x_px:.1f} {TOP_PX - 6}V{high_px:.1f}"/>'
            f'<text x="{x_px:.1f}" y="{TOP_PX - SIGNS_PX - SIGN_PX * mark.level:.1f}">'
            f"{escape(mark.sign)}</text></g>"
        )


class _Scale:
    """Values to pixels, with a round top and bottom."""

    def __init__(self, bottom: float, top: float, y_px: float) -> None:
        self._step = _round_step((top - bottom) / 4)
        self.top = math.ceil(top / self._step - 4 * OVERSHOOT) * self._step
        self._bottom = math.floor(bottom / self._step + 4 * OVERSHOOT) * self._step
        self._y_px = y_px

    def px(self, value: float) -> float:
        return self._y_px + GRAPH_PX * (self.top - value) / (self.top - self._bottom)

    def ticks(self) -> list[float]:
        count = round((self.top - self._bottom) / self._step)
        return [self._bottom + self._step * n for n in range(count + 1)]


def _cut(word: str, wide_px: float) -> str:
    """As much of a word as has room, or nothing where that would say nothing."""
    letters = int((wide_px - 6) / LETTER_PX)
    if len(word) <= letters:
        return word
    return f"{word[: letters - 1]}…" if letters >= LEAST_LETTERS else ""


def _round_step(step: float) -> float:
    """The next of 1, 2, 5, 10, 20 and so on."""
    power = 10.0 ** math.floor(math.log10(step))
    return next(one * power for one in (1, 2, 5, 10) if one * power >= step * 0.999)


def _columns(series: Series, x: Callable[[float], float]) -> Iterable[tuple[float, ...]]:
    """(pixel, lowest, highest, last) of each pixel that has values."""
    column: list[float] = []
    for at_s, value in series:
        x_px = round(x(at_s), 1)
        if column and int(x_px) == int(column[0]):
            column[1:] = min(column[1], value), max(column[2], value), value
            continue
        if column:
            yield tuple(column)
        column = [x_px, value, value, value]
    if column:
        yield tuple(column)
