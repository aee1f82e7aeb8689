"""A kiosk that delivers to the real ledger over a broker in virtual time."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cloud.ingest.answers import Ingest
from cloud.keys.keyring import Keyring
from cloud.ledger.ledger import Ledger
from cloud.store.database import open_database
from contract.catalogue import example
from contract.payloads import DepositBatch, KioskState, decode
from contract.topics import Topics
from controller.delivery import Delivery
from sim import clock
from sim.broker import Broker
from sim.store import InlineStore
from tests.contract.samples import ALICE, signer
from tests.controller.drafts import AT_S, KIOSK, deposit, intent, journal

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from contract.keys import Signer
    from controller.adapters.journal.sqlite_journal import SqliteJournal
    from controller.ports import Store, Uplink
    from sim.broker import Platform

TOPICS = Topics("hz", "xihu", KIOSK)
BOTTLE_POINTS = 4
HOUR_S = 3600.0


class Ledgers:
    """The platform in memory or in a file, with or without a key of its own."""

    def __init__(
        self, signer_of_acks: Signer | None = None, where: Path | str = ":memory:"
    ) -> None:
        self.database = open_database(where)
        catalogue = example().model_copy(update={"version": "2026-11-a"})
        keys = {KIOSK: Keyring(signer(KIOSK).public)}
        self.ledger = Ledger(
            self.database, {"2026-11-a": catalogue}, keys, lambda: AT_S, signer_of_acks
        )
        self.ingest = Ingest(self.ledger)

    @property
    def bottles(self) -> float:
        """How many bottles Alice was credited."""
        return self.ledger.balance(ALICE).points / BOTTLE_POINTS


def new_delivery(store: Store, uplink: Uplink, **more: Any) -> Delivery:
    """A kiosk's delivery with fixed chance."""
    rng = random.Random(1)
    return Delivery(store, uplink, TOPICS, boot="boot-1", software="tests", rng=rng, **more)


def restored(path: Path) -> SqliteJournal:
    """A journal put back from a copy; should it begin anew, then with an epoch of its own."""
    epochs = iter("f" * 15 + f"{n:x}" for n in range(1, 16))
    return journal(path, epoch_source=lambda: next(epochs))


class Kiosk:
    """A journal, a broker with a platform behind it, and the delivery between them.

    `seen` holds (way, topic, payload) of every message that arrived.
    """

    def __init__(self, file: SqliteJournal, platform: Platform) -> None:
        self.file = file
        self.seen: list[tuple[str, str, bytes]] = []
        self.broker = Broker(platform, lambda *message: self.seen.append(message))
        self.store = InlineStore(file, lambda line: None)
        self.delivery = self.new_delivery()

    def new_delivery(self, **more: Any) -> Delivery:
        """As after a restart of the software."""
        return new_delivery(self.store, self.broker.uplink(TOPICS.down_all), **more)

    def bottle(self) -> None:
        """Somebody deposits a bottle."""
        number = self.file.depth() + 1000 * len(list(self.file.lines()))
        self.file.append(deposit(number, self.file.append(intent(number)).seq))
        self.delivery.kick()

    def batches(self) -> list[DepositBatch]:
        """What reached the platform."""
        up = [
            payload for way, topic, payload in self.seen if (way, topic) == ("up", TOPICS.deposit)
        ]
        return [decode(DepositBatch, payload) for payload in up]

    @property
    def state(self) -> KioskState:
        """What the broker keeps of the kiosk."""
        return decode(KioskState, self.broker.retained[TOPICS.state])


@asynccontextmanager
async def running(delivery: Delivery) -> AsyncIterator[None]:
    """Run a delivery as long as the story lasts."""
    task = asyncio.create_task(delivery.run())
    try:
        yield
        assert not task.done(), task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def until_empty(kiosk: Kiosk, within_s: float) -> None:
    """Wait until nothing waits in the outbox."""
    async with asyncio.timeout(within_s):
        while kiosk.file.depth():  # noqa: ASYNC110  # a journal has no event to wait for
            await asyncio.sleep(0.05)


def play(
    story: Callable[[Kiosk], Awaitable[None]],
    path: Path,
    platform: Platform | None = None,
    opened: Callable[[Path], SqliteJournal] = journal,
) -> Ledgers:
    """Play a story in virtual time; without another platform it is the ledger."""
    ledgers = Ledgers()

    async def told() -> None:
        file = opened(path)
        try:
            await story(Kiosk(file, platform or ledgers.ingest))
        finally:
            file.close()

    clock.run(told())
    return ledgers
