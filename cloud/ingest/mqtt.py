"""The ledger's ear on the broker: a message is acknowledged only after its commit.

What aiomqtt 2.5 and paho 2 need for that, and nobody documents:

- A new client for every connection: one that lost its broker may say that it is connected again
  while it is not.
- Manual acknowledgement is a setting of paho's client alone. Without it the broker hears PUBACK
  when a message enters a queue in memory, before anything is durable.
- MQTT 3.1.1 has to do, for not every broker speaks 5.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from itertools import chain
from typing import TYPE_CHECKING

import aiomqtt

from cloud.errors import LedgerError
from cloud.ingest.answers import LEAVES, SHARED
from cloud.ingest.sending import sending, still_wanted
from contract.errors import ContractError
from contract.topics import from_all_kiosks

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable
    from concurrent.futures import Executor

    from cloud.ingest.answers import Ingest

_log = logging.getLogger(__name__)

FIRST_WAIT_S = 0.5
LONGEST_WAIT_S = 30.0
"""Between two attempts to connect; doubles from the first to the longest."""

STEADY_S = 10.0
"""A connection that lasted so long was a good one: after it the next attempt comes soon."""

KEEPALIVE_S = 15

AT_ONCE_MOST = 40
"""Messages that are posted together: twice what mosquitto lets be under way to one listener."""

AT_ONCE = (socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
"""An ack is a small message: held back for a fuller packet it came 40 ms later."""


class Listener:
    """Keeps one connection to the broker at a time, for ever.

    Args:
        ingest: Answers the messages; called on `executor`, one group after the other.
        executor: Where the database is used; one thread.
        host: The broker's.
        port: The broker's.
        identifier: Client id. The broker keeps messages for it while it is away; one that goes
            by certificates takes their name instead.
        shares: Whether several listeners, each with its own identifier, share the batches. The
            broker must know shared subscriptions, as mosquitto does.
        tls: Gives what a TLS connection needs, anew for each; None for none at all.
    """

    def __init__(
        self,
        ingest: Ingest,
        executor: Executor,
        host: str,
        port: int,
        identifier: str = "ledger",
        *,
        shares: bool = False,
        tls: Callable[[], ssl.SSLContext] | None = None,
    ) -> None:
        self._ingest = ingest
        self._executor = executor
        self._host = host
        self._port = port
        self._identifier = identifier
        self._shares = shares
        self._tls = tls
        self._connected = False

    async def run(self) -> None:
        """Listen until cancelled; a broker or a database that fails is tried again."""
        loop = asyncio.get_running_loop()
        wait_s = FIRST_WAIT_S
        while True:
            began_s = loop.time()
            try:
                await self._listen()
            except aiomqtt.MqttError as error:
                if self._connected or wait_s == FIRST_WAIT_S:
                    _log.warning("broker lost, trying again reason=%s", error)
            except ContractError as error:
                _log.error("broker not asked, no certificate code=%s: %s", error.code, error)
            except LedgerError as error:
                _log.error("ledger failed, the message will come again reason=%s", error)
            self._connected = False
            if loop.time() - began_s >= STEADY_S:
                wait_s = FIRST_WAIT_S
            await asyncio.sleep(wait_s)
            wait_s = min(2 * wait_s, LONGEST_WAIT_S)

    async def _listen(self) -> None:
        """Answer what comes over one new connection, until it ends."""
        client = aiomqtt.Client(
            self._host,
            self._port,
            identifier=self._identifier,
            protocol=aiomqtt.ProtocolVersion.V311,
            clean_session=False,
            tls_context=self._tls() if self._tls else None,
            keepalive=KEEPALIVE_S,
            socket_options=[AT_ONCE],
        )
        client._client.manual_ack_set(True)  # aiomqtt has no way of its own
        async with client:
            await client.subscribe([(self._filter(leaf), 1) for leaf in LEAVES])
            self._connected = True
            _log.info("broker connected address=%s:%d", self._host, self._port)
            async with sending(self._ingest, self._executor, client.publish):
                async for message in client.messages:
                    # Whatever else is here already is posted in the same transaction.
                    group = [message]
                    while len(group) < AT_ONCE_MOST and len(client.messages):
                        group.append(await anext(client.messages))
                    await self._answer(client, group)
                    still_wanted()

    def _filter(self, leaf: str) -> str:
        """Batches go to one of the sharers; what a kiosk says of itself is news to all of them."""
        shared = self._shares and leaf in SHARED
        return f"$share/ledger/{from_all_kiosks(leaf)}" if shared else from_all_kiosks(leaf)

    async def _answer(self, client: aiomqtt.Client, group: list[aiomqtt.Message]) -> None:
        """Post, then PUBACK, then publish the ledger's answers."""
        loop = asyncio.get_running_loop()
        came = [(str(one.topic), bytes(one.payload)) for one in group]
        answers = await loop.run_in_executor(self._executor, self._ingest.handle_all, came)
        for one in group:
            client._client.ack(one.mid, one.qos)  # as above
        for topic, payload in chain.from_iterable(answers):
            # QoS 0: acks are cumulative, and waiting for a dying broker's PUBACK takes 10 s.
            await client.publish(topic, payload, qos=0)
