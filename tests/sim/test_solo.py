"""One bay in explicit time: the same parts and the same bytes as in a whole run, only quicker."""

from __future__ import annotations

import hashlib
from contextlib import closing

import pytest

from controller.core.commands import CloseHatch, DropLoad, OpenHatch
from controller.core.events import (
    GateCycled,
    HatchClosed,
    HatchObstructed,
    HatchOpened,
    NodeFault,
    NodeLost,
    NodeUp,
)
from sim import exchange
from sim.chance import rng
from sim.errors import SimError
from sim.hosts import NODES, find_micropython
from sim.solo import Solo
from sim.world import Item

BOTTLE = Item("bottle-1", "pet-bottle", 400)


def deposit(solo: Solo) -> None:
    """Open, lay a bottle in, close, drop it into bin 2."""
    solo.submit(OpenHatch("a"))
    solo.until(HatchOpened)
    assert solo.world.hand(True)
    assert solo.world.put(BOTTLE)
    solo.run_ms(500)
    solo.world.hand(False)
    solo.run_ms(1_500)
    solo.submit(CloseHatch("a"))
    solo.until(HatchClosed)
    solo.submit(DropLoad("a", 2))
    solo.until(GateCycled)


@pytest.mark.parametrize("seed", range(6))
def test_a_healthy_bay_deposits_without_a_fault(seed: int) -> None:
    """Whatever its friction, its switches and its clock: no false alarm, and nobody is hurt."""
    with closing(Solo(seed)) as solo:
        for _ in range(2):
            deposit(solo)
    assert [one for one in solo.heard if isinstance(one, NodeFault)] == []
    assert len(solo.world.bins[2]) == 2
    assert solo.world.worst_pinch_n == 0
    assert not (solo.world.both_open or solo.world.shut_in or solo.world.dropped_on)


def trace(seed: int, node: str) -> str:
    """The hash of all that the board sensed and the node drove in one deposit."""
    digest = hashlib.sha256()
    with closing(Solo(seed, node=node, settle=False)) as solo:
        solo.watch = lambda inputs, outputs: digest.update(
            exchange.pack_inputs(inputs) + exchange.pack_outputs(outputs)
        )
        solo.until(NodeUp)
        solo.run_ms(1_000)
        deposit(solo)
    return digest.hexdigest()


def test_one_seed_is_one_run() -> None:
    """To the last bit of every scan; another seed is another."""
    assert trace(5, "cpython") == trace(5, "cpython") != trace(6, "cpython")


@pytest.mark.skipif(find_micropython() is None, reason="micropython is not installed")
def test_both_interpreters_give_one_run() -> None:
    """Lateness, noise and bounces come from the seed, never from the host."""
    assert len({trace(5, node) for node in NODES}) == 1


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("blind", [(), ("edge", "stuck_off")])
def test_an_obstructed_closing_lets_go_before_it_hurts(seed: int, blind: tuple[str, str]) -> None:
    """Something the curtain does not see: felt by the edge, or without it by the motor's current.

    150 N is our own limit for hands, 25 N after 750 ms EN 12453's first limit, much tightened.
    """
    chance = rng(seed, "obstacle")
    with closing(Solo(seed)) as solo:
        solo.submit(OpenHatch("a"))
        solo.until(HatchOpened)
        if blind:
            solo.board.sensor_fault(*blind)
        solo.run_ms(300)
        height_mm, n_per_mm = chance.uniform(20, 380), chance.choice([10, 30, 50, 500])
        assert solo.world.obstruct(height_mm, n_per_mm, in_curtain=False)
        solo.submit(CloseHatch("a"))
        solo.until(HatchObstructed)
    assert 20 < solo.world.worst_pinch_n <= 150
    assert all(pinch.hurt_us <= 750_000 for pinch in solo.world.hatch.pinches)


def test_a_cut_line_is_a_lost_node_and_a_mended_one_finds_it() -> None:
    """One way is enough."""
    with closing(Solo(1)) as solo:
        solo.hears = False
        solo.until(NodeLost, 2_000)
        solo.hears = True
        solo.until(NodeUp, 2_000)
        solo.speaks = False
        solo.until(NodeLost, 2_000)


def test_figures_of_the_node_and_restarts_reach_it() -> None:
    """Another boot, told with its cause; a longer warning is a longer warning."""
    with closing(Solo(1, name="b", node_figures={"warn_ms": 3_000})) as solo:
        solo.submit(OpenHatch("b"))
        solo.until(HatchOpened)
        solo.submit(CloseHatch("b"))
        solo.run_ms(2_500)
        assert not solo.world.hatch.driven
        solo.restart_node(dead_ms=300)
        assert solo.until(NodeUp).reset_cause == "watchdog"


def test_what_was_awaited_in_vain_is_named_with_what_came_instead() -> None:
    """So that a failed run of ten thousand says what happened in it."""
    with closing(Solo(1)) as solo:
        solo.submit(OpenHatch("a"))
        with pytest.raises(SimError, match=r"no GateCycled within 3000 ms; heard .*HatchOpened"):
            solo.until(GateCycled, 3_000)
