"""What every node link keeps to: the real protocol over a simulated line, on both interpreters.

The bay behind it is the simulator's world, the time is virtual. By the wall clock besides: over a
pseudo-terminal (a campaign), and with a board that is plugged in (`--node /dev/ttyACM0`).
"""

from __future__ import annotations

import asyncio

import pytest

from controller.core.commands import (
    CloseHatch,
    DropLoad,
    Light,
    OpenHatch,
    RestartNode,
    SampleFast,
    SetLoadLimit,
)
from controller.core.events import (
    CommandRefused,
    GateCycled,
    HandMoved,
    HatchClosed,
    HatchObstructed,
    HatchOpened,
    LevelsRead,
    NodeLost,
    NodeReport,
    NodeUp,
    Samples,
)
from sim.world import Item
from tests.contracts.staged_bay import BOARD, BY_THE_CLOCK, KINDS, Play, Stage, player

BOTTLES = Item("bottles", "plastic", 400, pieces=12)


@pytest.fixture(params=[*KINDS, *BY_THE_CLOCK])
def play(request: pytest.FixtureRequest, seed: int) -> Play:
    device = request.config.getoption("--node") if request.param == BOARD else None
    return player(request.param, seed, device)


async def opened(stage: Stage) -> None:
    """From power-on to an open hatch; a board that lies on a desk has none to open."""
    assert stage.bay.now().hatch.x_mm == 0
    await stage.until(NodeUp)
    await asyncio.sleep(1)
    stage.link.submit(SetLoadLimit("a", 8 * 180_355, -8 * 180_355))
    stage.link.submit(SampleFast("a", True))
    await stage.ask(OpenHatch("a"), HatchOpened)


async def loaded(stage: Stage) -> None:
    """A resident puts bottles in, and the hatch closes over them."""
    await opened(stage)
    assert stage.bay.hand(True)
    assert stage.bay.put(BOTTLES)
    await asyncio.sleep(0.5)
    stage.bay.hand(False)
    await asyncio.sleep(1.5)
    await stage.ask(CloseHatch("a"), HatchClosed)


def test_a_link_knows_its_bay_and_hears_its_node(play: Play) -> None:
    """Up within a second, then reports for ever."""

    async def story(stage: Stage) -> None:
        assert stage.link.bay == "a"
        up = await stage.until(NodeUp, 1.0)
        assert isinstance(up, NodeUp)
        assert up.bay == "a"
        await asyncio.sleep(2)
        assert 9 <= len(stage.all(NodeReport)) <= 25

    play(story)


def test_a_new_node_has_counted_nothing(play: Play) -> None:
    """Power has just come, FRAM is empty, and the hatch is closed once the self-test is over."""

    async def story(stage: Stage) -> None:
        assert not stage.bay.world.bins[0]
        up = await stage.until(NodeUp, 1.0)
        assert isinstance(up, NodeUp)
        assert (up.reset_cause, up.gate_cycles, up.hatch_openings) == ("power", 0, 0)
        await asyncio.sleep(2)
        assert (await stage.report()).hatch == "CLOSED"

    play(story)


def test_a_deposit_end_to_end(play: Play) -> None:
    """Open, load, close, weigh, drop: events in this order, the load in its bin, all counted."""

    async def story(stage: Stage) -> None:
        await loaded(stage)
        await asyncio.sleep(1)
        before = [raw for event in stage.all(Samples)[-10:] for raw in event.raw]  # type: ignore[union-attr]
        cycled = await stage.ask(DropLoad("a", 2), GateCycled)
        assert cycled == GateCycled("a", 2, 1)
        await asyncio.sleep(1)
        after = [raw for event in stage.all(Samples)[-10:] for raw in event.raw]  # type: ignore[union-attr]
        fell_g = (sum(before) / len(before) - sum(after) / len(after)) * 1000 / 180_355
        assert abs(fell_g - BOTTLES.mass_g) < 2
        report = await stage.report()
        assert (report.gate, report.gate_cycles, report.hatch_openings) == ("CLOSED", 1, 1)

    stage = play(story)
    streamed = LevelsRead | NodeReport | Samples
    told = [event for _, event in stage.heard if not isinstance(event, streamed)]
    order = [NodeUp, HatchOpened, HandMoved, HandMoved, HatchClosed, GateCycled]
    assert [type(event) for event in told] == order
    assert [part.item for part in stage.bay.world.bins[2]] == [BOTTLES]
    assert not stage.bay.world.both_open
    assert stage.bay.world.worst_pinch_n == 0


