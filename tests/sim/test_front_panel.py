"""The demo's front panel: what a visitor switches reaches the kiosk through the real adapter."""

from __future__ import annotations

import asyncio

from controller.core.events import MainsSeen
from controller.core.panel import Lamp
from sim.stage.front import FrontPanel


def test_a_visitor_cuts_the_mains_and_sees_the_lamp() -> None:
    """It is on at first, as in a house."""
    front = FrontPanel()
    assert (front.lamp, front.has_mains) == ("", True)

    async def story() -> list[object]:
        told = front.panel.events()
        seen: list[object] = [await anext(told)]
        front.switch_mains(on=False)
        return [*seen, await anext(told)]

    assert asyncio.run(asyncio.wait_for(story(), 10)) == [MainsSeen(True), MainsSeen(False)]
    for lamp in Lamp:
        front.panel.show(lamp)
        assert front.lamp == lamp.value
