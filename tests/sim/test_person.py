"""People in a bay: what each part of them does to sensors, pan and leaf, and who saw it."""

from __future__ import annotations

import pytest

from sim.board import SimBoard
from sim.errors import WorldError
from sim.world import BayFigures, BayWorld

S = 1_000_000


def opened(seed: int = 1) -> BayWorld:
    """A bay with its hatch open."""
    world = BayWorld(seed, "a", BayFigures())
    world.drive(bridge_on=True, hatch_permille=1000, lock_on=False)
    world.advance(3 * S)
    world.drive(bridge_on=False, hatch_permille=0, lock_on=False)
    world.advance(4 * S)
    return world


def close(world: BayWorld, lock_on: bool = False) -> None:
    """Close as far as it goes, whatever is in the way."""
    world.drive(bridge_on=True, hatch_permille=-400, lock_on=lock_on)
    world.advance(world.now_us + 9 * S)
    world.drive(bridge_on=False, hatch_permille=0, lock_on=lock_on)


@pytest.mark.parametrize("what", ["arm", "head"])
def test_whoever_reaches_in_is_in_the_curtain_and_in_the_way(what: str) -> None:
    """The leaf stops on them, and they pull back once it has let go."""
    world = opened()
    assert world.person(what)
    assert world.curtain_blocked
    close(world, lock_on=True)
    assert not world.hatch.limit_closed
    assert world.worst_pinch_n > 25
    assert not world.shut_in
    world.drive(bridge_on=True, hatch_permille=1000, lock_on=False)
    world.advance(world.now_us + S)
    assert world.person(None)
    assert not world.curtain_blocked


def test_a_child_inside_is_in_nobodys_way_and_heavy() -> None:
    """No curtain, no edge: only weight, height and perhaps warmth tell."""
    world = opened()
    assert world.person("child")
    assert not world.curtain_blocked
    world.advance(world.now_us + 2 * S)
    raws = [raw for _, raw in world.hx711.read()]
    loads_kg = (sum(raws) / len(raws) - world.hx711.zero_raw) / 180_355
    assert 10 < loads_kg < 18.1
    assert world.load_g == 0, "a child is no load"
    close(world)
    assert world.hatch.limit_closed
    assert world.worst_pinch_n == 0


def test_nobody_gets_through_a_gap_that_is_too_small() -> None:
    """In or out."""
    shut = BayWorld(1, "a", BayFigures())
    assert not any(shut.person(what) for what in ("arm", "head", "child"))
    world = opened()
    assert world.person("child")
    close(world)
    assert not world.person(None)
    assert world.bodies


def seen(world: BayWorld, seed: int) -> tuple[int, int]:
    """Warmest pixel and distance, as the board reads them."""
    inputs = SimBoard(world, "a", seed).read(b"")
    return inputs.warm_dc, inputs.tof_mm


def test_warmth_alone_does_not_always_tell_and_height_does_for_a_child() -> None:
    """Clothes and cold hands are below 30 °C in some runs; a child fills the chamber in all."""
    warm = []
    for seed in range(24):
        world = opened(seed)
        assert world.person("child")
        warm_dc, tof_mm = seen(world, seed)
        warm.append(warm_dc >= 300)
        assert tof_mm < 150
    assert 4 < sum(warm) < 20


def test_a_hand_is_warm_but_leaves_the_distance_sensor_its_view() -> None:
    """An empty bay reads its ambient and its ceiling height."""
    world = opened()
    assert seen(world, 1)[0] < world.ambient_dc + 20
    world.hand(True)
    warm_dc, tof_mm = seen(world, 1)
    assert warm_dc >= world.ambient_dc + 20
    assert 260 < tof_mm < 360


def test_the_world_sees_who_is_shut_in() -> None:
    """A closed hatch alone shuts nobody in; its bolt does."""
    world = opened()
    world.person("child")
    close(world)
    assert not world.shut_in
    world.drive(bridge_on=False, hatch_permille=0, lock_on=True)
    assert world.shut_in


def test_the_world_sees_on_whom_the_gate_opens() -> None:
    """As soon as the leaves are not home."""
    world = opened()
    world.person("child")
    assert not world.dropped_on
    world.gate.drive_permille = 1000
    world.advance(world.now_us + S // 10)
    assert world.dropped_on


def test_a_person_that_is_none_is_refused_by_name() -> None:
    """The message says who there is."""
    with pytest.raises(WorldError, match="no 'dog'; there are hand, arm, head, child, or nobody"):
        opened().person("dog")
