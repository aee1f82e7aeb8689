"""A scenario being played: everything lives until the story is told and all has come to rest."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence

    from sim.fleet.fleet import Fleet
    from sim.parts import Parts
    from sim.people import Person
    from sim.trace import Trace
    from sim.verbs import Verb
    from sim.visitors import Visitor

_log = logging.getLogger(__name__)

POLL_S = 1.0
QUIET_S = 3.0
"""So long everything must have been at rest before a run ends."""

LIMIT_S = 1800.0
"""So long after the last thing that a scenario names everything must have come to rest."""


class Play:
    """One run over a fleet. `ended` says where it did not come to a good end."""

    def __init__(self, fleet: Fleet, trace: Trace) -> None:
        self._fleet = fleet
        self._scenario = fleet.scenario
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
        rigs = [self._started(one.rig.run(), "rig", one) for one in self._fleet.parts]
        kiosks = [self._started(one.pi.run(), "pi", one) for one in self._fleet.parts]
        story = self._loop.create_task(self._tell(), name="story")
        try:
            await self._until_over([*rigs, story], kiosks, progress)
            self.virtual_s = self._loop.time()
            # Before the parts are cancelled: in which order they go is nobody's promise.
            self.trace_sha256 = self._trace.close()
        finally:
            tasks = (story, *kiosks, *rigs)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _started(
        self, part: Coroutine[None, None, None], name: str, parts: Parts
    ) -> asyncio.Task[None]:
        return self._loop.create_task(part, name=f"{name} {parts.story.name}".strip())

    async def _tell(self) -> None:
        """Everything that the scenario names, each at its time."""
        async with asyncio.TaskGroup() as tasks:
            for parts in self._fleet.parts:
                self._tell_of(parts, tasks)

    def _tell_of(self, parts: Parts, tasks: asyncio.TaskGroup) -> None:
        for visitor, person in zip(parts.visitors, parts.people, strict=True):
            tasks.create_task(self._part(self._visit(visitor, person)), name=person.name)
        for verb in parts.scenario.events:
            tasks.create_task(self._part(self._happen(verb, parts)), name=verb.verb)
        tasks.create_task(self._part(parts.truck.run()), name="truck")

    async def _part(self, of_story: Coroutine[None, None, None]) -> None:
        """Count what is still to come."""
        self._pending += 1
        await of_story
        self._pending -= 1

    async def _visit(self, visitor: Visitor, person: Person) -> None:
        await asyncio.sleep(visitor.arrives_s)
        await person.visit()

    async def _happen(self, verb: Verb, parts: Parts) -> None:
        await asyncio.sleep(verb.at_s)
        if verb.when is not None:
            await self._shown(verb, verb.when, parts)
            await asyncio.sleep(verb.later_s)
        verb.perform(parts)

    async def _shown(self, verb: Verb, state: str, parts: Parts) -> None:
        """Wait for a state that may never come: no run goes on for that alone."""
        self._waiting.append(verb)
        self._pending -= 1
        await parts.screen.shows(state)
        self._pending += 1
        self._waiting.remove(verb)

    async def _until_over(
        self,
        sims: Sequence[asyncio.Task[None]],
        kiosks: Sequence[asyncio.Task[None]],
        progress: Callable[[float], None],
    ) -> None:
        end_s, quiet_s = self._latest_end_s(), 0.0
        while not self.ended and quiet_s < QUIET_S and self._loop.time() < end_s:
            await asyncio.sleep(min(POLL_S, end_s - self._loop.time()))
            progress(self._loop.time())
            self._look_after(sims, kiosks)
            quiet_s = quiet_s + POLL_S if self._at_rest() else 0.0
        if not self.ended and quiet_s < QUIET_S and self._scenario.duration_s is None:
            moves = [_what_moves(one) for one in self._fleet.parts if not _is_at_rest(one)]
            what = "; ".join(moves) or "broker or story"
            self.ended = f"no rest {LIMIT_S:.0f} s after all was over: {what}"
        for verb in self._waiting if not self.ended else ():
            self.ended = f"{verb.verb} waited for {verb.when}, which was never shown"

    def _look_after(
        self, sims: Sequence[asyncio.Task[None]], kiosks: Sequence[asyncio.Task[None]]
    ) -> None:
        """An error of the simulation ends it; one of a kiosk is a result."""
        for task in sims:
            if task.done():
                task.result()
        for parts, task in zip(self._fleet.parts, kiosks, strict=True):
            if task.done():
                who = f"the kiosk {parts.story.name}".strip()
                self.ended = f"{who} ended: {task.exception()!r}"
                _log.error("event=kiosk-ended", exc_info=task.exception())

    def _latest_end_s(self) -> float:
        if self._scenario.duration_s is not None:
            return self._scenario.duration_s
        times = [one.arrives_s for parts in self._fleet.parts for one in parts.visitors]
        times += [one.at_s for one in self._scenario.collections]
        times += [verb.at_s + getattr(verb, "seconds", 0.0) for verb in self._scenario.events]
        return max(times, default=0.0) + LIMIT_S

    def _at_rest(self) -> bool:
        """Nobody comes or is served, everything is on the ledger, and the ledger is reached."""
        if self._pending or self._scenario.duration_s is not None:
            return False  # it says itself how long it takes
        city = self._fleet.city
        is_reached = city.broker.is_up and city.dispatch.is_over
        return is_reached and all(map(_is_at_rest, self._fleet.parts))


def _is_at_rest(parts: Parts) -> bool:
    idle = parts.screen.view.state == "IDLE" and not parts.kiosk.session.open_intents
    return idle and parts.uplink.is_whole and parts.journal.depth() == 0


def _what_moves(parts: Parts) -> str:
    view, intents = parts.screen.view, len(parts.kiosk.session.open_intents)
    return (
        f"{parts.story.name} screen {view.state} ({view.message}), {intents} open intents, "
        f"{parts.journal.depth()} records in the outbox"
    ).lstrip()
