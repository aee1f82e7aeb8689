"""The ledger's ear on NATS JetStream, where several nodes hold what one broker did.

Kiosks go on speaking MQTT, which NATS speaks too. It keeps their QoS 1 messages in a stream of its
own, `$MQTT_msgs`, and a PUBACK covers that stream alone: a second stream over the same subjects
lost 500 acknowledged messages when its leader died. So the ledger reads that one, by pull consumers
whose place in it is kept on all nodes.

- What one worker is enough for has one consumer that all share; what a kiosk says of itself is news
  to each.
- Messages are acknowledged after the commit. Those of a worker that died come again after
  `ACK_WAIT_S`; the kiosk, which goes by the ledger's own ack, has sent them again before that.
- What NATS publishes reaches MQTT with QoS 0: enough for acks, which are cumulative, and for
  commands, which are sent until they are answered.
"""

from __future__ import annotations

import asyncio
import json
import logging
from dataclasses import dataclass
from functools import partial
from itertools import chain, cycle
from typing import TYPE_CHECKING

import nats
from nats.errors import Error as NatsError
from nats.js.api import AckPolicy, ConsumerConfig
from nats.js.errors import NotFoundError

from cloud.errors import LedgerError
from cloud.ingest.answers import LEAVES, SHARED
from cloud.ingest.mqtt import AT_ONCE_MOST, FIRST_WAIT_S, STEADY_S
from cloud.ingest.sending import sending, still_wanted
from contract.errors import ContractError
from contract.topics import from_all_kiosks

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Sequence
    from concurrent.futures import Executor

    from nats.aio.client import Client
    from nats.aio.msg import Msg

    from cloud.ingest.answers import Ingest

_log = logging.getLogger(__name__)

STREAM, STREAM_PREFIX = "$MQTT_msgs", "$MQTT.msgs."
"""Where NATS keeps MQTT's messages, and what it puts before their subjects there."""

LONGEST_WAIT_S = 5.0
"""Between two attempts: the next one goes to another node."""

CONNECT_S = 2.0
PING_S = 5
"""A node that answers neither is left for another one."""

ASK_S = 5
"""How long one request for messages holds."""

ACK_WAIT_S = 30.0
"""After that a message that was handed out and not acknowledged goes to somebody else."""

AGAIN_S = 1.0
"""After that a message comes again that the ledger could not take."""

AWAY_S = 14 * 86_400.0
"""A worker that was not seen for so long leaves nothing waiting behind."""


class NatsListener:
    """Keeps a connection to one node at a time, for ever.

    Args:
        ingest: Answers the messages; called on `executor`, one group after the other.
        executor: Where the database is used; one thread.
        nodes: Hosts and ports of the cluster's nodes, at least one.
        identifier: Names this worker's place in what is news to every worker.
        tls: Gives what a TLS connection needs, anew for each; None for none at all.
    """

    def __init__(
        self,
        ingest: Ingest,
        executor: Executor,
        nodes: Sequence[tuple[str, int]],
        identifier: str = "ledger",
        *,
        tls: Callable[[], ssl.SSLContext] | None = None,
    ) -> None:
        self._ingest = ingest
        self._executor = executor
        self._nodes = cycle(nodes)
        self._identifier = identifier
        self._tls = tls

    async def run(self) -> None:
        """Listen until cancelled; a node or a database that fails is tried again."""
        loop = asyncio.get_running_loop()
        wait_s = FIRST_WAIT_S
        while True:
            began_s = loop.time()
            try:
                await self._listen(*next(self._nodes))
            except NotFoundError:
                _log.warning("nats has no stream %s yet: no kiosk was ever connected", STREAM)
            except (NatsError, OSError, TimeoutError) as error:
                reason = str(error) or type(error).__name__
                _log.warning("nats lost, trying again reason=%s", reason)
            except ContractError as error:
                _log.error("nats not asked, no certificate code=%s: %s", error.code, error)
            except LedgerError as error:
                _log.error("ledger failed, the message will come again reason=%s", error)
            if loop.time() - began_s >= STEADY_S:
                wait_s = FIRST_WAIT_S
            await asyncio.sleep(wait_s)
            wait_s = min(2 * wait_s, LONGEST_WAIT_S)

    async def _listen(self, host: str, port: int) -> None:
        """Answer what comes over one new connection, until it ends."""
        came: asyncio.Queue[_Came | None] = asyncio.Queue()

        async def ended() -> None:
            await came.put(None)

        client = await nats.connect(
            f"nats://{host}:{port}",
            name=self._identifier,
            tls=self._tls() if self._tls else None,
            # A new client for every connection, each to the next node.
            allow_reconnect=False,
            # The library tries a node that is gone 60 times, 2 s apart, where nothing else is said.
            max_reconnect_attempts=1,
            reconnect_time_wait=0.1,
            connect_timeout=CONNECT_S,
            ping_interval=PING_S,
            disconnected_cb=ended,
            error_cb=_quiet,
        )
        try:
            pulls = [await self._pull(client, leaf, came) for leaf in LEAVES]
            _log.info("broker connected address=%s:%d", host, port)
            async with sending(self._ingest, self._executor, partial(_say, client)):
                while still_wanted():
                    for pull in pulls:
                        await pull.ask(client)
                    await self._answer(client, _messages(await _next_group(came)))
        finally:
            await client.close()

    async def _pull(self, client: Client, leaf: str, came: asyncio.Queue[_Came | None]) -> _Pull:
        """A consumer of one leaf, made where there is none, and the way by which it hands over."""
        shared = leaf in SHARED
        name = f"ledger-{leaf}" if shared else f"{self._identifier}-{leaf}"
        await client.jetstream().add_consumer(
            STREAM,
            ConsumerConfig(
                durable_name=name,
                filter_subject=STREAM_PREFIX + subject_of(from_all_kiosks(leaf)),
                ack_policy=AckPolicy.EXPLICIT,
                ack_wait=ACK_WAIT_S,
                inactive_threshold=AWAY_S,
            ),
        )
        pull = _Pull(f"$JS.API.CONSUMER.MSG.NEXT.{STREAM}.{name}", client.new_inbox())

        async def hand_over(message: Msg) -> None:
            await came.put((pull, message))

        await client.subscribe(pull.inbox, cb=hand_over)
        return pull

    async def _answer(self, client: Client, group: list[Msg]) -> None:
        """Post, then acknowledge, then publish the ledger's answers."""
        if not group:
            return
        loop = asyncio.get_running_loop()
        told = [(topic_of(one.subject), one.data) for one in group]
        try:
            answers = await loop.run_in_executor(self._executor, self._ingest.handle_all, told)
        except LedgerError:
            for one in group:
                await one.nak(delay=AGAIN_S)
            raise
        for one in group:
            await one.ack()
        for topic, payload in chain.from_iterable(answers):
            await _say(client, topic, payload)


