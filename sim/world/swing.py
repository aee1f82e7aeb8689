"""One damped swing in closed form, and when something on its way happens."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

STILL_G = 0.001
"""A swing below this is over; it is far below one count."""

STEPS_A_SWING = 40
"""How finely a swing is looked through for an event."""

LEAST_US = 100.0
"""No two events of a pan are closer than this, so that time always goes on."""

BISECTIONS = 40


@dataclass(frozen=True, slots=True)
class Swing:
    """A second-order system after its last event, m x'' + c x' + k x = F.

    The deviation from `rest_g` is exp(-decay t) (a cos(ringing t) + b sin(ringing t)), in grams
    of spring force; `decay` and `ringing` are in 1/s. From `still_us` on it is below `STILL_G`.
    """

    since_us: float
    rest_g: float
    decay: float
    ringing: float
    a_g: float
    b_g: float
    still_us: float

    @property
    def size_g(self) -> float:
        """The envelope at the beginning."""
        return math.hypot(self.a_g, self.b_g)

    @property
    def step_us(self) -> float:
        """A step that misses nothing of the swing."""
        return 2e6 * math.pi / self.ringing / STEPS_A_SWING

    def grams(self, at_us: float) -> float:
        """The spring force at `at_us`, not before the event."""
        if at_us >= self.still_us:
            return self.rest_g
        t_s = (at_us - self.since_us) / 1e6
        turn = self.ringing * t_s
        swing = self.a_g * math.cos(turn) + self.b_g * math.sin(turn)
        return self.rest_g + math.exp(-self.decay * t_s) * swing

    def state(self, at_us: float) -> tuple[float, float]:
        """(grams, grams per second) at `at_us`."""
        if at_us >= self.still_us:
            return self.rest_g, 0.0
        t_s = (at_us - self.since_us) / 1e6
        envelope = math.exp(-self.decay * t_s)
        cos, sin = math.cos(self.ringing * t_s), math.sin(self.ringing * t_s)
        swing = envelope * (self.a_g * cos + self.b_g * sin)
        speed = envelope * self.ringing * (self.b_g * cos - self.a_g * sin) - self.decay * swing
        return self.rest_g + swing, speed


def swing_from(
    at_us: float, state: tuple[float, float], rest_g: float, omega: float, damping: float
) -> Swing:
    """The swing that goes on from `state`.

    Args:
        at_us: Now.
        state: (grams, grams per second) now.
        rest_g: Where it comes to rest.
        omega: Undamped angular frequency, 1/s.
        damping: Share of the critical damping, below 1.
    """
    feels_g, speed = state
    decay, ringing = damping * omega, omega * math.sqrt(1 - damping**2)
    a_g = feels_g - rest_g
    b_g = (speed + decay * a_g) / ringing
    size_g = math.hypot(a_g, b_g)
    rings_s = math.log(size_g / STILL_G) / decay if size_g > STILL_G else 0.0
    return Swing(at_us, rest_g, decay, ringing, a_g, b_g, at_us + rings_s * 1e6)


def first(
    happens: Callable[[float], bool], from_us: float, until_us: float, step_us: float
) -> float:
    """When `happens` first turns true after `from_us`: looked for in steps, found by bisection.

    Returns:
        The time in µs, at least `LEAST_US` after `from_us`; infinity where not before `until_us`.
    """
    before_us = from_us + LEAST_US
    if happens(before_us):
        return before_us
    while before_us < until_us:
        after_us = before_us + step_us
        if happens(after_us):
            return _between(happens, before_us, after_us)
        before_us = after_us
    return math.inf


def _between(happens: Callable[[float], bool], before_us: float, after_us: float) -> float:
    for _ in range(BISECTIONS):
        middle_us = (before_us + after_us) / 2
        if happens(middle_us):
            after_us = middle_us
        else:
            before_us = middle_us
    return after_us
