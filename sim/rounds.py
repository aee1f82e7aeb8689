"""Rounds in which a board asks its slow sensors: at their own times, whoever looks when."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random


class Rounds:
    """One round each `period_us`, the first at a time of its own.

    Args:
        now_us: When the board starts.
        period_us: From one round to the next.
        rng: Gives the first one's time.
    """

    def __init__(self, now_us: int, period_us: int, rng: random.Random) -> None:
        self._period_us = period_us
        self._next_us = now_us + rng.randrange(period_us)

    def are_due(self, now_us: int) -> bool:
        """Whether there was one since the last look; several that were missed are one."""
        late_us = now_us - self._next_us
        if late_us < 0:
            return False
        self._next_us += (late_us // self._period_us + 1) * self._period_us
        return True
