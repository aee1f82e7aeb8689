"""The pan on its load cell, and what falls on it: in closed form between two events.

Places and speeds are told in grams of spring force (and grams per second): a pan that is pressed
down by x has the force k x. In this measure everything falls with `pull` = k / 1 kg times 1 g.
"""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

from sim.world.bounce import GRAVITY_MM_S2, STAYS_MM_S, Flight, common_speed
from sim.world.laying import Laying
from sim.world.swing import LEAST_US, STILL_G, Swing, first, swing_from

if TYPE_CHECKING:
    from sim.world.disturbance import Lean, Shake
    from sim.world.figures import PanFigures

ON_THE_STOP = 0.99
"""A load of this share of the stop's force rests on the stop."""


class Pan:
    """What the cell feels, in grams, as a function of time; time never goes back.

    Pan and load are a mass on spring and dashpot. What falls bounces with its restitution and
    flies while the pan rings alone at its own frequency; where it comes off too slowly it stays,
    and both go on with their common momentum. What lies lifts off again when the pan falls away
    faster than things fall.

    Args:
        figures: Masses, spring and damping.
    """

    def __init__(self, figures: PanFigures) -> None:
        self.lean: Lean | None = None
        self.shake: Shake | None = None
        self.load_g = 0.0
        self.loaded_us = 0.0
        self.contacts = 0
        self.last_contact_us = 0.0
        self._figures = figures
        self._platform_g = figures.platform_kg * 1000
        self._omega = 2 * math.pi * figures.ring_hz
        self._pull = self._platform_g * self._omega**2
        self._stop_g = figures.stop_kg * 1000
        self._way = Laying()
        self._flight: Flight | None = None
        self._rocks = swing_from(
            0, (0.0, 0.0), 0.0, 2 * math.pi * figures.rocking_hz, figures.rocking_damping
        )
        self._lie(0, (0.0, 0.0))

    @property
    def flies(self) -> bool:
        """Whether what fell is in the air again."""
        return self._flight is not None

    def grams(self, at_us: float) -> float:
        """What the cell feels at `at_us`, not before the last event."""
        felt_g = self.load_g if at_us >= self._quiet_us else self._felt_g(at_us)
        if self.lean is not None:
            felt_g += self.lean.grams(at_us)
        if self.shake is not None:
            felt_g += self.shake.grams(at_us)
        return min(felt_g, self._stop_g)

    def load(self, load_g: float, at_us: float, *, fall_mm: float = 0.0) -> None:
        """Another load from `at_us` on; what came has fallen `fall_mm` and does not bounce."""
        self.lay(load_g, at_us, Laying(fall_mm=fall_mm))

    def lay(self, load_g: float, at_us: float, way: Laying) -> None:
        """Another load from `at_us` on, the moment when what came touches the pan.

        Args:
            load_g: All that is on the pan from now on, in grams.
            at_us: Now.
            way: How it came. A fall brings the momentum m sqrt(2 g h).
        """
        self._go_on(at_us)
        feels_g, speed = self._swing.state(at_us)
        if self._flight is not None:  # what comes now, or takes it, finds it down
            pan_g = self._platform_g + self.load_g - self._flight.mass_g
            speed = common_speed(self._flight, pan_g, speed, at_us)
            self._flight = None
        came_g = load_g - self.load_g
        self.load_g, self.loaded_us = load_g, at_us
        if came_g <= 0:
            self._lie(at_us, (feels_g, speed))
            return
        self._way = way
        self.contacts = 0
        falls = math.sqrt(2 * way.fall_mm / GRAVITY_MM_S2) * self._pull
        self._meet(at_us, Flight(came_g, at_us, feels_g, falls, self._pull), speed)

    def knock(self, amplitude_g: float, at_us: float) -> None:
        """Something hit the frame: the pan rings with `amplitude_g` more."""
        self._strike(at_us, 0.0, amplitude_g * self._swing.ringing)

    def release(self, force_g: float, at_us: float) -> None:
        """A force that bore on the pan besides its load is gone at once: the pan springs back."""
        self._strike(at_us, force_g, 0.0)

    def energy_mj(self, at_us: float) -> float:
        """Kinetic energy, the spring's and height together; the empty pan at rest has none."""
        self._go_on(at_us)
        mm = GRAVITY_MM_S2 / self._pull
        bodies = [(self._platform_g + self.load_g, self.load_g, self._swing.state(at_us))]
        if self._flight is not None:
            flying_g = self._flight.mass_g
            below_g = self.load_g - flying_g
            bodies = [(self._platform_g + below_g, below_g, self._swing.state(at_us))]
            bodies.append((flying_g, flying_g, self._flight.state(at_us)))
        moves = sum(mass_g * (speed * mm) ** 2 / 2 for mass_g, _, (_, speed) in bodies)
        falls = sum(load_g * GRAVITY_MM_S2 * place_g * mm for _, load_g, (place_g, _) in bodies)
        spring = GRAVITY_MM_S2 * mm * bodies[0][2][0] ** 2 / 2
        return (moves + spring - falls) / 1e6

    def _felt_g(self, at_us: float) -> float:
        self._go_on(at_us)
        felt_g = self._swing.grams(at_us) + self._rocks.grams(at_us)
        if self._way.shift_g and self._flight is None:
            sinks_s = (at_us - self.last_contact_us) / 1e6
            felt_g -= self._way.shift_g * math.exp(-sinks_s / self._way.shift_s)
        return felt_g

    def _go_on(self, to_us: float) -> None:
        """Let everything happen that happens until `to_us`."""
        while self._next_us <= to_us:
            at_us = self._next_us
            feels_g, speed = self._swing.state(at_us)
            if self._flight is not None and self._flight.state(at_us)[0] >= feels_g:
                self._meet(at_us, self._flight, speed)
            elif feels_g >= self._stop_g:
                self._go_from(at_us, (feels_g, -self._figures.stop_restitution * speed))
            else:
                self._fly(at_us, Flight(self.load_g, at_us, feels_g, speed, self._pull), speed)

    def _strike(self, at_us: float, more_g: float, faster: float) -> None:
        self._go_on(at_us)
        feels_g, speed = self._swing.state(at_us)
        self._go_from(at_us, (feels_g + more_g, speed + faster))

    def _go_from(self, at_us: float, state: tuple[float, float]) -> None:
        """The pan is at `state` of a sudden; what flies goes on flying."""
        if self._flight is None:
            self._lie(at_us, state)
        else:
            feels_g, speed = state
            self._fly(at_us, self._flight, speed, feels_g)

    def _meet(self, at_us: float, thing: Flight, pan_speed: float) -> None:
        """Thing and pan touch: momentum stays, a share of the speed together comes back."""
        self.contacts += 1
        self.last_contact_us = at_us
        feels_g = self._swing.grams(at_us)
        pan_g = self._platform_g + self.load_g - thing.mass_g
        both_g = pan_g + thing.mass_g
        common = common_speed(thing, pan_g, pan_speed, at_us)
        apart = self._way.restitution * (thing.state(at_us)[1] - pan_speed)
        if apart * GRAVITY_MM_S2 > STAYS_MM_S * self._pull:
            pan_goes = common + apart * thing.mass_g / both_g
            rises = common - apart * pan_g / both_g
            self._fly(at_us, Flight(thing.mass_g, at_us, feels_g, rises, self._pull), pan_goes)
            if self._next_us > at_us + LEAST_US:
                self._rock(at_us, pan_goes - pan_speed)
                return
        self._rock(at_us, common - pan_speed)
        self._lie(at_us, (feels_g, common))

    def _rock(self, at_us: float, faster: float) -> None:
        """A blow that made the pan faster by that rocks it too, each time a little."""
        f = self._figures
        omega = 2 * math.pi * f.rocking_hz
        rocks_g, speed = self._rocks.state(at_us)
        kick = f.rocking * faster * omega / self._rates(self.load_g)[0]
        self._rocks = swing_from(at_us, (rocks_g, speed + kick), 0.0, omega, f.rocking_damping)

    def _rates(self, load_g: float) -> tuple[float, float]:
        """(undamped angular frequency in 1/s, damping ratio) of the pan under a load."""
        lighter = math.sqrt(self._platform_g / (self._platform_g + load_g))
        return self._omega * lighter, self._figures.damping * lighter

    def _lie(self, at_us: float, state: tuple[float, float]) -> None:
        """Everything lies on the pan and goes with it."""
        self._flight = None
        if self.load_g >= ON_THE_STOP * self._stop_g:
            state = (self.load_g, 0.0)
        self._swing = swing = swing_from(at_us, state, self.load_g, *self._rates(self.load_g))
        until_us = self._wild_until_us(swing)
        self._next_us = first(self._ends_lying, at_us, until_us, swing.step_us)
        sinks_s = self._way.shift_s * math.log(max(1.0, self._way.shift_g / STILL_G))
        sinks_us = self.last_contact_us + sinks_s * 1e6
        self._quiet_us = max(swing.still_us, self._rocks.still_us, sinks_us)
        if self._next_us < math.inf:
            self._quiet_us = math.inf

    def _fly(
        self, at_us: float, thing: Flight, pan_speed: float, feels_g: float | None = None
    ) -> None:
        """The thing is in the air, the pan rings without it."""
        self._flight = thing
        below_g = self.load_g - thing.mass_g
        state = (thing.place_g if feels_g is None else feels_g, pan_speed)
        self._swing = swing_from(at_us, state, below_g, *self._rates(below_g))
        ends = partial(self._ends_flight, thing)
        self._next_us = first(ends, at_us, math.inf, self._swing.step_us)
        self._quiet_us = math.inf

    def _wild_until_us(self, swing: Swing) -> float:
        """Until when the swing may be large enough to lift the load off or reach the stop."""
        if swing.rest_g >= ON_THE_STOP * self._stop_g:
            return swing.since_us
        least_g = min(self._platform_g + swing.rest_g, self._stop_g - swing.rest_g)
        most_g = swing.size_g * (1 + 2 * self._figures.damping)
        wild_s = math.log(max(1.0, most_g / least_g)) / swing.decay
        return swing.since_us + wild_s * 1e6

    def _ends_lying(self, at_us: float) -> bool:
        """Reaches the stop, or spring and dashpot pull the pan down: the load comes off.

        Beyond -platform the pan's own weight is no longer enough for its acceleration.
        """
        if self.load_g >= ON_THE_STOP * self._stop_g:
            return False
        feels_g, speed = self._swing.state(at_us)
        pulls_g = feels_g + 2 * self._figures.damping / self._omega * speed
        lifts = pulls_g < -self._platform_g and self.load_g > 0
        return lifts or (feels_g >= self._stop_g and speed > 0)

    def _ends_flight(self, thing: Flight, at_us: float) -> bool:
        """The thing touches the pan, or the pan the stop."""
        feels_g, speed = self._swing.state(at_us)
        return thing.state(at_us)[0] >= feels_g or (feels_g >= self._stop_g and speed > 0)
