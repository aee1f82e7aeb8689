"""A bay of the simulator behind a node link, for stories that are told to the link."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from controller.adapters.node_link import WireNodeLink
from controller.core.commands import NodeCommand
from controller.core.events import NodeEvent, NodeReport
from controller.ports import NodeLink
from sim.bay import SimBay
from sim.world import BayFigures, BayWorld


class Stage:
    """A bay, its link, and all that the link has said with the time of it."""

    def __init__(self, bay: SimBay, link: NodeLink) -> None:
        self.bay = bay
        self.link = link
        self.heard: list[tuple[float, NodeEvent]] = []
        self._more = asyncio.Condition()

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
async def staged(kind: str, bay_name: str, seed: int) -> AsyncIterator[Stage]:
    """A bay whose link is called `a`, whatever the node believes."""
    world = BayWorld(seed, "a", BayFigures())
    bay = SimBay(bay_name, world, seed, kind, lambda *_: None)
    nonces = itertools.count(1)
    stage = Stage(bay, WireNodeLink("a", bay.wire.host, lambda: next(nonces)))
    works = [bay.run(), stage.link.run(), stage.listen()]
    tasks = [asyncio.create_task(work) for work in works]
    try:
        yield stage
        for task in tasks:
            assert not task.done(), task
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        bay.close()
