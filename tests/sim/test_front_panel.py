"""The demo's front panel: what a visitor switches reaches the kiosk through the real adapter."""

from __future__ import annotations

import asyncio

from controller.core.events import KeyTurned, MainsSeen
from controller.core.panel import Lamp
from sim.stage.front import FrontPanel


def test_a_visitor_cuts_the_mains_turns_the_key_and_sees_the_lamp() -> None:
    """The mains is on at first, as in a house, and the key is not turned."""
    front = FrontPanel()
    assert (front.lamp, front.has_mains, front.in_service) == ("", True, False)

    async def story() -> list[object]:
        told = front.panel.events()
        seen: list[object] = [await anext(told), await anext(told)]
        front.switch_mains(on=False)
        seen.append(await anext(told))
        front.turn_key(on=True)
        return [*seen, await anext(told)]

    assert asyncio.run(asyncio.wait_for(story(), 60)) == [
        KeyTurned(False),
        MainsSeen(True),
        MainsSeen(False),
        KeyTurned(True),
    ]
    for lamp in Lamp:
        front.panel.show(lamp)
        assert front.lamp == lamp.value
