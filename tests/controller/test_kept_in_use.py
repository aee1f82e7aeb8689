"""Under the real app: a camera that fails leaves a fault, and a bottle lies in its lot."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from controller.ports import CameraLostError
from controller.starting import Kept
from sim import clock
from sim.world import Item
from tests.controller.killed_kiosk import BAY, Onlooker, Scene
from tests.controller.killing import Boundaries

if TYPE_CHECKING:
    from pathlib import Path

    from controller.ports import Image

BOTTLE = Item("bottle", "pet-bottle", 24)


class Drawer:
    """Keeps rows as long as the test lasts."""

    def __init__(self) -> None:
        self.rows: list[tuple[Any, ...]] = []

    async def kept(self) -> list[tuple[Any, ...]]:
        """As the port has it."""
        return self.rows

    async def keep(self, rows: Sequence[tuple[str | int, ...]]) -> None:
        """As the port has it."""
        self.rows = list(rows)


class Unplugged(Onlooker):
    """A camera that gives no picture at the first try."""

    tries = 0

    async def frames(self, count: int) -> Sequence[Image]:
        """As the port has it."""
        self.tries += 1
        if self.tries < 2:
            raise CameraLostError("camera 0 gives no picture: check its plug")
        return await super().frames(count)


class LosingScene(Scene):
    """A kiosk with that camera."""

    eyes = Unplugged

    def start(self, boundaries: Boundaries) -> None:
        """What is kept outlives the controller."""
        self.kept = self.kept or Kept(Drawer(), Drawer())
        super().start(boundaries)


async def _is_recorded(folder: Path) -> None:
    loop = asyncio.get_running_loop()
    scene = LosingScene(folder, Boundaries())
    world = loop.create_task(scene.rig.run())
    for name in ("resident", "neighbour"):
        visit = loop.create_task(scene.resident([BOTTLE], name).visit())
        assert not await scene.run(visit)
        if name == "resident":
            scene.start(Boundaries())
    world.cancel()
    await asyncio.gather(world, return_exceptions=True)
    scene.rig.close()
    books, kept = scene.read(), scene.kept
    assert books.grams("deposit") == [BOTTLE.mass_g] * 2
    begun = [body for body in books.bodies["fault"] if body["fault"] == "camera-lost"]
    assert [(body["bay"], body["active"]) for body in begun] == [(BAY, True)]
    assert kept is not None
    assert (BAY, "camera-lost") in await kept.faults.kept()
    ((bay, _, _, _, deposits, mass_g, *_rest),) = await kept.lots.kept()
    assert (bay, deposits, mass_g) == (BAY, 2, 48)


def test_faults_and_lots_are_recorded_and_kept_over_a_restart(tmp_path: Path) -> None:
    """Each visit its own controller: the camera fails at both, and that is one fault."""
    clock.run(_is_recorded(tmp_path))
