"""A map of kiosks as one picture of our own: no tiles, so nobody learns who looks at what.

Equirectangular about the middle of what is shown: over a city, that is 70 km across, distances
are right within a thousandth.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from math import cos, radians
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH, HEIGHT, EDGE = 720, 560, 56
"""Of the picture, and what stays free at its edges, in its own units."""

DEGREE_M = 111_195
"""Metres in a degree of a meridian: the earth's mean radius of 6,371 km (IUGG)."""

LEAST_M = 1_000
"""A single kiosk, or two at one gate, are shown with this much around them."""

STEPS_M = (100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000)


@dataclass(frozen=True, slots=True)
class Pin:
    """One kiosk on the map: the number in the list, the anchor there, and the look of it."""

    number: int
    anchor: str
    look: str
    latitude_microdeg: int
    longitude_microdeg: int


class Projection:
    """Turns places into points of the picture, so that all of `pins` have room.

    Args:
        pins: At least one.
    """

    def __init__(self, pins: Sequence[Pin]) -> None:
        north = [one.latitude_microdeg / 1e6 for one in pins]
        east = [one.longitude_microdeg / 1e6 for one in pins]
        self.latitude = (min(north) + max(north)) / 2
        self.longitude = (min(east) + max(east)) / 2
        self.shrink = cos(radians(self.latitude))
        wide_m = max((max(east) - min(east)) * self.shrink * DEGREE_M, LEAST_M)
        high_m = max((max(north) - min(north)) * DEGREE_M, LEAST_M)
        self.per_m = min((WIDTH - 2 * EDGE) / wide_m, (HEIGHT - 2 * EDGE) / high_m)

    def point(self, latitude: float, longitude: float) -> tuple[float, float]:
        """Where a place is, in the picture's units from its upper left corner."""
        x = (longitude - self.longitude) * self.shrink * DEGREE_M * self.per_m + WIDTH / 2
        return x, HEIGHT / 2 - (latitude - self.latitude) * DEGREE_M * self.per_m


def draw(pins: Sequence[Pin]) -> str:
    """The map; empty where there is nothing to show.

    It is hidden from readers, for the list beside it says all of it. A touch on a pin goes there.
    """
    if not pins:
        return ""
    seen = Projection(pins)
    data = f'data-lat="{seen.latitude}" data-lon="{seen.longitude}" data-per-m="{seen.per_m}"'
    shown = "".join(_pin(one, seen) for one in reversed(pins))
    return (
        f'<svg class="map" viewBox="0 0 {WIDTH} {HEIGHT}" aria-hidden="true" {data}>'
        f'<rect width="{WIDTH}" height="{HEIGHT}" rx="24"/>{_grid(seen)}{shown}'
        f'<circle class="me" r="14" cx="-99" cy="-99"/>{_bar(seen)}</svg>'
    )


def _pin(one: Pin, seen: Projection) -> str:
    x, y = seen.point(one.latitude_microdeg / 1e6, one.longitude_microdeg / 1e6)
    return (
        f'<a href="#{escape(one.anchor)}" tabindex="-1"><g class="pin {one.look}">'
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="24"/>'
        f'<text x="{x:.1f}" y="{y + 9:.1f}">{one.number}</text></g></a>'
    )


def _step_m(seen: Projection) -> int:
    """The longest round length that is no longer than a third of the picture."""
    fit = [one for one in STEPS_M if one * seen.per_m <= WIDTH / 3]
    return fit[-1] if fit else STEPS_M[0]


def _grid(seen: Projection) -> str:
    """Faint lines as far apart as the bar is long, so that an empty map is seen to be one."""
    step = _step_m(seen) * seen.per_m
    columns = (WIDTH / 2 + step * at for at in range(-3, 4))
    rows = (HEIGHT / 2 + step * at for at in range(-3, 4))
    lines = [f"M{x:.0f} 0V{HEIGHT}" for x in columns if 0 < x < WIDTH]
    lines += [f"M0 {y:.0f}H{WIDTH}" for y in rows if 0 < y < HEIGHT]
    return f'<path class="grid" d="{"".join(lines)}"/>'


def _bar(seen: Projection) -> str:
    length_m = _step_m(seen)
    words = f"{length_m // 1000} km" if length_m >= 1000 else f"{length_m} m"
    y, end = HEIGHT - 22, 22 + length_m * seen.per_m
    return (
        f'<path class="bar" d="M22 {y - 8}V{y}H{end:.0f}V{y - 8}"/>'
        f'<text class="bar-text" x="32" y="{y - 8}">{words}</text>'
    )
