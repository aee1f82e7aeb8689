"""World, board and real firmware coupled on one clock, driven through the real node link."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable

import pytest

from controller.adapters.node_link import WireNodeLink
from controller.core import commands, events
from sim import clock
from sim.bay import SimBay
from sim.hosts import NODES, find_micropython
from sim.world import BayFigures, BayWorld, Item

BOTTLE = Item("bottle-1", "pet-bottle", 25)


class Desk:
    """Somebody at the controller's end of a bay, who notes what the node says."""

    def __init__(self, seed: int, node: str) -> None:
        self.digest = hashlib.sha256()
        world = BayWorld(seed, "a", BayFigures())
        self.bay = SimBay("a", world, seed, node, self._note)
        self.link = WireNodeLink("a", self.bay.wire.host, lambda: 77)
        self.heard: list[events.NodeEvent] = []
        self.fastest_closing_mm_s = 0.0
        self._some = asyncio.Event()

    async def listen(self) -> None:
        """Note every event but samples."""
        async for event in self.link.events():
            if not isinstance(event, events.Samples):
                self.heard.append(event)
            self._some.set()
            speed_mm_s = self.bay.world.hatch.speed_mm_s
            self.fastest_closing_mm_s = max(self.fastest_closing_mm_s, -speed_mm_s)

    async def until(self, kind: type, patience_s: float = 12.0) -> float:
        """Wait for the next event of `kind`; return when it came, in seconds."""
        told = len(self.heard)
        async with asyncio.timeout(patience_s):
            while not any(isinstance(event, kind) for event in self.heard[told:]):
                self._some.clear()
                await self._some.wait()
        return asyncio.get_running_loop().time()

    async def ready(self) -> None:
        """Wait for the end of the node's self-test."""
        while self.hatch_state() != "CLOSED":
            await self.until(events.NodeReport)

    def hatch_state(self) -> str:
        """The hatch's state, as last reported."""
        reports = [event for event in self.heard if isinstance(event, events.NodeReport)]
        return reports[-1].hatch if reports else ""

    async def open(self) -> None:
        """Open the hatch."""
        self.link.submit(commands.SetLoadLimit("a", 1_500_000, -1_500_000))
        self.link.submit(commands.OpenHatch("a"))
        await self.until(events.HatchOpened)

    def _note(self, at_us: int, channel: str, data: bytes) -> None:
        self.digest.update(f"{at_us} {channel} ".encode() + data)


def story(tell: Callable[[Desk], Awaitable[None]], seed: int = 1, node: str = "cpython") -> Desk:
    """Let a bay live while `tell` tells its story."""

    async def live() -> Desk:
        desk = Desk(seed, node)
        tasks = [
            asyncio.create_task(work) for work in (desk.bay.run(), desk.link.run(), desk.listen())
        ]
        try:
            await desk.until(events.NodeUp)
            await desk.ready()
            await tell(desk)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            desk.bay.close()
        return desk

    return clock.run(live())


async def deposit(desk: Desk) -> None:
    """Open, lay a bottle in, close, drop it into bin 2."""
    await desk.open()
    assert desk.bay.hand(True)
    assert desk.bay.put(BOTTLE)
    desk.bay.hand(False)
    await asyncio.sleep(1)
    desk.link.submit(commands.CloseHatch("a"))
    await desk.until(events.HatchClosed)
    desk.link.submit(commands.DropLoad("a", 2))
    await desk.until(events.GateCycled)


def test_a_deposit_moves_a_bottle_into_its_bin_safely() -> None:
    """The firmware opens, closes within its speed, drops; the bottle lies where it was aimed."""
    desk = story(deposit)
    assert [[part.item for part in one] for one in desk.bay.world.bins] == [[], [], [BOTTLE], []]
    assert 100 < desk.fastest_closing_mm_s <= 150
    assert not desk.bay.world.both_open


@pytest.mark.skipif(find_micropython() is None, reason="micropython is not installed")
def test_cpython_and_micropython_give_the_same_bytes() -> None:
    """The same story has one trace on both interpreters, and another with another seed."""
    digests = {node: story(deposit, 3, node).digest.hexdigest() for node in NODES}
    assert len(set(digests.values())) == 1
    assert story(deposit, 4).digest.hexdigest() not in digests.values()


def test_a_hand_in_the_closing_hatch_is_let_go() -> None:
    """The curtain stops the hatch; nothing is pinched and it opens again."""

    async def reach_in(desk: Desk) -> None:
        await desk.open()
        desk.link.submit(commands.CloseHatch("a"))
        await asyncio.sleep(2.0)
        assert desk.bay.hand(True)
        await desk.until(events.HatchObstructed)

    desk = story(reach_in)
    assert desk.bay.world.hatch.limit_open
    assert desk.bay.world.worst_pinch_n == 0


def test_a_node_that_restarts_comes_back_with_its_counters() -> None:
    """After a watchdog reset the node is another boot with the same gate cycles."""

    async def restart(desk: Desk) -> None:
        await deposit(desk)
        desk.bay.restart_node(dead_s=1.0)
        await desk.until(events.NodeUp)

    ups = [event for event in story(restart).heard if isinstance(event, events.NodeUp)]
    assert [up.gate_cycles for up in ups] == [0, 1]
    assert [up.reset_cause for up in ups] == ["power", "watchdog"]
    assert ups[0].boot_id != ups[1].boot_id


def test_a_cut_wire_loses_the_node_and_a_mended_one_finds_it() -> None:
    """Silence is told, and so is its end."""

    async def cut(desk: Desk) -> None:
        desk.bay.wire.cut()
        await desk.until(events.NodeLost)
        desk.bay.wire.mend()
        await desk.until(events.NodeUp)

    story(cut)


def test_verbs_reach_the_node_at_once() -> None:
    """The red button takes the power off within milliseconds, and friction stops the leaf."""

    async def stop(desk: Desk) -> None:
        desk.link.submit(commands.OpenHatch("a"))
        await asyncio.sleep(1.0)
        desk.bay.switch("emergency_stop", True)
        await asyncio.sleep(0.002)
        assert not desk.bay.now().hatch.bridge_on
        await asyncio.sleep(0.200)
        assert not desk.bay.now().hatch.moving
        assert 10 < desk.bay.now().hatch.x_mm < 390

    story(stop)


def test_the_same_bay_lives_on_the_wall_clock() -> None:
    """Nothing but the loop's time is used: on an ordinary loop the node answers in real time."""

    async def live() -> None:
        desk = Desk(1, "cpython")
        async with asyncio.TaskGroup() as tasks:
            lives = [tasks.create_task(w) for w in (desk.bay.run(), desk.link.run(), desk.listen())]
            await desk.until(events.NodeUp, patience_s=5.0)
            for one in lives:
                one.cancel()

    asyncio.run(live())
