"""A calibration of the pan's cell: raw counts to grams and back, and which ones are refused.

Straight pieces through zero and one to five points. Zero moves in service and the span does not,
so a reading counts from the zero in force along the pieces that were calibrated.
"""

from __future__ import annotations

import datetime as dt
import math
from bisect import bisect_left
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from contract.errors import KioskError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from controller.core.metrology.class_iii import ClassIII

RAW_LIMIT = 2**23 - 1
"""A converter that reads this far out is saturated, not loaded (24 bit, two's complement)."""

MAX_POINTS = 5

COUNTS_PER_E = 5
"""Counts that the first e must have: one count is then at most 0.2 e, below which the rounding
of a reading may be left out of account (OIML R 76-1, 3.5.3.2)."""

WORD = 64
"""Characters of the longest calibration id that a record takes."""


class CalibrationError(KioskError, ValueError):
    """A calibration cannot be right; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """The span of one cell, as it was found on one day.

    Args:
        calibration_id: Names it in every record, 1 to 64 characters.
        calibrated_on: The day, ISO 8601.
        zero_raw: Counts of the empty pan.
        points: One to five (raw counts, grams), rising; zero is not among them.
        class_iii: The scale that it is for.
        temperature_dc: How warm the cell was, in tenths of a degree Celsius; None if unknown.

    Raises:
        CalibrationError: No such cell belongs under such a scale.
    """

    calibration_id: str
    calibrated_on: str
    zero_raw: int
    points: tuple[tuple[int, int], ...]
    class_iii: ClassIII
    temperature_dc: int | None = None
    _counts: tuple[int, ...] = field(init=False, repr=False, compare=False)
    _masses_g: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        _check_name(self.calibration_id, self.calibrated_on)
        _check_figures(self.zero_raw, self.points)
        masses_g = (0, *(mass_g for _, mass_g in self.points))
        counts = (0, *(raw - self.zero_raw for raw, _ in self.points))
        _check_rising(counts, masses_g, self.class_iii.max_g)
        object.__setattr__(self, "_counts", counts)
        object.__setattr__(self, "_masses_g", masses_g)
        self._check_slope()
        self._check_pieces()

    def grams(self, raw: float, zero_raw: float) -> float:
        """Mass above the zero in force in grams, unrounded; beyond the points along the nearest.

        Raises:
            CalibrationError: A count is no finite number.
        """
        above = raw - zero_raw
        if not math.isfinite(above):
            raise CalibrationError(f"raw {raw} over zero {zero_raw} is no reading: check the cell")
        return _along(above, self._counts, self._masses_g)

    def counts(self, mass_g: float, zero_raw: float) -> int:
        """Raw counts that `mass_g` reads as over the zero in force, to the nearest.

        Raises:
            CalibrationError: The mass or the zero is no finite number.
        """
        if not math.isfinite(mass_g) or not math.isfinite(zero_raw):
            raise CalibrationError(f"{mass_g} g over zero {zero_raw} has no counts")
        return round(zero_raw + _along(mass_g, self._masses_g, self._counts))

    @property
    def counts_per_g(self) -> float:
        """Counts of a gram in the first kilogram: what noise and tolerances are carried over by."""
        return (self.counts(1000, self.zero_raw) - self.zero_raw) / 1000

    def _check_slope(self) -> None:
        """Refuse a cell too dull for e, or one that would saturate before the scale's overload."""
        scale = self.class_iii
        per_e = min(self._slopes()) * scale.e_g
        if per_e < COUNTS_PER_E:
            raise CalibrationError(
                f"e of {scale.e_g} g has {per_e:.1f} counts, {COUNTS_PER_E} are needed: "
                "check the weights and that the cell is the bay's own"
            )
        highest = self.counts(scale.overload_g + scale.zero_range_g, self.zero_raw)
        lowest = self.counts(-scale.zero_range_g, self.zero_raw)
        if highest >= RAW_LIMIT or lowest <= -RAW_LIMIT:
            raise CalibrationError(
                f"the cell would read {lowest} to {highest} from below zero to overload, "
                f"beyond ±{RAW_LIMIT}: check the weights and the cell's capacity"
            )

    def _check_pieces(self) -> None:
        """Refuse points between which the straight pieces would miss by more than the limit."""
        for mass_g, missed_g in self._misses():
            limit_g = self.class_iii.initial_limit_g(mass_g)
            if missed_g > limit_g:
                raise CalibrationError(
                    f"not straight: about {missed_g:.1f} g off near {mass_g:.0f} g, limit "
                    f"{limit_g:g} g: check the weights and repeat, or replace the cell"
                )

    def _misses(self) -> Iterator[tuple[float, float]]:
        """(middle of a piece, how far the cell bends away from it there), in grams.

        The parabola through three neighbours bends h²/8·f'' away from a chord of length h, and
        the middle one stands a·b/2·f'' off the chord of the outer two, a and b beside it.
        """
        knots = list(zip(self._counts, self._masses_g, strict=True))
        for (c0, m0), (c1, m1), (c2, m2) in zip(knots, knots[1:], knots[2:], strict=False):
            a, b = c1 - c0, c2 - c1
            off_g = abs(m1 - (m0 + (m2 - m0) * a / (a + b)))
            yield (m0 + m1) / 2, off_g * a / (4 * b)
            yield (m1 + m2) / 2, off_g * b / (4 * a)

    def _slopes(self) -> list[float]:
        """Counts per gram of each piece."""
        steps = zip(pairwise(self._counts), pairwise(self._masses_g), strict=True)
        return [(c1 - c0) / (m1 - m0) for (c0, c1), (m0, m1) in steps]


