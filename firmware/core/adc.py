"""The load cell's conversions: passed on raw, and judged only as far as safety needs it.

Calibration and settling are the controller's; the node knows counts, not grams. Odd values are
passed on as they are, so that whoever looks for a cause sees them.
"""

from wire.messages import MAX_SAMPLES, pack_raw

SLOW_MS = 1000
SATURATED = 8388607
"""An HX711 at the end of its 24 bits says nothing about the load."""


class LoadCell:
    """The stream of conversions, fast (every one) or slow (one a second)."""

    def __init__(self, config):
        self.limit_raw = config.load_limit_raw
        self.low_raw = -config.load_limit_raw
        self.fast = False
        self.silent = False  # conversions have stopped
        self.stuck = False  # they repeat one value, which noise never does
        self.unknown = True  # nobody can say what lies on the pan
        self.overload = False  # more lies on the pan than the limit, or seems to pull it up
        self._silent_limit_ms = config.cell_silent_ms
        self._repeats_limit_ms = config.repeats_ms
        self._same_ms = 0
        self._silent_ms = 0
        self._latest = []
        self._number = 0
        self._node_ms = 0
        self._unsent = []
        self._since_sent_ms = 0

    def step(self, dt_ms, samples):
        """Take the conversions since the last scan: (ticks, raw), oldest first."""
        self._since_sent_ms += dt_ms
        self._silent_ms = 0 if samples else min(self._silent_ms + dt_ms, self._silent_limit_ms)
        self._same_ms = min(self._same_ms + dt_ms, self._repeats_limit_ms)
        for node_ms, raw in samples:
            if self._latest and raw != self._latest[-1]:
                self._same_ms = 0
            self._number = (self._number + 1) & 0xFFFF
            self._node_ms = node_ms
            self._latest = self._latest[-2:] + [raw]
            self._unsent.append(raw)
        if samples:
            self._unsent = self._unsent[-MAX_SAMPLES:] if self.fast else self._unsent[-1:]
        self._judge()

    @property
    def settled(self):
        """Whether new conversions come, none speaks of too much, and one a second is wanted.

        One that speaks of too much waits for two more to count: no sleep may come in between.
        """
        if self.fast or self.unknown or self._silent_ms or self._same_ms:
            return False
        return self.low_raw <= min(self._latest) and max(self._latest) <= self.limit_raw

    def sleep(self, slept_ms):
        """The node slept for so long before the next `step`, besides its milliseconds."""
        self._since_sent_ms += slept_ms

    def _judge(self):
        """What safety needs: the middle of the last three, so that no single spike counts."""
        self.silent = self._silent_ms >= self._silent_limit_ms
        self.stuck = self._same_ms >= self._repeats_limit_ms and not self.silent
        self.unknown = self.silent or self.stuck or len(self._latest) < 3
        self.overload = False
        if not self.unknown:
            a, b, c = self._latest
            middle = max(min(a, b), min(max(a, b), c))
            self.unknown = not -SATURATED <= middle < SATURATED
            # Nothing pulls a pan up: that far below, a cell is connected the wrong way round.
            self.overload = not self.unknown and not self.low_raw <= middle <= self.limit_raw

    @property
    def judged(self):
        """Whether it is known to speak, or known not to."""
        return not self.unknown or self.silent or len(self._latest) == 3

    def due(self):
        """What to send now: (number of the last, its ticks, packed conversions), or None."""
        if not self._unsent or (not self.fast and self._since_sent_ms < SLOW_MS):
            return None
        packed = pack_raw(self._unsent)
        self._unsent = []
        self._since_sent_ms = 0
        return self._number, self._node_ms, packed
