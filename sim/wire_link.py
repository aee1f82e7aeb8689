"""The serial line between a bay's node and the controller, in virtual or in real time.

Two ends and two lanes. The line loses and bends nothing until a verb says so.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from sim.clock import now_us
from sim.line_noise import Noise
from sim.wire_lanes import BRIDGE, Packets, Timing, ToNode

if TYPE_CHECKING:
    import random

Note = Callable[[int, str, bytes], None]
"""Told what arrives: when in µs, `to_node` or `to_host`, and the bytes."""

HOST_BUFFER = 4096
"""Bytes that the host's driver keeps for whoever does not read; what comes on top is lost."""

ENUMERATION_S = (0.5, 3.0)
"""From a cable that is plugged in to a port that can be opened."""


class HostEnd:
    """The controller's end: the `BytePort` of `controller.adapters.node_link`."""

    def __init__(self) -> None:
        self.trouble = ""
        self._send: Callable[[bytes], None] = _nowhere
        self._arrived = bytearray()
        self._unsent = bytearray()
        self._some = asyncio.Event()
        self._stalls = 0

    def write(self, data: bytes) -> None:
        """Send to the node."""
        if self._stalls:
            self._unsent += data
        else:
            self._send(data)

    async def read(self) -> bytes:
        """Wait for bytes and return all that have arrived."""
        await self._some.wait()
        self._some.clear()
        data = bytes(self._arrived)
        self._arrived.clear()
        return data

    def _arrive(self, data: bytes) -> None:
        self._arrived += data[: HOST_BUFFER - len(self._arrived)]
        if not self._stalls:
            self._some.set()

    def _stall(self) -> None:
        self._stalls += 1
        self._some.clear()

    def _resume(self) -> None:
        self._stalls -= 1
        if self._stalls:
            return
        unsent = bytes(self._unsent)
        self._unsent.clear()
        self._send(unsent)
        if self._arrived:
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
        rng: Decides the phase of the USB frames, and which bytes suffer under `noise`.
        timing: How the node hangs on the host.
        note: Told everything that arrives.
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        rng: random.Random,
        *,
        timing: Timing = BRIDGE,
        note: Note | None = None,
    ) -> None:
        self.host = HostEnd()
        self.node = NodeEnd()
        self._loop = loop
        self._rng = rng
        self._note = note
        down = ToNode if timing.byte_us else Packets
        self._to_node = down(loop, timing, rng, self._noted("to_node", self.node._arrive))
        self._to_host = Packets(loop, timing, rng, self._noted("to_host", self._reach_host))
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

    def unplug(self, out_s: float | None = None) -> None:
        """Verb: the cable is out, and the controller's port says so.

        With `out_s` it is plugged in again then, and is a port once USB has found it.
        """
        self.cut()
        self.host.trouble = "the cable is out: plug it in"
        if out_s is not None:
            self._loop.call_later(out_s + self._rng.uniform(*ENUMERATION_S), self.mend)

    def stall(self, seconds: float) -> None:
        """Verb: the host neither reads nor writes for so long; then all comes together."""
        self.host._stall()
        self._loop.call_later(seconds, self.host._resume)

    def swap(self, other: WireLink) -> None:
        """Verb: the plugs of two lines change places at the host's ends."""
        self.host, other.host = other.host, self.host
        self.host._send, other.host._send = self._to_node.send, other._to_node.send

    def noise(
        self,
        *,
        flips_ppm: int = 0,
        drops_ppm: int = 0,
        doubles_ppm: int = 0,
        bursts_ppm: int = 0,
        repeats_ppm: int = 0,
    ) -> None:
        """Verb: the line suffers both ways, as `sim.line_noise.Noise` says; 0 each is clean."""
        noise = Noise(flips_ppm, drops_ppm, doubles_ppm, bursts_ppm, repeats_ppm)
        self._to_node.line.noise = self._to_host.line.noise = noise

    def _reach_host(self, data: bytes) -> None:
        self.host._arrive(data)

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
