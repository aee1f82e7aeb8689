"""The hatch as a machine: motor, friction, stops, switches, edge, and what breaks on them."""

from __future__ import annotations

import itertools
import math

import pytest

from sim.errors import WorldError
from sim.world import BayFigures, BayWorld, Obstacle
from sim.world.figures import HatchFigures
from sim.world.motor import Motor

MS, S = 1_000, 1_000_000
SMOOTH = BayFigures(hatch=HatchFigures(friction_n=0.01, viscous_n_s_per_m=0.01))
"""A hatch without friction, to hold against formulas."""


def built(seed: int = 1, figures: BayFigures | None = None) -> BayWorld:
    """A bay at rest."""
    return BayWorld(seed, "a", figures or BayFigures())


def drive(world: BayWorld, permille: int, *, lock_on: bool = False) -> None:
    """Drive the hatch from now on; 0 takes the bridge off."""
    world.drive(bridge_on=permille != 0, hatch_permille=permille, lock_on=lock_on)


def opened(seed: int = 1, figures: BayFigures | None = None) -> BayWorld:
    """A bay whose leaf rests at the upper stop."""
    world = built(seed, figures)
    drive(world, 1000)
    world.advance(3 * S)
    drive(world, 0)
    world.advance(5 * S)
    return world


def test_the_motor_is_that_of_the_design() -> None:
    """54 N per ampere, 90 V per m/s, and a rotor as heavy as the leaf."""
    motor = Motor.built(HatchFigures())
    assert motor.n_per_a == pytest.approx(54)
    assert motor.emf_v_s_per_m == pytest.approx(90)
    assert motor.moving_kg == pytest.approx(16)
    assert motor.most_a * motor.n_per_a == pytest.approx(80)


def test_the_current_rises_as_fast_as_the_winding_lets_it() -> None:
    """R and L: at 19.2 V the limit of 1.48 A is reached within the first half millisecond."""
    world = built()
    drive(world, 1000, lock_on=True)
    world.advance(100)
    assert 500 < world.hatch.motor_ma < 1_400
    world.advance(MS)
    assert world.hatch.motor_ma == pytest.approx(1_481, abs=1)


def test_a_leaf_that_is_let_go_coasts_until_friction_stops_it() -> None:
    """No current, and the way of v² m / 2 F, a little less for viscous friction."""
    world = opened()
    drive(world, -700)
    world.advance(world.now_us + S)
    speed_m_s, from_mm = world.hatch.speed_mm_s / 1000, world.hatch.x_mm
    drive(world, 0)
    world.advance(world.now_us + S)
    assert world.hatch.motor_ma == 0
    assert not world.hatch.moving
    plain_mm = speed_m_s**2 * 16 / (2 * world.hatch.friction_n) * 1000
    assert 0.7 * plain_mm < from_mm - world.hatch.x_mm < plain_mm


@pytest.mark.parametrize("n_per_mm", [10.0, 30.0, 50.0, 500.0])
def test_the_first_blow_is_that_of_two_springs_and_a_mass(n_per_mm: float) -> None:
    """F = v sqrt(k m) with k of edge and obstacle in series."""
    world = opened(figures=SMOOTH)
    world.obstruct(300, n_per_mm)
    world.hatch.speed_mm_s = -150.0
    world.hatch.stir()
    world.advance(world.now_us + S)
    k_n_per_m = 1000 * 30 * n_per_mm / (30 + n_per_mm)
    blow_n = 0.150 * math.sqrt(k_n_per_m * 16)
    assert world.worst_pinch_n == pytest.approx(blow_n, rel=0.01)


def test_a_flat_edge_is_hard() -> None:
    """Ten millimetres deep it springs; what comes on top meets the rail."""
    wall, figures = Obstacle(100.0, 1e9), HatchFigures()
    assert wall.force_n(figures, 10.0, 0.0) == pytest.approx(300.0, rel=0.01)
    assert wall.force_n(figures, 11.0, 0.0) == pytest.approx(1_300.0, rel=0.01)


