"""A converter that is out of step with the node by a clock pulse or by its gain.

The HX711 hands out 24 bits, one a pulse, and the number of pulses chooses the next gain. A pulse
too many or too few shifts the bits (twice or half the counts); another gain, 64 or 32 in place
of 128, makes half or a quarter of them. A load never leaves the lowest bit dead, nor jumps
between two levels without ringing. Counts near 0 are their own double: there nobody can tell;
nor on a slow stream, which does not show how a load came, whether a lasting half is one.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

from controller.core.symptoms.converter_faults import BOTTOM, CHANCE, MEMORY, TOP
from controller.core.symptoms.limits import FAR_SIGMA

if TYPE_CHECKING:
    from collections.abc import Sequence

    from controller.core.symptoms.block import Block
    from controller.core.symptoms.limits import SignalLimits

BITS = math.ceil(-math.log2(CHANCE))
"""Conversions whose lowest bit agrees by `CHANCE`: heads, forty times in a row."""

RATIOS = (2.0, 4.0)
"""One bit or gain 64; two bits or gain 32."""

BEYOND = 2.0
"""So many Max at once, and at rest, are no load: a shifted sign makes such a jump."""

PLAIN_E = 100.0
"""Bits shift from one conversion to the next, but a new gain comes through the filter's memory, as
a load does. Ringing that gives the load away is 50 times weaker behind the filter at 20 Hz."""

MEMBERS = 3
"""Conversions at each of two levels, and changes between the two, that make alternation."""


class LowBit:
    """The lowest bit of `BITS` conversions in a row never changes while others do."""

    def __init__(self) -> None:
        self.on = False
        self.restart()

    def restart(self) -> None:
        """Count anew after a gap."""
        self._first, self._changed, self._count = 0, 0, 0

    def take(self, raw: int) -> None:
        """One conversion; the ends of the scale have no noise and are left out."""
        if not BOTTOM < raw < TOP:
            return
        if self._count == 0:
            self._first, self._changed = raw, 0
        self._changed |= raw ^ self._first
        self._count += 1
        if self._count >= BITS:
            self.on = self._changed != 0 and not self._changed & 1
            self._count = 0


class TwoLevels:
    """Conversions that alternate between a level and its double, or go over to it at once."""

    def __init__(self, limits: SignalLimits) -> None:
        self._limits = limits
        self._alternates = False
        self._in_step: float | None = None
        self.restart()

    @property
    def on(self) -> bool:
        """Whether the last block alternated, or the level before a change has not come back."""
        return self._alternates or self._in_step is not None

    def restart(self) -> None:
        """Forget the levels after a gap; what has changed stays changed."""
        self._rest_mean: float | None = None
        self._between: Sequence[int] = ()

    def take(self, block: Block, raw: Sequence[int]) -> None:
        """A block, and the conversions that it was made of."""
        limits = self._limits
        if max(raw) >= TOP or min(raw) <= BOTTOM:
            self.restart()
            return
        if block.span > limits.rest:
            self._alternates = alternates(raw, limits)
            if self._between or not block.fast:
                self._rest_mean = None
            self._between = raw
            return
        self._alternates = False
        if self._in_step is not None and abs(block.mean - self._in_step) <= limits.rest:
            self._in_step = None
        elif self._rest_mean is not None and block.fast:
            self._step(self._rest_mean, block.mean)
        self._rest_mean, self._between = block.mean, ()

    def _step(self, before: float, after: float) -> None:
        """From one level at rest to another with at most one block between them."""
        size, noise = abs(after - before), FAR_SIGMA * self._limits.noise
        if self._in_step is not None or size < self._limits.least:
            return
        exact = min((*RATIOS, *(1 / one for one in RATIOS)), key=lambda r: abs(after - r * before))
        near = noise * max(1.0, exact)
        related = size > BEYOND * self._limits.most or abs(after - exact * before) <= near
        if related and self._at_once(before, after, near):
            self._in_step = before

    def _at_once(self, before: float, after: float, near: float) -> bool:
        """Whether no more lies between the levels than bits and gain explain, and a spike."""
        way = sum(min(abs(one - before), abs(one - after)) > near for one in self._between)
        large = abs(after - before) >= PLAIN_E * self._limits.e
        return way <= (MEMORY if large else 1)


def alternates(raw: Sequence[int], limits: SignalLimits) -> bool:
    """Whether `raw` jumps to and fro between two levels, one 2 or 4 times the other or `BEYOND`."""
    ordered = sorted(raw)
    gap, at = max((b - a, n) for n, (a, b) in enumerate(pairwise(ordered)))
    low, high = ordered[: at + 1], ordered[at + 1 :]
    if gap < limits.rest or min(len(low), len(high)) < MEMBERS:
        return False
    edge = high[0]
    changes = sum((a < edge) != (b < edge) for a, b in pairwise(raw))
    small, big = sorted((sum(low) / len(low), sum(high) / len(high)), key=abs)
    factor = min(RATIOS, key=lambda one: abs(big - one * small))
    width = FAR_SIGMA * limits.noise * factor
    tight = max(low[-1] - low[0], high[-1] - high[0]) <= width
    related = gap > BEYOND * limits.most or abs(big - factor * small) <= width
    return changes >= MEMBERS and tight and related
