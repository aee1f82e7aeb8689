"""The camera's word on whether the hatch may close: hand gone, chamber still, something there.

The node alone keeps people safe, by curtain, edge and presence. The camera only spares the
resident a closing that would be undone; so where it cannot see, or is stubborn, the hatch closes.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

PICTURES = 2
"""So many pictures show whether something moves or reaches in."""

AGAIN_S = 0.4
"""After a word against closing the camera is asked again this much later."""

LOST_S = 1.0
"""A word that has not come by then will not come: close without it, or ask again after a no."""

STUBBORN_S = 5.0
"""After so long against it the hatch closes all the same: the look behind it decides."""


class Glance(Enum):
    """What the camera sees through an open hatch."""

    READY = "ready"
    EMPTY = "empty"
    MOVING = "moving"
    HAND = "hand"
    STRING = "string"
    BLIND = "blind"


_FREE = frozenset({Glance.READY, Glance.BLIND})

REACHES_IN = frozenset({Glance.HAND, Glance.STRING})
"""Glances of what the hatch would close upon."""


@dataclass(slots=True)
class Trigger:
    """One state's talk with the camera; forgotten with the state."""

    first_asked_s: float | None = None
    asked_s: float = 0.0
    waits_for: int | None = None
    """The number of the question that is not answered yet."""
    glance: Glance | None = None

    def wants(self, now_s: float) -> bool:
        """Whether to ask the camera now; a question under way is given its time."""
        if self.first_asked_s is None:
            return True
        if self.glance is None or self.glance in _FREE:
            return False
        patience_s = AGAIN_S if self.waits_for is None else LOST_S
        return now_s - self.asked_s >= patience_s

    def asked(self, number: int, now_s: float) -> None:
        """The camera was asked question `number`."""
        self.waits_for = number
        self.asked_s = now_s
        if self.first_asked_s is None:
            self.first_asked_s = now_s

    def hear(self, number: int, glance: Glance) -> bool:
        """Take the camera's answer to question `number`; False where another one was asked."""
        if number != self.waits_for:
            return False
        self.waits_for = None
        self.glance = glance
        return True

    def allows(self, now_s: float) -> bool:
        """Whether the camera has nothing against closing, or has had its time."""
        if self.first_asked_s is None:
            return False
        if self.glance is None:
            return now_s - self.asked_s >= LOST_S
        return self.glance in _FREE or now_s - self.first_asked_s >= STUBBORN_S
