"""A scenario being played: everything lives until the story is told and all has come to rest."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from sim.parts import Parts
    from sim.people import Person
    from sim.scenario import Visitor
    from sim.trace import Trace
    from sim.verbs import Verb

_log = logging.getLogger(__name__)

POLL_S = 1.0
QUIET_S = 3.0
"""So long everything must have been at rest before a run ends."""

LIMIT_S = 1800.0
"""So long after the last thing that a scenario names everything must have come to rest."""


class Play:
    """One run over `parts`. `ended` says where it did not come to a good end."""

    def __init__(self, parts: Parts, trace: Trace) -> None:
        self._parts = parts
        self._scenario = parts.scenario
        self._trace = trace
        self._loop = asyncio.get_running_loop()
        self.ended = ""
        self._pending = 0
        self._waiting: list[Verb] = []
        self.virtual_s = 0.0
        self.trace_sha256 = ""

    async def run(self, progress: Callable[[float], None]) -> None:
        """Play to the end; tell `progress` the virtual seconds now and then.

        Raises:
            SimError: The simulation itself cannot go on.
        """
        rig = self._loop.create_task(self._parts.rig.run(), name="rig")
        kiosk = self._loop.create_task(self._parts.pi.run(), name="pi")
        story = self._loop.create_task(self._tell(), name="story")
        try:
            await self._until_over(rig, kiosk, story, progress)
            self.virtual_s = self._loop.time()
            # Before the parts are cancelled: in which order they go is nobody's promise.
            self.trace_sha256 = self._trace.close()
        finally:
            for task in (story, kiosk, rig):
                task.cancel()
            await asyncio.gather(story, kiosk, rig, return_exceptions=True)

    async def _tell(self) -> None:
        """Everything that the scenario names, each at its time."""
        parts = self._parts
        async with asyncio.TaskGroup() as tasks:
            for visitor, person in zip(parts.visitors, parts.people, strict=True):
                tasks.create_task(self._part(self._visit(visitor, person)), name=person.name)
            for verb in self._scenario.events:
                tasks.create_task(self._part(self._happen(verb)), name=verb.verb)
            tasks.create_task(self._part(parts.truck.run()), name="truck")

    async def _part(self, of_story: Coroutine[None, None, None]) -> None:
        """Count what is still to come."""
        self._pending += 1
        await of_story
        self._pending -= 1

    async def _visit(self, visitor: Visitor, person: Person) -> None:
        await asyncio.sleep(visitor.arrives_s)
        await person.visit()

    async def _happen(self, verb: Verb) -> None:
        await asyncio.sleep(verb.at_s)
        if verb.when is not None:
            await self._shown(verb, verb.when)
            await asyncio.sleep(verb.later_s)
        verb.perform(self._parts)

    async def _shown(self, verb: Verb, state: str) -> None:
        """Wait for a state that may never come: no run goes on for that alone."""
        self._waiting.append(verb)
        self._pending -= 1
        await self._parts.screen.shows(state)
        self._pending += 1
        self._waiting.remove(verb)

    async def _until_over(
        self,
        rig: asyncio.Task[None],
        kiosk: asyncio.Task[None],
        story: asyncio.Task[None],
        progress: Callable[[float], None],
    ) -> None:
        end_s, quiet_s = self._latest_end_s(), 0.0
        while not self.ended and quiet_s < QUIET_S and self._loop.time() < end_s:
            await asyncio.sleep(min(POLL_S, end_s - self._loop.time()))
            progress(self._loop.time())
            self._look_after(rig, kiosk, story)
            quiet_s = quiet_s + POLL_S if self._at_rest() else 0.0
        if not self.ended and quiet_s < QUIET_S and self._scenario.duration_s is None:
            self.ended = f"no rest {LIMIT_S:.0f} s after all was over: {self._what_moves()}"
        for verb in self._waiting if not self.ended else ():
            self.ended = f"{verb.verb} waited for {verb.when}, which was never shown"

    def _look_after(
        self, rig: asyncio.Task[None], kiosk: asyncio.Task[None], story: asyncio.Task[None]
    ) -> None:
        """An error of the simulation ends it; one of the kiosk is a result."""
        for task in (rig, story):
            if task.done():
                task.result()
        if kiosk.done():
            self.ended = f"the kiosk ended: {kiosk.exception()!r}"
            _log.error("event=kiosk-ended", exc_info=kiosk.exception())

    def _latest_end_s(self) -> float:
        if self._scenario.duration_s is not None:
            return self._scenario.duration_s
        times = [visitor.arrives_s for visitor in self._parts.visitors]
        times += [one.at_s for one in self._scenario.collections]
        times += [verb.at_s + getattr(verb, "seconds", 0.0) for verb in self._scenario.events]
        return max(times) + LIMIT_S

    def _at_rest(self) -> bool:
        """Nobody comes or is served, everything is on the ledger, and the ledger is reached."""
        if self._pending or self._scenario.duration_s is not None:
            return False  # it says itself how long it takes
        parts = self._parts
        idle = parts.screen.view.state == "IDLE" and not parts.kiosk.session.open_intents
        return idle and parts.broker.is_up and parts.journal.depth() == 0

    def _what_moves(self) -> str:
        parts = self._parts
        view, intents = parts.screen.view, len(parts.kiosk.session.open_intents)
        return (
            f"screen {view.state} ({view.message}), {intents} open intents, "
            f"{parts.journal.depth()} records in the outbox"
        )
