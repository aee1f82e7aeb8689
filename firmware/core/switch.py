"""A limit switch that wears out chatters before it fails."""

SAME_MS = 12
"""Changes no further apart than this belong to one arrival; a leaf that bounces takes longer."""


class Chatter:
    """Watches one switch: a sound one is quiet 5 ms after its first contact."""

    def __init__(self, chatter_ms, changes):
        self.heard = False  # this arrival was a chatter
        self._chatter_ms = chatter_ms
        self._changes = changes
        self._was_on = None
        self._since_ms = SAME_MS + 1
        self._span_ms = 0
        self._count = 0

    def step(self, dt_ms, on):
        """Take in one scan; `heard` stays until the next contact after a pause."""
        self._since_ms = min(self._since_ms + dt_ms, SAME_MS + 1)
        if on == self._was_on or self._was_on is None:
            self._was_on = on
            return
        self._was_on = on
        if self._since_ms > SAME_MS:
            self._span_ms = self._count = 0
            self.heard = False
        else:
            self._span_ms = min(self._span_ms + self._since_ms, self._chatter_ms)
        self._count = min(self._count + 1, self._changes)
        self._since_ms = 0
        if self._span_ms >= self._chatter_ms and self._count >= self._changes:
            self.heard = True
