"""Which conversion is which: numbers and times for a stream that tells only when it was read.

A node says the time of the last conversion it has read, to the millisecond and up to a scan or a
pause late. Conversions themselves come as regularly as the converter's oscillator, 80/s give or
take a tenth. So the times are followed by a loop that trusts early ones more, and a time that is
nearly a whole conversion ahead of what is expected tells of one that was missed.
"""

from __future__ import annotations

from dataclasses import dataclass

from controller.core.weighing.symptom_table import ScaleSignalError

TICKS = 1 << 30
"""Node ticks are milliseconds in 30 bits and wrap (`wire` and the node's firmware agree)."""

NOMINAL_MS = 12.5
SPREAD = 0.12
"""An HX711's oscillator is trimmed to about a tenth; a little more is allowed."""

SLOW_MS = 60.0
"""Conversions further apart than this belong to the slow stream, one a second."""

MISSED = 0.9
"""So much of a period beyond what is expected is one conversion missed: a node's pause delays by
less than a period what it still reads alone."""

LATE_GAIN, EARLY_GAIN = 0.1, 0.5
PERIOD_GAIN = 0.02
"""How the loop follows: a late reading says little about when the conversion was made."""


@dataclass(frozen=True, slots=True)
class Numbered:
    """A conversion's number, and when it was made, in seconds of the node's time."""

    number: int
    at_s: float


class Numbering:
    """Numbers the conversions of one node from its start on."""

    def __init__(self) -> None:
        self._last_ms: int | None = None
        self._elapsed_ms = 0
        self._number = -1
        self._phase_ms = 0.0
        self._period_ms = NOMINAL_MS

    def take(self, node_ms: int, count: int) -> tuple[list[Numbered], bool]:
        """Number `count` conversions of which the last was read at `node_ms`.

        Returns:
            (the conversions, oldest first; whether they belong to the fast stream).

        Raises:
            ScaleSignalError: Time does not go forward; nothing was taken.
        """
        since_ms = 0 if self._last_ms is None else (node_ms - self._last_ms) % TICKS
        if self._last_ms is not None and not 0 < since_ms < TICKS // 2:
            raise ScaleSignalError(
                f"conversions read at {node_ms} ms after some at {self._last_ms} ms: "
                "check the node's clock"
            )
        fast = since_ms <= SLOW_MS * count
        first = self._last_ms is None
        self._last_ms, self._elapsed_ms = node_ms, self._elapsed_ms + since_ms
        if first or not fast:
            self._begin(count, since_ms)
            return self._spread(count), not first and fast
        self._follow(count)
        return self._spread(count), True

    def at_s(self, node_ms: int) -> float | None:
        """The node's time `node_ms` on the same scale; None before the first conversion."""
        if self._last_ms is None:
            return None
        ahead = (node_ms - self._last_ms) % TICKS
        ahead_ms = ahead if ahead < TICKS // 2 else ahead - TICKS
        return (self._elapsed_ms + ahead_ms) / 1000

    def _begin(self, count: int, since_ms: int) -> None:
        self._number += max(count, round(since_ms / self._period_ms))
        self._phase_ms = float(self._elapsed_ms)

    def _follow(self, count: int) -> None:
        """Move on by `count` conversions, and by those that were missed."""
        ahead = (self._elapsed_ms - self._phase_ms) / self._period_ms - count
        steps = count + max(0, int(ahead + 1 - MISSED))
        self._number += steps
        expected_ms = self._phase_ms + steps * self._period_ms
        late_ms = self._elapsed_ms - expected_ms
        self._phase_ms = expected_ms + late_ms * (LATE_GAIN if late_ms > 0 else EARLY_GAIN)
        period_ms = self._period_ms + PERIOD_GAIN * late_ms / steps
        least, most = NOMINAL_MS * (1 - SPREAD), NOMINAL_MS * (1 + SPREAD)
        self._period_ms = min(max(period_ms, least), most)

    def _spread(self, count: int) -> list[Numbered]:
        """The last `count` numbers with their times, a period apart."""
        back = range(count - 1, -1, -1)
        return [
            Numbered(self._number - ago, (self._phase_ms - ago * self._period_ms) / 1000)
            for ago in back
        ]
