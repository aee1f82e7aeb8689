"""Node and controller rest together, and wake for whatever needs them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from controller.adapters.host_link import HostLink
from controller.core.commands import OpenHatch, SampleFast
from controller.core.events import HatchOpened, NodeFault, NodeLost, NodeUp
from firmware.core.ticks import PERIOD
from sim.solo import Solo
from tests.firmware.stand_in import KILO, Rig, ready

REST_AFTER_MS = 12_000


def rested(ticks_at_start: int = PERIOD - 4_000) -> Rig:
    """A rig that nobody has asked anything of for a while."""
    rig = ready(ticks_at_start=ticks_at_start)
    rig.submit(SampleFast("a", False))
    return rig.run(REST_AFTER_MS)


def test_an_empty_bay_is_heard_about_once_a_second() -> None:
    """Report and sample come with each heartbeat, and the link stays up."""
    rig = rested()
    scans, reports = rig.scans, len(rig.reports)
    rig.run(20_000)
    assert rig.scans - scans <= 60  # one a second, and some more where a sensor repeats itself
    assert 18 <= len(rig.reports) - reports <= 22
    assert not any(isinstance(event, NodeLost) for event in rig.heard)


def test_a_command_ends_the_rest_and_brings_its_lease() -> None:
    """It is obeyed as if nobody had rested, and the lease holds for all of its way."""
    rig = rested()
    rig.run(500)  # between two heartbeats no lease holds
    rig.submit(OpenHatch("a"))
    rig.until(HatchOpened, 3_000)
    assert rig.refusals == []
    assert all(report.faults == () for report in rig.reports)


def test_without_its_heartbeat_no_command_moves_anything_at_rest() -> None:
    """The lease of a resting controller has run out, and the words of a command are no lease."""
    rig = rested()
    rig.run(500)
    rig.wire("open_hatch", expires_ms=(rig.bay.inputs.now_ms + 1_000) % (1 << 30))
    rig.run(50)
    assert ("OpenHatch", "no-lease") in rig.refusals


@pytest.mark.parametrize("way", ["hears", "speaks"])
def test_a_node_that_dies_at_rest_is_missed(way: str) -> None:
    """Later than one that is needed, by two seconds; so is one that no longer hears."""
    rig = rested()
    setattr(rig, way, False)
    assert isinstance(rig.until(NodeLost, 3_700), NodeLost)


@pytest.mark.parametrize("way", ["hears", "speaks"])
def test_one_heartbeat_or_answer_that_is_lost_at_rest_is_nothing(way: str) -> None:
    """And a command right after it has its lease as ever."""
    rig = rested()
    setattr(rig, way, False)
    rig.run(1_020)
    setattr(rig, way, True)
    rig.run(1_500)
    assert not any(isinstance(event, NodeLost) for event in rig.heard)
    rig.submit(OpenHatch("a"))
    rig.until(HatchOpened, 3_000)
    assert rig.refusals == []


def test_a_short_puff_of_smoke_is_no_fire_because_the_node_slept() -> None:
    """What changes at the end of a sleep has not lasted for all of it."""
    rig = rested()
    rig.run(700)
    rig.bay.stuck = {"smoke": True}
    rig.run(100)
    rig.bay.stuck = {"smoke": False}
    rig.run(2_000)
    assert all("fire" not in report.faults for report in rig.reports)
    rig.bay.stuck = {"smoke": True}
    rig.run(400)
    assert "fire" in rig.reports[-1].faults


@pytest.mark.parametrize("slept_ms", [310, 410])
@pytest.mark.parametrize(
    ("switch", "fault", "within_ms"), [("smoke", "fire", 260), ("tamper", "tamper", 210)]
)
def test_a_patience_that_runs_keeps_the_node_awake(
    slept_ms: int, switch: str, fault: str, within_ms: int
) -> None:
    """Nothing else wakes it a second time: the board has told it of the change."""
    rig = rested()
    rig.run(slept_ms)
    rig.bay.stuck = {switch: True}
    rig.until(NodeFault, within_ms)
    assert NodeFault("a", fault, True) in rig.heard


def test_what_the_board_looks_out_for_wakes_the_node() -> None:
    """A supply that sags is no pin's edge, and yet known within a quarter of a second."""
    solo = Solo(seed=7)
    solo.submit(SampleFast("a", False))
    solo.run_ms(REST_AFTER_MS + 300)
    solo.world.brownout(15_000, 2_000)
    fault = solo.until(NodeFault, 250)
    assert (fault.fault, fault.active) == ("undervoltage", True)
    solo.close()


