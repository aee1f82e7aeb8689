"""What the kiosk says of itself to the platform: when it connects, and again once it changed."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import suppress
from typing import TYPE_CHECKING

from contract.payloads import BinLevels, encode
from controller.core.condition import gist
from controller.core.presence import Presence
from controller.ports import UplinkLostError, UplinkRefusedError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from contract.condition import KioskCondition
    from contract.payloads import BinState
    from contract.topics import Topics
    from controller.ports import Store, UplinkConnection

GOODBYE_S = 1.0


class Standing:
    """One kiosk's word about itself: `up/state`, its bins' `up/telemetry`, its `up/condition`.

    `aside` counts records set aside, by code, as it was told last. `refused` counts by code what
    came and was not the ledger's word; `at_the_front`, which may be set later, gives what residents
    and staff were refused. `bins`, which may be set later as well, gives how full the bins are, and
    `condition` how the kiosk is, or None while nobody can tell.

    Args:
        store: The journal whose outbox is counted.
        topics: The kiosk's topics.
        boot: Names this start of the software.
        software: Its version.
    """

    def __init__(self, store: Store, topics: Topics, boot: str, software: str) -> None:
        self._store = store
        self._topics = topics
        self._presence = Presence(topics, boot, software)
        self.software = software
        self.refused: Counter[str] = Counter()
        self.at_the_front: Callable[[], Mapping[str, int]] = dict
        self.aside: Mapping[str, int] = {}
        self.bins: Callable[[], Sequence[BinState]] = tuple
        self._told: Mapping[str, int] = {}
        self._bins_told: Sequence[BinState] = ()
        self.condition: Callable[[], KioskCondition | None] = lambda: None
        self._condition_told: KioskCondition | None = None
        self._is_otherwise = False

    @property
    def topic(self) -> str:
        """Where it is told."""
        return self._presence.topic

    @property
    def is_news(self) -> bool:
        """Whether something was refused, a bin has filled, or the kiosk is otherwise than told.

        The last as far as was looked: the whole kiosk is not gone through for each message.
        """
        is_said = self._told == self._refusals() and self._bins_told == self.bins()
        return self._is_otherwise or not is_said

    def look(self) -> bool:
        """Look, now and then, whether the kiosk's condition is another one than was told."""
        now = self.condition()
        self._is_otherwise = now is not None and self._condition_told != gist(now)
        return self._is_otherwise

    def last_will(self, epoch: str) -> bytes:
        """What the broker says for a kiosk that is gone without a word."""
        return self._presence.gone(epoch)

    async def tell(self, connection: UplinkConnection, epoch: str) -> None:
        """Say that it is here, and what it has to say.

        Raises:
            StoreError: The journal cannot be counted.
            UplinkLostError, UplinkRefusedError: It did not arrive.
        """
        self.aside, depth = await self._store.aside(), await self._store.depth()
        self._told, self._bins_told = self._refusals(), self.bins()
        here = self._presence.here(epoch, depth, self.aside, self._told)
        await connection.publish(self.topic, here, retain=True)
        if self._bins_told:
            levels = BinLevels(kiosk=self._topics.kiosk, bins=list(self._bins_told))
            await connection.publish(self._topics.telemetry, encode(levels), retain=True)
        self._is_otherwise = False
        if (condition := self.condition()) is not None:
            self._condition_told = gist(condition)
            await connection.publish(self._topics.condition, encode(condition), retain=True)

    async def say_goodbye(self, connection: UplinkConnection, epoch: str, fault: str) -> None:
        """Put the retained state right: who leaves politely has no last will."""
        gone = self._presence.gone(epoch, fault)
        with suppress(UplinkLostError, UplinkRefusedError, TimeoutError):
            async with asyncio.timeout(GOODBYE_S):
                await connection.publish(self.topic, gone, retain=True)

    def _refusals(self) -> Mapping[str, int]:
        return {**self.refused, **self.at_the_front()}
