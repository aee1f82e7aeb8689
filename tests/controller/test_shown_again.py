"""A code that is shown again, under the real app and journal."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from contract import token
from contract.card import issue_card
from sim import clock
from tests.contract.samples import ALICE, BOB
from tests.controller.killed_kiosk import Scene
from tests.controller.killing import Boundaries

if TYPE_CHECKING:
    from pathlib import Path

LONG_S = 3600
"""The visits of this story take minutes, and the code must not expire before it is shown again."""


async def _waits(scene: Scene, *messages: str) -> str:
    """Wait until one of these is said; a visit without a load ends by itself."""
    while scene.screen.view.message not in messages:
        assert await scene.screen.change(300.0), scene.screen.view
    return scene.screen.view.message


async def _shown(scene: Scene, text: str) -> str:
    """Hold something up at the idle kiosk; whether the hatch opens for it, or what is said."""
    await _waits(scene, "idle")
    scene.front.show_text(text)
    said = await _waits(scene, "put-in", "code-replayed", "card-lost", "code-forged")
    await _waits(scene, "idle")
    return said


async def _comes_again(folder: Path) -> None:
    loop = asyncio.get_running_loop()
    scene = Scene(folder, Boundaries())
    world = loop.create_task(scene.rig.run())
    kiosk = loop.create_task(scene.kiosk.run())
    await asyncio.sleep(30)
    now_s, city = scene.clock.utc_s(), scene.identity.city
    alice, bob = (
        token.issue(city, account, now_s, ttl_s=LONG_S, jti=bytes.fromhex(account))
        for account in (ALICE, BOB)
    )
    card = issue_card(city, ALICE, now_s, number=1, card_id=b"card0001")
    shown = [alice, alice, bob, alice, card]
    said = [await _shown(scene, text) for text in shown]
    assert said == ["put-in", "put-in", "put-in", "code-replayed", "put-in"]
    assert scene.kiosk.session.refused["code:replayed"] == 2
    for task in (kiosk, world):
        task.cancel()
    await asyncio.gather(kiosk, world, return_exceptions=True)
    scene.rig.close()
    scene.journal.close()


def test_who_was_here_last_is_let_in_again_and_nobody_else_with_that_code(tmp_path: Path) -> None:
    """The journal knows the codes; a card is shown as often as its owner likes."""
    clock.run(_comes_again(tmp_path))
