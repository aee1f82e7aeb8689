"""Brings committed records to the ledger, for ever: connect, send, hear acks, try again.

Runs on the event loop's time only, so the same code works in virtual time and on the wall.
What is sent when stands in `controller.core.outbox`; this is its shell.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import TYPE_CHECKING

from contract.errors import PayloadError
from contract.payloads import Ack, DepositBatch, KioskState, decode, encode
from controller.core.outbox import BATCH, Mismatch, Outbox
from controller.ports import StoreError, UplinkLostError, UplinkRefusedError

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

    from contract.topics import Topics
    from controller.core.records import Entry
    from controller.ports import Store, Uplink, UplinkConnection

_log = logging.getLogger(__name__)

RECONNECT_S = 1.0
RECONNECT_MAX_S = 60.0
STEADY_S = 60.0
"""A connection that lasted so long was a good one: after it the next attempt comes soon."""

GOODBYE_S = 1.0


def last_will(topics: Topics, epoch: str, boot: str, software: str) -> tuple[str, bytes]:
    """What the broker says in the kiosk's place once it is gone: (topic, payload), retained."""
    return topics.state, encode(_state(topics, epoch, boot, software))


class Delivery:
    """One kiosk's delivery. `run` it; `kick` it when a sent record was committed.

    `online` says whether the broker is reached. `fault` is empty, or says why nothing is sent
    although it could be. `changed` is called when one of the two changes.

    Args:
        store: The journal whose outbox is emptied.
        uplink: The way to the broker.
        topics: The kiosk's topics.
        boot: Names this start of the software, as in `last_will`.
        software: Its version.
        rng: For jitter.
        changed: Called as said above; may be set later.
    """

    def __init__(
        self,
        store: Store,
        uplink: Uplink,
        topics: Topics,
        *,
        boot: str,
        software: str,
        rng: random.Random,
        changed: Callable[[], None] = lambda: None,
    ) -> None:
        self._store = store
        self._uplink = uplink
        self._topics = topics
        self._boot = boot
        self._software = software
        self._rng = rng
        self._work = asyncio.Event()
        self.changed = changed
        self.online = False
        self.fault = ""

    def kick(self) -> None:
        """Something new lies in the outbox."""
        self._work.set()

    async def run(self) -> None:
        """Deliver until cancelled; then say goodbye to the broker.

        Raises:
            StoreError: The journal has no epoch to be read.
        """
        loop = asyncio.get_running_loop()
        self._epoch = await self._store.epoch()
        self._outbox = Outbox(self._epoch, self._rng.random)
        pause_s = RECONNECT_S
        while True:
            began_s = loop.time()
            await self._one_connection()
            if loop.time() - began_s >= STEADY_S:
                pause_s = RECONNECT_S
            await asyncio.sleep(pause_s * (1 + self._rng.random() / 4))
            pause_s = min(RECONNECT_MAX_S, pause_s * 2)

    async def _one_connection(self) -> None:
        """Connect and deliver until the connection ends, or the journal fails."""
        try:
            async with self._uplink.connect() as connection:
                await self._greet(connection)
                await self._talk(connection)
        except (UplinkLostError, UplinkRefusedError, StoreError) as error:
            _log.info("event=uplink-ended reason=%s", error)
        finally:
            self._set_online(False)

    async def _greet(self, connection: UplinkConnection) -> None:
        depth = await self._store.depth()
        here = _state(
            self._topics, self._epoch, self._boot, self._software, online=True, depth=depth
        )
        await connection.publish(self._topics.state, encode(here), retain=True)
        self._outbox.connected()
        self._set_online(True)

    async def _talk(self, connection: UplinkConnection) -> None:
        # No task group: Python 3.11's forgets a cancellation that comes together with an error.
        tasks = [
            asyncio.create_task(self._hear(connection), name="acks"),
            asyncio.create_task(self._send(connection), name="outbox"),
        ]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        except asyncio.CancelledError:
            await self._say_goodbye(connection)
            raise
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _say_goodbye(self, connection: UplinkConnection) -> None:
        """Put the retained state right: who leaves politely has no last will."""
        topic, gone = last_will(self._topics, self._epoch, self._boot, self._software)
        with suppress(UplinkLostError, UplinkRefusedError, TimeoutError):
            async with asyncio.timeout(GOODBYE_S):
                await connection.publish(topic, gone, retain=True)

    async def _send(self, connection: UplinkConnection) -> None:
        loop = asyncio.get_running_loop()
        while True:
            self._work.clear()
            if self._outbox.time_passed(loop.time()):
                _log.info("event=outbox-rewound")
            if await self._send_next(connection):
                continue
            with suppress(TimeoutError):
                async with asyncio.timeout_at(self._outbox.deadline_s):
                    await self._work.wait()

    async def _send_next(self, connection: UplinkConnection) -> bool:
        """Send the next message; False where there is none, or none may be sent now."""
        after = self._outbox.next_after
        if after is None:
            return False
        entries = await self._store.unsent(after, BATCH)
        waited = self._outbox.sending(entries)
        if not entries:
            return False
        try:
            await connection.publish(self._topics.deposit, self._batch(entries, waited))
        except UplinkRefusedError as error:
            # The records stay where they are, and patience brings them again.
            _log.error("event=batch-refused first=%d reason=%s", entries[0].seq, error)
        self._outbox.handed_over(asyncio.get_running_loop().time())
        return True

    def _batch(self, entries: list[Entry], waited: bool) -> bytes:
        return encode(
            DepositBatch(
                kiosk=self._topics.kiosk,
                epoch=self._epoch,
                historical=waited,
                records=[entry.line.decode() for entry in entries],
            )
        )

    async def _hear(self, connection: UplinkConnection) -> None:
        async for topic, payload in connection.messages():
            if topic != self._topics.ack:
                _log.info("event=message-ignored topic=%s", topic)
                continue
            try:
                ack = decode(Ack, payload)
            except PayloadError as error:
                _log.warning("event=ack-refused reason=%s", error)
                continue
            await self._take(ack)
            self._work.set()

    async def _take(self, ack: Ack) -> None:
        wish = self._outbox.hear(ack)
        if wish is None:
            return
        if isinstance(wish, Mismatch):
            self._stop(wish)
        elif not await self._store.acknowledge(wish.upto, wish.sha256):
            self._stop(self._outbox.contradicted(wish))
        else:
            for row in wish.aside:
                _log.error("event=record-rejected seq=%d code=%s", row.seq, row.code)
                await self._store.set_aside(row.seq, row.code)
            self._outbox.released(wish, asyncio.get_running_loop().time())

    def _stop(self, mismatch: Mismatch) -> None:
        self.fault = str(mismatch)
        _log.error("event=journal-mismatch %s", self.fault)
        self.changed()

    def _set_online(self, online: bool) -> None:
        if online != self.online:
            self.online = online
            self.changed()


def _state(
    topics: Topics,
    epoch: str,
    boot: str,
    software: str,
    *,
    online: bool = False,
    depth: int = 0,
) -> KioskState:
    return KioskState(
        kiosk=topics.kiosk,
        epoch=epoch,
        online=online,
        boot=boot,
        outbox_depth=depth,
        software=software,
    )
