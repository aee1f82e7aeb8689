"""What the hatch met on its sill, and when it may be closed again.

A node leaves its hatch open for staff after three closings that met something. The third must not
come before whoever stands there has read what is wrong and had time to pull it in.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

PAUSES_S = (0.0, 10.0, 30.0)
"""From the first, the second and later meetings to the next closing: reading a sentence and pulling
in a bag takes slow hands half a minute. All are shorter than what ends a visit (`idle_s`)."""

OBSTRUCTED = "obstructed"
"""What is said for as long as nobody has done anything about it."""


@dataclass(slots=True)
class Sill:
    """One visit's closings that met something, since the hatch was last shut.

    `met` counts them, but for a hand in the light curtain: that one is seen to leave.
    """

    met: int = 0
    met_s: float = -math.inf

    def meets(self, now_s: float, *, hand: bool) -> None:
        """The hatch met something and is open again."""
        if not hand:
            self.met += 1
            self.met_s = now_s

    def is_blocked(self, hand_left_s: float) -> bool:
        """Whether no hand has come and gone since: what was met may lie there still."""
        return self.met > 0 and hand_left_s <= self.met_s

    def free_from_s(self, hand_left_s: float) -> float:
        """From when on to close again; a hand that came and went makes up for one meeting."""
        acted = hand_left_s > self.met_s
        pause_s = PAUSES_S[min(max(0, self.met - acted), len(PAUSES_S) - 1)]
        return max(self.met_s, hand_left_s) + pause_s

    def says(self, hand_left_s: float) -> str:
        """What is to be said of it; empty where there is nothing."""
        return OBSTRUCTED if self.is_blocked(hand_left_s) else ""
