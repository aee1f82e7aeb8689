"""Delivery to the real ledger: exactly once over a broker that loses, doubles, mixes and dies."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from cloud.ingest.mqtt import Listener
from contract.payloads import Ack, Rejected, encode
from controller.adapters.mqtt_uplink import MqttUplink
from controller.adapters.store import ThreadedStore
from tests.contract.samples import EPOCH
from tests.contracts.brokers import mosquitto
from tests.controller.delivering import (
    HOUR_S,
    TOPICS,
    Kiosk,
    Ledgers,
    new_delivery,
    play,
    running,
    until_empty,
)
from tests.controller.drafts import KIOSK, bottles, deposit, intent, journal

if TYPE_CHECKING:
    from sim.broker import Platform


def test_a_deposit_is_credited_within_a_second(tmp_path: Path) -> None:
    """While the kiosk is online a kick is enough, and the record went out as a live one."""

    async def story(kiosk: Kiosk) -> None:
        async with running(kiosk.delivery):
            await asyncio.sleep(10)
            assert kiosk.delivery.online
            assert kiosk.state.online
            kiosk.bottle()
            await until_empty(kiosk, within_s=1)
            (batch,) = kiosk.batches()
            assert (batch.kiosk, batch.epoch, batch.historical) == (KIOSK, EPOCH, False)

    assert play(story, tmp_path / "j").bottles == 1


def test_a_message_over_which_the_kiosk_stumbles_stops_nothing(tmp_path: Path) -> None:
    """Whatever comes down, the next bottle is credited, and the platform is told of it."""

    def stumble(_part: bytes) -> None:
        raise ZeroDivisionError("nobody thought of this")

    async def story(kiosk: Kiosk) -> None:
        kiosk.delivery.hearing.listed = stumble
        async with running(kiosk.delivery):
            await asyncio.sleep(10)
            kiosk.broker.send_down(TOPICS.config, b"{}")
            await asyncio.sleep(1)
            kiosk.bottle()
            await until_empty(kiosk, within_s=1)
            assert kiosk.delivery.standing.refused == {"unexpected": 1}

    assert play(story, tmp_path / "j").bottles == 1


def test_a_backlog_of_an_outage_goes_in_batches_once_the_broker_is_back(tmp_path: Path) -> None:
    """An hour without a broker, 120 bottles: three messages, marked as having waited."""

    async def story(kiosk: Kiosk) -> None:
        kiosk.broker.broker_down(HOUR_S)
        async with running(kiosk.delivery):
            bottles(kiosk.file, 120)
            await asyncio.sleep(HOUR_S - 1)
            assert not kiosk.delivery.online
            await until_empty(kiosk, within_s=80)
            assert [len(batch.records) for batch in kiosk.batches()] == [50, 50, 20]
            assert all(batch.historical for batch in kiosk.batches())

    assert play(story, tmp_path / "j").bottles == 120


def test_what_the_broker_confirmed_and_lost_is_sent_again(tmp_path: Path) -> None:
    """A PUBACK proves nothing: the record leaves the outbox on the ledger's word alone."""

    async def story(kiosk: Kiosk) -> None:
        async with running(kiosk.delivery):
            await asyncio.sleep(1)
            kiosk.bottle()
            # Confirmed after 8 ms, at the ledger after 19: between the two the broker dies.
            await asyncio.sleep(0.013)
            kiosk.broker.broker_down(0.5)
            assert kiosk.file.depth() == 1
            assert kiosk.batches() == []
            # The new connection sends at once; patience would have taken two seconds.
            await until_empty(kiosk, within_s=1.7)

    assert play(story, tmp_path / "j").bottles == 1


class Deaf:
    """A platform that answers nothing until it is told to."""

    def __init__(self, platform: Platform) -> None:
        self.hears = False
        self._platform = platform

    def handle(self, topic: str, payload: bytes) -> list[tuple[str, bytes]]:
        """Pass on what it hears."""
        return self._platform.handle(topic, payload) if self.hears else []


def test_a_silent_ledger_is_asked_ever_less_often(tmp_path: Path) -> None:
    """One message each time although hundreds wait; an hour of silence costs a dozen or so."""
    ledgers = Ledgers()
    deaf = Deaf(ledgers.ingest)

    async def story(kiosk: Kiosk) -> None:
        bottles(kiosk.file, 120)
        async with running(kiosk.delivery):
            await asyncio.sleep(HOUR_S)
            assert 10 <= len(kiosk.batches()) <= 20
            deaf.hears = True
            await until_empty(kiosk, within_s=400)

    play(story, tmp_path / "j", deaf)
    assert ledgers.bottles == 120


def test_a_platform_that_believes_in_another_epoch_is_told_again(tmp_path: Path) -> None:
    """A copy of the card greeted in between: the kiosk's own batches are refused until then."""
    ledgers = Ledgers()

    async def story(kiosk: Kiosk) -> None:
        async with running(kiosk.delivery):
            await asyncio.sleep(1)
            copys = kiosk.state.model_copy(update={"epoch": "f" * 16})
            kiosk.broker.accept(TOPICS.state, encode(copys), retain=False)
            await asyncio.sleep(1)
            kiosk.bottle()
            await until_empty(kiosk, within_s=5)

    play(story, tmp_path / "j", ledgers.ingest)
    assert (ledgers.bottles, ledgers.ingest.refused) == (1, {"wrong-epoch": 1, "epoch-again": 1})


