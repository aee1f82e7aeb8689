"""How long residents wait: from the scan that begins a session to the points of its first load."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import TYPE_CHECKING

from sim.trace import Trace

if TYPE_CHECKING:
    from pathlib import Path

    from controller.core.view import View
    from sim.audit import Audit
    from sim.parts import Parts
    from sim.run import Outcome

FOREVER_S = 1e9
NOBODYS = ("IDLE", "OFF")
DISTURBED = {"ASKING": "asked", "RETURNING": "returned"}
"""States of a session in which the first load did not go straight to its points."""


class Stopwatch:
    """Times each session of a run by what the screen shows (`sim.run.Witness`).

    Timed are sessions whose first load was credited with nothing asked, nothing returned, and with
    the hatch closing at the first try, at a kiosk without a fault.

    Attributes:
        stages_s: Of each session that was timed, the seconds in each state up to its points.
        left_out: Why the others were not timed, and how many.
        full: How many loads were returned because their bin was full.
    """

    def __init__(self) -> None:
        self.stages_s: list[dict[str, float]] = []
        self.left_out: Counter[str] = Counter()
        self.full = 0
        self._stages_s: dict[str, float] = {}
        self._state, self._message, self._since_s = "IDLE", "", 0.0
        self._why_not = ""
        self._is_over = False
        self._looks: asyncio.Task[None] | None = None

    @property
    def waits_s(self) -> list[float]:
        """Of each session that was timed, virtual seconds from scan to points."""
        return [sum(stages_s.values()) for stages_s in self.stages_s]

    def trace(self, file: Path | None) -> Trace:
        """An ordinary trace."""
        return Trace(file)

    def meets(self, parts: Parts) -> None:
        """Look at the screen from now on."""
        self._looks = asyncio.get_running_loop().create_task(self._look(parts), name="stopwatch")

    def ticks(self, now_s: float) -> None:
        """Nothing: the screen says when it changes."""

    def ends(self, parts: Parts, outcome: Outcome, found: Audit) -> None:
        """Look away."""
        assert self._looks is not None
        self._looks.cancel()

    async def _look(self, parts: Parts) -> None:
        loop, screen = asyncio.get_running_loop(), parts.screen
        while True:
            await screen.change(FOREVER_S)
            self.sees(screen.view, loop.time())

    def sees(self, view: View, now_s: float) -> None:
        """The screen shows `view` since `now_s`."""
        if view.message == "returned-full" != self._message:
            self.full += 1
        self._message = view.message
        if view.state != self._state:
            self._passes(view, now_s)

    def _passes(self, view: View, now_s: float) -> None:
        """From one state to the next."""
        before, self._state = self._state, view.state
        spent_s, self._since_s = now_s - self._since_s, now_s
        if before in NOBODYS:
            self._stages_s, self._why_not, self._is_over = {}, "", False
        elif not self._is_over:
            self._stages_s[before] = self._stages_s.get(before, 0.0) + spent_s
            self._judge(before, view)

    def _judge(self, before: str, view: View) -> None:
        """Whether the session's first load has come to its end, and to which."""
        self._why_not = self._why_not or DISTURBED.get(view.state, "")
        if (before, view.state) == ("CLOSING", "LOADING"):
            self._why_not = self._why_not or "hatch opened again"
        if view.state == "CREDITED" and not self._why_not:
            self.stages_s.append(self._stages_s)
            self._is_over = True
        elif view.state == "CREDITED" or view.state in (*NOBODYS, "FAREWELL"):
            self.left_out[self._why_not or "no load"] += 1
            self._is_over = True
