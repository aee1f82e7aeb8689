"""The chamber's camera in real time: draws on a thread, for a drawing takes a quarter second."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import numpy as np

from sim.camera import DARK, FRAME_S
from sim.chance import rng
from sim.drawn import SIZE, draw_frames, empty_chamber

if TYPE_CHECKING:
    from collections.abc import Sequence

    from controller.ports import Image
    from sim.camera import LitBay


class StageCamera:
    """Looks into a bay's chamber as `sim.camera.SimCamera` does, and never holds up the loop.

    A node that hears nothing for a quarter second stands still, so the loop must not wait.

    Args:
        bay: The bay.
        seed: The demo's seed: how each item lies.
    """

    def __init__(self, bay: LitBay, seed: int) -> None:
        self._bay = bay
        self._seed = seed
        self._taken = 0

    async def frames(self, count: int) -> Sequence[Image]:
        """Take `count` pictures, oldest first."""
        await asyncio.sleep(FRAME_S * count)
        world = self._bay.now()
        self._taken += 1
        if not world.light_on:
            return self._dark(count)
        if not world.on_pan:
            return await asyncio.to_thread(self._empty, count)
        top = world.on_pan[-1].item
        how = rng(self._seed, top.name, "lying")
        return await asyncio.to_thread(draw_frames, top.kind, how, count)

    def _empty(self, count: int) -> Sequence[Image]:
        noise = rng(self._seed, self._bay.name, str(self._taken))
        return [empty_chamber(noise) for _ in range(count)]

    def _dark(self, count: int) -> Sequence[Image]:
        noise = np.random.default_rng([self._seed, self._taken])
        return list(noise.integers(0, DARK, size=(count, *SIZE, 3), dtype=np.uint8))
