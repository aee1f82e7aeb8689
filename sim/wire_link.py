"""The serial line between a bay's node and the controller, in virtual or in real time.

Bytes take their time: ten bits each at 115200 baud, or one USB frame. What is sent in one go
arrives in one go, when its last byte does. The line loses and bends nothing until a verb says so.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from sim.clock import US_PER_S, now_us

if TYPE_CHECKING:
    import random

Note = Callable[[int, str, bytes], None]
"""Told what arrives: when in µs, `to_node` or `to_host`, and the bytes."""

UART_BYTE_US = 87
"""Ten bits at 115200 baud."""

USB_LATENCY_US = 1000
"""A full-speed USB frame."""

MILLION = 1_000_000


class _Lane:
    """One direction of the line."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        byte_us: int,
        latency_us: int,
        rng: random.Random,
        arrive: Callable[[bytes], None],
    ) -> None:
        self.is_cut = False
        self.flips_ppm = 0
        self.drops_ppm = 0
        self._loop = loop
        self._byte_us = byte_us
        self._latency_us = latency_us
        self._rng = rng
        self._arrive = arrive
        self._free_us = 0

    def send(self, data: bytes) -> None:
        """Put bytes on the line, behind what is on it already."""
        if not data:
            return
        begins_us = max(now_us(self._loop), self._free_us)
        # At least a microsecond each, so that no two arrivals fall on one instant.
        self._free_us = begins_us + max(1, self._byte_us * len(data))
        at_us = self._free_us + self._latency_us
        self._loop.call_at(at_us / US_PER_S, self._deliver, data)

    def _deliver(self, data: bytes) -> None:
        arrived = b"" if self.is_cut else self._damaged(data)
        if arrived:
            self._arrive(arrived)

    def _damaged(self, data: bytes) -> bytes:
        if not self.flips_ppm and not self.drops_ppm:
            return data
        kept = bytearray()
        for byte in data:
            if self._rng.randrange(MILLION) < self.drops_ppm:
                continue
            flipped = self._rng.randrange(MILLION) < self.flips_ppm
            kept.append(byte ^ (1 << self._rng.randrange(8)) if flipped else byte)
        return bytes(kept)


class HostEnd:
    """The controller's end: the `BytePort` of `controller.adapters.node_link`."""

    def __init__(self) -> None:
        self.trouble = ""
        self._send: Callable[[bytes], None] = _nowhere
        self._arrived = bytearray()
        self._some = asyncio.Event()

    def write(self, data: bytes) -> None:
        """Send to the node."""
        self._send(data)

    async def read(self) -> bytes:
        """Wait for bytes and return all that have arrived."""
        await self._some.wait()
        self._some.clear()
        data = bytes(self._arrived)
        self._arrived.clear()
        return data

    def _arrive(self, data: bytes) -> None:
        self._arrived += data
        self._some.set()


class NodeEnd:
    """The node's end. `wake` is called when bytes arrive."""

    def __init__(self) -> None:
        self.wake: Callable[[], None] = _nothing
        self._send: Callable[[bytes], None] = _nowhere
        self._arrived = bytearray()

    @property
    def waiting(self) -> bool:
        """Whether something has arrived and was not taken."""
        return bool(self._arrived)

    def received(self) -> bytes:
        """What has arrived since the last call; b"" when nothing has."""
        data = bytes(self._arrived)
        self._arrived.clear()
        return data

    def send(self, data: bytes) -> None:
        """Send to the controller."""
        self._send(data)

    def _arrive(self, data: bytes) -> None:
        self._arrived += data
        self.wake()


class WireLink:
    """A line with its two ends, `host` and `node`, and the verbs for what befalls it.

    Args:
        loop: The loop whose time the bytes take.
        rng: Decides which bytes suffer under `noise`.
        byte_us: Time on the line of each byte, in µs; 0 for USB.
        latency_us: Time from the last byte to its arrival, in µs.
        note: Told everything that arrives.
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        rng: random.Random,
        *,
        byte_us: int = UART_BYTE_US,
        latency_us: int = USB_LATENCY_US,
        note: Note | None = None,
    ) -> None:
        self.host = HostEnd()
        self.node = NodeEnd()
        self._loop = loop
        self._note = note
        to_node = self._noted("to_node", self.node._arrive)
        to_host = self._noted("to_host", self.host._arrive)
        self._to_node = _Lane(loop, byte_us, latency_us, rng, to_node)
        self._to_host = _Lane(loop, byte_us, latency_us, rng, to_host)
        self.host._send = self._to_node.send
        self.node._send = self._to_host.send

    def cut(self, *, to_node: bool = True, to_host: bool = True) -> None:
        """Verb: nothing arrives any more, either way or one way only."""
        self._to_node.is_cut = to_node
        self._to_host.is_cut = to_host

    def mend(self) -> None:
        """Verb: the line is whole and clean again."""
        self.cut(to_node=False, to_host=False)
        self.noise()
        self.host.trouble = ""

    def unplug(self) -> None:
        """Verb: the cable is out, and the controller's port says so."""
        self.cut()
        self.host.trouble = "the cable is out: plug it in"

    def noise(self, *, flips_ppm: int = 0, drops_ppm: int = 0) -> None:
        """Verb: of a million bytes so many arrive with a bit flipped, so many not at all."""
        for lane in (self._to_node, self._to_host):
            lane.flips_ppm = flips_ppm
            lane.drops_ppm = drops_ppm

    def _noted(self, way: str, arrive: Callable[[bytes], None]) -> Callable[[bytes], None]:
        def arrived(data: bytes) -> None:
            if self._note is not None:
                self._note(now_us(self._loop), way, data)
            arrive(data)

        return arrived


def _nowhere(data: bytes) -> None:
    """An end that hangs on no line swallows what is sent."""


def _nothing() -> None:
    """Nobody wants to be woken."""
