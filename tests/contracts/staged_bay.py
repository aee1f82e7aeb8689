"""Bays of the simulator behind node links, for stories that are told to the links.

In virtual time over a modelled line, by the wall clock over a pseudo-terminal, or, with
`--node PORT`, a board that is plugged in: the link is the same.
"""

from __future__ import annotations

import asyncio
import itertools
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager, closing
from pathlib import Path

import pytest

from controller.adapters.node_link import BytePort, WireNodeLink
from controller.adapters.serial_port import SerialPort
from controller.core.commands import NodeCommand
from controller.core.events import NodeEvent, NodeReport
from controller.ports import NodeLink
from sim import clock
from sim.bay import SimBay
from sim.clock import now_us
from sim.hosts import NODES, find_micropython
from sim.serial_line import SerialLine
from sim.world import BayFigures, BayWorld

KINDS = [
    "cpython",
    pytest.param(
        "micropython",
        marks=pytest.mark.skipif(find_micropython() is None, reason="no micropython installed"),
    ),
]
PTY = "pty"
BOARD = "board"
BY_THE_CLOCK = [
    pytest.param(
        PTY,
        marks=[
            pytest.mark.campaign,
            pytest.mark.skipif(find_micropython() is None, reason="no micropython installed"),
        ],
    ),
    BOARD,
]
"""A micropython process behind a pseudo-terminal, and a board: as long as the stories take."""


class Stage:
    """A bay, its link, and all that the link has said with the time of it."""

    def __init__(self, bay: SimBay | None, port: str, line: BytePort) -> None:
        self._bay = bay
        self._port = port
        self._line = line
        self._nonces = itertools.count(1)
        self._tasks: list[asyncio.Task[None]] = []
        self.link: NodeLink = self._new_link()
        self.heard: list[tuple[float, NodeEvent]] = []
        self._more = asyncio.Condition()

    @property
    def bay(self) -> SimBay:
        """The world around the node; a board on a desk has none, and skips what needs it."""
        if self._bay is None:
            pytest.skip("the story needs hands, loads or a line to cut: no simulated bay is here")
        return self._bay

    def _new_link(self) -> NodeLink:
        return WireNodeLink(self._port, self._line, lambda: next(self._nonces))

    def start_controller(self) -> None:
        """A controller begins on this port, and knows of no other before it."""
        self.link = self._new_link()
        self._tasks = [asyncio.create_task(work) for work in (self.link.run(), self.listen())]

    async def stop_controller(self) -> None:
        """It ends as a process does that is killed: without a word."""
        for task in self._tasks:
            assert not task.done(), task
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def listen(self) -> None:
        loop = asyncio.get_running_loop()
        async for event in self.link.events():
            async with self._more:
                self.heard.append((loop.time(), event))
                self._more.notify_all()

    async def until(self, kind: type, within_s: float = 15.0) -> NodeEvent:
        """Wait for the next event of that kind.

        Raises:
            TimeoutError: It did not come.
        """
        seen = len(self.heard)
        async with asyncio.timeout(within_s), self._more:
            while True:
                for _, event in self.heard[seen:]:
                    if isinstance(event, kind):
                        return event
                seen = len(self.heard)
                await self._more.wait()

    async def ask(self, command: NodeCommand, answer: type) -> NodeEvent:
        self.link.submit(command)
        return await self.until(answer)

    def all(self, kind: type) -> list[NodeEvent]:
        return [event for _, event in self.heard if isinstance(event, kind)]

    async def report(self) -> NodeReport:
        report = await self.until(NodeReport)
        assert isinstance(report, NodeReport)
        return report


Story = Callable[[Stage], Awaitable[None]]
Play = Callable[..., Stage]
"""Plays a story on one interpreter, with the node's own bay name where it is another's."""


@asynccontextmanager
async def staged(kind: str, bay_name: str, seed: int, port: str = "a") -> AsyncIterator[Stage]:
    """A bay on the port of bay `port`, whatever the node believes."""
    async with AsyncExitStack() as stack:
        world = BayWorld(seed, port, BayFigures(), now_us(asyncio.get_running_loop()))
        node = "micropython" if kind == PTY else kind
        bay = SimBay(bay_name, world, seed, node, lambda *_: None)
        stack.callback(bay.close)
        line: BytePort = bay.wire.host
        if kind == PTY:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="node-"))
            serial = SerialLine(bay.wire, Path(folder) / "tty")
            await stack.enter_async_context(running(serial.run()))
            line = stack.enter_context(closing(SerialPort(str(serial.path))))
        await stack.enter_async_context(running(bay.run()))
        yield await stack.enter_async_context(told(Stage(bay, port, line)))


@asynccontextmanager
async def on_board(device: str) -> AsyncIterator[Stage]:
    """The board at `device`, which says that it belongs to bay a, and nothing around it."""
    with closing(SerialPort(device)) as port:
        async with told(Stage(None, "a", port)) as stage:
            yield stage


@asynccontextmanager
async def told(stage: Stage) -> AsyncIterator[Stage]:
    """A stage while its controller runs."""
    stage.start_controller()
    try:
        yield stage
    finally:
        await stage.stop_controller()


@asynccontextmanager
async def running(work: Coroutine[None, None, None]) -> AsyncIterator[None]:
    """What goes on beside the story, and must not end before it does."""
    task = asyncio.create_task(work)
    try:
        yield
        assert not task.done(), task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def player(kind: str, seed: int, device: str | None = None) -> Play:
    """Plays a story on one of the interpreters, in virtual time; a terminal and a board have none.

    Args:
        device: Where the board is, if it is one.
    """

    def played(story: Story, bay_name: str = "a") -> Stage:
        if device is not None and bay_name != "a":
            pytest.skip("the story needs a node of another bay: one board is here")

        async def whole() -> Stage:
            scene = on_board(device) if device is not None else staged(kind, bay_name, seed)
            async with scene as stage:
                await story(stage)
                return stage

        return clock.run(whole()) if kind in NODES else asyncio.run(whole())

    return played