class Refusing:
    """A ledger that takes everything but the first record."""

    def handle(self, topic: str, payload: bytes) -> list[tuple[str, bytes]]:
        """Reject, with noise around it that is no ack."""
        if topic != TOPICS.deposit:
            return []
        rejected = [Rejected(seq=2, code="bad-signature")]
        ack = Ack(epoch=EPOCH, upto=0, sha256="0" * 64, rejected=rejected)
        other = ack.model_copy(update={"rejected": [Rejected(seq=4, code="bad-signature")]})
        return [
            (TOPICS.ack, b"{broken"),
            (TOPICS.cmd, encode(other)),
            (TOPICS.ack, encode(other.model_copy(update={"epoch": "f" * 16}))),
            (TOPICS.ack, encode(ack)),
        ]


def test_a_rejected_record_is_set_aside_and_the_rest_waits_on(tmp_path: Path) -> None:
    """Broken acks, other topics and other epochs are passed over on the way."""

    async def story(kiosk: Kiosk) -> None:
        bottles(kiosk.file, 2)
        async with running(kiosk.delivery):
            await asyncio.sleep(10)
            assert [entry.seq for entry in kiosk.file.unsent(0, 10)] == [4]
            assert kiosk.delivery.fault == ""

    play(story, tmp_path / "j", Refusing())


def test_who_listens_hears_of_every_change(tmp_path: Path) -> None:
    """Online, offline with the broker, online again; the retained state says the same."""
    changes: list[bool] = []

    async def story(kiosk: Kiosk) -> None:
        delivery = kiosk.delivery
        delivery.changed = lambda: changes.append(delivery.online)
        async with running(delivery):
            await asyncio.sleep(1)
            assert kiosk.state.online
            kiosk.broker.broker_down(3)
            assert not kiosk.state.online
            await asyncio.sleep(10)
            assert kiosk.state.online
        assert not kiosk.state.online

    play(story, tmp_path / "j")
    assert changes == [True, False, True, False]


Fault = tuple[str, float]
FAULTS = st.lists(
    st.tuples(
        st.sampled_from(
            ["bottle", "bottle", "bottle", "wait", "down", "cut", "duplicate", "reorder", "restart"]
        ),
        st.floats(0, 20).map(lambda seconds: round(seconds, 3)),
    ),
    max_size=25,
)


async def suffer(kiosk: Kiosk, faults: list[Fault]) -> int:
    """Let everything go wrong that is named; how many bottles were deposited meanwhile."""
    count = 0
    verbs: dict[str, Callable[[float], None]] = {
        "down": kiosk.broker.broker_down,
        "cut": lambda _: kiosk.broker.cut(),
        "duplicate": lambda figure: kiosk.broker.duplicate(int(figure) % 3),
        "reorder": lambda figure: kiosk.broker.reorder(int(figure) % 3),
        "wait": lambda _: None,
        "bottle": lambda _: kiosk.bottle(),
    }
    waiting = list(faults)
    while waiting:
        async with running(kiosk.delivery):
            while waiting:
                fault, figure = waiting.pop(0)
                if fault == "restart":
                    break
                verbs[fault](figure)
                count += fault == "bottle"
                await asyncio.sleep(figure if fault == "wait" else figure / 1000)
        kiosk.delivery = kiosk.new_delivery()
    async with running(kiosk.delivery):
        await until_empty(kiosk, within_s=HOUR_S)
        assert kiosk.delivery.fault == ""
    return count


@given(faults=FAULTS)
@settings(max_examples=40)
def test_whatever_goes_wrong_every_bottle_is_credited_once(faults: list[Fault]) -> None:
    """Broker deaths, cuts, duplicates, overtaking and restarts, in any order and timing."""
    deposited: list[int] = []

    async def story(kiosk: Kiosk) -> None:
        deposited.append(await suffer(kiosk, faults))

    with tempfile.TemporaryDirectory() as folder:
        assert play(story, Path(folder) / "j").bottles == deposited[0]


def test_a_killed_mosquitto_loses_and_doubles_nothing(tmp_path: Path, free_port: int) -> None:
    """Real broker, real ledger, real threads: killed twice in full flow, all credited once."""
    broker = mosquitto(tmp_path, free_port)
    ledgers = Ledgers()
    writer = ThreadPoolExecutor(1)

    async def day(store: ThreadedStore) -> None:
        uplink = MqttUplink("127.0.0.1", free_port, client_id=KIOSK, down_all=TOPICS.down_all)
        delivery = new_delivery(store, uplink)
        async with running(delivery):
            for number in range(1, 61):
                promise = await store.append(intent(number))
                await store.append(deposit(number, promise.seq))
                delivery.kick()
                if number in (20, 40):
                    broker.kill()
                    broker.start()
                await asyncio.sleep(0.01)
            while await store.depth():  # noqa: ASYNC110  # as above
                await asyncio.sleep(0.02)
            assert delivery.online

    async def story() -> None:
        listener = asyncio.create_task(
            Listener(ledgers.ingest, writer, "127.0.0.1", free_port).run()
        )
        async with asyncio.timeout(30), ThreadedStore(lambda: journal(tmp_path / "j")) as store:
            await day(store)
        listener.cancel()
        await asyncio.wait({listener}, timeout=5)

    broker.start()
    try:
        asyncio.run(story())
    finally:
        broker.kill()
        writer.shutdown()
    assert ledgers.bottles == 60


def test_what_was_refused_at_the_front_is_told_without_a_deposit(tmp_path: Path) -> None:
    """Staff see that a kiosk turns residents away, and by which code."""

    async def story(kiosk: Kiosk) -> None:
        refused: dict[str, int] = {}
        kiosk.delivery.standing.at_the_front = lambda: dict(refused)
        async with running(kiosk.delivery):
            await asyncio.sleep(5)
            assert kiosk.state.refused is None
            refused["code:expired"] = 3
            kiosk.delivery.kick()
            await asyncio.sleep(1)
            assert kiosk.state.refused == {"code:expired": 3}

    play(story, tmp_path / "j")
