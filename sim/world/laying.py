"""How somebody lays a thing on the pan: never twice alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.world.bounce import GRAVITY_MM_S2

if TYPE_CHECKING:
    import random

    from sim.world.figures import PanFigures

LIGHT_G = 200.0
"""People set heavier things down and let lighter ones drop."""

FALLS_MM = (1.0, 30.0)
SINKS_S = (0.1, 0.3)
SINKS_MM = (1.0, 5.0)
SINKING = 0.1
"""That share of a bag goes on sinking so far after it has landed, with such a time constant."""


@dataclass(frozen=True, slots=True)
class Laying:
    """One thing's way onto the pan.

    Args:
        x: Where its middle lies: (0, 0) is the pan's own, (1, 1) a corner.
        y: See there.
        fall_mm: From how high it falls.
        restitution: Speed apart over speed together in a bounce, 0 to 1.
        shift_g: So much of its weight is not borne yet after a contact, for its contents still
            sink; it comes with the time constant `shift_s`.
        shift_s: See there.
    """

    x: float = 0.0
    y: float = 0.0
    fall_mm: float = 0.0
    restitution: float = 0.0
    shift_g: float = 0.0
    shift_s: float = 0.3


def laying(mass_g: float, figures: PanFigures, chance: random.Random) -> Laying:
    """The way of a thing of `mass_g` that a resident lays down."""
    off = figures.lies_off
    sinks = chance.random() < figures.shift_share
    shift_s = chance.uniform(*SINKS_S)
    return Laying(
        x=chance.uniform(-off, off),
        y=chance.uniform(-off, off),
        fall_mm=chance.uniform(*FALLS_MM) * min(1.0, LIGHT_G / mass_g),
        restitution=chance.uniform(figures.restitution_least, figures.restitution_most),
        shift_g=sinking_g(mass_g, chance.uniform(*SINKS_MM), shift_s) if sinks else 0.0,
        shift_s=shift_s,
    )


def sinking_g(mass_g: float, sinks_mm: float, shift_s: float) -> float:
    """What a bag's contents, sinking by `sinks_mm`, keep off the pan at first.

    Their share of the mass times their acceleration, sinks/shift_s² of an exponential course, over
    that of gravity.
    """
    return SINKING * mass_g * sinks_mm / shift_s**2 / GRAVITY_MM_S2
