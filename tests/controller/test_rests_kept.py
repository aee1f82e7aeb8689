"""Under the real app: a bay that rests is not forgotten with the controller."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from controller.core.rests import SAID_S
from controller.starting import Kept
from sim import clock
from tests.controller.killed_kiosk import Scene
from tests.controller.killing import Boundaries
from tests.controller.test_kept_in_use import Drawer

if TYPE_CHECKING:
    from pathlib import Path

LASTS_S = SAID_S + 10.0
"""So long a rest is certainly spoken of."""


class Remembering(Scene):
    """A kiosk that keeps since when its bays rest."""

    def __init__(self, folder: Path) -> None:
        self.kept = Kept(Drawer(), Drawer(), rests=Drawer())
        super().__init__(folder, Boundaries())

    async def goes_on(self, seconds: float) -> int:
        """Run for so long and end; since when the screen says that the bay rests, 0 if it does
        not."""
        assert not await self.run(asyncio.create_task(asyncio.sleep(seconds)))
        rest = self.screen.view.bays[0].rest
        return 0 if rest is None else rest.since_s


async def _is_kept(folder: Path) -> None:
    scene = Remembering(folder)
    world = asyncio.create_task(scene.rig.run())
    assert await scene.goes_on(5) == 0
    scene.start(Boundaries())
    pressed_s = scene.clock.utc_s()
    scene.bay.switch("emergency_stop", on=True)
    since_s = await scene.goes_on(LASTS_S)
    assert 0 <= since_s - pressed_s <= 2
    scene.start(Boundaries())
    assert await scene.goes_on(5) == since_s
    scene.start(Boundaries())
    scene.bay.switch("emergency_stop", on=False)
    assert await scene.goes_on(LASTS_S) == 0
    assert scene.kept is not None and scene.kept.rests is not None
    assert await scene.kept.rests.kept() == []
    world.cancel()
    await asyncio.gather(world, return_exceptions=True)
    scene.rig.close()


def test_a_rest_is_said_as_of_its_hour_after_a_restart_and_ends_with_its_cause(
    tmp_path: Path,
) -> None:
    """Somebody presses the emergency stop; the controller starts anew; they pull it again."""
    clock.run(_is_kept(tmp_path))
