"""The kiosk's receipt printer as a model of the port `Printer`: it keeps what it has printed."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from controller.ports import PrinterError

if TYPE_CHECKING:
    from controller.core.slip import Slip

SLIP_S = 2.0
"""A slip with one code is 15 cm of paper, at 75 mm a second."""


class SimPrinter:
    """A printer whose paper may be out.

    Attributes:
        slips: What was printed, oldest first.
    """

    def __init__(self) -> None:
        self.slips: list[Slip] = []
        self._loop = asyncio.get_running_loop()
        self._empty_until_s = 0.0

    def run_out(self, seconds: float) -> None:
        """Verb: there is no paper for so long."""
        self._empty_until_s = max(self._empty_until_s, self._loop.time() + seconds)

    async def look(self) -> None:
        """Whether it has paper."""
        if self._loop.time() < self._empty_until_s:
            raise PrinterError("paper-out", "the printer's paper is out: put a new roll in")

    async def print(self, slip: Slip) -> None:
        """Print it; half of it where the paper ends meanwhile."""
        await self.look()
        await asyncio.sleep(SLIP_S)
        await self.look()
        self.slips.append(slip)

    def close(self) -> None:
        """Nobody waits for it."""
