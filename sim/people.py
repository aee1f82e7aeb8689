"""People at the kiosk: they see the screen and the hatch, have hands, and tell the truth."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Protocol

from controller.core.touches import Answered, BayPicked, ResidentLeft

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Mapping, Sequence

    from controller.core.view import View
    from sim.screen import SimScreen
    from sim.world import Item, Part

_log = logging.getLogger(__name__)

QUEUE_PATIENCE_S = 900.0
"""So long somebody waits for their turn."""

READING_PATIENCE_S = 20.0
"""So long somebody holds their phone up before they go home."""

SCREEN_PATIENCE_S = 90.0
"""So long somebody looks at a screen on which nothing changes."""

MOVE_ON_S = 5.0
"""So long a touched screen may take to change before somebody touches it again."""

VISIT_PATIENCE_S = 600.0
"""So long a visit lasts at most, whatever happens."""

NONE_OF_THESE = "none-of-these"
ITEM_CODES = {"carton": "cardboard", "t-shirt": "textile"}
"""Kinds of things that the catalogue calls by another name."""


class Bay(Protocol):
    """A bay as a person can use it."""

    def hand(self, inside: bool) -> bool:
        """Put a hand into the opening or take it out; False where it cannot get in."""

    def put(self, item: Item) -> bool:
        """Lay an item on the pan; False where it cannot get in."""

    def take(self) -> list[Part]:
        """Take back everything that a hand inside can reach."""


class Phone(Protocol):
    """A phone with a resident's code, and the place in front of the kiosk to show it."""

    def show(self, account: str) -> None:
        """Hold up a fresh code of `account` to the kiosk."""

    def away(self) -> None:
        """Put the phone away."""


class Person:
    """One resident with things to bring.

    Args:
        name: Who it is, for the run's log.
        account: The green account (16 hex digits).
        items: What they bring, in order; each laid on the pan alone.
        screen: The kiosk's screen.
        touch: Touches the screen; takes an event of `controller.core.touches`.
        bays: The kiosk's bays by name.
        phone: Shows codes.
        rng: Decides how quick their hands are.
    """

    def __init__(
        self,
        name: str,
        account: str,
        items: Sequence[Item],
        *,
        screen: SimScreen,
        touch: Callable[[object], None],
        bays: Mapping[str, Bay],
        phone: Phone,
        rng: random.Random,
    ) -> None:
        self.name = name
        self.account = account
        self.in_hands = list(items)
        self.given: list[Item] = []
        self.took_back: list[Part] = []
        self.gave_up = ""
        self._screen = screen
        self._touch = touch
        self._bays = bays
        self._phone = phone
        self._rng = rng
        self._lying = False
        self._picked = False

    async def visit(self) -> None:
        """Come, deposit, leave. Patience ends every visit; `gave_up` says where it did."""
        try:
            async with asyncio.timeout(QUEUE_PATIENCE_S + VISIT_PATIENCE_S):
                await self._visit()
        except TimeoutError:
            self._give_up("the visit took too long")

    async def _visit(self) -> None:
        if not await self._wait_for_turn():
            self._give_up("the kiosk was not free")
        elif not await self._identify():
            self._give_up(f"the code was not taken: {self._screen.view.message}")
        else:
            await self._deposit()

    async def _wait_for_turn(self) -> bool:
        """Wait for an idle kiosk with a bay that works."""
        try:
            async with asyncio.timeout(QUEUE_PATIENCE_S):
                while not _free(self._screen.view):
                    await self._screen.change(QUEUE_PATIENCE_S)
        except TimeoutError:
            return False
        await self._pause(1.0, 3.0)
        return True

    async def _identify(self) -> bool:
        """Hold the phone up until the kiosk knows who it is."""
        self._phone.show(self.account)
        try:
            async with asyncio.timeout(READING_PATIENCE_S):
                while self._screen.view.state == "IDLE":
                    await self._screen.change(READING_PATIENCE_S)
        except TimeoutError:
            return False
        finally:
            self._phone.away()
        return True

    async def _deposit(self) -> None:
        """Do what the screen asks for until it says farewell."""
        while (view := self._screen.view).state not in ("FAREWELL", "IDLE"):
            if not await self._react(view) and not await self._screen.change(SCREEN_PATIENCE_S):
                self._give_up(f"nothing happened in {view.state}: {view.message}")
                return

    async def _react(self, view: View) -> bool:
        """Do what this view asks for; False where there is nothing to do but wait."""
        match view.state:
            case "IDENTIFIED" if not self._picked:
                return await self._pick_bay(view)
            case "LOADING":
                return await self._load(view)
            case "ASKING":
                return await self._answer(view)
            case "CREDITED":
                return await self._go_on(view)
            case "RETURNING" if view.hatch == "OPEN" and self._lying:
                return await self._take_back(view)
        return False

    async def _pick_bay(self, view: View) -> bool:
        self._picked = True
        await self._pause(1.0, 3.0)
        usable = [row.bay for row in view.bays if row.usable]
        self._touch(BayPicked(usable[0]) if usable else ResidentLeft())
        return await self._moved_on(view)

    async def _load(self, view: View) -> bool:
        """Lay the next thing on the pan; say goodbye when there is none."""
        if self._lying:
            return view.message == "returned-too-heavy" and await self._take_back(view)
        if not self.in_hands:
            return await self._leave(view)
        bay = self._bays[view.bay]
        await self._pause(0.4, 1.2)
        if not bay.hand(True):
            return False
        await self._pause(0.4, 1.0)
        if bay.put(self.in_hands[0]):
            self._lying = True
            self.given.append(self.in_hands.pop(0))
        await self._pause(0.2, 0.6)
        bay.hand(False)
        return True

    async def _answer(self, view: View) -> bool:
        """Say what it is: people know what they brought."""
        await self._pause(1.0, 3.0)
        offered = [choice.answer for choice in view.choices]
        kind = self.given[-1].kind
        named = ITEM_CODES.get(kind, kind)
        self._touch(Answered(named if named in offered else NONE_OF_THESE))
        return await self._moved_on(view)

    async def _go_on(self, view: View) -> bool:
        self._lying = False
        if not self.in_hands:
            return await self._leave(view)
        await self._pause(0.5, 1.5)
        self._touch(Answered("more"))
        return await self._moved_on(view)

    async def _take_back(self, view: View) -> bool:
        bay = self._bays[view.bay]
        await self._pause(0.5, 1.5)
        if not bay.hand(True):
            return False
        await self._pause(0.5, 1.2)
        self.took_back += bay.take()
        self._lying = False
        await self._pause(0.2, 0.6)
        bay.hand(False)
        return True

    async def _leave(self, view: View) -> bool:
        await self._pause(0.5, 2.0)
        self._touch(ResidentLeft())
        return await self._moved_on(view)

    async def _moved_on(self, seen: View) -> bool:
        """Wait until the kiosk does what was touched; False where it does not."""
        try:
            async with asyncio.timeout(MOVE_ON_S):
                while self._screen.view.state == seen.state:
                    await self._screen.change(MOVE_ON_S)
        except TimeoutError:
            return False
        return True

    async def _pause(self, least_s: float, most_s: float) -> None:
        """Hands and heads take their time."""
        await asyncio.sleep(round(self._rng.uniform(least_s, most_s), 3))

    def _give_up(self, why: str) -> None:
        self.gave_up = why
        _log.info("event=gave-up person=%s why=%s", self.name, why)


def _free(view: View) -> bool:
    """Whether the screen invites the next resident."""
    return view.state == "IDLE" and any(row.usable for row in view.bays)
