"""The way to the platform over MQTT, through aiomqtt, which is not taken at its word.

What aiomqtt 2.5 does by itself (measured against mosquitto), and what is done here instead:

- `publish` returns normally although the broker refused the message: the answer's reason code is
  kept per message id and looked at.
- `publish` and `subscribe` do not notice that the broker died, and wait for their whole timeout:
  the answer and the end of the connection are waited for at once.
- A broker that closes a connection without a word is waited for: the attempt ends at once.
- A client that is entered again after an unexpected end may say that it is connected while it is
  not: every connection has a client of its own.
- Why a broker refuses a certificate reaches paho's log alone: it is read there.
- Leaving a broker that is frozen ends in an error that would hide the reason for leaving: it is
  bounded here, and the socket is closed.

This needs names that aiomqtt keeps to itself, so its minor version is pinned and
`tests/contracts/test_uplink.py` fails where they change. MQTT 3.1.1 is enough; with 5 a broker
can say why it refused, and that nobody listens.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import aiomqtt
from aiomqtt.exceptions import MqttConnectError
from paho.mqtt.enums import LogLevel
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from controller.adapters.mqtt_barred import barred, is_no_network
from controller.ports import NoNetworkError, UplinkLostError, UplinkRefusedError

if TYPE_CHECKING:
    import ssl
    from collections.abc import AsyncIterator, Callable
    from contextlib import AbstractAsyncContextManager

    from controller.ports import UplinkConnection

T = TypeVar("T")

_log = logging.getLogger(__name__)

LEAVE_S = 1.0
KEEPALIVE_S = 30
"""A link that is dead without a word is noticed after one and a half times so long (MQTT)."""

REFUSED = 0x80
"""Reason codes from here on are refusals (MQTT 5, 2.4)."""

NOBODY_LISTENS = 0x10
"""No matching subscribers: the message is gone (MQTT 5, 3.4.2.1)."""

SESSION_S = 86_400
"""With MQTT 5 the broker keeps so long what comes down at QoS 1 for a kiosk that is away."""

PENDING_CALLS = 100
"""aiomqtt warns from so many calls on; our window is far below."""

_VERSIONS = {"3.1.1": aiomqtt.ProtocolVersion.V311, "5": aiomqtt.ProtocolVersion.V5}


class MqttUplink:
    """A kiosk's way to one broker (ports.Uplink).

    Args:
        host: The broker's.
        port: The broker's.
        client_id: The kiosk's id; a second connection under it ends the first.
        down_all: The filter of everything that comes down to the kiosk.
        version: Of MQTT.
        tls: Gives what a TLS connection needs, anew for each; None for none at all. What it
            raises ends the attempt.
        answer_s: So long the broker may take for an answer; then it counts as lost.
    """

    def __init__(
        self,
        host: str,
        port: int,
        *,
        client_id: str,
        down_all: str,
        version: Literal["3.1.1", "5"] = "3.1.1",
        tls: Callable[[], ssl.SSLContext] | None = None,
        answer_s: float = 10.0,
    ) -> None:
        self._host = host
        self._port = port
        self._client_id = client_id
        self._down_all = down_all
        self._version = _VERSIONS[version]
        self._tls = tls
        self._answer_s = answer_s

    def connect(
        self, will: tuple[str, bytes] | None = None
    ) -> AbstractAsyncContextManager[UplinkConnection]:
        """Open one new connection, subscribed to `down_all`, with this last will; see the port.

        Raises:
            UplinkLostError: No connection could be made, or the subscription was refused.
            UplinkBarredError: The broker does not let this kiosk in, or is not the right one.
        """
        return self._connected(will and aiomqtt.Will(*will, qos=1, retain=True))

    @asynccontextmanager
    async def _connected(self, will: aiomqtt.Will | None) -> AsyncIterator[_Connection]:
        session = _session() if self._version is aiomqtt.ProtocolVersion.V5 else {}
        # Files are read for it, and a disk may be slow.
        tls = await asyncio.to_thread(self._tls) if self._tls else None
        client = _CheckedClient(
            self._host,
            self._port,
            identifier=self._client_id,
            protocol=self._version,
            will=will,
            tls_context=tls,
            timeout=self._answer_s,
            keepalive=KEEPALIVE_S,
            **session,
            # A record after an answer must not wait 40 ms for the broker's delayed ACK (Nagle).
            socket_options=[(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)],
        )
        client.pending_calls_threshold = PENDING_CALLS
        try:
            try:
                await client.__aenter__()
                await client.subscribe_checked(self._down_all)
            except aiomqtt.MqttError as error:
                raise self._not_reached(client, error) from error
            yield _Connection(client)
        finally:
            await client.leave()

    def _not_reached(self, client: _CheckedClient, error: aiomqtt.MqttError) -> UplinkLostError:
        address = f"{self._host}:{self._port}"
        said = client.trouble or str(error)
        connack = _number(error.rc) if isinstance(error, MqttConnectError) else None
        kind = NoNetworkError if is_no_network(said) else UplinkLostError
        return barred(address, said, connack) or kind(
            f"broker {address} is not reached: {said}; check the network and `uplink`"
        )


class _Connection:
    """One connection (ports.UplinkConnection)."""

    def __init__(self, client: _CheckedClient) -> None:
        self._client = client

    async def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> None:
        """Hand one message to the broker at QoS 1.

        Raises:
            UplinkLostError: The connection ended; the message may or may not have arrived.
            UplinkRefusedError: The broker said no, and with which reason code.
        """
        await self._client.publish_checked(topic, payload, retain)

    async def messages(self) -> AsyncIterator[tuple[str, bytes]]:
        """Yield (topic, payload) of what the platform sends down.

        Raises:
            UplinkLostError: The connection ended.
        """
        try:
            async for message in self._client.messages:
                yield str(message.topic), bytes(message.payload)
        except aiomqtt.MqttError as error:
            raise UplinkLostError(f"the connection to the broker ended: {error}") from error


class _CheckedClient(aiomqtt.Client):
    """aiomqtt's client with answers that are looked at. One connection, then it is done.

    `trouble` is the last error that paho met on its socket, or empty.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._answers: dict[int, asyncio.Future[int]] = {}
        self.trouble = ""
        self._client.on_log = self._hear_log

    async def publish_checked(self, topic: str, payload: bytes, retain: bool) -> None:
        """Publish at QoS 1 and wait for the broker's answer."""
        info = self._client.publish(topic, payload, qos=1, retain=retain)
        if info.rc != 0:
            raise UplinkLostError(f"message to {topic} was not sent: the connection is gone")
        answer: asyncio.Future[int] = self._loop.create_future()
        self._answers[info.mid] = answer
        try:
            code = await self._or_lost(answer, f"message to {topic}")
        finally:
            del self._answers[info.mid]
        if code >= REFUSED:
            raise UplinkRefusedError(
                f"the broker refused a message to {topic} with reason code {code:#x}: "
                "check what the kiosk's name may write there"
            )
        if code == NOBODY_LISTENS and not retain:
            raise UplinkRefusedError(
                f"nobody listens to {topic}, so the message is gone: it comes again later"
            )

    async def subscribe_checked(self, topic_filter: str) -> None:
        """Subscribe at QoS 1 and look at the broker's answer."""
        task = self._loop.create_task(self.subscribe(topic_filter, qos=1))
        try:
            codes = await self._or_lost(task, f"subscription to {topic_filter}")
        finally:
            task.cancel()
        for code in codes:
            if _number(code) >= REFUSED:
                raise UplinkLostError(
                    f"the broker refused the subscription to {topic_filter} with reason code "
                    f"{_number(code):#x}: check what the kiosk's name may read"
                )

    async def leave(self) -> None:
        """Disconnect, politely where the broker still answers; never raises."""
        self.timeout = LEAVE_S
        with suppress(aiomqtt.MqttError):
            if self._lock.locked():
                await self.__aexit__(None, None, None)
        # How the connection ended was said already, or nobody asked: asyncio need not complain.
        self._disconnected.add_done_callback(lambda end: end.cancelled() or end.exception())
        left = self._client.socket()
        if isinstance(left, socket.socket):
            # The client's own reader sees the end and cleans up after itself.
            with suppress(OSError):
                left.shutdown(socket.SHUT_RDWR)

    async def _or_lost(self, answer: asyncio.Future[T], what: str) -> T:
        """Wait for an answer, the end of the connection, or the end of patience."""
        either: set[asyncio.Future[Any]] = {answer, self._disconnected}
        await asyncio.wait(either, timeout=self.timeout, return_when=asyncio.FIRST_COMPLETED)
        if answer.done():
            return answer.result()
        if self._disconnected.done():
            raise UplinkLostError(f"{what}: the connection broke: {self._disconnected.exception()}")
        raise UplinkLostError(f"{what}: no answer from the broker in {self.timeout:g} s")

    def _hear_log(self, client: Any, userdata: Any, level: int, text: str) -> None:
        """Keep why a socket failed; paho says it nowhere else."""
        if level == LogLevel.MQTT_LOG_ERR:
            self.trouble = text

    def _on_disconnect(self, *args: Any) -> None:
        """Let an attempt to connect end with the connection."""
        if not self._connected.done():
            self._connected.set_exception(aiomqtt.MqttError("it hung up before it answered"))
        super()._on_disconnect(*args)

    def _on_publish(self, client: Any, userdata: Any, mid: int, *rest: Any) -> None:
        """Keep the reason code that aiomqtt throws away. `rest`: reason code, properties."""
        answer = self._answers.get(mid)
        if answer is not None and not answer.done():
            answer.set_result(_number(rest[0]))


def _session() -> dict[str, Any]:
    """What makes a session of MQTT 5 outlive its connection; 3.1.1 has no end for one."""
    properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
    properties.SessionExpiryInterval = SESSION_S
    return {"clean_start": False, "properties": properties}


def _number(code: Any) -> int:
    """A reason code as a number; paho has it as an object with MQTT 5."""
    return int(getattr(code, "value", code))
