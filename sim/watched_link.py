"""A node link that is listened in on: which faults and states there were in a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from controller.core.events import NodeFault, NodeReport

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from controller.core.commands import NodeCommand
    from controller.core.events import NodeEvent
    from controller.core.service.given import FrameCount
    from controller.ports import NodeLink


class WatchedLink:
    """Passes everything through (ports.NodeLink); keeps names of faults, and states of the node."""

    def __init__(self, link: NodeLink) -> None:
        self._link = link
        self.faults: set[str] = set()
        self.states: set[str] = set()

    @property
    def bay(self) -> str:
        """The bay's name."""
        return self._link.bay

    @property
    def frames_heard(self) -> FrameCount:
        """What came from the node."""
        return self._link.frames_heard

    def submit(self, command: NodeCommand) -> None:
        """Queue a command."""
        self._link.submit(command)

    async def events(self) -> AsyncIterator[NodeEvent]:
        """Yield what the node says."""
        async for event in self._link.events():
            if isinstance(event, NodeReport):
                self.faults.update(event.faults)
                self.states |= {event.hatch, event.gate}
            elif isinstance(event, NodeFault) and event.active:
                self.faults.add(event.fault)
            yield event

    async def run(self) -> None:
        """Keep the link. Runs until cancelled."""
        await self._link.run()
