"""Bays of the simulator behind node links, for stories that are told to the links."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from controller.adapters.node_link import WireNodeLink
from controller.core.commands import NodeCommand
from controller.core.events import NodeEvent, NodeReport
from controller.ports import NodeLink
from sim import clock
from sim.bay import SimBay
from sim.hosts import find_micropython
from sim.world import BayFigures, BayWorld

KINDS = [
    "cpython",
    pytest.param(
        "micropython",
        marks=pytest.mark.skipif(find_micropython() is None, reason="no micropython installed"),
    ),
]


class Stage:
    """A bay, its link, and all that the link has said with the time of it."""

    def __init__(self, bay: SimBay, port: str) -> None:
        self.bay = bay
        self._port = port
        self._nonces = itertools.count(1)
        self._tasks: list[asyncio.Task[None]] = []
        self.link: NodeLink = self._new_link()
        self.heard: list[tuple[float, NodeEvent]] = []
        self._more = asyncio.Condition()

    def _new_link(self) -> NodeLink:
        return WireNodeLink(self._port, self.bay.wire.host, lambda: next(self._nonces))

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
    world = BayWorld(seed, port, BayFigures())
    bay = SimBay(bay_name, world, seed, kind, lambda *_: None)
    stage = Stage(bay, port)
    scans = asyncio.create_task(bay.run())
    stage.start_controller()
    try:
        yield stage
        assert not scans.done(), scans
    finally:
        await stage.stop_controller()
        scans.cancel()
        await asyncio.gather(scans, return_exceptions=True)
        bay.close()


def player(kind: str, seed: int) -> Play:
    """Plays a story on one of the interpreters, in virtual time."""

    def played(story: Story, bay_name: str = "a") -> Stage:
        async def whole() -> Stage:
            async with staged(kind, bay_name, seed) as stage:
                await story(stage)
                return stage

        return clock.run(whole())

    return played
