"""The HX711 behind the cell: conversions at its own rate, a memory of four, white noise."""

from __future__ import annotations

import math
from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random

    from sim.world.figures import PanFigures
    from sim.world.pan import Pan

FULL_SCALE = 2**23 - 1
MEMORY = 4
"""The filter needs four conversions after a step (datasheet: settling 50 ms at 80/s)."""

FIFO = 8
"""Conversions that wait on the board to be read; older ones are overwritten."""


class Hx711:
    """Converts what the pan feels; `read` gives what was converted since the last read."""

    def __init__(self, figures: PanFigures, pan: Pan, rng: random.Random, start_us: int) -> None:
        self._figures = figures
        self._pan = pan
        self._rng = rng
        rate_hz = figures.rate_hz * (1 + rng.uniform(-figures.rate_error, figures.rate_error))
        self._period_us = round(1e6 / rate_hz)
        self._next_us = start_us + rng.randrange(self._period_us)
        self._memory: deque[float] = deque([0.0] * MEMORY, maxlen=MEMORY)
        self._fifo: deque[tuple[int, int]] = deque(maxlen=FIFO)
        self._zero_raw = figures.zero_raw + round(
            rng.uniform(-1, 1) * figures.zero_spread_g * figures.counts_per_kg / 1000
        )
        self._drift_phase = rng.uniform(0, 2 * math.pi)
        self._start_us = start_us

    @property
    def period_us(self) -> int:
        """Time between two conversions: no two oscillators run alike (± 10 %)."""
        return self._period_us

    @property
    def zero_raw(self) -> int:
        """What the empty pan reads as, before drift and noise."""
        return self._zero_raw

    def convert_until(self, to_us: int) -> None:
        """Make every conversion up to `to_us` that can still be read."""
        overdue = (to_us - self._next_us) // self._period_us - FIFO - MEMORY
        if overdue > 0:
            self._next_us += overdue * self._period_us
        while self._next_us <= to_us:
            self._fifo.append((self._next_us, self._convert(self._next_us)))
            self._next_us += self._period_us

    def read(self) -> list[tuple[int, int]]:
        """(when in µs, signed 24-bit raw) since the last read, oldest first."""
        conversions = list(self._fifo)
        self._fifo.clear()
        return conversions

    def _convert(self, at_us: int) -> int:
        f = self._figures
        self._memory.append(self._pan.grams(at_us))
        grams = sum(self._memory) / MEMORY
        turn = 2 * math.pi * (at_us - self._start_us) / 1e6 / f.drift_period_s
        grams += f.drift_g * (math.sin(turn + self._drift_phase) - math.sin(self._drift_phase))
        grams += self._rng.gauss(0.0, f.noise_g)
        raw = self._zero_raw + round(grams * f.counts_per_kg / 1000)
        return max(-FULL_SCALE - 1, min(FULL_SCALE, raw))
