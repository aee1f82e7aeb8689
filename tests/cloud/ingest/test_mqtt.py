"""The shell around the ledger, on a real mosquitto: commit first, then PUBACK, then the ack."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, asynccontextmanager

import aiomqtt
import pytest

from cloud.ingest.answers import Ingest
from cloud.ingest.mqtt import Listener
from cloud.ingest.nats import NatsListener
from contract.payloads import Ack, KioskState, decode, encode
from contract.topics import Topics
from tests.cloud.conftest import KIOSKS, Office, batch
from tests.cloud.mosquitto import Mosquitto
from tests.cloud.nats import Node
from tests.contract.samples import ALICE, EPOCH, SampleKiosk

TOPICS = Topics("hangzhou", "xihu", KIOSKS[0])
PATIENCE_S = 60.0


@pytest.fixture
def listener(office: Office, broker: Mosquitto) -> Iterator[Listener]:
    """The ledger's ear, not yet running."""
    with ThreadPoolExecutor(max_workers=1) as writer:
        yield Listener(Ingest(office.ledger), writer, "127.0.0.1", broker.port)


@asynccontextmanager
async def running(listener: Listener | NatsListener) -> AsyncIterator[None]:
    """The listener as a task, with patience for all that happens meanwhile."""
    task = asyncio.create_task(listener.run())
    try:
        async with asyncio.timeout(PATIENCE_S):
            yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@asynccontextmanager
async def uplink(broker: Mosquitto | Node) -> AsyncIterator[aiomqtt.Client]:
    """A kiosk's connection, subscribed to what comes down."""
    async with aiomqtt.Client("127.0.0.1", broker.port) as client:
        await client.subscribe(TOPICS.down_all, 1)
        yield client


async def next_ack(client: aiomqtt.Client) -> Ack:
    """The next ack that comes down."""
    message = await anext(aiter(client.messages))
    assert str(message.topic) == TOPICS.ack
    return decode(Ack, bytes(message.payload))


async def heard_out(client: aiomqtt.Client) -> None:
    """Hear what still comes, as late answers to what was sent more than once.

    Raises:
        MqttError: The broker is gone.
    """
    async for _ in client.messages:
        pass


async def deliver(client: aiomqtt.Client, payload: bytes) -> Ack:
    """Send until the ledger acks, as a kiosk does."""
    while True:
        await client.publish(TOPICS.deposit, payload, qos=1)
        try:
            async with asyncio.timeout(1.0):
                return await next_ack(client)
        except TimeoutError:
            continue


def state() -> bytes:
    """A kiosk says that it is there."""
    return encode(
        KioskState(
            kiosk=KIOSKS[0], epoch=EPOCH, online=True, boot="b", outbox_depth=0, software="0"
        )
    )


def test_a_deposit_is_credited_and_acked(
    listener: Listener, broker: Mosquitto, office: Office, kiosk: SampleKiosk
) -> None:
    """From the broker to the ledger and back."""

    async def story() -> None:
        sealed = kiosk.deposit()
        async with running(listener), uplink(broker) as client:
            ack = await deliver(client, encode(batch(sealed)))
            assert (ack.upto, ack.sha256) == (2, sealed.sha256)

    asyncio.run(story())
    assert office.ledger.balance(ALICE).points == 4


def test_garbage_does_not_stop_the_next_deposit(
    listener: Listener, broker: Mosquitto, kiosk: SampleKiosk
) -> None:
    """It is acknowledged to the broker and forgotten; the deposit behind it is acked."""

    async def story() -> None:
        async with running(listener), uplink(broker) as client:
            for payload in (b"", b"\xff" * 1000, b'{"v":1}'):
                await client.publish(TOPICS.deposit, payload, qos=1)
            assert (await deliver(client, encode(batch(kiosk.deposit())))).upto == 2

    asyncio.run(story())


def test_a_kiosk_that_was_there_first_hears_of_what_it_missed(
    listener: Listener, broker: Mosquitto, office: Office, kiosk: SampleKiosk
) -> None:
    """Its retained state reaches a ledger that starts later, which answers it."""
    sealed = kiosk.deposit()
    office.post(sealed)

    async def story() -> None:
        async with uplink(broker) as client:
            await client.publish(TOPICS.state, state(), qos=1, retain=True)
            async with running(listener):
                assert (await next_ack(client)).sha256 == sealed.sha256

    asyncio.run(story())


def test_the_broker_may_die(
    listener: Listener,
    broker: Mosquitto,
    office: Office,
    kiosk: SampleKiosk,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The listener says so once, keeps trying, and the next deposit is credited."""
    caplog.set_level(logging.INFO, "cloud.ingest.mqtt")

    async def story() -> None:
        async with running(listener):
            async with uplink(broker) as client:
                await deliver(client, encode(batch(kiosk.deposit())))
                broker.kill()
                with pytest.raises(aiomqtt.MqttError):
                    await heard_out(client)
            broker.start()
            async with uplink(broker) as client:
                assert (await deliver(client, encode(batch(kiosk.deposit())))).upto == 4

    asyncio.run(story())
    assert office.ledger.balance(ALICE).points == 8
    said = [record.getMessage().split(",")[0] for record in caplog.records]
    assert [one.split()[1] for one in said] == ["connected", "lost", "connected"]


class Failures(logging.Handler):
    """Hears when the ledger fails."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.heard = asyncio.Event()

    def emit(self, record: logging.LogRecord) -> None:
        self.heard.set()


def test_nothing_is_acknowledged_before_it_is_committed(
    listener: Listener,
    broker: Mosquitto,
    office: Office,
    kiosk: SampleKiosk,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The database refuses at first: the broker still has the message, and brings it again."""
    disk = ExitStack()
    disk.enter_context(office.full_disk("records"))

    async def story() -> None:
        failures = Failures()
        logging.getLogger("cloud.ingest.mqtt").addHandler(failures)
        async with uplink(broker) as client, running(listener):
            await client.publish(TOPICS.state, state(), qos=1, retain=True)
            assert (await next_ack(client)).upto == 0  # it listens, and has a session
            await client.publish(TOPICS.deposit, encode(batch(kiosk.deposit())), qos=1)
            await failures.heard.wait()
            disk.close()
            while (await next_ack(client)).upto == 0:
                pass
        logging.getLogger("cloud.ingest.mqtt").removeHandler(failures)

    asyncio.run(story())
    assert office.ledger.balance(ALICE).points == 4
    assert "disk full" in caplog.text
    assert ALICE not in caplog.text


def test_what_came_while_the_ledger_was_away_is_kept_by_the_broker(
    listener: Listener, broker: Mosquitto, office: Office, kiosk: SampleKiosk
) -> None:
    """The ledger's session outlives its connection."""

    async def story() -> None:
        async with uplink(broker) as client:
            async with running(listener):
                await deliver(client, encode(batch(kiosk.deposit())))
            await client.publish(TOPICS.deposit, encode(batch(kiosk.deposit())), qos=1)
            async with running(listener):
                while (await next_ack(client)).upto != 4:
                    pass  # late answers to the first, where it was sent more than once

    asyncio.run(story())
    assert office.ledger.balance(ALICE).points == 8
