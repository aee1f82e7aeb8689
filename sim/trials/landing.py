"""One thing dropped on a pan: what the converter gives, and what is true about it.

For estimators of mass and their figures, by the thousand: nothing but pan, cell and converter,
no node and no kiosk. The ranges are those of the machine: 8 to 20 Hz with the load on, damping
0.02 to 0.08, falls of 0.1 to 0.5 m, restitution 0.1 to 0.3, one thing in three gently laid.
"""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.chance import rng
from sim.errors import WorldError
from sim.world.cell import Cell, climate
from sim.world.figures import CellFigures, ClimateFigures, PanFigures
from sim.world.hx711 import Hx711
from sim.world.laying import SINKS_MM, SINKS_S, Laying, sinking_g
from sim.world.pan import Pan

if TYPE_CHECKING:
    import random

EMPTY_US = 500_000
AFTER_US = 4_000_000
LOOK_US = 50_000
WARM_US = -3_600_000_000
"""Cell and converter have been on for an hour."""

GENTLE = 1 / 3
SINKS = 1 / 3
"""Shares of the things that are laid, and that go on sinking like a bag's contents."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """What the seed decides; any of it can be given instead.

    `ring_hz` and `damping` are the loaded pan's, `noise_g` the white noise's sigma, of each
    conversion by itself. `counts_per_kg` is the cell's plate's; the empty pan reads about
    `zero_raw`, with temperature, 1/f noise and mains on top. The rest is of
    `Laying` and `PanFigures`.
    """

    mass_g: float
    ring_hz: float
    damping: float
    fall_mm: float
    restitution: float
    noise_g: float
    rate_hz: float
    counts_per_kg: int
    zero_raw: int
    pickup_g: float
    shift_g: float
    shift_s: float
    x: float
    y: float
    rocking: float
    rocking_hz: float


@dataclass(frozen=True, slots=True)
class Landing(Drawn):
    """The stream of one thing that came down on an empty pan, and the truth about it.

    `conversions` are (when in µs, signed 24-bit raw), from half a second before the first contact
    until four after the last.
    """

    conversions: tuple[tuple[int, int], ...]
    first_contact_us: int
    last_contact_us: float
    contacts: int


def landing(
    seed: int,
    *,
    pan: PanFigures | None = None,
    cell: CellFigures | None = None,
    **overrides: float,
) -> Landing:
    """Drop one thing.

    Args:
        seed: Decides everything that is not given.
        pan: Masses, stop, mains, slips of the converter; what is drawn replaces its own.
        cell: The cell's errors; a cell inside the specification where left out.
        overrides: Fields of `Drawn` by name.

    Raises:
        WorldError: An override is no field of `Drawn`.
    """
    drawn = _given(_drawn(rng(seed, "landing")), overrides)
    figures = _figures(pan or PanFigures(), drawn)
    platform = Pan(figures)
    chance = rng(seed, "landing", "cell")
    bridge = Cell(
        cell or CellFigures(), platform, climate(ClimateFigures(), chance), chance, WARM_US
    )
    converter = Hx711(figures, bridge, rng(seed, "landing", "hx711"), 0)
    conversions = _until(converter, 0, EMPTY_US)
    way = Laying(drawn.x, drawn.y, drawn.fall_mm, drawn.restitution, drawn.shift_g, drawn.shift_s)
    platform.lay(drawn.mass_g, EMPTY_US, way)
    bridge.comes(drawn.mass_g, way.x, way.y)
    at_us = EMPTY_US
    while platform.flies or at_us < platform.last_contact_us + AFTER_US:
        conversions += _until(converter, at_us, at_us + LOOK_US)
        at_us += LOOK_US
    seen = {
        "rate_hz": 1e6 / converter.period_us,
        "conversions": tuple(conversions),
        "first_contact_us": EMPTY_US,
        "last_contact_us": platform.last_contact_us,
        "contacts": platform.contacts,
    }
    return Landing(**(dataclasses.asdict(drawn) | seen))


def _drawn(chance: random.Random) -> Drawn:
    mass_g = math.exp(chance.uniform(math.log(40), math.log(8_000)))
    laid = chance.random() < GENTLE
    sinks = chance.random() < SINKS
    shift_s = chance.uniform(*SINKS_S)
    return Drawn(
        mass_g=mass_g,
        ring_hz=chance.uniform(8, 20),
        damping=chance.uniform(0.02, 0.08),
        fall_mm=chance.uniform(1, 30) if laid else chance.uniform(100, 500),
        restitution=chance.uniform(0.1, 0.3),
        noise_g=chance.uniform(0.1, 0.5),
        rate_hz=80 * (1 + chance.uniform(-0.1, 0.1)),
        counts_per_kg=round(180_355 * (1 + chance.uniform(-0.05, 0.05))),
        zero_raw=chance.randint(-20_000, 20_000),
        pickup_g=chance.uniform(0.0, 0.2),
        shift_g=sinking_g(mass_g, chance.uniform(*SINKS_MM), shift_s) if sinks else 0.0,
        shift_s=shift_s,
        x=chance.uniform(-1, 1),
        y=chance.uniform(-1, 1),
        rocking=chance.uniform(0.0005, 0.0025),
        rocking_hz=chance.uniform(25, 35),
    )


def _given(drawn: Drawn, overrides: dict[str, Any]) -> Drawn:
    known = [field.name for field in dataclasses.fields(drawn)]
    for name in overrides:
        if name not in known:
            raise WorldError(f"landing: nothing called {name!r} is drawn; {', '.join(known)} are")
    return dataclasses.replace(drawn, **overrides)


def _figures(pan: PanFigures, drawn: Drawn) -> PanFigures:
    """The empty pan that rings as drawn once the thing lies on it; spring and dashpot stay."""
    faster = math.sqrt(1 + drawn.mass_g / (pan.platform_kg * 1000))
    return pan.model_copy(
        update={
            "ring_hz": drawn.ring_hz * faster,
            "damping": drawn.damping * faster,
            "noise_g": drawn.noise_g,
            "rate_hz": drawn.rate_hz,
            "rate_error": 0.0,
            "counts_per_kg": drawn.counts_per_kg,
            "zero_raw": drawn.zero_raw,
            "zero_spread_g": 0.0,
            "pickup_g": drawn.pickup_g,
            "rocking": drawn.rocking,
            "rocking_hz": drawn.rocking_hz,
        }
    )


def _until(converter: Hx711, from_us: int, to_us: int) -> list[tuple[int, int]]:
    """Everything converted in between: the converter keeps only its last few."""
    conversions = []
    for at_us in range(from_us, to_us, LOOK_US):
        converter.convert_until(min(to_us, at_us + LOOK_US))
        conversions += converter.read()
    return conversions
