"""The hatch: motor, leaf, friction, limits, and whatever is in the leaf's way.

Quasi-static motor current (electrical time constant 0.75 ms, well below the step), leaf
integrated in steps of at most 1 ms; mechanical time constant about 5 ms.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random

    from sim.world.figures import HatchFigures

BODY_DAMPING_N_S_PER_M = 300.0
"""What flesh or cardboard between the edges takes out of the leaf's motion."""

JAMMED = 40.0
"""A jammed leaf rubs this many times as hard as a free one: more than the motor's thrust."""

EDGE_IDLE_OHM, EDGE_PRESSED_OHM = 8200, 450


@dataclass(slots=True)
class Hatch:
    """The leaf at `x_mm` above closed, moving with `speed_mm_s` (positive opens)."""

    figures: HatchFigures
    friction_n: float
    x_mm: float = 0.0
    speed_mm_s: float = 0.0
    drive_permille: int = 0
    bridge_on: bool = False
    lock_on: bool = False
    jammed: bool = False
    in_the_way_mm: float = 0.0
    thrust_n: float = 0.0
    pressing_n: float = 0.0
    limit_closed: bool = True
    limit_open: bool = False

    @classmethod
    def built(cls, figures: HatchFigures, rng: random.Random) -> Hatch:
        """A closed hatch; no two rub alike (± 10 %)."""
        return cls(figures, figures.friction_n * rng.uniform(0.9, 1.1))

    @property
    def moving(self) -> bool:
        """Whether the leaf moves or its motor pushes."""
        return self.speed_mm_s != 0.0 or (self.bridge_on and self.drive_permille != 0)

    @property
    def motor_ma(self) -> int:
        """Motor current; it follows thrust, stalled or not."""
        return round(abs(self.thrust_n) * self.figures.ma_per_n)

    @property
    def edge_ohm(self) -> int:
        """The supervised soft edge: its end-of-line resistor, or nearly a short when pressed."""
        pressed = self.pressing_n >= self.figures.edge_pressed_n
        return EDGE_PRESSED_OHM if pressed else EDGE_IDLE_OHM

    def step(self, dt_s: float) -> None:
        """Integrate `dt_s` (≤ 1 ms), semi-implicit."""
        f = self.figures
        speed_m_s = self.speed_mm_s / 1000
        self.pressing_n = self._pressing_n(speed_m_s)
        self.thrust_n = self._thrust_n(speed_m_s)
        force_n = self.thrust_n + self.pressing_n - f.viscous_n_s_per_m * speed_m_s
        speed_m_s = self._rubbed(speed_m_s, force_n, dt_s)
        self.speed_mm_s = speed_m_s * 1000
        self._travel(self.speed_mm_s * dt_s)
        self._switch_limits()

    def rest(self) -> None:
        """Nothing drives and nothing moves: no thrust, no current."""
        self.thrust_n = 0.0
        self.pressing_n = self._pressing_n(0.0)

    def _thrust_n(self, speed_m_s: float) -> float:
        if not self.bridge_on:
            return 0.0
        f = self.figures
        wanted_m_s = f.free_speed_m_s * self.drive_permille / 1000
        thrust_n = f.droop_n_s_per_m * (wanted_m_s - speed_m_s)
        return max(-f.thrust_n, min(f.thrust_n, thrust_n))

    def _pressing_n(self, speed_m_s: float) -> float:
        depth_mm = self.in_the_way_mm - self.x_mm
        if depth_mm <= 0:
            return 0.0
        damping_n = BODY_DAMPING_N_S_PER_M * max(0.0, -speed_m_s)
        return self.figures.edge_n_per_mm * depth_mm + damping_n

    def _rubbed(self, speed_m_s: float, force_n: float, dt_s: float) -> float:
        """The speed after `dt_s`; dry friction brakes and holds, but never pushes."""
        rub_n = self.friction_n * (JAMMED if self.jammed else 1.0)
        moved_m_s = speed_m_s + force_n * dt_s / self.figures.moving_kg
        braking_m_s = rub_n * dt_s / self.figures.moving_kg
        if abs(moved_m_s) <= braking_m_s:
            return 0.0
        return moved_m_s - braking_m_s if moved_m_s > 0 else moved_m_s + braking_m_s

    def _travel(self, way_mm: float) -> None:
        top_mm = self.figures.travel_mm
        if self.lock_on and self.limit_closed:
            top_mm = max(self.x_mm, self.figures.limit_on_mm)  # the bolt's play
        self.x_mm += way_mm
        if self.x_mm <= 0.0 or self.x_mm >= top_mm:
            self.x_mm = max(0.0, min(top_mm, self.x_mm))
            self.speed_mm_s = 0.0

    def _switch_limits(self) -> None:
        f = self.figures
        self.limit_closed = self.x_mm <= (f.limit_off_mm if self.limit_closed else f.limit_on_mm)
        from_top_mm = f.travel_mm - self.x_mm
        self.limit_open = from_top_mm <= (f.limit_off_mm if self.limit_open else f.limit_on_mm)
