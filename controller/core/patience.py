"""How long is waited before something is tried again: ever longer, and anew after a good while."""

from __future__ import annotations

import math
from dataclasses import dataclass

FIRST_S = 60.0
"""The first try comes so soon: what passes by itself has passed."""

LONGER, LAST_S = 10.0, 86_400.0
"""Each try comes after ten times as long as the one before, a day at most."""

FORGOTTEN_S = 86_400.0
"""What did not stand for so long begins with the first pause again."""


@dataclass(slots=True)
class Patience:
    """When something that stands is tried next: `due_s`, never while it does not stand.

    `pause_s` is how long is waited for the next try, `stood_s` when it was last seen to stand.
    """

    due_s: float = math.inf
    pause_s: float = FIRST_S
    stood_s: float = -math.inf

    def rests(self) -> None:
        """It does not stand, so no try is due."""
        self.due_s = math.inf

    def stands(self, now_s: float) -> bool:
        """It stands; whether for the first time in so long that what was before is forgotten."""
        is_anew = now_s - self.stood_s >= FORGOTTEN_S
        if is_anew:
            self.pause_s = FIRST_S
        self.stood_s = now_s
        return is_anew

    def tried(self, now_s: float) -> None:
        """It is tried now: the next try comes later than this one did."""
        self.pause_s = min(self.pause_s * LONGER, LAST_S)
        self.due_s = now_s + self.pause_s
