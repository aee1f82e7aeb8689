"""A broker in one process: the way to the platform in virtual time, with its failures as verbs.

Keeps what a broker keeps: the subscriptions and wills of live connections, and retained
messages. Behind it stands the platform as a plain function. Fixed virtual costs.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Protocol

from controller.ports import UplinkLostError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from contextlib import AbstractAsyncContextManager

CONNECT_S = 0.050
PUBLISH_S = 0.008
"""From `publish` to the broker's PUBACK."""

PLATFORM_S = 0.015
"""From the broker to the platform and through its database."""

DOWN_S = 0.006
"""From the platform through the broker to the kiosk."""

NEXT_S = 0.0005
"""Between two messages that take the same way: they stay in order."""


class Platform(Protocol):
    """What stands behind the broker (cloud.ingest.Ingest)."""

    def handle(self, topic: str, payload: bytes) -> list[tuple[str, bytes]]:
        """Take one message; return what is to be published because of it."""


Arrival = Callable[[str, bytes], None]
"""Where a message arrives: topic and payload."""

Watch = Callable[[str, str, bytes], None]
"""Called with (`up` or `down`, topic, payload) for each message that arrives."""


def _unwatched(way: str, topic: str, payload: bytes) -> None:
    """Watch nothing."""


class Broker:
    """One broker with the platform behind it.

    Args:
        platform: Handles what comes up; its answers go down.
        watch: Sees every message as it arrives.
    """

    def __init__(self, platform: Platform, watch: Watch = _unwatched) -> None:
        self._platform = platform
        self._watch = watch
        self._connections: list[_Connection] = []
        self._up = True
        self._duplicates = 0
        self._holds = 0
        self._held: tuple[str, bytes] | None = None
        self._under_way: dict[int, asyncio.TimerHandle] = {}
        self._numbers = itertools.count()
        self._free_s: dict[Arrival, float] = {}
        self._slow_s = 0.0
        self.retained: dict[str, bytes] = {}

    def uplink(self, down_all: str) -> BrokerUplink:
        """A kiosk's uplink: subscribed to `down_all` (ends in `/#`)."""
        return BrokerUplink(self, down_all.removesuffix("#"))

    @property
    def is_up(self) -> bool:
        """Whether it accepts connections."""
        return self._up

    def down(self) -> None:
        """Verb: the broker dies. Connections end, and what was under way is lost."""
        self._up = False
        for handle in self._under_way.values():
            handle.cancel()
        self._under_way.clear()
        self._held = None
        for connection in list(self._connections):
            self.drop(connection)

    def up(self) -> None:
        """Verb: the broker is back, with its retained messages."""
        self._up = True

    def broker_down(self, seconds: float) -> None:
        """Verb: no broker for that long."""
        self.down()
        asyncio.get_running_loop().call_later(seconds, self.up)

    def duplicate(self, messages: int) -> None:
        """Verb: the next so many messages reach the platform twice, as QoS 1 allows."""
        self._duplicates += messages

    def reorder(self, messages: int) -> None:
        """Verb: each of the next so many messages is overtaken by the one behind it."""
        self._holds += messages

    def slow(self, delay_s: float, seconds: float) -> None:
        """Verb: for `seconds` the platform takes `delay_s` longer to answer anything."""
        self._slow_s += delay_s
        asyncio.get_running_loop().call_later(seconds, self._hurry, delay_s)

    def cut(self) -> None:
        """Verb: every connection breaks; the broker stays."""
        for connection in list(self._connections):
            self.drop(connection)

    def join(self, connection: _Connection) -> None:
        """Take a new connection and give it the retained messages of its subscription."""
        self._connections.append(connection)
        for topic, payload in self.retained.items():
            connection.offer(topic, payload)

    def leave(self, connection: _Connection) -> None:
        """A connection said goodbye: no last will."""
        if connection in self._connections:
            self._connections.remove(connection)

    def drop(self, connection: _Connection) -> None:
        """A connection broke: its last will is published."""
        self.leave(connection)
        connection.break_off()
        if connection.will is not None:
            self.accept(*connection.will, retain=True)

    def accept(self, topic: str, payload: bytes, *, retain: bool) -> None:
        """Keep and forward one message."""
        if retain:
            self.retained[topic] = payload
        if not self._up:
            return
        for message in self._in_order(topic, payload):
            self._travel(PLATFORM_S, self._reach_platform, *message)

    def _in_order(self, topic: str, payload: bytes) -> list[tuple[str, bytes]]:
        """The messages to forward now: all in order, unless a verb mixes them."""
        messages = [(topic, payload)]
        if self._duplicates:
            self._duplicates -= 1
            messages *= 2
        if self._held is not None:
            messages.append(self._held)
            self._held = None
        elif self._holds:
            self._holds -= 1
            self._held = messages.pop()
        return messages

    def _travel(self, seconds: float, arrive: Arrival, topic: str, payload: bytes) -> None:
        """Let a message arrive later, behind those before it, unless the broker dies."""
        loop = asyncio.get_running_loop()
        number = next(self._numbers)
        self._free_s[arrive] = at_s = max(
            loop.time() + seconds, self._free_s.get(arrive, 0.0) + NEXT_S
        )

        def arrived() -> None:
            del self._under_way[number]
            arrive(topic, payload)

        self._under_way[number] = loop.call_at(at_s, arrived)

    def _reach_platform(self, topic: str, payload: bytes) -> None:
        self._watch("up", topic, payload)
        for answer in self._platform.handle(topic, payload):
            self._travel(DOWN_S + self._slow_s, self._reach_kiosks, *answer)

    def _hurry(self, delay_s: float) -> None:
        self._slow_s -= delay_s

    def _reach_kiosks(self, topic: str, payload: bytes) -> None:
        self._watch("down", topic, payload)
        for connection in self._connections:
            connection.offer(topic, payload)


