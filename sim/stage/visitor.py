"""The demo's visitor: what somebody at the page does to the simulated kiosk, one verb each."""

from __future__ import annotations

import asyncio
import itertools
from typing import TYPE_CHECKING

from sim.stage.items import thing_of
from sim.world import Item

if TYPE_CHECKING:
    from sim.bay import SimBay
    from sim.people import Phone
    from sim.screen import SimScreen

REACH_S = 0.5
"""So long a hand takes to the pan."""

HOLD_S = 20.0
"""So long somebody holds a phone up."""


class Visitor:
    """One visitor with all things of `sim.stage.items` on the table.

    Args:
        account: The green account (16 hex digits) on the visitor's phone.
        phone: The phone.
        bay: The bay before which the visitor stands.
        screen: The visitor's eyes on the kiosk's screen.
    """

    def __init__(self, account: str, phone: Phone, bay: SimBay, screen: SimScreen) -> None:
        self.account = account
        self._phone = phone
        self._bay = bay
        self._screen = screen
        self._numbers = itertools.count(1)

    @property
    def hand_inside(self) -> bool:
        """Whether the visitor's hand is in the hatch."""
        return self._bay.world.hand_inside

    async def show_code(self) -> bool:
        """Hold the phone up until the kiosk has read it; False where it did not."""
        self._phone.show(self.account)
        try:
            async with asyncio.timeout(HOLD_S):
                while self._screen.view.state == "IDLE":
                    await self._screen.change(HOLD_S)
        except TimeoutError:
            return False
        finally:
            self._phone.away()
        return True

    async def put_in(self, kind: str) -> bool:
        """Reach in and lay a thing on the pan; the hand stays inside. False where it cannot."""
        if not self._bay.hand(True):
            return False
        await asyncio.sleep(REACH_S)
        name = f"visitor-{next(self._numbers)}"
        if self._bay.put(Item(name, kind, thing_of(kind).mass_g)):
            return True
        self._bay.hand(False)
        return False

    def hand_out(self) -> None:
        """Take the hand out of the hatch."""
        self._bay.hand(False)

    async def take_back(self) -> bool:
        """Reach in, take everything from the pan, and take the hand out."""
        if not self._bay.hand(True):
            return False
        await asyncio.sleep(REACH_S)
        taken = self._bay.take()
        await asyncio.sleep(REACH_S)
        self._bay.hand(False)
        return bool(taken)
