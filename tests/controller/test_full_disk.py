"""The journal's disk fills up and is made room on, under the real app."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from controller.checking import EVERY_S
from controller.core.flow.journal import NO_ROOM
from sim import clock
from sim.world import Item
from tests.controller.killed_kiosk import PLENTY, Scene
from tests.controller.killing import Boundaries

if TYPE_CHECKING:
    from pathlib import Path

BOTTLE = Item("bottle", "pet-bottle", 24)


async def _fills_up(folder: Path) -> None:
    loop = asyncio.get_running_loop()
    scene = Scene(folder, Boundaries())
    scene.free_bytes = 0
    world = loop.create_task(scene.rig.run())
    visit = loop.create_task(scene.resident([BOTTLE]).visit())
    kiosk = loop.create_task(scene.run(visit))
    await asyncio.sleep(2 * EVERY_S)
    (row,) = scene.screen.view.bays
    assert (row.usable, row.why_not.partition(":")[0]) == (False, NO_ROOM)
    assert scene.screen.states == {"IDLE"}
    scene.free_bytes = PLENTY
    await asyncio.sleep(2 * EVERY_S)
    assert scene.screen.view.bays[0].usable
    assert not await kiosk
    world.cancel()
    await asyncio.gather(world, return_exceptions=True)
    scene.rig.close()
    assert scene.read().grams("deposit") == [BOTTLE.mass_g]


def test_a_full_disk_closes_every_bay_and_room_opens_them_again(tmp_path: Path) -> None:
    """The screen says so, nobody is let in, and the resident who waited is served afterwards."""
    clock.run(_fills_up(tmp_path))
