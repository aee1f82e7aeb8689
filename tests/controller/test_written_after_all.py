"""A disk that calls a commit failed which it had taken, under the real app."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from controller.adapters.journal.sqlite_journal import SqliteJournal
from controller.ports import DiskError
from sim import clock
from sim.world import Item
from tests.controller.killed_kiosk import CONFIG, Scene
from tests.controller.killing import Boundaries

if TYPE_CHECKING:
    from pathlib import Path

    from controller.core.records import Draft, Entry

BOTTLE = Item("bottle", "pet-bottle", 24)


class Doubtful(SqliteJournal):
    """Says of the first deposit that it failed."""

    said = False

    def append(self, draft: Draft) -> Entry:
        entry = super().append(draft)
        if draft.kind == "deposit" and not self.said:
            self.said = True
            raise DiskError("journal cannot be written: disk I/O error")
        return entry


class DoubtfulScene(Scene):
    """A kiosk over that disk."""

    def _opened(self) -> SqliteJournal:
        identity = self.identity
        return Doubtful(
            self._path,
            kiosk=CONFIG.kiosk,
            signer=identity.kiosk,
            epoch_source=identity.new_epoch,
        )


async def _is_credited_once(folder: Path) -> None:
    loop = asyncio.get_running_loop()
    scene = DoubtfulScene(folder, Boundaries())
    world = loop.create_task(scene.rig.run())
    visit = loop.create_task(scene.resident([BOTTLE]).visit())
    assert not await scene.run(visit)
    assert scene.screen.view.bays[0].usable
    assert "CREDITED" in scene.screen.states
    world.cancel()
    await asyncio.gather(world, return_exceptions=True)
    scene.rig.close()
    books = scene.read()
    assert (books.grams("deposit"), books.open_intents) == ([BOTTLE.mass_g], 0)
    assert "uncertain" not in books.bodies


def test_a_deposit_that_was_written_after_all_is_shown_and_written_once(tmp_path: Path) -> None:
    """The second try finds the intent closed, by the very record that was wanted."""
    clock.run(_is_credited_once(tmp_path))
