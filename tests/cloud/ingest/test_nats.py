"""The ledger on three real NATS nodes, whose leader is killed, and whose workers are."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from cloud.ingest.answers import Ingest
from cloud.ingest.nats import STREAM, NatsListener, subject_of, topic_of
from contract.payloads import encode
from contract.topics import from_all_kiosks
from tests.cloud.conftest import Office, Server, batch, register
from tests.cloud.ingest.test_mqtt import TOPICS, Failures, deliver, next_ack, running, state, uplink
from tests.cloud.killing import NOTHING_WRONG, Sender, Worker, audit, more_acked, under_load, until
from tests.cloud.nats import Cluster
from tests.contract.samples import ALICE, SampleKiosk

KILLS = int(os.environ.get("KIOSK_NATS_KILLS", "40"))
"""Of the campaign: leader and workers in turn."""


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Three nodes, all there at the beginning of each test."""
    with Cluster(tmp_path_factory.mktemp("nats")) as cluster:
        yield cluster


@pytest.fixture
def listener(file_office: Office, cluster: Cluster) -> Iterator[NatsListener]:
    """The ledger's ear, not yet running."""
    with ThreadPoolExecutor(max_workers=1) as writer:
        yield NatsListener(Ingest(file_office.ledger), writer, cluster.addresses)


def test_a_topic_has_one_subject() -> None:
    """And comes back from the stream's; a filter's wildcard is another one there."""
    assert topic_of("$MQTT.msgs." + subject_of(TOPICS.deposit)) == TOPICS.deposit
    assert subject_of(from_all_kiosks("state")) == "gr.v1.*.*.*.up.state"


def test_a_deposit_over_mqtt_is_credited_and_acked(
    listener: NatsListener, cluster: Cluster, file_office: Office, kiosk: SampleKiosk
) -> None:
    """The kiosk's broker is one node, the ledger's another; garbage between changes nothing."""

    async def story() -> None:
        async with uplink(cluster.nodes[1]) as client, running(listener):
            await client.publish(TOPICS.state, state(), qos=1, retain=True)
            sealed = kiosk.deposit()
            while (ack := await deliver(client, encode(batch(sealed)))).upto == 0:
                pass  # the answer to the greeting
            assert (ack.upto, ack.sha256) == (2, sealed.sha256)
            await client.publish(TOPICS.deposit, b"\xff" * 1000, qos=1)
            second = encode(batch(kiosk.deposit()))
            while (await deliver(client, second)).upto != 4:
                pass  # late answers to the first one

    asyncio.run(story())
    assert file_office.ledger.balance(ALICE).points == 8


def test_nothing_is_acknowledged_before_it_is_committed(
    listener: NatsListener,
    cluster: Cluster,
    file_office: Office,
    kiosk: SampleKiosk,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The database refuses at first: the stream still has the message, and brings it again."""
    disk = ExitStack()

    async def story() -> None:
        failures = Failures()
        logging.getLogger("cloud.ingest.nats").addHandler(failures)
        async with uplink(cluster.nodes[0]) as client, running(listener):
            # The stream keeps nothing that nobody wants: the ledger must have its place there.
            await deliver(client, encode(batch(kiosk.deposit())))
            disk.enter_context(file_office.full_disk("records"))
            await client.publish(TOPICS.deposit, encode(batch(kiosk.deposit())), qos=1)
            await failures.heard.wait()
            disk.close()
            while (await next_ack(client)).upto != 4:
                pass  # late answers to the first, where it was sent more than once
        logging.getLogger("cloud.ingest.nats").removeHandler(failures)

    asyncio.run(story())
    assert file_office.ledger.balance(ALICE).points == 8
    assert "disk full" in caplog.text
    assert ALICE not in caplog.text


def test_what_came_while_the_ledger_was_away_is_kept(
    listener: NatsListener, cluster: Cluster, kiosk: SampleKiosk
) -> None:
    """Its place in the stream outlives its connection."""

    async def story() -> None:
        async with uplink(cluster.nodes[2]) as client:
            async with running(listener):
                await deliver(client, encode(batch(kiosk.deposit())))
            await client.publish(TOPICS.deposit, encode(batch(kiosk.deposit())), qos=1)
            async with running(listener):
                while (await next_ack(client)).upto != 4:
                    pass  # late answers to the first, where it was sent more than once

    asyncio.run(story())


class Killed:
    """Kiosks, two workers over PostgreSQL and three nodes, of which one at a time is killed."""

    def __init__(self, cluster: Cluster, address: str, folder: Path) -> None:
        self.cluster = cluster
        names = [f"hz-xihu-{number:04}" for number in range(1, 5)]
        for name in names:
            register(folder, name)
        ports = [node.port for node in cluster.nodes]
        # Each kiosk looks at another node first.
        self.senders = [
            Sender(SampleKiosk(name), ports[at % 3 :] + ports[: at % 3])
            for at, name in enumerate(names)
        ]
        nodes = ",".join(f"{host}:{port}" for host, port in cluster.addresses)
        self.workers = [
            Worker(address, folder, name, ["--nats", nodes], folder) for name in ("a", "b")
        ]

    async def leader(self) -> None:
        """The stream's leader is killed; the others go on, and it comes back.

        One at a time: three nodes promise nothing while two of them lack something.
        """
        await until(self.cluster.is_whole)
        await until(lambda: self.cluster.leader_of(STREAM) is not None)
        leader = self.cluster.leader_of(STREAM)
        assert leader is not None
        leader.kill()
        await more_acked(self.senders, 100)
        self.cluster.start(leader)

    async def worker(self, number: int) -> None:
        """A worker is killed; the other one goes on, and it comes back."""
        self.workers[number].kill()
        await more_acked(self.senders, 100)
        await self.workers[number].start()

    async def run(self, kills: int) -> None:
        """Leader and workers in turn, under load all the while."""
        try:
            async with under_load(self.senders):
                for one in self.workers:
                    await one.start()
                await more_acked(self.senders, 50)
                for kill in range(kills):
                    if kill % 2:
                        await self.worker(kill // 2 % 2)
                    else:
                        await self.leader()
        finally:
            for one in self.workers:
                one.kill()


@pytest.mark.timeout(300)  # a leader is agreed on within 4 s, or within 40 s beside other work
def test_leader_and_worker_are_killed_under_load(
    cluster: Cluster, postgresql: Server, folder: Path
) -> None:
    """Nothing is lost and nothing doubled: the kiosks go by the ledger's word alone."""
    address = postgresql.new_address()
    killed = Killed(cluster, address, folder)
    asyncio.run(killed.run(kills=2))
    office = Office(address)
    found = audit(office, killed.senders)
    office.database.dispose()
    assert found["loads"] > 200
    assert found == NOTHING_WRONG | {"loads": found["loads"]}


@pytest.mark.campaign
def test_nats_kills(
    cluster: Cluster, postgresql: Server, folder: Path, tell: Callable[..., None]
) -> None:
    """The same over and over."""
    address = postgresql.new_address()
    killed = Killed(cluster, address, folder)
    asyncio.run(killed.run(KILLS))
    office = Office(address)
    found = audit(office, killed.senders)
    office.database.dispose()
    tell(kills=KILLS, **found)
    assert found == NOTHING_WRONG | {"loads": found["loads"]}
