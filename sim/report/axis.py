"""The time axis of a report: what went on is drawn to scale, and long rest is folded."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MARGIN_S = 2.0
"""Shown before and after whatever goes on."""

FOLDS_S = 15.0
"""Rest longer than this is folded."""

FOLD_PX = 46.0
LEAST_PX, MOST_PX = 1000.0, 16_000.0
PX_A_S = 6.0
"""So wide a second should be, where the page allows it."""

TICKS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600)
TICK_PX = 64.0


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of the axis, in seconds and in pixels; `folded` where it is rest."""

    from_s: float
    to_s: float
    from_px: float
    to_px: float
    folded: bool

    @property
    def px_a_s(self) -> float:
        """How wide a second is."""
        return (self.to_px - self.from_px) / (self.to_s - self.from_s)


class Axis:
    """Seconds to pixels.

    Args:
        busy: (from, to) in seconds, in any order, of whatever went on.
        end_s: Where the axis ends; it begins at 0.
    """

    def __init__(self, busy: Iterable[tuple[float, float]], end_s: float) -> None:
        spans = _merged(busy, end_s)
        shown_s = sum(to_s - from_s for from_s, to_s in spans)
        folds = len(_gaps(spans, end_s))
        fold_px = min(FOLD_PX, MOST_PX / 2 / max(1, folds))
        wanted_px = shown_s * PX_A_S + folds * fold_px
        self.width_px = min(MOST_PX, max(LEAST_PX, wanted_px))
        px_a_s = (self.width_px - folds * fold_px) / shown_s
        self.pieces = _pieces(spans, end_s, px_a_s, fold_px)
        self._starts = [piece.from_s for piece in self.pieces]

    def px(self, at_s: float) -> float:
        """Where a second is drawn."""
        piece = self.pieces[max(0, bisect_right(self._starts, at_s) - 1)]
        return piece.from_px + (min(at_s, piece.to_s) - piece.from_s) * piece.px_a_s

    def ticks(self) -> list[tuple[float, str]]:
        """(pixel, label) of the seconds to name."""
        found = []
        for piece in self.pieces:
            if piece.folded:
                continue
            step_s = next((s for s in TICKS_S if s * piece.px_a_s >= TICK_PX), TICKS_S[-1])
            first = -(-piece.from_s // step_s)
            at_s = first * step_s
            while at_s < piece.to_s:
                found.append((self.px(at_s), clock_text(at_s)))
                at_s += step_s
        return found


def clock_text(at_s: float) -> str:
    """Seconds from the start as `1:02:03`, or `2:03`."""
    minutes, seconds = divmod(round(at_s), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def long_text(seconds: float) -> str:
    """A span of rest as `52 min`."""
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"


def _merged(busy: Iterable[tuple[float, float]], end_s: float) -> list[tuple[float, float]]:
    """Busy spans with their margins, those close together as one; the whole where there is none."""
    spans: list[tuple[float, float]] = []
    for from_s, to_s in sorted(busy):
        start_s = max(0.0, from_s - MARGIN_S)
        stop_s = min(end_s, to_s + MARGIN_S)
        if spans and start_s - spans[-1][1] < FOLDS_S:
            spans[-1] = (spans[-1][0], max(spans[-1][1], stop_s))
        elif stop_s > start_s:
            spans.append((start_s, stop_s))
    if not spans:
        return [(0.0, max(end_s, 1.0))]
    if spans[0][0] < FOLDS_S:
        spans[0] = (0.0, spans[0][1])
    if end_s - spans[-1][1] < FOLDS_S:
        spans[-1] = (spans[-1][0], end_s)
    return spans


def _gaps(spans: Sequence[tuple[float, float]], end_s: float) -> list[tuple[float, float]]:
    edges = [0.0, *(edge for span in spans for edge in span), end_s]
    pairs = zip(edges[::2], edges[1::2], strict=True)
    return [(from_s, to_s) for from_s, to_s in pairs if to_s > from_s]


def _pieces(
    spans: Sequence[tuple[float, float]], end_s: float, px_a_s: float, fold_px: float
) -> list[Piece]:
    order = [(span, False) for span in spans] + [(gap, True) for gap in _gaps(spans, end_s)]
    pieces, at_px = [], 0.0
    for (from_s, to_s), folded in sorted(order):
        wide_px = fold_px if folded else (to_s - from_s) * px_a_s
        pieces.append(Piece(from_s, to_s, at_px, at_px + wide_px, folded))
        at_px += wide_px
    return pieces
