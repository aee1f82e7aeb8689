"""When the load that lay on the pan began to leave it; whether it may is for the caller to know."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from controller.core.symptoms.limits import SignalLimits

SOME_E = 2.5
"""A level so far above zero is that of a load, and its leaving is told: 5 g on a scale with e of
2 g."""


class Leaving:
    """Follows one load from its rest on the pan to the rest without it.

    Attributes:
        left_s: When the last load that had rested began to be gone; None before any did. It is
            told with the first second at rest in which less than half of it, and of Min, lies
            there, as after the gate.
    """

    def __init__(self, limits: SignalLimits) -> None:
        self.left_s: float | None = None
        self._limits = limits
        self._zero = float(limits.zero)
        self._loaded: float | None = None  # the level with the load
        self._fell_s: float | None = None  # since when not even half of it is seen

    def zeroed(self, zero_raw: float) -> None:
        """The zero in force is `zero_raw` now; a load that it takes for nothing is none."""
        self._zero = float(zero_raw)
        if self._loaded is not None and not self._is_load(self._loaded):
            self._loaded = self._fell_s = None

    def glimpse(self, at_s: float, level: float) -> None:
        """The level at this moment, counts, at rest or not."""
        if self._loaded is None:
            return
        if 2 * (level - self._zero) >= self._loaded - self._zero:
            self._fell_s = None
        elif self._fell_s is None:
            self._fell_s = at_s

    def take(self, level: float) -> None:
        """The level of one more second at rest, counts; it was glimpsed before."""
        if self._loaded is not None and self._fell_s is not None:
            load = self._loaded - self._zero
            if level - self._zero < min(self._limits.least, load) / 2:
                self.left_s, self._loaded, self._fell_s = self._fell_s, None, None
                return
        if self._is_load(level):
            self._loaded, self._fell_s = level, None

    def _is_load(self, level: float) -> bool:
        return level - self._zero >= SOME_E * self._limits.e
