"""What the closing leaf meets: a spring in series with the soft edge, and what it suffers.

Two springs in series carry one force; the edge springs until it is flat and is hard from there:

    F = k d                     k = ke ko / (ke + ko)      while F <= ke edge_mm
    F = Fe + k' (d - Fe / k)    k' = kr ko / (kr + ko)     beyond, with Fe = ke edge_mm

and on the way back 1 - loss x speed of it, so that the leaf bounces off slower than it came, while
the blow itself is that of plain springs. Stiffness: a hand 10 to 50 N/mm, EN 12453's body 500.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.world.figures import HatchFigures

LOSS_S_PER_M = 2.0
"""A leaf that meets something with 0.15 m/s leaves it with some 0.13."""

HURTS_N = 25.0
"""EN 12453's residual force: below it nobody is held."""

HARD_N_PER_MM = 500.0
"""EN 12453's test body."""


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Something that stands `height_mm` high in the opening and gives by `n_per_mm`."""

    height_mm: float
    n_per_mm: float = HARD_N_PER_MM
    in_curtain: bool = True

    def force_n(self, figures: HatchFigures, depth_mm: float, approach_m_s: float) -> float:
        """The force between edge and obstacle, pressed together by `depth_mm` (> 0)."""
        ke, ko, kr = figures.edge_n_per_mm, self.n_per_mm, figures.rail_n_per_mm
        k = ke * ko / (ke + ko)
        force_n = k * depth_mm
        flat_n = ke * figures.edge_mm
        if force_n > flat_n:
            force_n = flat_n + kr * ko / (kr + ko) * (depth_mm - flat_n / k)
        return max(0.0, force_n * (1.0 + LOSS_S_PER_M * min(0.0, approach_m_s)))


@dataclass(slots=True)
class Pinch:
    """One time that the leaf pressed something, as a force-time history in five figures.

    `pressed_us` is when the edge was pressed hard enough to tell (the trip, whether or not its
    line works), `let_go_us` when nothing drove the leaf closed any more, `eased_us` when the
    force was last at 25 N or above. 0 where that has not happened.
    """

    touched_us: int
    pressed_us: int = 0
    let_go_us: int = 0
    eased_us: int = 0
    peak_n: float = 0.0

    @property
    def hurt_us(self) -> int:
        """How long after the trip 25 N or more were still there."""
        return max(0, self.eased_us - self.pressed_us) if self.pressed_us else 0

    @property
    def reaction_us(self) -> int | None:
        """From the trip until nothing drove the leaf closed; None where it never let go."""
        return self.let_go_us - self.pressed_us if self.let_go_us and self.pressed_us else None

    def note(self, now_us: int, force_n: float, pressed_n: float, drives_closed: bool) -> None:
        """Take in one step of the history."""
        self.peak_n = max(self.peak_n, force_n)
        if force_n >= pressed_n and not self.pressed_us:
            self.pressed_us = now_us
        if self.pressed_us and not self.let_go_us and not drives_closed:
            self.let_go_us = now_us
        if force_n >= HURTS_N:
            self.eased_us = now_us
