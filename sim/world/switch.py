"""A limit switch: where it turns on and off, and how its contacts bounce when it does."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random

    from sim.world.figures import HatchFigures

NEVER_US = 1 << 62


class LimitSwitch:
    """One end's switch; it looks at how far the leaf is from that end.

    On at `on_mm`, off at `off_mm`: no two have the same hysteresis. Each time it turns, its
    contacts bounce for some milliseconds before they stay.

    Args:
        figures: Of the hatch.
        rng: Hysteresis and bounces.
        on: How it stands at first.
    """

    def __init__(self, figures: HatchFigures, rng: random.Random, *, on: bool) -> None:
        self.on_mm = figures.limit_on_mm
        least_mm, most_mm = figures.limit_hysteresis_least_mm, figures.limit_hysteresis_most_mm
        self.off_mm = self.on_mm + rng.uniform(least_mm, most_mm)
        self.stuck: bool | None = None
        self.chatter_ms = 0.0
        self._bounce_ms = (figures.limit_bounce_least_ms, figures.limit_bounce_most_ms)
        self._rng = rng
        self.next_us = NEVER_US  # when its contacts move again by themselves
        self._on = on
        self._contact = on
        self._turns_us: list[int] = []

    @property
    def on(self) -> bool:
        """What its line says now."""
        return self._contact if self.stuck is None else self.stuck

    @property
    def closes(self) -> bool:
        """Whether the leaf holds it, whatever its contacts say at this moment."""
        return self._on

    @property
    def turns_at_mm(self) -> float:
        """How far the leaf must be from the end for the switch to turn next."""
        return self.off_mm if self._on else self.on_mm

    def follow(self, from_end_mm: float, now_us: int) -> None:
        """The leaf is that far from the end; past the turning point the contacts go over."""
        if (from_end_mm <= self.turns_at_mm) == self._on:
            return
        self._on = not self._on
        self._contact = self._on
        # The contacts part and meet some times, and stay at last as they were when they turned.
        bounce_us = self._rng.uniform(*self._bounce_ms) * 1000 + self.chatter_ms * 1000
        turns = 2 * self._rng.randint(1, 3 + int(self.chatter_ms // 4))
        inside = sorted(self._rng.uniform(0.05, 1.0) for _ in range(turns - 1))
        offsets = {max(1, round(share * bounce_us)) for share in (*inside, 1.0)}
        self._turns_us = sorted((now_us + one for one in offsets), reverse=True)
        if len(self._turns_us) % 2:
            self._turns_us.pop()  # an even number of turns ends where it began
        self._look_ahead()

    def settle(self, now_us: int) -> None:
        """Let the contacts do what they do until `now_us`."""
        while self._turns_us and self._turns_us[-1] <= now_us:
            self._turns_us.pop()
            self._contact = not self._contact
        self._look_ahead()

    def _look_ahead(self) -> None:
        self.next_us = self._turns_us[-1] if self._turns_us else NEVER_US
