"""A bay's node behind the port `NodeLink`: the wire's rules on whatever carries bytes.

Uses asyncio and the loop's time alone, so it runs under the simulator's loop as it is.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Protocol

from controller.adapters.host_link import HostLink

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable

    from controller.adapters.node_clock import NodeClock
    from controller.core.commands import NodeCommand
    from controller.core.events import NodeEvent
    from controller.core.service.given import FrameCount


class BytePort(Protocol):
    """Whatever carries bytes to a node and back; it may lose them."""

    @property
    def trouble(self) -> str:
        """What is wrong with the port and what to do; "" where nothing is known to be."""

    def write(self, data: bytes) -> None:
        """Send bytes without waiting; they are dropped where they cannot be sent."""

    async def read(self) -> bytes:
        """Wait for bytes and return those that have come; waits on while there is no port."""


class WireNodeLink:
    """The node of one bay, over a port.

    Args:
        bay: The bay's name; a node that says it belongs to another is refused.
        port: Carries the bytes.
        nonce: Gives a fresh 32-bit number each call; random, or from the seed of a run.
    """

    def __init__(self, bay: str, port: BytePort, nonce: Callable[[], int]) -> None:
        self._bay = bay
        self._port = port
        self._nonce = nonce
        self._link: HostLink | None = None
        self._events: asyncio.Queue[NodeEvent] = asyncio.Queue()
        self._changed = asyncio.Event()
        self._due_s = 0.0

    @property
    def bay(self) -> str:
        """The bay's name."""
        return self._bay

    @property
    def clock(self) -> NodeClock | None:
        """The clock of the node that is up; None while none is."""
        return self._link.clock if self._link is not None else None

    @property
    def frames_heard(self) -> FrameCount:
        """What came from the node since the start."""
        return self._started().frames_heard

    def host_s(self, node_ms: int) -> float | None:
        """When the node's clock showed these ticks, in the loop's time; None if unknown."""
        return self._link.host_s(node_ms) if self._link is not None else None

    def submit(self, command: NodeCommand) -> None:
        """Send a command; its effect or its refusal comes back as an event."""
        link = self._started()
        self._say(link.submit(command, self._now_s()))

    async def events(self) -> AsyncIterator[NodeEvent]:
        """Yield what the node says, for ever."""
        while True:
            yield await self._events.get()

    async def run(self) -> None:
        """Keep the link until cancelled."""
        self._started()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._listen(), name=f"listen {self._bay}")
            tasks.create_task(self._keep(), name=f"keep {self._bay}")

    async def _listen(self) -> None:
        link = self._started()
        while True:
            data = await self._port.read()
            self._say(link.receive(data, self._now_s()))

    async def _keep(self) -> None:
        """Do what is due, when it is due; anything said or heard may change when that is."""
        link = self._started()
        while True:
            self._say(link.tick(self._now_s(), self._port.trouble))
            self._changed.clear()
            self._due_s = link.next_s
            timer = asyncio.get_running_loop().call_at(self._due_s, self._changed.set)
            await self._changed.wait()
            timer.cancel()

    def _say(self, heard: Iterable[NodeEvent]) -> None:
        for event in heard:
            self._events.put_nowait(event)
        link = self._started()
        data = link.take_bytes()
        if data:
            self._port.write(data)
        if link.next_s < self._due_s:
            self._changed.set()

    def _started(self) -> HostLink:
        if self._link is None:
            self._link = HostLink(self._bay, self._nonce, self._now_s())
        return self._link

    def _now_s(self) -> float:
        return asyncio.get_running_loop().time()
