"""One direction of the line between node and controller: when bytes arrive that are sent now.

Full-speed USB moves bytes once a millisecond, in packets. A node that has USB itself sends them
so; one behind a bridge adds ten bits a byte, and towards the host the bridge keeps what it has
until its packet is full or its latency timer is over.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sim.clock import US_PER_S, now_us
from sim.line_noise import NoisyLine

if TYPE_CHECKING:
    import asyncio
    import random
    from collections.abc import Callable

FRAME_US = 1000
"""A full-speed USB frame."""


@dataclass(frozen=True, slots=True)
class Timing:
    """How a node hangs on the host.

    Args:
        byte_us: Time of one byte between bridge and node; 0 where the node has USB itself.
        hold_us: The bridge's latency timer: bytes towards the host wait so long for company.
        packet: Bytes that travel to the host in one go.
    """

    byte_us: int
    hold_us: int
    packet: int


UART_BYTE_US = 87
"""Ten bits at 115200 baud."""

BRIDGE = Timing(UART_BYTE_US, 1000, 62)
"""A bridge as FTDI's behind a driver that is set to low latency."""

LAZY_BRIDGE = Timing(UART_BYTE_US, 16_000, 62)
"""The same with the latency timer that it has after power-on."""

USB = Timing(0, 0, 64)
"""A node with USB of its own."""


class Lane(ABC):
    """One direction; `arrive` is told what comes out of it and when nothing is cut.

    Args:
        loop: The loop whose time the bytes take.
        timing: How long that is.
        rng: Decides the phase of the USB frames and what noise does.
        arrive: Called with each piece that arrives.
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        timing: Timing,
        rng: random.Random,
        arrive: Callable[[bytes], None],
    ) -> None:
        self.is_cut = False
        self.line = NoisyLine(rng)
        self._loop = loop
        self._timing = timing
        self._arrive = arrive
        self._phase_us = rng.randrange(FRAME_US)
        self._free_us = 0

    @abstractmethod
    def send(self, data: bytes) -> None:
        """Put bytes on the line, behind what is on it already."""

    def _frame_us(self, at_us: int) -> int:
        """When the USB frame begins that is next at that time."""
        return at_us + (self._phase_us - at_us) % FRAME_US

    def _deliver(self, data: bytes) -> None:
        arrived = b"" if self.is_cut else self.line.carry(data)
        if arrived:
            self._arrive(arrived)


class ToNode(Lane):
    """Through a bridge to the node: with the next frame, then byte by byte.

    The node is told when the last byte of what was sent in one go is there, as a UART's
    receive timeout does.
    """

    def send(self, data: bytes) -> None:
        """Put bytes on the line, behind what is on it already."""
        if not data:
            return
        begins_us = max(self._frame_us(now_us(self._loop)), self._free_us)
        self._free_us = begins_us + self._timing.byte_us * len(data)
        self._loop.call_at(self._free_us / US_PER_S, self._deliver, data)


@dataclass(slots=True)
class _Packet:
    """What leaves with the USB frame at `due_us`."""

    due_us: int
    timer: asyncio.TimerHandle
    data: bytearray = field(default_factory=bytearray)


class Packets(Lane):
    """Through a bridge to the host, or either way where the node has USB itself."""

    _open: _Packet | None = None
    _left_us = -FRAME_US

    def send(self, data: bytes) -> None:
        """Put bytes on the line, behind what is on it already."""
        byte_us = self._timing.byte_us
        at_us = max(now_us(self._loop), self._free_us)
        while data:
            packet = self._packet_at(at_us + byte_us)
            room = self._timing.packet - len(packet.data)
            in_time = (packet.due_us - at_us) // byte_us if byte_us else room
            count = min(room, in_time, len(data))
            packet.data += data[:count]
            data = data[count:]
            at_us += count * byte_us
            if count == room:
                self._close(packet, at_us)
        self._free_us = at_us

    def _packet_at(self, at_us: int) -> _Packet:
        """The packet that takes a byte which is there at that time."""
        if self._open is None or self._open.due_us < at_us:
            if self._open is not None:
                self._left_us = self._open.due_us
            self._open = self._begin(at_us + self._timing.hold_us, bytearray())
        return self._open

    def _begin(self, ready_us: int, data: bytearray) -> _Packet:
        """A packet that leaves when it is ready; each frame takes one."""
        due_us = max(self._frame_us(ready_us), self._left_us + FRAME_US)
        timer = self._loop.call_at(due_us / US_PER_S, self._leave, data)
        return _Packet(due_us, timer, data)

    def _close(self, packet: _Packet, at_us: int) -> None:
        """The packet is full: it need not wait for the timer."""
        packet.timer.cancel()
        self._left_us = self._begin(at_us, packet.data).due_us
        self._open = None

    def _leave(self, data: bytearray) -> None:
        if self._open is not None and self._open.data is data:
            self._left_us = self._open.due_us
            self._open = None
        self._deliver(bytes(data))