def test_a_stalled_leaf_presses_no_harder_than_the_current_limit_lets_it() -> None:
    """80 N by hardware, whatever the node forgets; and the history knows for how long."""
    world = opened()
    world.obstruct(200, 500)
    drive(world, -700)
    world.advance(world.now_us + 5 * S)
    assert world.hatch.pressing_n == pytest.approx(80 - world.hatch.friction_n, abs=40)
    (pinch,) = world.hatch.pinches
    assert pinch.reaction_us is None
    assert pinch.hurt_us > 2 * S
    drive(world, 1000)
    world.advance(world.now_us + S)
    assert pinch.reaction_us == pytest.approx(world.now_us - S - pinch.pressed_us, abs=MS)
    assert world.hatch.pressing_n == 0


def test_the_leaf_bounces_off_its_stop_and_stays_open() -> None:
    """200 N/mm: a millimetre or two deep, a small way back, and the limit keeps its word."""
    world = built()
    drive(world, 1000)
    places, speeds = [0.0], [0.0]
    while world.now_us < 3 * S:
        world.advance(world.now_us + MS)
        if world.hatch.limit_open:
            drive(world, 0)
        places.append(world.hatch.x_mm)
        speeds.append(world.hatch.speed_mm_s)
    assert 400.2 < max(places) < 403
    assert min(speeds) < -10
    assert places[-1] > 397
    assert world.hatch.limit_open


def turns(world: BayWorld, permille: int) -> list[int]:
    """When the line of the closed limit changes while the hatch is driven for a second."""
    drive(world, permille)
    was, at = world.hatch.limit_closed, []
    end_us = world.now_us + S
    while world.now_us < end_us:
        world.advance(world.now_us + 50)
        if world.hatch.limit_closed != was:
            was = world.hatch.limit_closed
            at.append(world.now_us)
    return at


@pytest.mark.parametrize("seed", range(8))
def test_limits_bounce_for_some_milliseconds_and_turn_back_elsewhere(seed: int) -> None:
    """Contacts settle within 5 ms; 2 to 5 mm lie between on and off; no two are alike."""
    world = built(seed)
    off = turns(world, 300)
    assert len(off) % 2 == 1
    assert 3 <= len(off) <= 7
    assert off[-1] - off[0] <= 5 * MS
    switch = world.hatch.closed_switch
    assert 2 <= switch.off_mm - switch.on_mm <= 5
    assert switch.off_mm != built(seed + 100).hatch.closed_switch.off_mm


def test_a_worn_limit_chatters_and_a_stuck_one_says_nothing() -> None:
    """30 ms of chatter; and a line that does not change at all."""
    worn = built()
    worn.limit_worn("closed", 30)
    changes = turns(worn, 300)
    assert changes[-1] - changes[0] > 20 * MS
    stuck = built()
    stuck.limit_stuck("closed", True)
    assert turns(stuck, 300) == []
    stuck.limit_stuck("closed", None)
    stuck.advance(stuck.now_us + MS)
    assert not stuck.hatch.limit_closed


