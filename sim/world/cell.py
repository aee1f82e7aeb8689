"""The load cell: what its bridge gives for what it feels, with every error of a data sheet."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random

    from sim.world.figures import CellFigures, ClimateFigures
    from sim.world.pan import Pan

CALIBRATED_C = 20.0
"""The temperature at which a cell's errors of temperature are nought (OIML R 60)."""

CREEP_S = (30.0, 300.0, 1500.0)
"""Time constants of creep: the adhesive, the foil's backing, the spring body."""

PLAYS = (0.02, 0.07, 0.2)
"""Half widths of the three plays that make the hysteresis, as shares of the capacity."""

SLOW_US = 100_000
"""Creep and temperature change by less than a count in this time, and are not asked sooner."""

DAY_S = 86_400.0

Course = Callable[[float], float]
"""Temperature in °C as a function of time in µs."""


def climate(figures: ClimateFigures, rng: random.Random) -> Course:
    """A temperature that goes up and down once a period; the seed says where it begins."""
    phase = rng.uniform(0, 2 * math.pi)
    turn = 2e-6 * math.pi / figures.period_s
    return lambda at_us: figures.mean_c + figures.swing_c * math.sin(turn * at_us + phase)


class Creep:
    """Three exponentials that follow the load slowly; in closed form between two loads."""

    def __init__(self, shares: tuple[float, ...]) -> None:
        self._shares = shares
        self._load_g = 0.0
        self._since_us = 0.0
        self._crept_g = [0.0] * len(shares)

    def load(self, load_g: float, at_us: float) -> None:
        """Another load from `at_us` on."""
        self._crept_g = self._parts_g(at_us)
        self._load_g, self._since_us = load_g, at_us

    def grams(self, at_us: float) -> float:
        """What is shown more than was shown at once, for loads until now."""
        return sum(self._parts_g(at_us))

    def _parts_g(self, at_us: float) -> list[float]:
        past_s = (at_us - self._since_us) / 1e6
        parts = []
        for share, crept_g, tau_s in zip(self._shares, self._crept_g, CREEP_S, strict=True):
            target_g = share * self._load_g
            parts.append(target_g + (crept_g - target_g) * math.exp(-past_s / tau_s))
        return parts


class Hysteresis:
    """The sum of three plays (Prandtl-Ishlinskii): the reading lags behind the force.

    Args:
        share: Greatest distance between loading and unloading, of the capacity.
        capacity_g: The capacity.
    """

    def __init__(self, share: float, capacity_g: float) -> None:
        self._half_g = [play * capacity_g for play in PLAYS]
        self._at_g = [0.0] * len(PLAYS)
        self._weight = share * capacity_g / (2 * sum(self._half_g))

    def grams(self, force_g: float) -> float:
        """What is added at `force_g`, after all forces until now: less going up, more down."""
        lag_g = 0.0
        for at, half_g in enumerate(self._half_g):
            play_g = self._at_g[at] = max(force_g - half_g, min(force_g + half_g, self._at_g[at]))
            lag_g += play_g - force_g
        return self._weight * lag_g


class Cell:
    """Turns what the pan feels into what the bridge gives, in grams of its plate's span.

    Args:
        figures: Its errors.
        pan: What bears on it.
        temperature: °C at a time in µs.
        rng: Into which corner it leans.
        powered_us: When it was switched on.
    """

    def __init__(
        self,
        figures: CellFigures,
        pan: Pan,
        temperature: Course,
        rng: random.Random,
        powered_us: float,
    ) -> None:
        self._figures = figures
        self._pan = pan
        self._temperature = temperature
        self._powered_us = powered_us
        self._capacity_g = figures.capacity_kg * 1000
        self._creep = Creep((figures.creep_30_s, figures.creep_300_s, figures.creep_1500_s))
        self._hysteresis = Hysteresis(figures.hysteresis, self._capacity_g)
        self._crept_load_g = self._crept_g = self._zero_g = 0.0
        self._span = figures.span
        self._slow_until_us = -math.inf
        self._force_g = math.nan
        self._strain_g = 0.0
        turn = rng.uniform(0, 2 * math.pi)
        size = abs(math.cos(turn)) + abs(math.sin(turn))
        self._worst = (math.cos(turn) / size, math.sin(turn) / size)
        self._centre = (0.0, 0.0)
        self._corner = 0.0

    def comes(self, mass_g: float, x: float, y: float) -> None:
        """`mass_g` of the pan's load came last and lies at (x, y); the rest stays where it was.

        Args:
            mass_g: What came.
            x: From -1 to 1 across the pan, 0 in the middle.
            y: The same along it.
        """
        share = mass_g / self._pan.load_g
        was_x, was_y = self._centre
        self._centre = (was_x + (x - was_x) * share, was_y + (y - was_y) * share)
        worst_x, worst_y = self._worst
        bends = self._centre[0] * worst_x + self._centre[1] * worst_y
        self._corner = self._figures.corner * bends
        self._force_g = math.nan  # the same force strains it otherwise from now on

    def grams(self, at_us: float) -> float:
        """What the bridge gives at `at_us`; times go up, for creep and hysteresis remember."""
        if at_us >= self._slow_until_us or self._pan.load_g != self._crept_load_g:
            self._look_at_what_is_slow(at_us)
        force_g = self._pan.grams(at_us)
        if force_g != self._force_g:
            self._force_g = force_g
            self._strain_g = self._strained_g(force_g)
        return self._span * (self._strain_g + self._crept_g) + self._zero_g

    def _strained_g(self, force_g: float) -> float:
        filled = force_g / self._capacity_g
        bent_g = 4 * self._figures.nonlinearity * force_g * (1 - filled)
        return force_g * (1 + self._corner) + bent_g + self._hysteresis.grams(force_g)

    def _look_at_what_is_slow(self, at_us: float) -> None:
        f = self._figures
        if self._pan.load_g != self._crept_load_g:
            self._crept_load_g = self._pan.load_g
            self._creep.load(self._pan.load_g, self._pan.loaded_us)
        self._crept_g = self._creep.grams(at_us)
        warmer_c = self._temperature(at_us) - CALIBRATED_C
        on_s = (at_us - self._powered_us) / 1e6
        days = on_s / DAY_S
        self._span = f.span * (1 + f.span_per_k * warmer_c) * (1 + f.span_per_day * days)
        warms_g = f.zero_g_per_k * warmer_c + f.warm_up_g * math.exp(-on_s / f.warm_up_s)
        self._zero_g = warms_g + f.zero_g_per_day * days
        self._slow_until_us = at_us + SLOW_US
