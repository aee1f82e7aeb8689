"""How sharp a bay's picture is, and was at best, while somebody turns the lens."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from controller.screens.service.refusal import RefusedError
from controller.screens.tags import text

if TYPE_CHECKING:
    from controller.screens.service.counter import Counter
    from controller.screens.service.eyes import EyesDesk, Focus

FOCUS_S = 0.4
"""So often the picture is looked at."""

TURNS_S = 300.0
"""Nobody turns a lens for longer. Each look counts as a touch, so that one that went on for ever
would keep residents away from a kiosk which somebody has left."""


class Sharpness:
    """The figure of one bay, as long as somebody wants it.

    Args:
        counter: The page's.
        eyes: Take the pictures.
        bay: The bay's name.
    """

    def __init__(self, counter: Counter, eyes: EyesDesk, bay: str) -> None:
        self._counter = counter
        self._eyes = eyes
        self._bay = bay
        self._until_s = -math.inf
        self._found: Focus | None = None
        self._best = 0.0

    def start(self) -> None:
        """Look from now on."""
        self._until_s, self._best = self._counter.desk.now_s() + TURNS_S, 0.0

    def stop(self) -> None:
        """Look no more; what was found last stays."""
        self._until_s = -math.inf

    async def look(self) -> None:
        """Look once, if somebody wants it; a camera that is gone ends it, and is said."""
        if self._counter.desk.now_s() >= self._until_s:
            return
        try:
            self._found = await self._eyes.focus(self._counter.token, self._bay)
        except RefusedError as error:
            self.stop()
            self._counter.refused(error)
        else:
            self._best = max(self._best, self._found.sharpness)

    def key(self) -> object:
        """What was found."""
        return self._found, self._best, self._counter.words

    def draw(self) -> None:
        """The figure, large, with its limit and the best so far."""
        words, found = self._counter.words, self._found
        if found is None:
            return
        classes = "figure bad" if found.sharpness < found.limit else "figure good"
        text(f"{found.sharpness:.1f}", classes).props(f'data-sharpness="{self._bay}"')
        figures = {"limit": f"{found.limit:g}", "best": f"{self._best:.1f}"}
        said = words.label("sharpness-limit", light=round(found.bright_level), **figures)
        text(said, "soft")