def test_current_that_nobody_drives_is_told_at_rest_too() -> None:
    """A bridge that leaks pushes the leaf against its lock: no patience counts in sleeps."""
    rig = rested()
    rig.run(300)
    rig.bay.leak_ma = 1_200
    fault = rig.until(NodeFault, 2_000)
    assert isinstance(fault, NodeFault)
    assert (fault.fault, fault.active) == ("motor-current", True)


def push_up(rig: Rig) -> None:
    rig.bay.hatch_mm = 30.0


def pull_handle(rig: Rig) -> None:
    rig.bay.inputs.inner_release = True


def press_button(rig: Rig) -> None:
    rig.bay.inputs.emergency_stop = True


def be_inside(rig: Rig) -> None:
    rig.bay.stuck = {"warm_dc": 330}


def weigh_inside(rig: Rig) -> None:
    rig.bay.raw += 9 * KILO


@pytest.mark.parametrize(
    ("happens", "within_ms", "opens"),
    [
        (push_up, 5, False),
        (pull_handle, 55, True),
        (press_button, 5, False),
        (be_inside, 155, True),
        (weigh_inside, 105, False),
    ],
)
def test_nobody_is_locked_in_because_the_node_slept(
    happens: Callable[[Rig], None], within_ms: int, opens: bool
) -> None:
    """The lock is off as soon as it ever was, and the hatch opens without the controller."""
    rig = rested()
    rig.run(510)
    assert rig.bay.outputs.lock_on
    rig.speaks = False  # nor does a heartbeat wake the node
    happens(rig)
    rig.run(within_ms)
    assert not rig.bay.outputs.lock_on
    rig.run(5_000)
    assert (rig.bay.hatch_mm > 390) == opens


def test_a_controller_that_starts_anew_finds_a_sleeping_node_at_once() -> None:
    """Its hello is a byte like any other."""
    rig = rested()
    rig.run(300)
    nonces = iter(range(5_000, 6_000))
    rig.link = HostLink("a", lambda: next(nonces), rig.now_s)
    rig.until(NodeUp, 100)
    rig.submit(OpenHatch("a"))
    rig.until(HatchOpened, 3_000)
    assert rig.refusals == []


@pytest.mark.parametrize("split", range(0, 60, 7))
def test_a_command_that_comes_in_two_pieces_finds_its_lease(split: int) -> None:
    """Whichever byte comes in the moment of falling asleep, the next one wakes the node."""
    rig = rested()
    rig.run(500)
    rig.speaks = False
    assert rig.link.submit(OpenHatch("a"), rig.now_s) == []
    piece = rig.link.take_bytes()
    rig.inject(piece[:split])
    rig.run(1)
    rig.inject(piece[split:])
    rig.speaks = True
    rig.until(HatchOpened, 3_000)
    assert rig.refusals == []


def test_a_node_that_stays_awake_answers_each_heartbeat_too() -> None:
    """A heavy pan is no fault, and keeps the lock off and the node awake, but never deaf."""
    rig = rested()
    rig.bay.raw += 9 * KILO
    rig.run(15_000)
    assert not any(isinstance(event, NodeLost) for event in rig.heard)


def freeze(name: str) -> Callable[[Rig], None]:
    def happens(rig: Rig) -> None:
        rig.bay.stuck = {name: getattr(rig.bay.inputs, name)}

    return happens


def fall_silent(rig: Rig) -> None:
    rig.bay.cell_speaks = False


@pytest.mark.parametrize(
    ("happens", "fault", "within_ms"),
    [
        (freeze("thermal_sum"), "thermal-sensor", 4_000),
        (freeze("tof_mm"), "distance-sensor", 4_000),
        (fall_silent, "load-cell-silent", 3_000),
    ],
)
def test_a_sensor_that_died_while_the_node_slept_is_found(
    happens: Callable[[Rig], None], fault: str, within_ms: int
) -> None:
    """By a heartbeat or two, and then by the patience that it always had."""
    rig = rested()
    rig.run(300)
    happens(rig)
    rig.until(NodeFault, within_ms)
    assert NodeFault("a", fault, True) in rig.heard
    assert not rig.bay.outputs.lock_on


def test_ticks_that_wrap_in_a_sleep_are_nothing_to_it() -> None:
    """30 bits begin again in the middle of one, and nobody hears of it."""
    rig = rested(ticks_at_start=PERIOD - 15_000)
    scans = rig.scans
    rig.run(10_000)
    assert rig.bay.inputs.now_ms < PERIOD // 2
    assert rig.scans - scans <= 40
    assert not any(isinstance(event, NodeLost | NodeFault) for event in rig.heard)
