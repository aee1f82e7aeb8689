"""The hatch's motor and gear, seen from the leaf.

    L di/dt = u - R i - Ke w         (winding)
    w = v N / r                      (rotor, from the leaf's speed)
    F = eta N Kt i / r               (thrust at the leaf, Kt = Ke)
    m = leaf + J N² / r²             (what moves, as one mass at the leaf)

Source: DC motor with permanent magnets, any handbook; with the design's figures 54 N per ampere,
90 V per m/s, and a rotor that weighs as much as the leaf.

The bridge, while on, is driven in all four quadrants (complementary PWM), so that it also brakes,
and without drive it shorts the motor. Off means all its switches open, as an enable pin or a cut
supply leaves it: the winding empties through the diodes within some 0.05 ms and the motor coasts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.world.figures import HatchFigures


@dataclass(frozen=True, slots=True)
class Motor:
    """What follows from the figures, in SI units at the leaf.

    Attributes:
        ohm: Winding resistance.
        tau_s: L / R of the winding.
        emf_v_s_per_m: Back-EMF in volts for each m/s of the leaf.
        n_per_a: Thrust for each ampere.
        most_a: The bridge's own current limit, which bounds the thrust.
        moving_kg: Leaf and rotor.
    """

    ohm: float
    tau_s: float
    emf_v_s_per_m: float
    n_per_a: float
    most_a: float
    moving_kg: float

    @classmethod
    def built(cls, figures: HatchFigures) -> Motor:
        """The motor of a hatch."""
        turns_per_m = figures.gear / (figures.pinion_mm / 1000)
        n_per_a = figures.gear_efficiency * figures.ke_v_s * turns_per_m
        return cls(
            ohm=figures.winding_ohm,
            tau_s=figures.winding_mh / 1000 / figures.winding_ohm,
            emf_v_s_per_m=figures.ke_v_s * turns_per_m,
            n_per_a=n_per_a,
            most_a=figures.thrust_n / n_per_a,
            moving_kg=figures.leaf_kg + figures.rotor_kg_m2 * turns_per_m**2,
        )
