"""The broker model with several kiosks: whose line is cut, and who may write under which name."""

from __future__ import annotations

import asyncio

import pytest

from controller.ports import UplinkLostError
from sim import clock
from sim.broker import Broker


def up(kiosk: str) -> str:
    return f"gr/v1/hz/xihu/{kiosk}/up/deposit"


def down(kiosk: str) -> str:
    return f"gr/v1/hz/xihu/{kiosk}/down/#"


class Mirror:
    """A platform that answers each kiosk with what it said."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def handle(self, topic: str, payload: bytes) -> list[tuple[str, bytes]]:
        """Answer under the name that the message came with."""
        self.heard.append(topic)
        return [(topic.replace("up/deposit", "down/ack"), payload)]


def test_one_kiosks_line_is_cut_and_the_others_talk_on() -> None:
    """It gets no connection until its time is over; a second cut within it shortens nothing."""

    async def talk() -> None:
        broker = Broker(Mirror())
        one, two = broker.uplink(down("k1")), broker.uplink(down("k2"))
        async with one.connect() as ours, two.connect() as theirs:
            one.cut(60)
            one.cut(5)
            with pytest.raises(UplinkLostError):
                await ours.publish(up("k1"), b"lost")
            await theirs.publish(up("k2"), b"heard")
            assert await anext(theirs.messages()) == ("gr/v1/hz/xihu/k2/down/ack", b"heard")
        await asyncio.sleep(30)
        with pytest.raises(UplinkLostError):
            async with one.connect():
                pass
        await asyncio.sleep(30)
        async with one.connect() as ours:
            await ours.publish(up("k1"), b"back")
            assert (await anext(ours.messages()))[1] == b"back"

    clock.run(talk())


def test_who_shows_anothers_certificate_is_neither_heard_nor_told() -> None:
    """MQTT 3.1.1 acknowledges all the same; nothing of it, nor of its last will, arrives."""
    platform = Mirror()

    async def talk() -> None:
        broker = Broker(platform)
        honest = broker.uplink(down("k1"), certificate="k1")
        other = broker.uplink(down("k2"), certificate="k1")
        async with honest.connect() as ours, other.connect((up("k2"), b"will")) as theirs:
            await ours.publish(up("k1"), b"mine")
            await theirs.publish(up("k2"), b"not mine")
            assert (await anext(ours.messages()))[1] == b"mine"
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(5):
                    await anext(theirs.messages())
            other.cut()
        await asyncio.sleep(5)

    clock.run(talk())
    assert platform.heard == [up("k1")]
