"""The truck that empties the bins, at the times that a scenario names or later."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sim.bay import SimBay

TRAFFIC_S = 1.0
"""Whoever was late looks again so soon whether to go."""


class Truck:
    """Comes at each of `due_s` and takes along all that lies in the bins.

    Args:
        bays: The kiosk's bays by name.
        due_s: When it comes, in seconds of the loop's time, in order.
    """

    def __init__(self, bays: Mapping[str, SimBay], due_s: Sequence[float]) -> None:
        self._bays = bays
        self._due_s = list(due_s)
        self.collections = 0

    async def run(self) -> None:
        """Drive until the last collection is done."""
        loop = asyncio.get_running_loop()
        while self._due_s:
            if (wait_s := self._due_s[0] - loop.time()) > 0:
                await asyncio.sleep(min(wait_s, max(TRAFFIC_S, wait_s / 2)))
                continue
            del self._due_s[0]
            self._collect()

    def late(self, seconds: float) -> None:
        """Verb: the next collection, and those behind it, come so much later."""
        self._due_s = [due_s + seconds for due_s in self._due_s]

    def _collect(self) -> None:
        self.collections += 1
        for bay in self._bays.values():
            bay.empty_bins()
