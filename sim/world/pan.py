"""The pan on its load cell: a lightly damped oscillator, in closed form between two events."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.world.figures import PanFigures

GRAVITY_MM_S2 = 9810.0
STILL_G = 0.001
"""Ringing below this is over; it is far below one count."""


@dataclass(slots=True)
class Pan:
    """What the cell feels, in grams, as a function of time since the last event.

    A second-order system, m x'' + c x' + k x = F: the deviation d from the load decays as
    exp(-zeta w t) (A cos wd t + B sin wd t). A load makes it slower: w ~ sqrt(k / mass).
    """

    figures: PanFigures
    load_g: float = 0.0
    _since_us: int = 0
    _a_g: float = 0.0
    _b_g: float = 0.0
    _still_us: int = 0

    def grams(self, at_us: int) -> float:
        """What the cell feels at `at_us`, not before the last event."""
        if at_us >= self._still_us:
            return self.load_g
        decay, ringing = self._rates()
        t_s = (at_us - self._since_us) / 1e6
        swing = self._a_g * math.cos(ringing * t_s) + self._b_g * math.sin(ringing * t_s)
        return self.load_g + math.exp(-decay * t_s) * swing

    def load(self, load_g: float, at_us: int, *, fall_mm: float = 0.0) -> None:
        """Another load from `at_us` on; what came has fallen `fall_mm` onto the pan.

        Falling mass brings the momentum m sqrt(2 g h), which starts the pan with a speed of
        w² m sqrt(2 h / g) in grams per second.
        """
        feels_g, speed = self._state(at_us)
        came_g = max(0.0, load_g - self.load_g)
        self.load_g = load_g
        decay, ringing = self._rates()
        speed += (decay**2 + ringing**2) * came_g * math.sqrt(2 * fall_mm / GRAVITY_MM_S2)
        self._ring_from(at_us, feels_g - load_g, speed)

    def knock(self, amplitude_g: float, at_us: int) -> None:
        """Something hit the frame: the pan rings with `amplitude_g` more."""
        feels_g, speed = self._state(at_us)
        _, ringing = self._rates()
        self._ring_from(at_us, feels_g - self.load_g, speed + amplitude_g * ringing)

    def _rates(self) -> tuple[float, float]:
        """(decay, damped angular frequency) in 1/s with the present load."""
        f = self.figures
        loaded = f.platform_kg + max(0.0, self.load_g) / 1000
        omega = 2 * math.pi * f.ring_hz * math.sqrt(f.platform_kg / loaded)
        return f.damping * omega, omega * math.sqrt(1 - f.damping**2)

    def _state(self, at_us: int) -> tuple[float, float]:
        """(grams felt, grams per second) at `at_us`."""
        if at_us >= self._still_us:
            return self.load_g, 0.0
        decay, ringing = self._rates()
        t_s = (at_us - self._since_us) / 1e6
        c, s = math.cos(ringing * t_s), math.sin(ringing * t_s)
        envelope = math.exp(-decay * t_s)
        swing = envelope * (self._a_g * c + self._b_g * s)
        speed = envelope * ringing * (self._b_g * c - self._a_g * s) - decay * swing
        return self.load_g + swing, speed

    def _ring_from(self, at_us: int, deviation_g: float, speed: float) -> None:
        decay, ringing = self._rates()
        self._since_us = at_us
        self._a_g = deviation_g
        self._b_g = (speed + decay * deviation_g) / ringing
        size_g = math.hypot(self._a_g, self._b_g)
        rings_s = math.log(size_g / STILL_G) / decay if size_g > STILL_G else 0.0
        self._still_us = at_us + math.ceil(rings_s * 1e6)
