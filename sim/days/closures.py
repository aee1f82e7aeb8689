"""When a kiosk said that it takes nothing, and why: a witness of its screen."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from sim.days.availability import Down
from sim.screen import OFF
from sim.trace import Trace

if TYPE_CHECKING:
    from pathlib import Path

    from controller.core.view import View
    from sim.audit import Audit
    from sim.parts import Parts
    from sim.run import Outcome

FOREVER_S = 1e9
STARTING = "starting"
NO_POWER = "no power"


class Closures:
    """Notes of one run (`sim.run.Witness`) each stretch in which no bay could be used.

    Attributes:
        down: The stretches in order, in seconds of the run, with the screen's reasons.
    """

    def __init__(self) -> None:
        self.down: list[Down] = []
        self._since_s, self._why_not = 0.0, STARTING
        self._looks: asyncio.Task[None] | None = None

    def trace(self, file: Path | None) -> Trace:
        """An ordinary trace."""
        return Trace(file)

    def meets(self, parts: Parts) -> None:
        """Look at the screen from now on."""
        self._looks = asyncio.get_running_loop().create_task(self._look(parts), name="closures")

    def ticks(self, now_s: float) -> None:
        """Nothing: the screen says when it changes."""

    def ends(self, parts: Parts, outcome: Outcome, found: Audit) -> None:
        """Look away."""
        assert self._looks is not None
        self._looks.cancel()
        self.turns("", outcome.virtual_s)

    async def _look(self, parts: Parts) -> None:
        loop, screen = asyncio.get_running_loop(), parts.screen
        while True:
            self.turns(why_not(screen.view), loop.time())
            await screen.change(FOREVER_S)

    def turns(self, why_not: str, now_s: float) -> None:
        """From now on the kiosk takes nothing for that reason; empty where it takes something."""
        if why_not == self._why_not:
            return
        if self._why_not and now_s > self._since_s:
            self.down.append(Down(self._since_s, now_s, self._why_not))
        self._since_s, self._why_not = now_s, why_not


def why_not(view: View) -> str:
    """Why none of the bays on the screen can be used; empty where one can."""
    if view.state == OFF:
        return NO_POWER
    if any(row.usable for row in view.bays):
        return ""
    return view.bays[0].why_not if view.bays else STARTING
