"""The light curtain's test before each closing, and the patience with one that is never free.

Its sender is switched off for a moment: a sound curtain then says blocked, and is free again when
the light is back. One that sees nothing would let the hatch close on a hand. What it says during
the test is no hand's doing, and hardly a tenth of a second of the warning goes by with it.
"""

IDLE, DARK, LIT, PROVED, FAILED = range(5)


class Curtain:
    """`step` each scan; then `hand`, `testing` and what became of the test can be read."""

    def __init__(self, config):
        self._config = config
        self.phase = IDLE
        self.hand = False  # the curtain is blocked, and not by its own test
        self.never_free = False  # blocked for so long behind a shut hatch: dirt, or a fault
        self._age_ms = 0
        self._blocked_ms = 0

    @property
    def testing(self):
        """Whether the sender is to be off."""
        return self.phase == DARK

    @property
    def proved(self):
        """Whether it has passed the test of this closing."""
        return self.phase == PROVED

    @property
    def failed(self):
        """Whether it did not see its sender go off."""
        return self.phase == FAILED

    def step(self, dt_ms, blocked, wanted, shut):
        """Take in one scan.

        Args:
            dt_ms: Milliseconds since the last scan.
            blocked: What the curtain says.
            wanted: Whether a closing is announced, so that the test is due or stands.
            shut: Whether the hatch is shut, so that nobody can reach through it.
        """
        self._age_ms = min(self._age_ms + dt_ms, self._config.curtain_test_ms)
        if not wanted:
            self._enter(IDLE)
        elif self.phase == IDLE and not blocked:
            self._enter(DARK)
        elif self.phase == DARK and blocked:
            self._enter(LIT)
        elif self.phase == LIT and not blocked:
            self._enter(PROVED)
        elif self.phase == DARK and self._age_ms >= self._config.curtain_test_ms:
            self._enter(FAILED)
        waits = self.phase == LIT and self._age_ms < self._config.curtain_test_ms
        self.hand = blocked and not waits
        patience_ms = self._config.never_free_ms
        self._blocked_ms = min(self._blocked_ms + dt_ms, patience_ms) if blocked and shut else 0
        self.never_free = self._blocked_ms >= patience_ms

    def _enter(self, phase):
        if phase != self.phase:
            self.phase = phase
            self._age_ms = 0
