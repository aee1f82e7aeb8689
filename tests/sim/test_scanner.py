"""When a node is scanned, what a brown-out does to it, and a FRAM that fails."""

from __future__ import annotations

import itertools

import pytest

from controller.core.commands import CloseHatch, OpenHatch
from controller.core.events import HatchClosed, HatchOpened, NodeFault, NodeUp
from firmware.hal.board import Inputs, Outputs
from sim.errors import WorldError
from sim.solo import Solo

MS = 1_000


def closing(seed: int = 1) -> Solo:
    """A bay whose hatch has been closing for a second."""
    solo = Solo(seed)
    solo.submit(OpenHatch("a"))
    solo.until(HatchOpened)
    solo.submit(CloseHatch("a"))
    solo.run_ms(2_500)
    assert solo.world.hatch.driven
    return solo


def test_scans_come_late_and_never_at_the_perfect_instant() -> None:
    """Every 5 ms while something moves, a little later for the node's own work, at times much."""
    solo = Solo(3)
    at_us: list[int] = []
    solo.watch = lambda _inputs, _outputs: at_us.append(solo.now_us)
    for _ in range(3):
        solo.submit(OpenHatch("a"))
        solo.until(HatchOpened)
        solo.submit(CloseHatch("a"))
        solo.until(HatchClosed)
    gaps_ms = sorted((b - a) / MS for a, b in itertools.pairwise(at_us))
    assert gaps_ms[0] >= 1
    assert gaps_ms[len(gaps_ms) // 2] == pytest.approx(5, abs=0.1)
    assert 8 < gaps_ms[-1] <= 25 + 18


def test_outputs_come_after_their_inputs() -> None:
    """Whatever the node decides reaches the bridge 1 to 3 ms after it looked."""
    solo = Solo(1)
    decided: list[int] = []

    def note(_inputs: Inputs, outputs: Outputs) -> None:
        if outputs.bridge_on and not decided:
            decided.append(solo.now_us)

    solo.watch = note
    solo.submit(OpenHatch("a"))
    while not solo.world.hatch.bridge_on:
        solo.run_ms(0.1)
        assert solo.now_us < 20_000_000
    assert 1 * MS <= solo.now_us - decided[0] <= 3.2 * MS


def test_a_short_brownout_is_undervoltage_and_a_deep_one_a_reset() -> None:
    """18 V the board survives, 5 V it does not: bridge and lock fall, and it starts anew."""
    solo = closing()
    solo.world.brownout(18_000, 300)
    solo.run_ms(200)
    assert any(isinstance(one, NodeFault) and one.fault == "undervoltage" for one in solo.heard)
    assert not solo.world.hatch.driven
    solo = closing()
    boot_id = solo.board.boot_id
    solo.world.brownout(5_000, 100)
    solo.run_ms(50)
    assert not solo.world.hatch.bridge_on
    up = solo.until(NodeUp)
    assert (up.reset_cause, up.boot_id != boot_id) == ("power", True)


def opened_once(kind: str) -> Solo:
    """A bay whose FRAM fails like that, whose hatch was opened once, and whose node restarts."""
    solo = Solo(1)
    solo.fram.fail(kind)
    solo.submit(OpenHatch("a"))
    solo.until(HatchOpened)
    solo.run_ms(500)
    solo.restart_node()
    solo.until(NodeUp)
    return solo


@pytest.mark.parametrize(("kind", "counted"), [("well", 1), ("loses", 0), ("garbles", 0)])
def test_a_fram_that_fails_fails_at_the_next_start(kind: str, counted: int) -> None:
    """It forgets, or gives back what is none, which the node names."""
    solo = opened_once(kind)
    solo.run_ms(1_000)
    assert solo.report is not None
    # A hatch that stands open at a start counts as one more opening: nobody knows since when.
    assert solo.report.hatch_openings == counted + 1
    lost = [one for one in solo.heard if isinstance(one, NodeFault)]
    assert ("counters-lost" in [one.fault for one in lost]) == (kind == "garbles")


def test_a_fram_that_takes_nothing_is_told_at_once() -> None:
    """The board says so to the node, and the old block stays."""
    solo = Solo(1)
    before = solo.host.fram
    told: list[bool] = []
    solo.watch = lambda inputs, _outputs: told.append(inputs.store_failed)
    solo.fram.fail("refuses")
    solo.submit(OpenHatch("a"))
    solo.until(HatchOpened)
    assert True in told
    assert solo.host.fram == before


def test_a_fram_fault_that_is_none_is_refused_by_name() -> None:
    """The message names the kinds."""
    with pytest.raises(WorldError, match="no kind 'burns'; there are well, refuses, loses"):
        Solo(1, settle=False).fram.fail("burns")
