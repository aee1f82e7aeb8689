"""Twenty conversions as five figures: enough to tell rest, ringing, noise and slow force apart."""

from __future__ import annotations

from dataclasses import dataclass
from operator import mul, sub
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

CONVERSIONS = 20
"""A quarter of a second at 80/s: two periods of the slowest ringing, 8 Hz."""


@dataclass(frozen=True, slots=True)
class Block:
    """Figures of `CONVERSIONS` successive conversions, a single spike among them left out.

    Attributes:
        begun_s, ended_s: Times of the first and the last.
        fast: Whether they came one after the other, and not one a second.
        mean: Their mean, counts.
        span: Between their extremes, counts.
        squares: Sum of squares about the mean, counts².
        step_squares, skip_squares: Sums of squares of the differences between each and the
            next one, and the next but one, counts²; autocorrelation follows from them.
    """

    begun_s: float
    ended_s: float
    fast: bool
    mean: float
    span: float
    squares: float
    step_squares: float
    skip_squares: float

    @classmethod
    def of(
        cls, raw: Sequence[int], begun_s: float, ended_s: float, *, fast: bool, rest: float
    ) -> Block:
        """The figures of `raw`; what stands out by more than `rest` counts may be a spike."""
        kept = without_spike(raw, rest)
        mean = sum(kept) / len(kept)
        off = [one - mean for one in kept]
        steps = list(map(sub, kept[1:], kept))
        skips = list(map(sub, kept[2:], kept))
        return cls(
            begun_s,
            ended_s,
            fast,
            mean,
            max(kept) - min(kept),
            sum(map(mul, off, off)),
            sum(map(mul, steps, steps)),
            sum(map(mul, skips, skips)),
        )


def without_spike(raw: Sequence[int], rest: float) -> list[float]:
    """`raw` with its farthest value bridged, if it stands out as no neighbour does.

    A spike of one conversion is common in the field (libraries cure it by a median of three). It
    stands farther off than all others span, and `rest` more; a ringing pan has no such value.
    The first and the last stay as they are: alone there, it may as well be the edge of a step.
    """
    ordered = sorted(raw)
    middle = ordered[len(ordered) // 2]
    high = ordered[-1] - middle > middle - ordered[0]
    out, others = (ordered[-1], ordered[:-1]) if high else (ordered[0], ordered[1:])
    nearest, span = (others[-1] if high else others[0]), others[-1] - others[0]
    kept: list[float] = list(raw)
    at = raw.index(out)
    if 0 < at < len(raw) - 1 and abs(out - nearest) > span + rest:
        kept[at] = (kept[at - 1] + kept[at + 1]) / 2
    return kept
