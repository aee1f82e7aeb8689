"""Looks after a kiosk besides its bays: journal, uplink, clock and reader, now and then.

It only sees and tells; what is wrong, and for how long it must be so, `controller.core` says.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from controller.core import events
from controller.core.health import sightings
from controller.ports import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable

    from controller import ports
    from controller.delivery import Delivery

_log = logging.getLogger(__name__)

EVERY_S = 10.0
"""So often the journal is asked for its room; a kiosk that was full is ready so soon again."""


class Checking:
    """One kiosk's checks. `run` it; tell it what a record `took`, and when one was `refused`.

    `free_bytes` are free on the journal's disk, as it was seen last.

    Args:
        store: The journal.
        codes: Reads what is shown at the front.
        clock: Wall time.
        delivery: Brings records to the platform.
        post: Takes what is seen.
    """

    def __init__(
        self,
        store: ports.Store,
        codes: ports.CodeReader,
        clock: ports.Clock,
        delivery: Delivery,
        post: Callable[[object], None],
    ) -> None:
        self._store = store
        self._codes = codes
        self._clock = clock
        self._delivery = delivery
        self._post = post
        self._refused = asyncio.Event()
        self._slowest_s = 0.0
        self._said = ""
        self.free_bytes: int | None = None

    def took(self, seconds: float) -> None:
        """A record was committed, or refused, after so long."""
        self._slowest_s = max(self._slowest_s, seconds)

    def refused(self) -> None:
        """The journal refused something: whether there is room is asked at once."""
        self._refused.set()

    async def run(self) -> None:
        """Check until cancelled; in doubt about the journal at once."""
        in_doubt = False
        while True:
            self._refused.clear()
            room = await self._store.room()
            self.free_bytes = room.free_bytes
            self._tell_of_disk(room)
            self._post(sightings.ReaderSeen(self._codes.lost))
            self._tell_of_clock()
            self._post(await self._uplink())
            self._post(events.RoomSeen(room.enough, room.reason))  # last: all are looked at then
            if in_doubt and room.enough:  # there is room, and still it refuses: do not hurry
                await asyncio.sleep(EVERY_S)
            in_doubt = await self._was_refused(EVERY_S)

    def _tell_of_disk(self, room: ports.Room) -> None:
        if room.reason != self._said:
            self._said = room.reason
            _log.error("event=no-room reason=%s", room.reason) if room.reason else _log.info(
                "event=room"
            )
        slowest_s, self._slowest_s = self._slowest_s, 0.0
        self._post(sightings.DiskSeen(room.code, room.reason, slowest_s, room.mirror))

    def _tell_of_clock(self) -> None:
        clock, at_s = self._clock, asyncio.get_running_loop().time()
        self._post(sightings.ClockSeen(clock.utc_s(), clock.quality(), at_s))

    async def _uplink(self) -> sightings.UplinkSeen:
        """What waits is asked only while there is somebody to send it to."""
        delivery = self._delivery
        if not delivery.online:
            return sightings.UplinkSeen(False, *delivery.ended_by)
        return sightings.UplinkSeen(True, waiting=await self._waiting(), acks=delivery.acks)

    async def _waiting(self) -> int:
        try:
            return await self._store.depth()
        except StoreError as error:
            _log.error("event=outbox-uncounted reason=%s", error)
            return 0

    async def _was_refused(self, patience_s: float) -> bool:
        """Wait until the journal refuses something; False where it does not for so long."""
        try:
            async with asyncio.timeout(patience_s):
                return await self._refused.wait()
        except TimeoutError:
            return False
