"""Between kiosk and broker, whole MQTT messages are lost, doubled and put out of order.

Only PUBLISH is touched (MQTT 3.1.1, section 3.3). A message that is lost was acknowledged all the
same, as by a broker that dies before it hands it on: nobody can tell from the protocol.
"""

from __future__ import annotations

import asyncio
import random
import threading
from collections import Counter
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Self

PUBLISH, PUBACK = 3, 0x40
QOS = 0b0110
LOST, DOUBLED, LATE = 0.1, 0.1, 0.15
PATIENCE_S = 60.0
"""Nothing of it takes so long, on any machine."""


class Relay:
    """Listens on `port` and passes on to a broker, badly; a context manager.

    `done` counts what was done to messages.

    Args:
        port: Where the kiosk finds it.
        broker_port: Where it finds the broker.
        seed: All its chance.
        harm: So much of the usual share is lost, doubled and late; 0 for a good line.
        hear: Told topic and payload of every PUBLISH, before anything is done to it.
    """

    def __init__(
        self,
        port: int,
        broker_port: int,
        seed: int,
        *,
        harm: float = 1.0,
        hear: Callable[[str, bytes], None] = lambda topic, payload: None,
    ) -> None:
        self.port = port
        self._lost, self._doubled, self._late = (harm * one for one in (LOST, DOUBLED, LATE))
        self._hear = hear
        self.done: Counter[str] = Counter()
        self._broker_port = broker_port
        self._rng = random.Random(f"relay {seed}")
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._ready = threading.Event()

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(PATIENCE_S), "the relay does not listen"
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._ending.set)
        self._thread.join(PATIENCE_S)

    def _serve(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._listen())

    async def _listen(self) -> None:
        self._ending = asyncio.Event()
        server = await asyncio.start_server(self._join, "127.0.0.1", self.port)
        self._ready.set()
        await self._ending.wait()
        server.close()

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            there = await asyncio.open_connection("127.0.0.1", self._broker_port)
        except OSError:
            writer.close()
            return
        ways = [self._pass(reader, there[1], writer), self._pass(there[0], writer, there[1])]
        await asyncio.gather(*ways)

    async def _pass(
        self,
        reader: asyncio.StreamReader,
        onward: asyncio.StreamWriter,
        back: asyncio.StreamWriter,
    ) -> None:
        """Until either end closes; what was kept back goes behind the next message."""
        kept = b""
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                packet = await _packet(reader)
                if packet[0] >> 4 != PUBLISH:
                    onward.write(packet)
                    continue
                self._hear(*_message(packet))
                fate = self._rng.random()
                if fate < self._lost:
                    self.done["lost"] += 1
                    back.write(_puback(packet))
                elif fate < self._lost + self._doubled:
                    self.done["doubled"] += 1
                    onward.write(packet + packet + kept)
                    kept = b""
                elif fate < self._lost + self._doubled + self._late and not kept:
                    self.done["late"] += 1
                    kept = packet
                    back.write(_puback(packet))
                else:
                    onward.write(packet + kept)
                    kept = b""
        onward.close()


async def _packet(reader: asyncio.StreamReader) -> bytes:
    """One whole control packet: type, length in sevenths of a byte, and so many bytes (2.2)."""
    head = await reader.readexactly(2)
    length, shift = head[1] & 127, 7
    while head[-1] & 128:
        head += await reader.readexactly(1)
        length |= (head[-1] & 127) << shift
        shift += 7
    return head + await reader.readexactly(length)


def _topic_at(packet: bytes) -> tuple[int, int]:
    """Where the topic of a PUBLISH begins and ends."""
    start = next(index for index in range(1, 5) if not packet[index] & 128) + 1
    return start + 2, start + 2 + int.from_bytes(packet[start : start + 2], "big")


def _message(packet: bytes) -> tuple[str, bytes]:
    """Topic and payload of a PUBLISH; between them stands its number, if it has a QoS."""
    start, end = _topic_at(packet)
    return packet[start:end].decode(), packet[end + (2 if packet[0] & QOS else 0) :]


def _puback(packet: bytes) -> bytes:
    """The answer to a PUBLISH of QoS 1; to one of QoS 0 there is none."""
    if not packet[0] & QOS:
        return b""
    _, end = _topic_at(packet)
    return bytes([PUBACK, 2]) + packet[end : end + 2]
