"""Which conversion is which: numbers and times for a stream that tells only when it was read.

A node says the time of the last conversion it has read, to the millisecond and up to a scan or a
pause late. Conversions themselves come as regularly as the converter's oscillator, 80/s give or
take a tenth. So the times are followed by a loop that trusts early ones more, and a time that is
nearly a whole conversion ahead of what is expected tells of one that was missed.
"""

from __future__ import annotations

from dataclasses import dataclass

from controller.core.symptoms.table import ScaleSignalError

TICKS = 1 << 30
"""Node ticks are milliseconds in 30 bits and wrap (`wire` and the node's firmware agree)."""

NOMINAL_MS = 12.5
SPREAD = 0.12
"""An HX711's oscillator is trimmed to about a tenth; a little more is allowed."""

SLOW_MS = 60.0
"""Conversions further apart than this belong to the slow stream, one a second."""

MISSED = 0.92
"""So much of a period beyond what is expected is one conversion missed: a node's pause delays by
less than a period what it still reads alone. Taking a late one for a gap would shift what comes
after it; a gap that is not seen shows in the fit, which begins anew."""

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
        self._ticks: int | None = None
        self._told_ms = 0
        self._made_ms: int | None = None
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
        read_ms = self._unwrapped(node_ms)
        first = self._made_ms is None
        since_ms = 0 if self._made_ms is None else read_ms - self._made_ms
        if not first and since_ms <= 0:
            raise ScaleSignalError(
                f"conversions read at {node_ms} ms, {-since_ms} ms before the last ones: "
                "check the node's clock"
            )
        self._made_ms = read_ms
        fast = not first and since_ms <= SLOW_MS * count
        if fast:
            self._follow(count, read_ms)
        else:
            self._begin(count, read_ms, since_ms)
        return self._spread(count), fast

    def at_s(self, node_ms: int) -> float:
        """The node's time `node_ms` in seconds; asked at least once a week, for its ticks wrap."""
        return self._unwrapped(node_ms) / 1000

    def _unwrapped(self, node_ms: int) -> int:
        """Milliseconds that do not wrap, by the last time that was told."""
        if self._ticks is None:
            self._ticks = self._told_ms = node_ms
        ahead = (node_ms - self._ticks) % TICKS
        ahead -= TICKS if ahead >= TICKS // 2 else 0
        if ahead > 0:
            self._ticks, self._told_ms = node_ms, self._told_ms + ahead
        return self._told_ms + min(ahead, 0)

    def _begin(self, count: int, read_ms: int, since_ms: int) -> None:
        self._number += max(count, round(since_ms / self._period_ms))
        self._phase_ms = float(read_ms)

    def _follow(self, count: int, read_ms: int) -> None:
        """Move on by `count` conversions, and by those that were missed."""
        ahead = (read_ms - self._phase_ms) / self._period_ms - count
        steps = count + max(0, int(ahead + 1 - MISSED))
        self._number += steps
        expected_ms = self._phase_ms + steps * self._period_ms
        late_ms = read_ms - expected_ms
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
