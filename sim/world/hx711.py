"""The HX711 behind the cell: its own rate, a memory of four, its noises and its slips."""

from __future__ import annotations

import math
from collections import deque
from typing import TYPE_CHECKING

from sim.world.flicker import Flicker

if TYPE_CHECKING:
    import random

    from sim.world.cell import Cell
    from sim.world.figures import PanFigures

FULL_SCALE = 2**23 - 1
MEMORY = 4
"""The filter needs four conversions after a step (datasheet: settling 50 ms at 80/s)."""

FIFO = 8
"""Conversions that wait on the board to be read; older ones are overwritten."""

MAINS_HZ = 50.0
FLICKER_EVERY = 8
"""1/f noise is slow: a new value every 0.1 s."""


class Hx711:
    """Converts what the cell gives; `read` gives what was converted since the last read.

    Args:
        figures: Rate, noises and counts.
        cell: What it listens to.
        rng: Every chance in it.
        start_us: When it is powered.
    """

    def __init__(self, figures: PanFigures, cell: Cell, rng: random.Random, start_us: int) -> None:
        self._figures = figures
        self._cell = cell
        self._rng = rng
        rate_hz = figures.rate_hz * (1 + rng.uniform(-figures.rate_error, figures.rate_error))
        self._period_us = round(1e6 / rate_hz)
        self._next_us = start_us + rng.randrange(self._period_us)
        self._memory: deque[float] = deque([cell.grams(start_us)] * MEMORY, MEMORY)
        self._fifo: deque[tuple[int, int]] = deque(maxlen=FIFO)
        self._zero_raw = figures.zero_raw + round(
            rng.uniform(-1, 1) * figures.zero_spread_g * figures.counts_per_kg / 1000
        )
        strays_hz = rng.uniform(-figures.mains_spread_hz, figures.mains_spread_hz)
        self._mains_turn = 2e-6 * math.pi * (MAINS_HZ + strays_hz)
        self._mains_phase = rng.uniform(0, 2 * math.pi)
        self._flicker = Flicker(figures.noise_g, figures.flicker_hz, rate_hz, rng)
        self._flicker_g = self._flicker.go_on(0.0)
        self._to_flicker = 0

    @property
    def period_us(self) -> int:
        """Time between two conversions: no two oscillators run alike (± 10 %)."""
        return self._period_us

    @property
    def zero_raw(self) -> int:
        """What the empty pan reads as, before temperature and noise."""
        return self._zero_raw

    def convert_until(self, to_us: int) -> None:
        """Make every conversion up to `to_us` that can still be read."""
        overdue = (to_us - self._next_us) // self._period_us - FIFO - MEMORY
        if overdue > 0:
            self._next_us += overdue * self._period_us
            self._flicker_g = self._flicker.go_on(overdue * self._period_us / 1e6)
        while self._next_us <= to_us:
            self._convert(self._next_us)
            self._next_us += self._period_us

    def read(self) -> list[tuple[int, int]]:
        """(when in µs, signed 24-bit raw) since the last read, oldest first."""
        if not self._fifo:
            return []
        conversions = list(self._fifo)
        self._fifo.clear()
        return conversions

    def _convert(self, at_us: int) -> None:
        f = self._figures
        self._memory.append(self._bridge_g(at_us))
        grams = sum(self._memory) / MEMORY + self._noise_g()
        raw = self._zero_raw + round(grams * f.counts_per_kg / 1000)
        slips = self._rng.random()
        if slips < f.missed:
            return
        if slips < f.missed + f.spikes:
            raw += self._spike_raw()
        self._fifo.append((at_us, max(-FULL_SCALE - 1, min(FULL_SCALE, raw))))

    def _bridge_g(self, at_us: int) -> float:
        """What comes down the wires: the cell's signal and the mains'."""
        hum = math.sin(self._mains_turn * at_us + self._mains_phase)
        return self._cell.grams(at_us) + self._figures.pickup_g * hum

    def _noise_g(self) -> float:
        """White and 1/f, of the converter itself: no memory smooths it."""
        self._to_flicker -= 1
        if self._to_flicker <= 0:
            self._to_flicker = FLICKER_EVERY
            self._flicker_g = self._flicker.go_on(FLICKER_EVERY * self._period_us / 1e6)
        return self._rng.gauss(0.0, self._figures.noise_g) + self._flicker_g

    def _spike_raw(self) -> int:
        """A conversion that is wrong alone: any size between least and most, either way."""
        f = self._figures
        size = math.exp(self._rng.uniform(math.log(f.spike_least_raw), math.log(f.spike_most_raw)))
        return round(self._rng.choice((-1, 1)) * size)
