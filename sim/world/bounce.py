"""A thing in the air above the pan, and what a blow between the two does.

Places and speeds are in the pan's measure: grams of spring force, downwards (see `pan`).
"""

from __future__ import annotations

from dataclasses import dataclass

GRAVITY_MM_S2 = 9810.0
STAYS_MM_S = 10.0
"""A thing that comes off more slowly stays: it would fly for 2 ms and rise by 5 µm, which its
own softness takes up. Without this, bounces would follow each other without end."""


@dataclass(frozen=True, slots=True)
class Flight:
    """A thing of `mass_g` in the air above the pan, falling."""

    mass_g: float
    since_us: float
    place_g: float
    speed: float
    pull: float

    def state(self, at_us: float) -> tuple[float, float]:
        """(place, speed) at `at_us`, downwards."""
        t_s = (at_us - self.since_us) / 1e6
        place_g = self.place_g + (self.speed + self.pull * t_s / 2) * t_s
        return place_g, self.speed + self.pull * t_s


def common_speed(thing: Flight, pan_g: float, pan_speed: float, at_us: float) -> float:
    """The speed of thing and pan together once they go as one: their momentum stays.

    Args:
        thing: What comes down.
        pan_g: Mass of the pan with what lies on it.
        pan_speed: Its speed.
        at_us: When they touch.
    """
    _, falls = thing.state(at_us)
    return (thing.mass_g * falls + pan_g * pan_speed) / (thing.mass_g + pan_g)
