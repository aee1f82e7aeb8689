"""The hatch: leaf, friction, end stops, bolt, limits, and whatever is in the leaf's way.

    m x'' = F + push - b x' - rub + stops + obstacles

with the thrust F of `sim.world.motor`, the mass m of leaf and rotor, and dry friction that is
1.3 times as hard at rest (Stribeck: rub = Fc (1 + 0.3 exp(-(v / vs)²))). Semi-implicit Euler in
steps of at most 0.25 ms, a third of the winding's time constant, which is taken implicitly.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.world.motor import Motor
from sim.world.obstacle import HURTS_N, Obstacle, Pinch
from sim.world.switch import LimitSwitch

if TYPE_CHECKING:
    import random

    from sim.world.figures import HatchFigures

STEP_US = 250
STRIBECK_ENDS = 3.0
"""Beyond so many times the Stribeck speed, friction is plain."""

JAMMED = 40.0
"""A jammed leaf rubs this many times as hard as a free one: more than the motor's thrust."""

SAME_PINCH_US = 500_000
"""A leaf that bounces off and comes back sooner than this still presses the same thing."""


class Hatch:
    """The leaf at `x_mm` above closed, moving with `speed_mm_s` (positive opens).

    No two rub alike, nor do their switches turn at the same place.

    Args:
        figures: What it is made of.
        rng: Its friction, its switches and their bounces.
    """

    def __init__(self, figures: HatchFigures, rng: random.Random) -> None:
        self.figures = figures
        self.motor = Motor.built(figures)
        spread = figures.friction_spread
        self.friction_n = figures.friction_n * rng.uniform(1 - spread, 1 + spread)
        self.closed_switch = LimitSwitch(figures, rng, on=True)
        self.open_switch = LimitSwitch(figures, rng, on=False)
        self.x_mm = self.speed_mm_s = self.amps = 0.0
        self.motor_ma = 0  # current in the motor, whichever way it flows
        self.supply_v = 24.0
        self.drive_permille = 0
        self.bridge_on = self.lock_on = False
        self.bolted = self.bolt_broken = False
        self.pressing_n = 0.0
        self.edge_pressed = False
        self.in_the_way: tuple[Obstacle, ...] = ()
        self.pinches: list[Pinch] = []
        self.jammed = self.wire_broken = False
        self.friction_factor = 1.0
        self.slip_permille = 0
        self.push_n = 0.0
        self._way_mm = 0.0
        self._touched_us = 0
        self._still = True

    @property
    def driven(self) -> bool:
        """Whether the bridge drives the motor."""
        return self.bridge_on and self.drive_permille != 0

    @property
    def moving(self) -> bool:
        """Whether the leaf moves, or something pushes it."""
        return not self._still or self.driven or self.push_n != 0.0

    @property
    def next_us(self) -> int:
        """When a limit's contacts bounce next."""
        closed_us, open_us = self.closed_switch.next_us, self.open_switch.next_us
        return min(closed_us, open_us)

    @property
    def limit_closed(self) -> bool:
        """What the lower limit's line says."""
        return self.closed_switch.on

    @property
    def limit_open(self) -> bool:
        """What the upper limit's line says."""
        return self.open_switch.on

    @property
    def thrust_n(self) -> float:
        """What the motor pushes with; positive opens."""
        return self.motor.n_per_a * self.amps

    def drive(self, *, bridge_on: bool, permille: int, lock_on: bool) -> None:
        """What bridge and lock are told from now on."""
        if not bridge_on:
            self.amps, self.motor_ma = 0.0, 0  # the diodes empty the winding within a step
        if (bridge_on, permille, lock_on) != (self.bridge_on, self.drive_permille, self.lock_on):
            self.stir()
        self.bridge_on, self.drive_permille, self.lock_on = bridge_on, permille, lock_on
        self._turn_bolt()

    def meet(self, obstacles: tuple[Obstacle, ...]) -> None:
        """What stands in the way from now on."""
        self.in_the_way = obstacles
        self._way_mm = max((one.height_mm for one in obstacles), default=0.0)
        self.stir()

    def stir(self) -> None:
        """Something changed that may move a leaf at rest."""
        self._still = False

    def rest(self, now_us: int) -> None:
        """It stands still until `now_us`; what it presses stays pressed."""
        if now_us >= self.next_us:
            self._settle(now_us)
        if self.pressing_n >= HURTS_N:
            self.pinches[-1].eased_us = now_us

    def run(self, now_us: int, to_us: int) -> int:
        """Move until `to_us`, or until a limit turns or the edge's pressure passes its mark.

        Returns:
            The time reached.
        """
        volts = None
        if self.bridge_on and not self.wire_broken:
            volts = self.supply_v * self.figures.full_duty * self.drive_permille / 1000
        dry_n = self.friction_n * self.friction_factor * (JAMMED if self.jammed else 1.0)
        now_us = self._integrate(now_us, to_us, volts, dry_n)
        self.motor_ma = round(abs(self.amps) * 1000)
        self._settle(now_us)
        return now_us

    def _integrate(self, now_us: int, to_us: int, volts: float | None, dry_n: float) -> int:
        """The simulator's innermost loop, for its speed in one piece and without calls on free way.

        `volts` is what the bridge puts on the motor, None where nothing can flow.
        """
        f, motor = self.figures, self.motor
        x_mm, v, amps = self.x_mm, self.speed_mm_s / 1000, self.amps if volts is not None else 0.0
        tau_s, n_per_a, most_a, ohm = motor.tau_s, motor.n_per_a, motor.most_a, motor.ohm
        kg, push_n, viscous = motor.moving_kg, self.push_n, f.viscous_n_s_per_m
        emf = motor.emf_v_s_per_m / (1 - self.slip_permille / 1000)
        slow, stiction = f.stribeck_mm_s / 1000, f.stiction - 1
        plain_from = slow * STRIBECK_ENDS
        way_mm, top_mm, (low_mm, high_mm) = self._way_mm, self._top_mm, self._until_mm()
        pressed, still, dt_us, dt_s = self.edge_pressed, False, STEP_US, STEP_US / 1e6
        while now_us < to_us:
            if now_us + STEP_US > to_us:
                dt_us, dt_s = to_us - now_us, (to_us - now_us) / 1e6
            force_n = push_n - viscous * v
            if volts is not None:
                amps = (tau_s * amps + dt_s * (volts - emf * v) / ohm) / (tau_s + dt_s)
                if not -most_a < amps < most_a:
                    amps = math.copysign(most_a, amps)
                force_n += n_per_a * amps
            if x_mm < way_mm or self.pressing_n:
                pressed = self._press(now_us, x_mm, v, volts is not None and volts < 0)
                force_n += self.pressing_n
            if x_mm < 0.0 or x_mm > top_mm:
                force_n += self._stop_n(x_mm, v)
            rub_n = dry_n
            if -plain_from < v < plain_from:
                rub_n *= 1 + stiction * math.exp(-((v / slow) ** 2))
            now_us += dt_us
            moved, braking = v + force_n * dt_s / kg, rub_n * dt_s / kg
            # Dry friction brakes and holds, but never pushes.
            still = v == 0.0 and -braking <= moved <= braking
            back = moved + braking if moved < -braking else 0.0
            v = moved - braking if moved > braking else back
            x_mm += v * dt_us / 1000
            if x_mm <= low_mm or x_mm >= high_mm or pressed != self.edge_pressed:
                break
            if still and not volts and not push_n:
                amps = 0.0  # shorted or open, a motor at rest has none
                break
        self.x_mm, self.speed_mm_s, self.amps = x_mm, v * 1000, amps
        self._still, self.edge_pressed = still, pressed
        return now_us

    def _until_mm(self) -> tuple[float, float]:
        """Between which places of the leaf no limit turns."""
        turns_mm = self.closed_switch.turns_at_mm
        from_top_mm = self.figures.travel_mm - self.open_switch.turns_at_mm
        if self.closed_switch.closes:
            return -math.inf, turns_mm
        if self.open_switch.closes:
            return from_top_mm, math.inf
        return turns_mm, from_top_mm

    def _settle(self, now_us: int) -> None:
        """Let the limits follow the leaf, their contacts bounce, and the bolt fall in."""
        for switch, from_end_mm in (
            (self.closed_switch, self.x_mm),
            (self.open_switch, self.figures.travel_mm - self.x_mm),
        ):
            if now_us >= switch.next_us:
                switch.settle(now_us)
            switch.follow(from_end_mm, now_us)
        self._turn_bolt()

    def _turn_bolt(self) -> None:
        in_reach = self.bolted or self.x_mm <= self.figures.limit_on_mm
        self.bolted = self.lock_on and in_reach and not self.bolt_broken

    def _press(self, now_us: int, x_mm: float, v: float, closes: bool) -> bool:
        """Press what is in the way; return whether the edge is pressed hard enough to tell."""
        f = self.figures
        deep = [one for one in self.in_the_way if one.height_mm > x_mm]
        self.pressing_n = sum(one.force_n(f, one.height_mm - x_mm, -v) for one in deep)
        if not self.pinches or now_us - self._touched_us > SAME_PINCH_US:
            self.pinches.append(Pinch(now_us))
        self._touched_us = now_us
        self.pinches[-1].note(now_us, self.pressing_n, f.edge_pressed_n, closes)
        return self.pressing_n >= f.edge_pressed_n

    @property
    def _top_mm(self) -> float:
        """Where the leaf's way up ends: at the bolt's play, or at the upper stop."""
        return self.figures.limit_on_mm if self.bolted else self.figures.travel_mm

    def _stop_n(self, x_mm: float, v: float) -> float:
        """An end stop's or the bolt's force: spring and damper that push, and never pull."""
        f = self.figures
        spring = f.stop_n_per_mm
        damper = 2 * f.stop_damping * math.sqrt(spring * 1000 * self.motor.moving_kg)
        if x_mm < 0.0:
            return max(0.0, -spring * x_mm - damper * v)
        over_mm = x_mm - self._top_mm
        if over_mm <= 0.0:
            return 0.0  # the bolt has given way in the meantime
        force_n = min(0.0, -spring * over_mm - damper * v)
        if self.bolted and -force_n > f.bolt_n:
            self.bolt_broken, self.bolted = True, False
        return force_n