class BrokerUplink:
    """A kiosk's way to the broker (ports.Uplink)."""

    def __init__(self, broker: Broker, prefix: str) -> None:
        self._broker = broker
        self._prefix = prefix

    def connect(
        self, will: tuple[str, bytes] | None = None
    ) -> AbstractAsyncContextManager[_Connection]:
        """Open one new connection with this last will; see the port.

        Raises:
            UplinkLostError: The broker is down.
        """
        return self._connected(will)

    @asynccontextmanager
    async def _connected(self, will: tuple[str, bytes] | None) -> AsyncIterator[_Connection]:
        await asyncio.sleep(CONNECT_S)
        if not self._broker.is_up:
            raise UplinkLostError("the broker refuses connections: try again later")
        connection = _Connection(self._broker, self._prefix, will)
        self._broker.join(connection)
        try:
            yield connection
        finally:
            self._broker.leave(connection)
            connection.break_off()


class _Connection:
    """One connection (ports.UplinkConnection)."""

    def __init__(self, broker: Broker, prefix: str, will: tuple[str, bytes] | None) -> None:
        self.will = will
        self._broker = broker
        self._prefix = prefix
        self._inbox: asyncio.Queue[tuple[str, bytes] | None] = asyncio.Queue()
        self._alive = True

    def offer(self, topic: str, payload: bytes) -> None:
        """Deliver a message if it is subscribed to."""
        if topic.startswith(self._prefix):
            self._inbox.put_nowait((topic, payload))

    def break_off(self) -> None:
        """The connection is over."""
        self._alive = False
        self._inbox.put_nowait(None)

    async def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> None:
        """Hand one message to the broker.

        Raises:
            UplinkLostError: The connection ended; the message may or may not have arrived.
        """
        self._check()
        # Half of the way up, half of the way back: the broker may die in either.
        await asyncio.sleep(PUBLISH_S / 2)
        self._check()
        self._broker.accept(topic, payload, retain=retain)
        await asyncio.sleep(PUBLISH_S / 2)
        self._check()

    async def messages(self) -> AsyncIterator[tuple[str, bytes]]:
        """Yield (topic, payload) of what the platform sends down.

        Raises:
            UplinkLostError: The connection ended.
        """
        while (message := await self._inbox.get()) is not None:
            yield message
        raise UplinkLostError("the connection to the broker ended")

    def _check(self) -> None:
        if not self._alive:
            raise UplinkLostError("the connection to the broker is gone")
