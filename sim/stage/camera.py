"""The chamber's camera in real time: draws on a thread, for a drawing takes a quarter second."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING

from sim.camera import FRAME_S
from sim.drawn_chamber import DrawnChamber

if TYPE_CHECKING:
    from collections.abc import Sequence

    from controller.ports import Image
    from sim.camera import LitBay
    from sim.world import BayWorld


class StageCamera:
    """Looks into a bay's chamber as `sim.camera.SimCamera` does, and never holds up the loop.

    A node that hears nothing for a quarter second stands still, so the loop must not wait.

    Args:
        bay: The bay.
        seed: The demo's seed: how each item lies.
    """

    def __init__(self, bay: LitBay, seed: int) -> None:
        self._bay = bay
        self.chamber = DrawnChamber(seed, bay.name)
        self._drawing = threading.Lock()

    async def frames(self, count: int) -> Sequence[Image]:
        """Take `count` pictures, oldest first."""
        await asyncio.sleep(FRAME_S * count)
        return await asyncio.to_thread(self._drawn, self._bay.now(), count)

    def _drawn(self, world: BayWorld, count: int) -> Sequence[Image]:
        """A drawn chamber remembers what lies in it: pictures asked for together take turns."""
        with self._drawing:
            return self.chamber.photographs(world, count)
