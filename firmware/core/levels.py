"""How far it is from each bin's sensor down to what lies in it: read by the board, passed on raw.

Nothing that keeps people safe hangs on it, so nothing is judged here: what a reading means, and
whether a sensor fails, is the controller's business.
"""

from wire.messages import BINS

PERIOD_MS = 5000
"""A bin fills within hours, and the middle of several readings is used."""

SETTLES_MS = 2000
"""After a drop: a load slides for less than a second, and the board asks all sensors in another."""


class Levels:
    """When the levels are told: never while the gate is open, and now and then while it is shut."""

    def __init__(self):
        self._since_ms = PERIOD_MS

    def step(self, dt_ms, shut):
        """Let `dt_ms` pass with the gate shut or not."""
        since_ms = self._since_ms + dt_ms if shut else PERIOD_MS - SETTLES_MS
        self._since_ms = min(since_ms, PERIOD_MS)

    def due(self, inputs):
        """The fields of a `levels` message where it is time for one, else None."""
        if self._since_ms < PERIOD_MS:
            return None
        self._since_ms = 0
        fields = {"node_ms": inputs.now_ms}
        for at in range(BINS):
            fields["bin_%d" % at] = max(0, min(0xFFFF, inputs.levels_mm[at]))
        return fields
