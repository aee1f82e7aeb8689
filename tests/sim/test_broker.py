"""The broker model: it carries, forgets, repeats and mixes, exactly when a verb says so."""

from __future__ import annotations

import asyncio

import pytest

from controller.ports import UplinkLostError
from sim import clock
from sim.broker import Broker

UP, DOWN = "gr/v1/hz/xihu/k1/up/deposit", "gr/v1/hz/xihu/k1/down/ack"
STATE = "gr/v1/hz/xihu/k1/up/state"


class Echo:
    """A platform that acknowledges each deposit with the same bytes."""

    def __init__(self) -> None:
        self.heard: list[bytes] = []

    def handle(self, topic: str, payload: bytes) -> list[tuple[str, bytes]]:
        """Answer deposits only."""
        self.heard.append(payload)
        return [(DOWN, payload)] if topic == UP else []


def test_what_goes_up_is_answered_down() -> None:
    """A published message reaches the platform once, and its answer the kiosk."""
    platform = Echo()

    async def talk() -> tuple[str, bytes]:
        async with Broker(platform).uplink("gr/v1/hz/xihu/k1/down/#").connect() as line:
            await line.publish(UP, b"one")
            return await anext(line.messages())

    assert clock.run(talk()) == (DOWN, b"one")
    assert platform.heard == [b"one"]


def test_another_kiosks_messages_do_not_arrive() -> None:
    """A subscription is a prefix: k2 hears nothing of k1."""

    async def talk() -> None:
        broker = Broker(Echo())
        async with (
            broker.uplink("gr/v1/hz/xihu/k1/down/#").connect() as one,
            broker.uplink("gr/v1/hz/xihu/k2/down/#").connect() as two,
        ):
            await one.publish(UP, b"mine")
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(5):
                    await anext(two.messages())

    clock.run(talk())


def test_a_dead_broker_refuses_breaks_and_forgets() -> None:
    """While it is down nobody connects; what it had confirmed but not passed on is lost."""
    platform = Echo()

    async def talk() -> float:
        broker = Broker(platform)
        uplink = broker.uplink("gr/v1/hz/xihu/k1/down/#")
        async with uplink.connect() as line:
            await line.publish(UP, b"confirmed and lost")
            broker.broker_down(60)
            with pytest.raises(UplinkLostError):
                await line.publish(UP, b"too late")
            with pytest.raises(UplinkLostError):
                await anext(line.messages())
        with pytest.raises(UplinkLostError, match="refuses"):
            async with uplink.connect():
                pass
        await asyncio.sleep(60)
        async with uplink.connect() as line:
            await line.publish(UP, b"again")
            await anext(line.messages())
        return asyncio.get_running_loop().time()

    assert clock.run(talk()) > 60
    assert platform.heard == [b"again"]


def test_a_broker_that_is_down_twice_at_once_is_back_after_the_later_end() -> None:
    """The end of the first is not the end of the second, nor does a shorter one end the longer."""

    async def ups() -> list[bool]:
        broker, seen = Broker(Echo()), []
        broker.broker_down(60)
        await asyncio.sleep(10)
        broker.broker_down(100)
        broker.broker_down(5)
        for seconds in (10, 45, 50):
            await asyncio.sleep(seconds)
            seen.append(broker.is_up)
        return seen

    assert clock.run(ups()) == [False, False, True]


def test_it_repeats_and_mixes_when_told() -> None:
    """One duplicate and one overtaking: every message arrives, once more or in another order."""
    platform = Echo()

    async def talk() -> None:
        broker = Broker(platform)
        async with broker.uplink("gr/v1/hz/xihu/k1/down/#").connect() as line:
            broker.duplicate(1)
            await line.publish(UP, b"a")
            broker.reorder(1)
            for payload in (b"b", b"c", b"d"):
                await line.publish(UP, payload)
            await asyncio.sleep(1)

    clock.run(talk())
    assert platform.heard == [b"a", b"a", b"c", b"b", b"d"]


def test_a_broken_connection_publishes_its_last_will_and_a_farewell_does_not() -> None:
    """The retained state turns to the will exactly when the connection was cut."""

    async def talk() -> tuple[bytes, bytes]:
        broker = Broker(Echo())
        uplink = broker.uplink("gr/v1/hz/xihu/k1/down/#")
        async with uplink.connect((STATE, b"gone")) as line:
            await line.publish(STATE, b"online", retain=True)
        polite = broker.retained[STATE]
        async with uplink.connect((STATE, b"offline")):
            broker.cut()
        return polite, broker.retained[STATE]

    assert clock.run(talk()) == (b"online", b"offline")


@pytest.mark.parametrize("part", range(20))
def test_a_broker_is_back_however_the_clock_rounds(part: int) -> None:
    """Times that no float and no clock has exactly: the loop may call a little early."""

    async def story() -> None:
        broker = Broker(Echo())
        for number in range(100):
            await asyncio.sleep((part + 20 * number) / 7_000)
            broker.broker_down((part + 0.649) / 3)
            await asyncio.sleep((part + 0.649) / 3 + 0.01)
            async with broker.uplink("gr/v1/hz/xihu/k1/down/#").connect():
                pass

    clock.run(story())
