"""A simulated bay on its simulated line, timed from outside: what the link does to people."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from random import Random

from controller.adapters.node_link import WireNodeLink
from controller.core.commands import CloseHatch, Light, NodeCommand, OpenHatch, SetLoadLimit
from controller.core.events import HatchClosed, HatchOpened, NodeEvent, NodeReport, NodeUp
from sim import clock
from sim.bay import SimBay
from sim.chance import rng
from sim.clock import now_us
from sim.world import BayFigures, BayWorld
from wire.frame import Decoder
from wire.messages import KINDS

LOOK_S = 0.00025
NEVER_S = 20.0
LOAD_LIMIT_RAW = 1_442_840
WARNING_S, CLOSING_S = 1.0, 2.8
"""A closing hatch warns for so long, and moves for at least so long."""


class TimedBay:
    """A bay and its link in virtual time, asked by the benches."""

    def __init__(self, seed: int) -> None:
        self.chance: Random = rng(seed, "bench", "link")
        self.bay = SimBay("a", BayWorld(seed, "a", BayFigures()), seed, "cpython", self._note)
        self.link = WireNodeLink("a", self.bay.wire.host, lambda: self.chance.getrandbits(32))
        self.last_beat_s = 0.0
        self._loop = asyncio.get_running_loop()
        self._decoder = Decoder()
        self._heard: asyncio.Queue[NodeEvent] = asyncio.Queue()

    async def listen(self) -> None:
        """Hear the link, for ever."""
        async for event in self.link.events():
            self._heard.put_nowait(event)

    async def ask(self, command: NodeCommand | None, answer: type) -> NodeEvent:
        """Send a command, if any, and wait for the next event of a kind."""
        while not self._heard.empty():
            self._heard.get_nowait()
        if command is not None:
            self.link.submit(command)
        async with asyncio.timeout(NEVER_S):
            while not isinstance(event := await self._heard.get(), answer):
                pass
        return event

    async def until(self, done: Callable[[], bool]) -> float:
        """Milliseconds from now until that holds.

        Raises:
            TimeoutError: It never does.
        """
        began_s = self._loop.time()
        async with asyncio.timeout(NEVER_S):
            while not done():  # noqa: ASYNC110 (the world tells nobody when it changes)
                await asyncio.sleep(LOOK_S)
        return (self._loop.time() - began_s) * 1000

    async def pause(self, least_s: float, most_s: float) -> None:
        """Some time, so that the next command meets any phase of line, scans and heartbeats."""
        await asyncio.sleep(self.chance.uniform(least_s, most_s))

    def clock_error_ms(self) -> float:
        """How far the link's time of a node tick is from that tick's true middle, now."""
        at_us = now_us(self._loop)
        host_s = self.link.host_s(self.bay.board.ticks(at_us))
        assert host_s is not None
        return abs(host_s - at_us / 1e6) * 1000

    def _note(self, at_us: int, channel: str, data: bytes) -> None:
        if channel == "a.to_node":
            kinds = [frame.kind for frame in self._decoder.feed(data)]
            if KINDS["heartbeat"] in kinds:
                self.last_beat_s = at_us / 1e6


@asynccontextmanager
async def _timed(seed: int) -> AsyncIterator[TimedBay]:
    timed = TimedBay(seed)
    tasks = [
        asyncio.create_task(work) for work in (timed.bay.run(), timed.link.run(), timed.listen())
    ]
    try:
        await timed.ask(None, NodeUp)
        while True:
            report = await timed.ask(None, NodeReport)
            if isinstance(report, NodeReport) and report.hatch == "CLOSED":
                break
        await asyncio.sleep(2)
        timed.link.submit(SetLoadLimit("a", LOAD_LIMIT_RAW, -LOAD_LIMIT_RAW))
        yield timed
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        timed.bay.close()


@dataclass(frozen=True, slots=True)
class Timings:
    """What one bay's link took, in ms.

    `light` and `unlock` from command to lamp and to the lock's release, `stop` from the last
    heartbeat that the node heard to the closing leaf at rest, `clock_error` of the link's time
    for a node tick, `least_rtt` the least round trip that the clock rests on.
    """

    light: list[float]
    unlock: list[float]
    stop: list[float]
    clock_error: list[float]
    least_rtt: float


def timings(seed: int, lights: int, unlocks: int, stops: int) -> Timings:
    """So many of each, at random phases, on the bay of that seed."""

    async def whole() -> Timings:
        async with _timed(seed) as timed:
            light_ms, clock_ms = await _lights(timed, lights)
            assert timed.link.clock is not None
            least_ms = timed.link.clock.least_rtt_ms
            unlock_ms = await _unlocks(timed, unlocks)
            stop_ms = await _stops(timed, stops)
        return Timings(light_ms, unlock_ms, stop_ms, clock_ms, least_ms)

    return clock.run(whole())


async def _lights(timed: TimedBay, count: int) -> tuple[list[float], list[float]]:
    took_ms, errors_ms = [], []
    world = timed.bay.world
    for _ in range(count):
        await timed.pause(0.02, 0.12)
        errors_ms.append(timed.clock_error_ms())
        was_on = world.light_on
        timed.link.submit(Light("a", not was_on))
        took_ms.append(await timed.until(partial(_is_not, world, was_on)))
    return took_ms, errors_ms


def _is_not(world: BayWorld, light_on: bool) -> bool:
    return world.light_on != light_on


async def _unlocks(timed: TimedBay, count: int) -> list[float]:
    took_ms = []
    for _ in range(count):
        await timed.pause(0.3, 0.5)
        timed.link.submit(OpenHatch("a"))
        took_ms.append(await timed.until(lambda: not timed.bay.world.hatch.lock_on))
        await timed.ask(None, HatchOpened)
        await timed.ask(CloseHatch("a"), HatchClosed)
    return took_ms


async def _stops(timed: TimedBay, count: int) -> list[float]:
    await timed.ask(OpenHatch("a"), HatchOpened)
    return [await _lost_while_closing(timed) for _ in range(count)]


async def _lost_while_closing(timed: TimedBay) -> float:
    """Cut the line while the hatch closes; it ends open again, on a line that is whole."""
    await timed.pause(0.3, 0.5)
    timed.link.submit(CloseHatch("a"))
    await timed.pause(WARNING_S + 0.3, WARNING_S + CLOSING_S)
    assert timed.bay.now().hatch.speed_mm_s < 0
    timed.bay.wire.cut()
    await timed.until(lambda: timed.bay.now().hatch.speed_mm_s >= 0)
    stopped_ms = (asyncio.get_running_loop().time() - timed.last_beat_s) * 1000
    timed.bay.wire.mend()
    await timed.ask(None, HatchOpened)
    return stopped_ms
