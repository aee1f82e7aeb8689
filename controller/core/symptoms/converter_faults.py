"""What goes wrong at the converter's output: one value repeats, ends of the scale, wraps.

Each watch takes one conversion after the other, at whatever rate the stream runs, and has `on`.
"""

from __future__ import annotations

import math

TOP, BOTTOM = 2**23 - 1, -(2**23)
TURN = 2**24

CHANCE = 1e-12
"""Of good noise to look wrong once: a kiosk that ran at 80/s would show it every 400 years."""

QUIET = 4.0
"""A module so many times quieter than expected is still no dead one."""

SWING_S = 0.25
"""A heavy landing drives the converter to its end, half a period a time: 63 ms at 8 Hz."""

MEMORY = 4
"""Conversions that an HX711's filter looks back over, its own included (datasheet: settling 50 ms
at 80/s)."""

HOLD_S = 10.0
"""So long without a wrap it is over; a slow stream has shown ten conversions by then."""

SMOOTH_E = 100.0
"""Beside a wrap the signal moves less than so many e from one conversion to the next."""


def repeats(noise: float) -> int:
    """Equal conversions in a row that noise of `noise` counts (one sigma) makes by `CHANCE`.

    Two neighbours, rounded to whole counts, agree with probability 1/(2 sqrt(pi) sigma).
    """
    agree = min(0.5, QUIET / (2 * math.sqrt(math.pi) * noise))
    return math.ceil(math.log(CHANCE) / math.log(agree)) + 1


class Repetition:
    """One value for long, which is no end of the scale; over after as many changes."""

    def __init__(self, noise: float) -> None:
        self.on = False
        self._most = repeats(noise)
        self.restart()

    def restart(self) -> None:
        """Count anew after a gap."""
        self._last: int | None = None
        self._same, self._changes = 1, 0

    def take(self, raw: int) -> None:
        """One conversion."""
        if raw != self._last or not BOTTOM < raw < TOP:
            self._last, self._same = raw, 1
            self._changes += 1
            if self._changes >= self._most:
                self.on = False
            return
        self._same += 1
        self._changes = 0
        if self._same >= self._most:
            self.on = True


class Ends:
    """The same end of the 24 bits for longer than a landing swings; over after `MEMORY`."""

    def __init__(self) -> None:
        self.on = False
        self.restart()

    def restart(self) -> None:
        """Count anew after a gap."""
        self._end, self._since_s, self._count, self._inside = 0, 0.0, 0, 0

    def take(self, at_s: float, raw: int) -> None:
        """One conversion; a spike to the end is none, for it takes three."""
        if BOTTOM < raw < TOP:
            self._end, self._inside = 0, self._inside + 1
            if self._inside >= MEMORY:
                self.on = False
            return
        if raw != self._end:
            self._end, self._since_s, self._count = raw, at_s, 0
        self._count, self._inside = self._count + 1, 0
        if self._count >= 3 and at_s - self._since_s >= SWING_S:
            self.on = True


class Wraps:
    """Jumps by a whole turn of 24 bits out of a smooth signal into a smooth signal.

    An HX711 stops at its ends; what runs over is a reader that lost the sign. A landing that
    fills the whole scale moves fastest in its middle, so it is never smooth beside such a jump.
    """

    def __init__(self, e: float) -> None:
        self.on = False
        self._smooth = SMOOTH_E * e
        self._seen_s = 0.0
        self.restart()

    def restart(self) -> None:
        """Forget the last conversions after a gap."""
        self._last: tuple[int, ...] = ()

    def take(self, at_s: float, raw: int) -> None:
        """One conversion; the jump is judged once another has followed it."""
        last = self._last
        if len(last) == 3 and abs(last[2] - last[1]) > TURN // 2:
            jump = abs(abs(last[2] - last[1]) - TURN)
            if max(jump, abs(raw - last[2]), abs(last[1] - last[0])) < self._smooth:
                self.on, self._seen_s = True, at_s
        elif self.on and at_s - self._seen_s > HOLD_S:
            self.on = False
        self._last = (*last[-2:], raw)