def test_an_event_finds_its_report_before_it(play: Play) -> None:
    """Whoever hears that the hatch is open has already been told its state and counters."""

    async def story(stage: Stage) -> None:
        await loaded(stage)
        await stage.ask(DropLoad("a", 0), GateCycled)

    heard = [event for _, event in play(story).heard]
    for kind, state in ((HatchOpened, "OPEN"), (HatchClosed, "CLOSED")):
        at = next(at for at, event in enumerate(heard) if isinstance(event, kind))
        last = [event for event in heard[:at] if isinstance(event, NodeReport)][-1]
        assert last.hatch == state
    at = next(at for at, event in enumerate(heard) if isinstance(event, GateCycled))
    last = [event for event in heard[:at] if isinstance(event, NodeReport)][-1]
    assert (last.gate, last.gate_cycles) == ("CLOSED", 1)


def test_samples_come_at_the_converters_rate_while_they_are_asked_for(play: Play) -> None:
    """80 a second within the oscillator's 10 %, one a second otherwise."""

    async def story(stage: Stage) -> None:
        await stage.until(NodeUp)
        stage.link.submit(SampleFast("a", True))
        await asyncio.sleep(1)
        stage.heard.clear()
        await asyncio.sleep(4)
        fast = [raw for event in stage.all(Samples) for raw in event.raw]  # type: ignore[union-attr]
        assert 4 * 70 <= len(fast) <= 4 * 90
        stage.link.submit(SampleFast("a", False))
        await asyncio.sleep(1)
        stage.heard.clear()
        await asyncio.sleep(5)
        assert 4 <= len(stage.all(Samples)) <= 6

    play(story)


def test_a_hand_in_the_closing_hatch_opens_it_again(play: Play) -> None:
    """Told as an obstruction, once it stands open; nobody was pressed hard."""

    async def story(stage: Stage) -> None:
        await opened(stage)
        stage.link.submit(CloseHatch("a"))
        await asyncio.sleep(2.2)
        assert stage.bay.hand(True)
        await stage.until(HatchObstructed)
        assert stage.bay.now().hatch.x_mm > 390

    assert play(story).bay.world.worst_pinch_n < 150


def test_refusals_name_command_and_reason(play: Play) -> None:
    """Nothing moves, and the controller is told why."""

    async def story(stage: Stage) -> None:
        await opened(stage)
        stage.bay.hand(True)
        await asyncio.sleep(0.2)
        refused = await stage.ask(CloseHatch("a"), CommandRefused)
        assert refused == CommandRefused("a", "CloseHatch", "hand-inside")
        refused = await stage.ask(DropLoad("a", 1), CommandRefused)
        assert refused == CommandRefused("a", "DropLoad", "hand-inside")

    play(story)


def test_a_dead_line_is_a_lost_node_and_comes_back(play: Play) -> None:
    """Within a second it is lost, with what to do; commands are refused until it is back."""

    async def story(stage: Stage) -> None:
        await stage.until(NodeUp)
        stage.bay.wire.cut()
        lost = await stage.until(NodeLost, 1.0)
        assert isinstance(lost, NodeLost)
        assert "check the node's power and its cable" in lost.reason
        refused = await stage.ask(Light("a", True), CommandRefused)
        assert refused == CommandRefused("a", "Light", "node-lost")
        await asyncio.sleep(20)
        assert len(stage.all(NodeLost)) == 1
        stage.bay.wire.mend()
        await stage.until(NodeUp, 1.0)
        await stage.ask(OpenHatch("a"), HatchOpened)

    play(story)


