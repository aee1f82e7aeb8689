"""A pan with its cell and converter and nothing around it: time jumps, weights come and go."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from sim.chance import rng
from sim.world.cell import Cell
from sim.world.hx711 import FULL_SCALE, Hx711
from sim.world.pan import Pan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.world.cell import Course
    from sim.world.figures import CellFigures, PanFigures

S = 1_000_000
LOOK_US = 50_000
DAMPING = 0.2
"""What is lowered by hand rings for a second or so, 15 kg for three."""

BREAKS = ("stuck", "saturated", "silent", "unpowered", "wanders")
"""How a cell or its converter breaks in service: one value repeats, a wire of the signal is off,
nothing is converted, a wire of the bridge's supply is off (what is left is the converter's own
noise), zero runs away."""

Conversion = tuple[int, int]
"""(when in µs, signed 24-bit raw)."""


class Break(NamedTuple):
    """When, in µs, and how, of `BREAKS`; how fast zero runs away."""

    at_us: float
    how: str
    g_per_min: float = 0.0


WHOLE = Break(math.inf, "")


class LonePan:
    """What a converter gives; `at_us` is now, and goes on only by what is asked for.

    Args:
        seed: Corner of the cell's error, converter's rate and all noise.
        cell: The cell's errors.
        pan: Noise, counts and slips.
        temperature: °C at a time in µs.
        break_: When it breaks, if it does.
    """

    def __init__(
        self,
        seed: int,
        cell: CellFigures,
        pan: PanFigures,
        temperature: Course,
        break_: Break | None = None,
    ) -> None:
        self.at_us = 0
        self._pan = Pan(pan.model_copy(update={"damping": DAMPING}))
        self._cell = Cell(cell, self._pan, temperature, rng(seed, "lone-pan", "cell"), 0)
        self._converter = Hx711(pan, self._cell, rng(seed, "lone-pan", "hx711"), 0)
        self._temperature = temperature
        self._break = break_ or WHOLE
        self._per_g = pan.counts_per_kg / 1000
        self._noise_raw = pan.noise_g * self._per_g
        self._noise = rng(seed, "lone-pan", "unpowered")
        self._stuck_raw: int | None = None

    @property
    def temperature_dc(self) -> int:
        """How warm the cell is now, in tenths of a degree."""
        return self.temperature_dc_in(0)

    def temperature_dc_in(self, seconds: float) -> int:
        """How warm it will be so much later."""
        return round(10 * self._temperature(self.at_us + seconds * S))

    def wait(self, seconds: float) -> None:
        """Nobody reads what is converted meanwhile."""
        self.at_us += round(seconds * S)

    def lay(self, mass_g: float, x: float = 0.0, y: float = 0.0) -> None:
        """Only `mass_g` lies on the pan from now on, at (x, y), each from -1 to 1."""
        self._pan.load(mass_g, self.at_us)
        if mass_g:
            self._cell.comes(mass_g, x, y)

    def look(self) -> list[Conversion]:
        """The conversions of the next 50 ms; after a wait also the last few before it ended."""
        self.at_us += LOOK_US
        return self._convert(self.at_us)

    def fast(self, seconds: float) -> list[Conversion]:
        """Every conversion of the next so many seconds."""
        looks = round(seconds * S / LOOK_US)
        return [conversion for _ in range(looks) for conversion in self.look()]

    def slow(self) -> list[Conversion]:
        """The one conversion that a node at rest sends of the next second, if there is any."""
        self.at_us += S
        return self._convert(self.at_us)[-1:]

    def _convert(self, to_us: int) -> list[Conversion]:
        self._converter.convert_until(to_us)
        conversions = self._converter.read()
        if to_us < self._break.at_us:
            return conversions
        return list(self._broken(conversions))

    def _broken(self, conversions: list[Conversion]) -> Iterator[Conversion]:
        how = self._break.how
        for at_us, raw in conversions:
            if self._stuck_raw is None:
                self._stuck_raw = raw
            if how == "stuck":
                yield at_us, self._stuck_raw
            elif how == "saturated":
                yield at_us, FULL_SCALE
            elif how == "unpowered":
                yield at_us, round(self._noise.gauss(0.0, self._noise_raw))
            elif how == "wanders":
                away_g = self._break.g_per_min * (at_us - self._break.at_us) / S / 60
                yield at_us, min(FULL_SCALE, raw + round(away_g * self._per_g))