@dataclass(slots=True, eq=False)
class _Pull:
    """A consumer that is asked for messages, and what was asked for and has not come."""

    address: str
    inbox: str
    left: int = 0
    until_s: float = 0.0

    async def ask(self, client: Client) -> None:
        """Ask for the next messages, unless an earlier request still holds."""
        now_s = asyncio.get_running_loop().time()
        if self.left > 0 and now_s < self.until_s:
            return
        self.left, self.until_s = AT_ONCE_MOST, now_s + ASK_S + 1
        asked = {"batch": AT_ONCE_MOST, "expires": ASK_S * 1_000_000_000}
        await client.publish(self.address, json.dumps(asked).encode(), self.inbox)

    def is_message(self, came: Msg) -> bool:
        """Whether a kiosk's message came; what else comes says that the request is over.

        Raises:
            NatsError: Nobody hands out what was asked for: the consumer has no leader, or is gone.
        """
        status = (came.headers or {}).get("Status")
        if status is None:
            self.left -= 1
            return True
        if status == "503":
            raise NatsError(f"nobody answers for {self.address}")
        self.left = 0
        return False


_Came = tuple[_Pull, "Msg"]


async def _next_group(came: asyncio.Queue[_Came | None]) -> list[_Came]:
    """What is there, up to a transaction's worth; empty where nothing came for a while.

    Raises:
        NatsError: The connection ended.
    """
    group: list[_Came] = []
    try:
        async with asyncio.timeout(ASK_S):
            one = await came.get()
    except TimeoutError:
        return group
    while one is not None:
        group.append(one)
        if len(group) == AT_ONCE_MOST or came.empty():
            return group
        one = came.get_nowait()
    raise NatsError("the node ended the connection")


def _messages(group: list[_Came]) -> list[Msg]:
    """Kiosks' messages among what came, in the order in which they reached the stream."""
    found = [came for pull, came in group if pull.is_message(came)]
    return sorted(found, key=lambda one: one.metadata.sequence.stream)


async def _say(client: Client, topic: str, payload: bytes) -> None:
    await client.publish(subject_of(topic), payload)


async def _quiet(_error: Exception) -> None:
    """What it reports here is raised where it matters as well."""


def subject_of(topic: str) -> str:
    """The subject under which NATS knows an MQTT topic or filter of ours: ids hold no dot."""
    return topic.replace("/", ".").replace("+", "*")


def topic_of(subject: str) -> str:
    """The MQTT topic of a subject in `STREAM`."""
    return subject.removeprefix(STREAM_PREFIX).replace(".", "/")
