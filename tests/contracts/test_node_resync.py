"""A node link after anything: cables, restarts, stalls and noise cost time, never a command."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from controller.core.commands import CloseHatch, DropLoad, Light, OpenHatch, SetLoadLimit
from controller.core.events import (
    CommandRefused,
    GateCycled,
    HandMoved,
    HatchClosed,
    HatchOpened,
    NodeLost,
    NodeUp,
)
from sim import clock
from tests.contracts.staged_bay import KINDS, Play, Stage, player, staged


@pytest.fixture(params=KINDS)
def play(request: pytest.FixtureRequest, seed: int) -> Play:
    return player(request.param, seed)


async def ready(stage: Stage) -> None:
    """Up, tested, and told its load limit."""
    await stage.until(NodeUp)
    async with asyncio.timeout(15):
        while (await stage.report()).hatch != "CLOSED":
            pass
    await asyncio.sleep(1)
    stage.link.submit(SetLoadLimit(stage.link.bay, 8 * 180_355, -8 * 180_355))


async def cable(stage: Stage) -> None:
    """Out, and in again two seconds later."""
    stage.bay.wire.unplug(2.0)
    lost = await stage.until(NodeLost, 1.0)
    assert isinstance(lost, NodeLost)
    assert "plug it in" in lost.reason


async def deaf_node(stage: Stage) -> None:
    """It speaks, and hears nothing for three seconds."""
    stage.bay.wire.cut(to_host=False)
    await stage.until(NodeLost, 2.0)
    await asyncio.sleep(2)
    stage.bay.wire.mend()


async def mute_node(stage: Stage) -> None:
    """It hears, and cannot be heard for three seconds."""
    stage.bay.wire.cut(to_node=False)
    await stage.until(NodeLost, 1.0)
    await asyncio.sleep(2.5)
    stage.bay.wire.mend()


async def stalled_host(stage: Stage) -> None:
    """Nothing is read or written for three seconds, then all of it at once."""
    stage.bay.wire.stall(3.0)
    await stage.until(NodeLost, 1.0)


async def restarted_node(stage: Stage) -> None:
    """A watchdog."""
    stage.bay.restart_node(0.3)
    await stage.until(NodeLost, 1.0)


async def restarted_controller(stage: Stage) -> None:
    """A killed process, and the next one two seconds later."""
    stage.bay.wire.cut()
    await stage.stop_controller()
    await asyncio.sleep(2)
    stage.bay.wire.mend()
    stage.start_controller()


MISHAPS = [cable, deaf_node, stalled_host, restarted_node, restarted_controller]


@pytest.mark.parametrize("mishap", MISHAPS)
def test_a_command_that_did_not_arrive_in_time_never_does(
    play: Play, mishap: Callable[[Stage], Awaitable[None]]
) -> None:
    """It was under way when the line failed: nothing moves later, and the next one works."""

    async def story(stage: Stage) -> None:
        await ready(stage)
        happens = asyncio.ensure_future(mishap(stage))
        await asyncio.sleep(0)
        stage.link.submit(OpenHatch("a"))
        await happens
        await ready(stage)
        assert stage.bay.now().hatch.x_mm == 0
        await stage.ask(OpenHatch("a"), HatchOpened)
        assert len(stage.all(HatchOpened)) == 1

    play(story)


def test_a_command_that_was_taken_is_done_once_though_nobody_heard_it(play: Play) -> None:
    """The node cannot be heard: it opens, and tells of it when it is heard again, once."""

    async def story(stage: Stage) -> None:
        await ready(stage)
        stage.link.submit(OpenHatch("a"))
        await mute_node(stage)
        await stage.until(HatchOpened)
        await asyncio.sleep(3)
        assert len(stage.all(HatchOpened)) == 1
        assert (await stage.report()).hatch_openings == 1

    play(story)


def test_a_controller_that_was_restarted_hears_how_the_drop_ended(play: Play) -> None:
    """The node finished it alone; the next controller is told, once."""

    async def story(stage: Stage) -> None:
        await ready(stage)
        stage.link.submit(DropLoad("a", 1))
        await asyncio.sleep(1.2)
        await restarted_controller(stage)
        assert await stage.until(GateCycled) == GateCycled("a", 1, 1)
        await asyncio.sleep(3)
        assert len(stage.all(GateCycled)) == 1
        assert (await stage.report()).gate_cycles == 1

    play(story)


def test_a_short_stall_of_the_host_costs_nothing(play: Play) -> None:
    """Less than the lease lasts, and motion is in time; a little more, and no node is lost."""

    async def story(stage: Stage) -> None:
        await ready(stage)
        stage.bay.wire.stall(0.14)
        await stage.ask(OpenHatch("a"), HatchOpened)
        stage.bay.wire.stall(0.28)
        stage.link.submit(Light("a", True))
        await asyncio.sleep(0.35)
        assert stage.bay.now().light_on
        assert stage.all(NodeLost) == []

    play(story)


def test_what_arrives_twice_is_heard_once(play: Play) -> None:
    """Every tenth piece of either way is repeated by the line, whole frames and parts of some."""

    async def story(stage: Stage) -> None:
        await ready(stage)
        stage.bay.wire.noise(repeats_ppm=100_000)
        await stage.ask(OpenHatch("a"), HatchOpened)
        await stage.ask(CloseHatch("a"), HatchClosed)
        await asyncio.sleep(2)
        report = await stage.report()
        assert report.hatch_openings == len(stage.all(HatchOpened)) == 1
        assert len(stage.all(HatchClosed)) == 1

    play(story)


@pytest.mark.parametrize(
    "noise",
    [
        {"flips_ppm": 500},
        {"drops_ppm": 500, "doubles_ppm": 500, "repeats_ppm": 20_000},
        {"bursts_ppm": 200},
    ],
)
def test_numbers_wrap_under_noise_without_a_slip(play: Play, noise: dict[str, int]) -> None:
    """Three hundred commands and as many events: 255 is followed by 1, and each counts once."""

    async def story(stage: Stage) -> None:
        await ready(stage)
        await stage.ask(OpenHatch("a"), HatchOpened)
        stage.bay.wire.noise(**noise)
        for turn in range(300):
            stage.bay.hand(turn % 2 == 0)
            stage.link.submit(Light("a", turn % 2 == 0))
            await asyncio.sleep(0.4)
        stage.bay.wire.mend()
        await asyncio.sleep(3)
        moved = [event.inside for event in stage.all(HandMoved)]  # type: ignore[union-attr]
        assert moved == [turn % 2 == 0 for turn in range(300)]
        assert not stage.bay.now().light_on
        refused = {event.reason for event in stage.all(CommandRefused)}  # type: ignore[union-attr]
        assert refused <= {"node-lost"}

    play(story)


@pytest.mark.parametrize(("left", "right"), [("b", "a"), ("a", "a"), ("b", "b")])
def test_no_two_bays_are_ever_mistaken(left: str, right: str, seed: int) -> None:
    """Nodes that are swapped or claim one bay: only who hangs where its name says is moved; the
    other is refused by both names and what to do."""

    async def story() -> None:
        async with (
            staged("cpython", left, seed, "a") as one,
            staged("cpython", right, seed, "b") as two,
        ):
            await asyncio.sleep(3)
            for stage, name in ((one, left), (two, right)):
                port = stage.link.bay
                if name == port:
                    stage.link.submit(SetLoadLimit(port, 8 * 180_355, -8 * 180_355))
                    await stage.ask(OpenHatch(port), HatchOpened)
                    continue
                (lost,) = stage.all(NodeLost)
                assert isinstance(lost, NodeLost)
                assert f"is bay {name!r}, not {port!r}: plug the cables" in lost.reason
                refused = await stage.ask(OpenHatch(port), CommandRefused)
                assert refused == CommandRefused(port, "OpenHatch", "node-lost")
                await asyncio.sleep(3)
                assert stage.all(NodeUp) == []
                assert stage.bay.now().hatch.x_mm == 0

    clock.run(story())


def swap(one: Stage, two: Stage) -> None:
    """Each cable into the other's port."""
    left, right = one.bay.wire, two.bay.wire
    left.host._send, right.host._send = right.host._send, left.host._send
    back, forth = left._to_host, right._to_host
    back._arrive, forth._arrive = forth._arrive, back._arrive


def test_swapped_cables_that_are_put_right_work_without_a_restart(seed: int) -> None:
    """Both nodes are asked again every second."""

    async def story() -> None:
        async with (
            staged("cpython", "b", seed, "a") as one,
            staged("cpython", "a", seed, "b") as two,
        ):
            await asyncio.sleep(3)
            for stage in (one, two):
                stage.bay.wire.unplug()
            swap(one, two)
            for stage in (one, two):
                stage.bay.wire.mend()
            await asyncio.gather(one.until(NodeUp, 3.0), two.until(NodeUp, 3.0))

    clock.run(story())
