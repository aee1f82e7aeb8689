"""A kiosk's journal and delivery for the uplink's bench, with the clock held to its acks."""

from __future__ import annotations

import asyncio
import random
import secrets
import time
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

from contract.keys import SeedSigner
from controller.adapters.journal.sqlite_journal import SqliteJournal
from controller.adapters.mqtt_uplink import MqttUplink
from controller.adapters.store import ThreadedStore
from controller.delivery import Delivery
from sim.stage.ports import LOOPBACK

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from contract.topics import Topics
    from controller.core.records import Entry

SIGNER = SeedSigner(bytes(32))


def new_journal(folder: Path, topics: Topics) -> SqliteJournal:
    """The journal of this kiosk in `folder`, made new where there is none."""
    path = folder / f"{topics.kiosk}.sqlite"
    return SqliteJournal(path, kiosk=topics.kiosk, signer=SIGNER, epoch_source=_epoch)


def _epoch() -> str:
    return secrets.token_hex(8)


class Watched(ThreadedStore):
    """A store that notes when it was first read, and when each ack was taken in."""

    def __init__(self, folder: Path, topics: Topics) -> None:
        super().__init__(lambda: new_journal(folder, topics))
        self.began_s = 0.0
        self._acked: list[tuple[int, float]] = []
        self._heard = asyncio.Event()

    async def unsent(self, after_seq: int, limit: int) -> list[Entry]:
        """As the port says."""
        self.began_s = self.began_s or time.perf_counter()
        return await super().unsent(after_seq, limit)

    async def acknowledge(self, upto: int, sha256: str) -> bool:
        """As the port says."""
        fits = await super().acknowledge(upto, sha256)
        self._acked.append((upto, time.perf_counter()))
        self._heard.set()
        return fits

    async def until_acked(self, seq: int) -> float:
        """When the record's ack was taken in."""
        while True:
            for upto, at_s in self._acked:
                if upto >= seq:
                    return at_s
            self._heard.clear()
            await self._heard.wait()


@asynccontextmanager
async def delivering(store: Watched, topics: Topics, port: int) -> AsyncIterator[Delivery]:
    """A kiosk's delivery, running."""
    uplink = MqttUplink(LOOPBACK, port, client_id=topics.kiosk, down_all=topics.down_all)
    rng = random.Random(1)
    delivery = Delivery(store, uplink, topics, boot="bench", software="bench", rng=rng)
    task = asyncio.create_task(delivery.run())
    try:
        yield delivery
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