def test_a_leaf_at_rest_rubs_harder_than_one_that_runs() -> None:
    """Stiction: what keeps it going does not start it."""
    world = built()
    world.push(1.2 * world.hatch.friction_n)
    world.advance(S)
    assert world.hatch.x_mm == 0
    world.push(1.5 * world.hatch.friction_n)
    world.advance(S + S // 4)
    world.push(1.2 * world.hatch.friction_n)
    world.advance(3 * S)
    assert world.hatch.x_mm > 100


def running_ma(world: BayWorld) -> tuple[int, int]:
    """Milliseconds for an opening, and its current half-way."""
    drive(world, 1000)
    world.advance(S)
    half_ma = world.hatch.motor_ma
    while not world.hatch.limit_open:
        world.advance(world.now_us + MS)
        assert world.now_us < 20 * S
    return world.now_us // MS, half_ma


def test_slip_costs_time_and_friction_costs_current() -> None:
    """That is how one tells them apart."""
    sound_ms, sound_ma = running_ma(built())
    slips, rubs = built(), built()
    slips.slip(300)
    rubs.friction(2.0)
    slip_ms, slip_ma = running_ma(slips)
    rub_ms, rub_ma = running_ma(rubs)
    assert slip_ms > 1.35 * sound_ms
    assert slip_ma == pytest.approx(sound_ma, rel=0.1)
    assert rub_ma > 1.6 * sound_ma
    assert rub_ms < 1.15 * sound_ms


def test_a_motor_without_its_wire_draws_nothing_and_moves_nothing() -> None:
    """Driven, and that is all."""
    world = built()
    world.motor_wire_broken()
    drive(world, 1000)
    world.advance(2 * S)
    assert (world.hatch.motor_ma, world.hatch.x_mm) == (0, 0.0)


def test_a_bolt_holds_against_a_hand_and_breaks_under_a_crowbar() -> None:
    """100 N it bears; 3000 N it does not, and then never again."""
    world = built()
    drive(world, 0, lock_on=True)
    world.push(100)
    world.advance(S)
    assert world.hatch.limit_closed
    assert world.hatch.bolted
    world.push(3_000)
    world.advance(2 * S)
    assert not world.hatch.limit_closed
    assert world.hatch.x_mm > 100
    world.push(-100)
    world.advance(6 * S)
    world.push(0)
    world.advance(7 * S)
    assert world.hatch.limit_closed
    assert not world.hatch.bolted


def test_a_free_hatch_is_pushed_up_by_hand() -> None:
    """Whoever is caught while nothing has power pushes the leaf up."""
    world = opened()
    drive(world, -700)
    world.advance(world.now_us + S)
    drive(world, 0)
    world.push(60)
    world.advance(world.now_us + 3 * S)
    assert world.hatch.x_mm > 399


def test_a_low_supply_makes_a_slow_hatch() -> None:
    """The motor sees what the supply gives."""
    world = built()
    world.brownout(12_000, 1_500)
    drive(world, 1000)
    world.advance(S)
    slow_mm_s = world.hatch.speed_mm_s
    world.advance(1_700 * MS)
    assert world.hatch.speed_mm_s > 1.8 * slow_mm_s > 0


@pytest.mark.parametrize("look_us", [250, 1_000, 7_321, 100_000])
def test_how_often_somebody_looks_changes_nothing_that_matters(look_us: int) -> None:
    """The same blow within a few percent, however time is cut."""
    world = opened()
    world.obstruct(150, 500)
    drive(world, -700)
    for at_us in itertools.takewhile(lambda at: at < 9 * S, itertools.count(5 * S, look_us)):
        world.advance(at_us)
    assert world.worst_pinch_n == pytest.approx(134, rel=0.04)


def test_what_cannot_be_is_refused_by_name() -> None:
    """Each verb names its argument and what would do."""
    world = opened()
    with pytest.raises(WorldError, match="slip: permille 1000 is not 0 to 900"):
        world.slip(1000)
    with pytest.raises(WorldError, match="friction: factor 0 is not"):
        world.friction(0)
    with pytest.raises(WorldError, match="limit_stuck: no limit 'left'; there are closed, open"):
        world.limit_stuck("left", True)
    with pytest.raises(WorldError, match="limit_worn: chatter_ms 900 is not"):
        world.limit_worn("open", 900)
    with pytest.raises(WorldError, match="obstruct: n_per_mm -1 is not above 0"):
        world.obstruct(100, -1)
    with pytest.raises(WorldError, match="brownout: mv 99000 is not"):
        world.brownout(99_000, 10)
    with pytest.raises(WorldError, match="brownout: ms 0 is not above 0"):
        world.brownout(9_000, 0)