@pytest.mark.parametrize("way", ["to_node", "to_host"])
def test_half_a_line_is_a_lost_node_too(play: Play, way: str) -> None:
    """It speaks and does not hear, or hears and does not speak."""

    async def story(stage: Stage) -> None:
        await stage.until(NodeUp)
        stage.bay.wire.cut(to_node=way == "to_node", to_host=way == "to_host")
        await stage.until(NodeLost, 2.0)

    play(story)


def test_a_line_cut_while_closing_stops_the_hatch_and_opens_it(play: Play) -> None:
    """By the node alone; the controller finds it open when it is back."""

    async def story(stage: Stage) -> None:
        await opened(stage)
        stage.link.submit(CloseHatch("a"))
        await asyncio.sleep(2.5)
        stage.bay.wire.cut()
        await asyncio.sleep(0.31)
        stopped_mm = stage.bay.now().hatch.x_mm
        assert stage.bay.world.hatch.drive_permille >= 0
        await asyncio.sleep(7)
        assert stage.bay.now().hatch.x_mm > 390 > stopped_mm
        stage.bay.wire.mend()
        await stage.until(HatchOpened)
        assert (await stage.report()).hatch == "OPEN"

    play(story)


def test_a_restarted_node_is_up_again_with_its_counters(play: Play) -> None:
    """Another boot, the cause by name, the counters from FRAM."""

    async def story(stage: Stage) -> None:
        await loaded(stage)
        await stage.ask(DropLoad("a", 1), GateCycled)
        first = stage.all(NodeUp)[0]
        stage.bay.restart_node(0.3)
        up = await stage.until(NodeUp)
        assert isinstance(up, NodeUp)
        assert isinstance(first, NodeUp)
        assert up.boot_id != first.boot_id
        assert (up.reset_cause, up.gate_cycles, up.hatch_openings) == ("watchdog", 1, 1)

    play(story)


def test_a_node_that_is_asked_starts_anew_and_one_in_motion_does_not(play: Play) -> None:
    """Another boot and `asked`; while a leaf moves, the word is why not."""

    async def story(stage: Stage) -> None:
        first = await stage.until(NodeUp)
        await asyncio.sleep(1)
        stage.link.submit(RestartNode("a"))
        up = await stage.until(NodeUp)
        assert isinstance(up, NodeUp)
        assert isinstance(first, NodeUp)
        assert up.boot_id != first.boot_id
        assert up.reset_cause == "asked"
        await asyncio.sleep(1)
        stage.link.submit(OpenHatch("a"))
        await asyncio.sleep(1)
        stage.link.submit(RestartNode("a"))
        assert await stage.until(CommandRefused) == CommandRefused("a", "RestartNode", "busy")
        await stage.until(HatchOpened)

    play(story)


def test_noise_on_the_line_repeats_nothing_and_loses_nothing(play: Play) -> None:
    """One byte in two thousand bent or lost: each event once, in order, a little later."""

    async def story(stage: Stage) -> None:
        await stage.until(NodeUp)
        await asyncio.sleep(1)
        stage.bay.wire.noise(flips_ppm=300, drops_ppm=200)
        for _ in range(3):
            await stage.ask(OpenHatch("a"), HatchOpened)
            while (await stage.report()).hatch != "CLOSED":
                stage.link.submit(CloseHatch("a"))  # again where lost heartbeats ended it
                await asyncio.sleep(7)
        stage.bay.wire.mend()
        assert (await stage.report()).hatch_openings == 3

    play(story)


def test_a_swapped_node_is_refused_by_its_name(play: Play) -> None:
    """The node of bay b on the cable of bay a is told apart, and never moved."""

    async def story(stage: Stage) -> None:
        lost = await stage.until(NodeLost, 1.0)
        assert isinstance(lost, NodeLost)
        assert "is bay 'b', not 'a'" in lost.reason
        refused = await stage.ask(OpenHatch("a"), CommandRefused)
        assert refused == CommandRefused("a", "OpenHatch", "node-lost")
        await asyncio.sleep(5)
        assert stage.all(NodeUp) == []
        assert stage.bay.now().hatch.x_mm == 0

    play(story, "b")
