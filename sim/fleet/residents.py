"""Residents of the neighbourhood before a kiosk by the wall clock, one after the other."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from sim.chance import rng
from sim.habits import HABITS
from sim.identity import Identity
from sim.people import Person
from sim.stage.items import thing_of
from sim.world import Item

if TYPE_CHECKING:
    from collections.abc import Callable

    from controller.app import Kiosk
    from sim.fleet.order import Told
    from sim.people import Phone
    from sim.rig import Rig
    from sim.screen import SimScreen

KINDS = ("pet-bottle", "can", "newspaper", "carton")
"""What the kiosk takes, mostly without a question."""

ACCOUNTS = 4
"""So many households share all kiosks, so that each deposits at several."""

LEAST_S, MOST_S = 1.0, 4.0
"""From one resident to the next."""


class Residents:
    """People who come as long as it is day.

    Args:
        seed: Who comes, and with what.
        kiosk: The kiosk.
        rig: Its bays.
        screen: What people see.
        phone: What they hold up.
        told: Told after each visit.
        tell: Called then.
    """

    def __init__(
        self,
        seed: int,
        kiosk: Kiosk,
        rig: Rig,
        screen: SimScreen,
        phone: Phone,
        told: Told,
        tell: Callable[[], None],
    ) -> None:
        self._seed = seed
        self._kiosk = kiosk
        self._rig = rig
        self._screen = screen
        self._phone = phone
        self._told = told
        self._tell = tell
        self._chance = rng(seed, "residents")

    async def come(self, seconds: float) -> None:
        """One visit after the other for `seconds`, and until somebody's load was taken."""
        loop = asyncio.get_running_loop()
        end_s = loop.time() + seconds
        while loop.time() < end_s or not self._is_any_taken():
            person = self._person(self._told.visits + 1)
            await person.visit()
            self._told.visits += 1
            self._told.gave_up += [person.gave_up] if person.gave_up else []
            self._tell()
            await asyncio.sleep(self._chance.uniform(LEAST_S, MOST_S))
        self._told.done = True
        self._tell()

    def _is_any_taken(self) -> bool:
        return any(any(bay.world.fallen) for bay in self._rig.bays.values())

    def _person(self, number: int) -> Person:
        kind = self._chance.choice(KINDS)
        account = accounts()[self._chance.randrange(ACCOUNTS)]
        return Person(
            f"visitor-{number}",
            account,
            [Item(f"visitor-{number}", kind, thing_of(kind).mass_g)],
            screen=self._screen,
            touch=self._kiosk.post,
            bays=self._rig.bays,
            phone=self._phone,
            rng=rng(self._seed, f"visitor-{number}"),
            habit=HABITS["quick"],
        )


def accounts() -> list[str]:
    """The households' green accounts (16 hex digits), the same for all kiosks."""
    return [Identity(0).account(f"household-{number}") for number in range(1, ACCOUNTS + 1)]
