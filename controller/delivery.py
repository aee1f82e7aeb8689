"""Brings committed records to the ledger, for ever: connect, send, hear acks, try again.

Runs on the event loop's time only, so the same code works in virtual time and on the wall.
What is sent when stands in `controller.core.outbox`; this is its shell.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import TYPE_CHECKING

from controller.answering import Answering
from controller.core.ledger_word import LedgerWord
from controller.core.outbox import BATCH, UNREADABLE, Damage, Mismatch, Outbox, message_of
from controller.hearing import Hearing
from controller.ports import (
    StoreError,
    UplinkBarredError,
    UplinkLostError,
    UplinkRefusedError,
)
from controller.standing import Standing

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Mapping

    from contract.payloads import Ack
    from contract.topics import Topics
    from controller.ports import HeadKeeper, Store, Uplink, UplinkConnection

_log = logging.getLogger(__name__)

RECONNECT_S = 1.0
RECONNECT_MAX_S = 60.0
STEADY_S = 60.0
"""A connection that lasted so long was a good one: after it the next attempt comes soon."""

RENEW_EVERY_S = 3600.0
"""A journal that was renewed and is contradicted again so soon is no restored copy: something
else is wrong, and a new file every second would not cure it."""


class Delivery:
    """One kiosk's delivery. `run` it; `kick` it when a sent record was committed.

    `online` says whether the broker is reached. `fault` is empty, or says why nothing is sent
    although it could be. `ended_by` is code and reason of what ended the last attempt to connect,
    both empty while `online` and where the journal failed; `acks` were taken so far. `standing` is
    what it says of itself to the platform, `hearing` takes its acks and commands, and `answering`
    is what it answers to these. `changed` is called when one of the first two changes, or what was
    set aside.

    Args:
        store: The journal whose outbox is emptied.
        uplink: The way to the broker.
        topics: The kiosk's topics.
        boot: Names this start of the software.
        software: Its version.
        rng: For jitter.
        changed: Called as said above; may be set later.
        ledger_keys: As `LedgerWord` takes them; None for none.
        heads: Keeps the last head that the ledger signed, where it signs any.
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
        ledger_keys: Mapping[str, bytes] | None = None,
        heads: HeadKeeper | None = None,
    ) -> None:
        self._store = store
        self._uplink = uplink
        self._topics = topics
        self.standing = Standing(store, topics, boot, software)
        self.answering = Answering(topics)
        self._rng = rng
        self._work = asyncio.Event()
        self._ledger = LedgerWord(topics.kiosk, ledger_keys or {})
        self.hearing = Hearing(topics, self._ledger, self.standing, self.kick)
        self._heads = heads
        self._renewed_s: float | None = None
        self.changed = changed
        self.online = False
        self.fault = ""
        self.ended_by = "", ""
        self.acks = 0

    def kick(self) -> None:
        """Something new lies in the outbox, or is to be told."""
        self._work.set()

    @property
    def takes_commands(self) -> bool:
        """Whether it is known whose commands to follow."""
        return self._ledger.is_proven

    async def run(self) -> None:
        """Deliver until cancelled; then say goodbye to the broker.

        Raises:
            StoreError: The journal has no epoch to be read.
        """
        loop = asyncio.get_running_loop()
        self._begin(await self._store.epoch())
        pause_s = RECONNECT_S
        while True:
            began_s = loop.time()
            mismatch = self._outbox.mismatch
            if mismatch is None or (self._may_renew() and await self._renewed(mismatch)):
                await self._one_connection()
            if loop.time() - began_s >= STEADY_S:
                pause_s = RECONNECT_S
            await asyncio.sleep(pause_s * (1 + self._rng.random() / 4))
            pause_s = min(RECONNECT_MAX_S, pause_s * 2)

    def _begin(self, epoch: str) -> None:
        self._epoch = epoch
        self._outbox = Outbox(epoch, self._rng.random, proven=self._ledger.is_proven)

    def _may_renew(self) -> bool:
        now_s = asyncio.get_running_loop().time()
        return self._renewed_s is None or now_s >= self._renewed_s + RENEW_EVERY_S

    async def _renewed(self, mismatch: Mismatch | Damage) -> bool:
        """Let the journal begin a new epoch; False where it cannot."""
        try:
            epoch = await self._store.renew(str(mismatch))
        except StoreError as error:
            _log.error("event=journal-not-renewed reason=%s", error)
            if isinstance(mismatch, Damage):  # what can be read goes on to be sent
                self._renewed_s = asyncio.get_running_loop().time()
                self._begin(self._epoch)
            return False
        _log.warning("event=journal-renewed epoch=%s before=%s", epoch, mismatch.epoch)
        self._renewed_s = asyncio.get_running_loop().time()
        self._begin(epoch)
        self._say("")
        return True

    async def _one_connection(self) -> None:
        """Connect and deliver until the connection ends, or the journal fails."""
        try:
            will = self.standing.topic, self.standing.last_will(self._epoch)
            async with self._uplink.connect(will) as connection:
                await self._greet(connection)
                await self._talk(connection)
                await self.standing.say_goodbye(connection, self._epoch, self.fault)
        except UplinkBarredError as error:
            if str(error) != self.fault:
                _log.error("event=uplink-barred code=%s reason=%s", error.code, error)
            self._say(str(error))
            self.ended_by = error.code, str(error)
        except (UplinkLostError, UplinkRefusedError) as error:
            _log.info("event=uplink-ended reason=%s", error)
            self.ended_by = error.code, str(error)
        except StoreError as error:
            _log.info("event=uplink-ended reason=%s", error)
            self.ended_by = "", ""
        finally:
            self._set_online(False)

    async def _greet(self, connection: UplinkConnection) -> None:
        await self._tell_state(connection)
        self._outbox.connected()
        self._say("")
        self.ended_by = "", ""
        self._set_online(True)

    async def _tell_state(self, connection: UplinkConnection) -> None:
        before = self.standing.aside
        await self.standing.tell(connection, self._epoch)
        if self.standing.aside != before:
            self.changed()

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
            await self.standing.say_goodbye(connection, self._epoch, self.fault)
            raise
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _send(self, connection: UplinkConnection) -> None:
        """Send what waits; ends where the journal needs a new epoch for it."""
        loop = asyncio.get_running_loop()
        while True:
            self._work.clear()
            if self._outbox.time_passed(loop.time()):
                await self._rewound(connection)
            elif await self._send_next(connection) or await self.answering.tell_next(connection):
                continue
            if await self._damaged():
                return
            if self.standing.is_news:
                await self._tell_state(connection)
            with suppress(TimeoutError):
                async with asyncio.timeout_at(self._outbox.deadline_s):
                    await self._work.wait()

    async def _rewound(self, connection: UplinkConnection) -> None:
        """Say who sends again: a platform that took another epoch for ours refuses each batch."""
        _log.info("event=outbox-rewound")
        await self._tell_state(connection)
        self._work.set()

    async def _damaged(self) -> bool:
        """Whether what waits cannot be read, and the journal may begin anew for it.

        Asked where nothing is under way: at the outbox's end, and before it is sent again.
        """
        if self._outbox.under_way or not self._may_renew():
            return False
        count = (await self._store.aside()).get(UNREADABLE, 0)
        if count:
            self._contradicted(self._outbox.damaged(count))
        return count > 0

    async def _send_next(self, connection: UplinkConnection) -> bool:
        """Send the next message; False where there is none, or none may be sent now."""
        after = self._outbox.next_after
        if after is None:
            return False
        entries = await self._store.unsent(after, BATCH)
        waited = self._outbox.sending(entries)
        if not entries:
            return False
        batch = message_of(self._topics.kiosk, self._epoch, entries, waited)
        try:
            await connection.publish(self._topics.deposit, batch)
        except UplinkRefusedError as error:
            # The records stay where they are, and patience brings them again.
            _log.error("event=batch-refused first=%d reason=%s", entries[0].seq, error)
        self._outbox.handed_over(asyncio.get_running_loop().time())
        return True

    async def _hear(self, connection: UplinkConnection) -> None:
        """Take acks; ends where one contradicts the journal, which then needs a new epoch."""
        async for topic, payload in connection.messages():
            if (heard := self.hearing.ack_in(topic, payload)) is not None:
                await self._take(connection, *heard)
                self._work.set()
            if self._outbox.mismatch is not None:
                return

    async def _take(self, connection: UplinkConnection, ack: Ack, head: bytes | None) -> None:
        if foreign := self._outbox.foreign(ack):
            self.standing.refused["foreign-rejection"] += foreign
            _log.warning("event=rejection-refused count=%d epoch=%s", foreign, ack.epoch)
        wish = self._outbox.hear(ack)
        if wish is None:
            return
        if isinstance(wish, Mismatch):
            self._contradicted(wish)
        elif not await self._store.acknowledge(wish.upto, wish.sha256):
            self._contradicted(self._outbox.contradicted(wish))
        else:
            if head and self._heads and self._ledger.is_news(ack.epoch, ack.upto):
                await self._heads.keep(head)
            for row in wish.aside:
                _log.error("event=record-rejected seq=%d code=%s", row.seq, row.code)
                await self._store.set_aside(row.seq, row.code)
            self._outbox.released(wish, asyncio.get_running_loop().time())
            self.acks += 1
            if wish.aside:
                await self._tell_state(connection)

    def _contradicted(self, mismatch: Mismatch | Damage) -> None:
        _log.error("event=journal-mismatch %s", mismatch)
        self._say(str(mismatch))

    def _say(self, fault: str) -> None:
        if fault != self.fault:
            self.fault = fault
            self.changed()

    def _set_online(self, online: bool) -> None:
        if online != self.online:
            self.online = online
            self.changed()
