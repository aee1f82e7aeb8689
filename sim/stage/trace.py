"""What the scale has read in the last seconds, as a line."""

from __future__ import annotations

from collections import deque

SPAN_S = 20.0
WIDTH, HEIGHT = 400, 110
LEAST_G = 50
"""A trace is never drawn larger than this many grams high: noise must look like noise."""


class WeightTrace:
    """Collects readings; `svg` draws them."""

    def __init__(self) -> None:
        self._readings: deque[tuple[float, float]] = deque()

    def note(self, at_s: float, mass_g: float) -> None:
        """One reading; readings older than the span are forgotten."""
        self._readings.append((at_s, mass_g))
        while self._readings and self._readings[0][0] < at_s - SPAN_S:
            self._readings.popleft()

    def svg(self) -> str:
        """The line, newest at the right; its top is the largest reading."""
        if not self._readings:
            return ""
        end_s = self._readings[-1][0]
        top_g = max(LEAST_G, *(mass_g for _, mass_g in self._readings)) * 1.1
        points = " ".join(
            f"{WIDTH * (1 - (end_s - at_s) / SPAN_S):.1f},"
            f"{HEIGHT - 6 - (HEIGHT - 12) * max(0.0, mass_g) / top_g:.1f}"
            for at_s, mass_g in self._readings
        )
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
            f'preserveAspectRatio="none"><path d="M0 {HEIGHT - 6}H{WIDTH}"/>'
            f'<polyline points="{points}"/></svg>'
        )
