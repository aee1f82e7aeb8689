"""A journal and a node's link at whose lines a controller can be killed."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from controller.core.events import LevelsRead, NodeReport, Samples
from sim.board import TICKS
from sim.store import InlineStore

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from controller.adapters.journal.sqlite_journal import SqliteJournal
    from controller.core.commands import NodeCommand
    from controller.core.events import NodeEvent
    from controller.core.records import Draft, Entry
    from controller.core.service.given import FrameCount
    from controller.ports import NodeLink


class KilledError(Exception):
    """The process ends here, as with kill -9."""


@dataclass
class Boundaries:
    """Counts what reaches the outside, and kills before or after the one of number `kill_at`."""

    kill_at: int | None = None
    after: bool = False
    passed: list[str] = field(default_factory=list)

    def before(self, what: str) -> None:
        """Something is about to reach the outside."""
        self.passed.append(what)
        if self._is_here and not self.after:
            raise KilledError(what)

    def done(self) -> None:
        """It has reached it."""
        if self._is_here and self.after:
            raise KilledError(self.passed[-1])

    @property
    def _is_here(self) -> bool:
        return len(self.passed) - 1 == self.kill_at


class KillableStore(InlineStore):
    """The journal; durable writes are boundaries."""

    def __init__(self, journal: SqliteJournal, boundaries: Boundaries) -> None:
        super().__init__(journal, lambda line: None)
        self._boundaries = boundaries

    async def append(self, draft: Draft) -> Entry:
        """Commit one record."""
        self._boundaries.before(draft.kind)
        entry = await super().append(draft)
        self._boundaries.done()
        return entry

    async def remember_bay(self, bay_id: str, zero_raw: float, unfinished: bool) -> None:
        """Keep a bay's memory."""
        self._boundaries.before("unfinished" if unfinished else "finished")
        await super().remember_bay(bay_id, zero_raw, unfinished)
        self._boundaries.done()


class KillableLink:
    """A node's link; commands are boundaries.

    The simulated board's ticks go on when it starts again, a real one's begin anew: `began_ms`
    are the ticks at its start.
    """

    def __init__(self, link: NodeLink, boundaries: Boundaries, began_ms: int) -> None:
        self._link = link
        self._boundaries = boundaries
        self._began_ms = began_ms
        self.bay = link.bay
        self.run = link.run

    async def events(self) -> AsyncIterator[NodeEvent]:
        """What the node says, by ticks since its start."""
        async for event in self._link.events():
            if isinstance(event, LevelsRead | NodeReport | Samples):
                since_ms = (event.node_ms - self._began_ms) % TICKS
                yield replace(event, node_ms=since_ms)
            else:
                yield event

    @property
    def frames_heard(self) -> FrameCount:
        """What came from the node."""
        return self._link.frames_heard

    def submit(self, command: NodeCommand) -> None:
        """Queue a command."""
        self._boundaries.before(type(command).__name__)
        self._link.submit(command)
        self._boundaries.done()
