"""People at the kiosk: they see the screen and the hatch, have hands, and habits."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Protocol

from controller.core.touches import Answered, BayPicked, ResidentLeft
from sim.answers import free, named, pays_best
from sim.habits import HABITS
from sim.hands import Hands

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Mapping, Sequence

    from controller.core.view import View
    from sim.habits import Habit
    from sim.hands import Bay
    from sim.screen import SimScreen
    from sim.world import Item

_log = logging.getLogger(__name__)

READING_PATIENCE_S = 20.0
"""So long somebody holds their phone up before they go home."""

SCREEN_PATIENCE_S = 90.0
"""So long somebody looks at a screen on which nothing changes."""

MOVE_ON_S = 5.0
"""So long a touched screen may take to change before somebody touches it again."""

VISIT_PATIENCE_S = 600.0
"""So long a visit lasts at most, whatever happens."""

USUAL = HABITS["usual"]


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
        items: What they bring, in order.
        screen: The kiosk's screen.
        touch: Touches the screen; takes an event of `controller.core.touches`.
        bays: The kiosk's bays by name.
        phone: Shows codes.
        rng: Decides how quick their hands are.
        habit: What is their own, as in `sim.habits.HABITS`.

    `hands` have verbs of their own. Set `shows` to have something else shown than a fresh code.
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
        habit: Habit = USUAL,
    ) -> None:
        self.name = name
        self.account = account
        self.hands = Hands(name, items, bays)
        self.gave_up = ""
        self.shows: Callable[[], None] = lambda: phone.show(account)
        self._screen = screen
        self._touch = touch
        self._phone = phone
        self._rng = rng
        self._habit = habit
        self._picked = self._went = False
        self._patience: asyncio.Timeout | None = None

    async def visit(self) -> None:
        """Come, deposit, leave. Patience ends every visit; `gave_up` says where it did."""
        if self.gave_up:
            return
        try:
            async with asyncio.timeout(self._habit.patience_s + VISIT_PATIENCE_S) as self._patience:
                await self._visit()
        except TimeoutError:
            if not self.gave_up:
                self._give_up("the visit took too long")
        finally:
            self._patience, self._went = None, True

    def walk_away(self) -> None:
        """Verb: go now, or do not come at all; what lies on the pan stays there."""
        if self.gave_up or self._went:
            return
        self._give_up("walked away")
        self.hands.draw_back()
        self._phone.away()
        if self._patience is not None:
            self._patience.reschedule(asyncio.get_running_loop().time())

    async def _visit(self) -> None:
        goes_s = asyncio.get_running_loop().time() + self._habit.patience_s
        if not await self._step_up(goes_s):
            self._give_up("the kiosk was not free")
            return
        try:
            await self._use(goes_s)
        finally:
            self._screen.place.release()

    async def _step_up(self, goes_s: float) -> bool:
        """Wait in the queue until nobody else stands before the kiosk."""
        try:
            async with asyncio.timeout_at(goes_s):
                await self._screen.place.acquire()
        except TimeoutError:
            return False
        return True

    async def _use(self, goes_s: float) -> None:
        if not await self._wait_for_turn(goes_s):
            self._give_up("the kiosk was not free")
        elif not await self._identify():
            self._give_up(f"the code was not taken: {self._screen.view.message}")
        else:
            await self._deposit()

    async def _wait_for_turn(self, goes_s: float) -> bool:
        """Wait for an idle kiosk with a bay that works, and still does when the phone is out."""
        ready = False
        try:
            async with asyncio.timeout_at(goes_s):
                while not ready:
                    while not free(self._screen.view):
                        await self._screen.change(self._habit.patience_s)
                    await self._moves(1.0, 3.0)
                    ready = free(self._screen.view)
        except TimeoutError:
            return False
        return True

    async def _identify(self) -> bool:
        """Hold the phone up until the kiosk knows who it is."""
        self.shows()
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
        is_open = view.hatch in ("OPEN", "FAULT_OPEN")
        if view.message == "bay-down" and is_open and self.hands.lying:
            await self._take_back(view)  # nobody gives a thing away that is not taken

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
            case "RETURNING" if view.hatch == "OPEN" and self.hands.lying:
                return await self._take_back(view)
        return False

    async def _pick_bay(self, view: View) -> bool:
        self._picked = True
        await self._reads(1.0, 3.0)
        usable = [row.bay for row in view.bays if row.usable]
        self._touch(BayPicked(usable[0]) if usable else ResidentLeft())
        return await self._moved_on(view)

    async def _load(self, view: View) -> bool:
        """Lay the next thing on the pan; say goodbye when there is none."""
        hands, habit = self.hands, self._habit
        if hands.lying:
            return view.message == "returned-too-heavy" and await self._take_back(view)
        if not hands.holding:
            return await self._leave(view)
        await self._moves(0.4, 1.2)
        if not hands.reach_into(view.bay):
            return False
        await self._moves(0.4, 1.0)
        lies = hands.lay_down(view.bay, habit.at_once)
        await self._moves(0.2, 0.6)
        if lies and habit.happens(habit.takes_back, self._rng):
            hands.pick_up(view.bay)
        await asyncio.sleep(habit.lingering_s(self._rng))
        hands.draw_back()
        return True

    async def _answer(self, view: View) -> bool:
        """Say what it is: people know what they brought, and most do not lie."""
        await self._reads(1.0, 3.0)
        kind = self.hands.given[-1].kind
        self._touch(Answered(named(kind, view) if self._habit.honest else pays_best(view)))
        return await self._moved_on(view)

    async def _go_on(self, view: View) -> bool:
        self.hands.lying = False
        if not self.hands.holding:
            return await self._leave(view)
        await self._reads(0.5, 1.5)
        self._touch(Answered("more"))
        return await self._moved_on(view)

    async def _take_back(self, view: View) -> bool:
        await self._moves(0.5, 1.5)
        if not self.hands.reach_into(view.bay):
            return False
        await self._moves(0.5, 1.2)
        self.hands.take_back(view.bay)
        await self._moves(0.2, 0.6)
        self.hands.draw_back()
        return True

    async def _leave(self, view: View) -> bool:
        if self._habit.happens(self._habit.forgets_farewell, self._rng):
            self.walk_away()
        await self._reads(0.5, 2.0)
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

    async def _moves(self, least_s: float, most_s: float) -> None:
        """Hands take their time."""
        await self._pause(self._habit.hands * self._rng.uniform(least_s, most_s))

    async def _reads(self, least_s: float, most_s: float) -> None:
        """And so do heads."""
        await self._pause(self._habit.reads * self._rng.uniform(least_s, most_s))

    async def _pause(self, seconds: float) -> None:
        await asyncio.sleep(round(seconds, 3))

    def _give_up(self, why: str) -> None:
        self.gave_up = why
        _log.info("event=gave-up person=%s why=%s", self.name, why)