def _along(x: float, xs: tuple[int, ...], ys: tuple[int, ...]) -> float:
    """`x` carried from rising `xs` to `ys`, straight between them and beyond their ends."""
    upper = min(max(bisect_left(xs, x), 1), len(xs) - 1)
    x0, x1, y0, y1 = xs[upper - 1], xs[upper], ys[upper - 1], ys[upper]
    return y0 + (x - x0) * (y1 - y0) / (x1 - x0)


def _check_name(calibration_id: str, calibrated_on: str) -> None:
    if not 1 <= len(calibration_id) <= WORD:
        raise CalibrationError(f"calibration id {calibration_id!r} must have 1 to {WORD} letters")
    try:
        dt.date.fromisoformat(calibrated_on)
    except ValueError as error:
        raise CalibrationError(
            f"calibration {calibration_id} was made on {calibrated_on!r}, which is no day"
        ) from error


def _check_figures(zero_raw: int, points: tuple[tuple[int, int], ...]) -> None:
    """Refuse what is no whole number, too many points, and counts that no converter gives."""
    if not 1 <= len(points) <= MAX_POINTS:
        raise CalibrationError(f"{len(points)} points above zero: one to {MAX_POINTS} are allowed")
    for figure in (zero_raw, *(figure for point in points for figure in point)):
        if type(figure) is not int:
            raise CalibrationError(f"{figure!r} is no whole number of counts or grams")
    for raw in (zero_raw, *(raw for raw, _ in points)):
        if abs(raw) >= RAW_LIMIT:
            raise CalibrationError(
                f"raw {raw} is saturated, limit ±{RAW_LIMIT}: check the cell and its wiring"
            )


def _check_rising(counts: tuple[int, ...], masses_g: tuple[int, ...], max_g: int) -> None:
    """Refuse masses out of order or beyond Max, and counts that do not rise with them."""
    for mass_g in masses_g[1:]:
        if not 0 < mass_g <= max_g:
            raise CalibrationError(f"a weight of {mass_g} g: above 0 and up to Max {max_g} g only")
    if any(later <= before for before, later in pairwise(masses_g)):
        raise CalibrationError(
            f"masses {masses_g[1:]} do not rise: give each weight once, in order"
        )
    if all(later < before for before, later in pairwise(counts)):
        raise CalibrationError("counts fall as the load grows: swap the cell's two signal wires")
    if any(later <= before for before, later in pairwise(counts)):
        raise CalibrationError(
            f"not monotonic: {counts[1:]} counts above zero for {masses_g[1:]} g: "
            "see that the pan hangs free, and repeat"
        )
