"""Cells as they come: inside the machine's specification, or clearly outside it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.chance import rng
from sim.trials.lone_pan import BREAKS, Break, S
from sim.world.figures import CellFigures, PanFigures

if TYPE_CHECKING:
    import random

CORNER = 0.0003
"""The machine's corner error, 0.03 % at the most."""

RETURNS = 0.4
"""Of class C3's creep, which is the default cell's. A multi-interval cell must come back to within
half of the first e after half an hour under Max (OIML R 60, minimum dead load output return):
1 g of 15 kg, where C3 alone may leave 2.5 g."""

AGES = 0.0002 / 365
"""Of the span a day: 0.02 % a year, which makers of good cells promise (an assumption)."""

DRIFTS_G = 0.05
"""Of zero a day (an assumption)."""

LEAST_OUT, MOST_OUT = 2.0, 20.0
"""Outside is so many times the specification."""

DAMAGED = (0.0002, 0.005)
"""Of the span in thirty days: a bond that lets go, water in the cell. Thirty to 300 times what
ages, so no verification interval that anybody pays for bounds it."""

SPECIFIED = {
    "corner": {"corner": CORNER},
    "nonlinearity": {"nonlinearity": 0.00005},
    "hysteresis": {"hysteresis": 0.00006},
    "creep": {
        "creep_30_s": 0.00008 * RETURNS,
        "creep_300_s": 0.00006 * RETURNS,
        "creep_1500_s": 0.00004 * RETURNS,
    },
    "zero-temperature": {"zero_g_per_k": 0.2},
    "span-temperature": {"span_per_k": 0.00001},
    "warm-up": {"warm_up_g": 1.0},
    "drift": {"zero_g_per_day": DRIFTS_G},
    "ageing": {"span_per_day": AGES},
}
"""Each error, and the figures that a good cell has at the most."""

DAY_US = 86_400 * S
RUNS_AWAY = (0.2, 20.0)
"""Grams a minute of a zero that runs away."""

UNSIGNED = frozenset({"corner", "hysteresis"})
NOISE_G = 0.21
DEAD_LOAD_RAW = 360_710
"""The empty pan's own 2 kg: what a bridge without supply does not give either."""

FAULTS = (*SPECIFIED, "noise", "broken", "damaged")
"""What may be wrong with a cell outside; several at once in two of five. `broken` and `damaged`
come in service."""

SEVERAL = (0.6, 0.3, 0.1)


@dataclass(frozen=True, slots=True)
class Made:
    """A cell, its converter, what is wrong with it, and when it breaks if it does."""

    cell: CellFigures
    pan: PanFigures
    faults: tuple[str, ...] = ()
    break_: Break | None = None


def inside(seed: int) -> Made:
    """A cell whose every error is somewhere within its specification, to either side."""
    chance = rng(seed, "cells", "inside")
    errors = {"span": chance.uniform(0.98, 1.02)}
    for figures in SPECIFIED.values():
        part = chance.uniform(-1, 1)
        errors |= {name: _signed(name, part * most) for name, most in figures.items()}
    noise_g = NOISE_G * chance.uniform(0.5, 1)
    return Made(CellFigures(**errors), PanFigures(noise_g=noise_g, zero_raw=DEAD_LOAD_RAW))


def outside(seed: int, days: float, faults: tuple[str, ...] = ()) -> Made:
    """The same cell with one to three errors far outside, or those in `faults`.

    Args:
        seed: Decides all that is not given.
        days: Within which it breaks where it is to break.
        faults: Of `FAULTS`; drawn where empty.
    """
    chance = rng(seed, "cells", "outside")
    made = inside(seed)
    if not faults:
        (count,) = chance.choices((1, 2, 3), SEVERAL)
        faults = tuple(chance.sample(FAULTS, count))
    errors: dict[str, float] = {}
    noise_g, break_ = made.pan.noise_g, None
    for fault in faults:
        if fault == "broken":
            away_g = _either(chance, *RUNS_AWAY)
            break_ = Break(chance.uniform(1, days) * DAY_US, chance.choice(BREAKS), away_g)
        elif fault == "damaged":
            errors["span_per_day"] = _either(chance, *DAMAGED) / 30
        elif fault == "noise":
            noise_g = abs(_either(chance, LEAST_OUT, MOST_OUT)) * NOISE_G
        else:
            times = _either(chance, LEAST_OUT, MOST_OUT)
            figures = SPECIFIED[fault].items()
            errors |= {name: _signed(name, times * most) for name, most in figures}
    return Made(
        made.cell.model_copy(update=errors),
        made.pan.model_copy(update={"noise_g": noise_g}),
        faults,
        break_,
    )


def _either(chance: random.Random, least: float, most: float) -> float:
    """As likely between 2 and 4 as between 10 and 20, and of either sign."""
    return chance.choice((-1, 1)) * math.exp(chance.uniform(math.log(least), math.log(most)))


def _signed(name: str, figure: float) -> float:
    return abs(figure) if name in UNSIGNED else figure
