"""A broker in one process: the way to the platform in virtual time, with its failures as verbs.

Keeps what a broker keeps: the subscriptions and wills of live connections, and retained
messages. Behind it stands the platform as a plain function. Fixed virtual costs. Who comes with a
certificate writes and hears under its name alone, as `deploy/mosquitto/kiosks.acl` has it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Protocol

from contract.topics import parse
from controller.ports import NoNetworkError, UplinkLostError
from sim.under_way import UnderWay

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


class Platform(Protocol):
    """What stands behind the broker (cloud.ingest.answers.Ingest)."""

    def handle(self, topic: str, payload: bytes) -> list[tuple[str, bytes]]:
        """Take one message; return what is to be published because of it."""


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
        self._down_until_s = 0.0
        self._under_way = UnderWay()
        self._slow_s = 0.0
        self.retained: dict[str, bytes] = {}

    def uplink(self, down_all: str, certificate: str | None = None) -> BrokerUplink:
        """A kiosk's uplink: subscribed to `down_all` (ends in `/#`).

        `certificate` is the name in the certificate that it shows; None: nobody asks for one.
        """
        return BrokerUplink(self, down_all.removesuffix("#"), certificate)

    @property
    def is_up(self) -> bool:
        """Whether it accepts connections."""
        return self._up

    def down(self) -> None:
        """Verb: the broker dies. Connections end, and what was under way is lost."""
        self._up = False
        self._under_way.lose()
        for connection in list(self._connections):
            self.drop(connection)

    def up(self) -> None:
        """Verb: the broker is back, with its retained messages."""
        self._up = True

    def broker_down(self, seconds: float) -> None:
        """Verb: no broker for that long; where it is down already, until the later end of both."""
        loop = asyncio.get_running_loop()
        self.down()
        self._down_until_s = max(self._down_until_s, loop.time() + seconds)
        loop.call_at(self._down_until_s, self._up_when_over, self._down_until_s)

    def duplicate(self, messages: int) -> None:
        """Verb: the next so many messages reach the platform twice, as QoS 1 allows."""
        self._under_way.duplicate(messages)

    def reorder(self, messages: int) -> None:
        """Verb: each of the next so many messages is overtaken by the one behind it."""
        self._under_way.reorder(messages)

    def slow(self, delay_s: float, seconds: float) -> None:
        """Verb: for `seconds` the platform takes `delay_s` longer to answer anything."""
        self._slow_s += delay_s
        asyncio.get_running_loop().call_later(seconds, self._hurry, delay_s)

    def cut(self, below: str = "") -> None:
        """Verb: every connection that hears topics `below` breaks; the broker stays."""
        for connection in list(self._connections):
            if connection.prefix.startswith(below):
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
        for message in self._under_way.mixed((topic, payload)):
            self._under_way.send(PLATFORM_S, self._reach_platform, message)

    def send_down(self, topic: str, payload: bytes) -> None:
        """The platform says something of its own accord."""
        if self._up:
            self._under_way.send(DOWN_S + self._slow_s, self._reach_kiosks, (topic, payload))

    def _up_when_over(self, until_s: float) -> None:
        # Not by the clock: a loop calls back a little early, by as much as its clock resolves.
        if until_s >= self._down_until_s:
            self.up()

    def _reach_platform(self, topic: str, payload: bytes) -> None:
        self._watch("up", topic, payload)
        for answer in self._platform.handle(topic, payload):
            self._under_way.send(DOWN_S + self._slow_s, self._reach_kiosks, answer)

    def _hurry(self, delay_s: float) -> None:
        self._slow_s -= delay_s

    def _reach_kiosks(self, topic: str, payload: bytes) -> None:
        self._watch("down", topic, payload)
        for connection in self._connections:
            connection.offer(topic, payload)


class BrokerUplink:
    """A kiosk's way to the broker (ports.Uplink)."""

    def __init__(self, broker: Broker, prefix: str, certificate: str | None = None) -> None:
        self._broker = broker
        self._prefix = prefix
        self._certificate = certificate
        self._away_until_s = 0.0

    def cut(self, seconds: float = 0.0) -> None:
        """Verb: this kiosk's connections break, and it gets no other one for so long."""
        until_s = asyncio.get_running_loop().time() + seconds
        self._away_until_s = max(self._away_until_s, until_s)
        self._broker.cut(self._prefix)

    @property
    def is_whole(self) -> bool:
        """Whether the line to the broker is there; the broker may be down."""
        return asyncio.get_running_loop().time() >= self._away_until_s

    def connect(
        self, will: tuple[str, bytes] | None = None
    ) -> AbstractAsyncContextManager[_Connection]:
        """Open one new connection with this last will; see the port.

        Raises:
            UplinkLostError: The broker is down, or the line to it is cut.
        """
        return self._connected(will)

    @asynccontextmanager
    async def _connected(self, will: tuple[str, bytes] | None) -> AsyncIterator[_Connection]:
        await asyncio.sleep(CONNECT_S)
        if not self.is_whole:
            raise NoNetworkError("no way to the broker: the line is cut")
        if not self._broker.is_up:
            raise UplinkLostError("the broker refuses connections: try again later")
        connection = _Connection(self._broker, self._prefix, will, self._certificate)
        self._broker.join(connection)
        try:
            yield connection
        finally:
            self._broker.leave(connection)
            connection.break_off()


class _Connection:
    """One connection (ports.UplinkConnection)."""

    def __init__(
        self,
        broker: Broker,
        prefix: str,
        will: tuple[str, bytes] | None,
        certificate: str | None = None,
    ) -> None:
        self.prefix = prefix
        self._broker = broker
        self._certificate = certificate
        self.will = will if will is not None and self._may_use(will[0]) else None
        self._inbox: asyncio.Queue[tuple[str, bytes] | None] = asyncio.Queue()
        self._alive = True

    def offer(self, topic: str, payload: bytes) -> None:
        """Deliver a message if it is subscribed to."""
        if topic.startswith(self.prefix) and self._may_use(topic):
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
        if self._may_use(topic):  # MQTT 3.1.1 has no word for "no": it acknowledges, and forgets
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

    def _may_use(self, topic: str) -> bool:
        return self._certificate is None or parse(topic).kiosk == self._certificate

    def _check(self) -> None:
        if not self._alive:
            raise UplinkLostError("the connection to the broker is gone")
