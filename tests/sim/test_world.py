"""The bay's physics: what moves, how fast, what it weighs, and what cannot pass."""

from __future__ import annotations

import itertools
import statistics

import pytest

from sim.errors import WorldError
from sim.world import BayFigures, BayWorld, Item

MS = 1000
S = 1_000_000
BOTTLE = Item("bottle-1", "pet-bottle", 25)


def built(seed: int = 1) -> BayWorld:
    """A bay at rest."""
    return BayWorld(seed, "bay-1", BayFigures())


def run_hatch(world: BayWorld, permille: int, most_s: float = 10.0) -> int:
    """Drive the hatch until the limit it drives to; return the microseconds it took."""
    start_us = world.now_us
    world.drive(bridge_on=True, hatch_permille=permille, lock_on=False)
    while world.now_us - start_us < most_s * S:
        world.advance(world.now_us + MS)
        if world.hatch.limit_open if permille > 0 else world.hatch.limit_closed:
            break
    took_us = world.now_us - start_us
    world.drive(bridge_on=False, hatch_permille=0, lock_on=False)
    world.advance(world.now_us + S)
    return took_us


def opened(seed: int = 1) -> BayWorld:
    """A bay with its hatch open."""
    world = built(seed)
    run_hatch(world, 1000)
    return world


def weigh_g(world: BayWorld, seconds: float = 1.0) -> float:
    """Mean of the converter's readings over `seconds`, in grams above its zero."""
    world.hx711.read()
    raws = []
    for _ in range(round(seconds * 20)):
        world.advance(world.now_us + 50 * MS)
        raws += [raw for _, raw in world.hx711.read()]
    return (statistics.fmean(raws) - world.hx711.zero_raw) * 1000 / 180_355


@pytest.mark.parametrize("seed", range(5))
def test_the_hatch_opens_in_about_two_seconds(seed: int) -> None:
    """Full drive opens in 2 s ± 10 %, whatever this leaf's friction is."""
    world = built(seed)
    assert run_hatch(world, 1000) / S == pytest.approx(2.0, rel=0.10)
    assert world.hatch.x_mm > 395


@pytest.mark.parametrize(("permille", "most_mm_s"), [(-750, 150.0), (-400, 80.0)])
def test_the_hatch_closes_no_faster_than_its_drive(permille: int, most_mm_s: float) -> None:
    """Closing at 75 % stays below 0.15 m/s, creeping at 40 % below 0.08 m/s."""
    world = opened()
    world.drive(bridge_on=True, hatch_permille=permille, lock_on=False)
    fastest_mm_s = 0.0
    for _ in range(1500):
        world.advance(world.now_us + MS)
        fastest_mm_s = max(fastest_mm_s, -world.hatch.speed_mm_s)
    assert most_mm_s * 0.85 < fastest_mm_s <= most_mm_s


def test_a_locked_hatch_stays_closed_and_its_motor_stalls() -> None:
    """Against the lock the motor draws its stall current and the leaf stays."""
    world = built()
    world.drive(bridge_on=True, hatch_permille=1000, lock_on=True)
    world.advance(3 * S)
    assert world.hatch.limit_closed
    assert world.hatch.motor_ma == pytest.approx(1480, abs=5)


def test_a_hand_in_the_way_presses_the_edge_and_never_more_than_the_motor_can() -> None:
    """A hatch that closes on a hand shows it at the edge; thrust and momentum stay below 150 N."""
    world = opened()
    assert world.hand(True)
    world.drive(bridge_on=True, hatch_permille=-400, lock_on=False)
    while not world.hatch.edge_pressed:
        world.advance(world.now_us + MS)
        assert world.now_us < 20 * S
    world.advance(world.now_us + 500 * MS)
    assert 60 < world.worst_pinch_n < 150
    world.drive(bridge_on=True, hatch_permille=1000, lock_on=False)
    world.advance(world.now_us + 300 * MS)
    assert world.hatch.pressing_n == 0.0


def test_a_jammed_hatch_does_not_move() -> None:
    """Full thrust against a jam: current, but no motion."""
    world = built()
    world.jam("hatch")
    assert run_hatch(world, 1000, most_s=3.0) == 3 * S
    assert world.hatch.limit_closed


@pytest.mark.parametrize(
    ("mass_g", "limit_g"), [(0, 1.0), (25, 1.0), (400, 1.0), (2500, 2.0), (7900, 5.0)]
)
def test_the_pan_settles_at_mass_times_counts(mass_g: int, limit_g: float) -> None:
    """Three seconds after the item lay down, the counts say its mass to class III's limit."""
    world = opened()
    empty_g = weigh_g(world)
    if mass_g:
        assert world.put(Item("thing", "thing", mass_g))
    world.advance(world.now_us + 3 * S)
    assert weigh_g(world) - empty_g == pytest.approx(mass_g, abs=limit_g)


def test_a_load_rings_before_it_settles() -> None:
    """Right after it landed, readings swing by far more than the noise; later they do not."""
    world = opened()
    world.put(BOTTLE)
    world.advance(world.now_us + 150 * MS)
    early = [raw / 180 for _, raw in world.hx711.read()]
    world.advance(world.now_us + 3 * S)
    late = [raw / 180 for _, raw in world.hx711.read()]
    assert max(early) - min(early) > 10
    assert max(late) - min(late) < 2


def test_conversions_come_at_the_oscillators_own_rate() -> None:
    """About 80 a second, evenly, and every bay a little differently."""
    periods = set()
    for seed in range(4):
        world = built(seed)
        stamps: list[int] = []
        while world.now_us < 2 * S:
            world.advance(world.now_us + 50 * MS)
            stamps += [at_us for at_us, _ in world.hx711.read()]
        gaps = {later - earlier for earlier, later in itertools.pairwise(stamps)}
        assert min(gaps) == world.hx711.period_us
        assert len(stamps) / 2 == pytest.approx(80, rel=0.11)
        periods.add(min(gaps))
    assert len(periods) == 4


def test_two_things_on_the_pan_weigh_together_wherever_they_lie() -> None:
    """The second comes down beside the first; corner error and all stay within the limit."""
    world = opened()
    empty_g = weigh_g(world)
    assert world.put(Item("books", "book", 3_000))
    world.advance(world.now_us + S // 10)
    assert world.put(Item("glass", "glass-bottle", 450))
    world.advance(world.now_us + 5 * S)
    assert weigh_g(world) - empty_g == pytest.approx(3_450, abs=2.0)


def test_who_leans_on_the_pan_is_weighed_until_they_let_go() -> None:
    """The force is in the counts, unsteady; afterwards nothing is left of it."""
    world = opened()
    empty_g = weigh_g(world)
    world.lean(4_000)
    world.advance(world.now_us + S)
    assert 3_000 < weigh_g(world) - empty_g < 5_500
    world.lean(0)
    world.advance(world.now_us + 3 * S)
    assert weigh_g(world) - empty_g == pytest.approx(0, abs=1.0)


def test_nothing_passes_a_closed_hatch() -> None:
    """No hand, no item and no obstacle gets in, and nothing comes out."""
    world = built()
    assert not world.hand(True)
    assert not world.put(BOTTLE)
    assert not world.obstruct(50)
    assert world.take() == []
    assert world.load_g == 0


def test_a_hand_takes_back_what_lies_on_the_pan() -> None:
    """Without a hand nothing leaves; with one everything does."""
    world = opened()
    world.put(BOTTLE)
    assert world.take() == []
    world.hand(True)
    assert [part.item for part in world.take()] == [BOTTLE]
    assert world.load_g == 0


def test_the_gate_drops_the_load_into_the_bin_under_the_diverter() -> None:
    """Diverter to 2, leaves down, leaves up: the bottle is in bin 2 and the pan is empty."""
    world = opened()
    world.put(BOTTLE)
    world.gate.diverter_to, world.gate.diverter_on = 2, True
    world.advance(world.now_us + S + 50 * MS)
    assert world.gate.diverter_at == 2
    world.gate.drive_permille = 1000
    world.advance(world.now_us + S)
    assert world.gate.open
    world.gate.drive_permille = 0
    world.advance(world.now_us + S)
    assert world.gate.closed
    assert [[part.mass_g for part in one] for one in world.bins] == [[], [], [25], []]
    assert world.both_open, "the hatch stood open: the world saw what no node may do"
    world.advance(world.now_us + 2 * S)
    assert weigh_g(world) == pytest.approx(0, abs=0.8)


def test_a_load_may_hang_in_the_gate() -> None:
    """A drop that keeps 400 of 1000 leaves that much on the pan; the next takes the rest."""
    world = opened()
    world.put(BOTTLE)
    world.hang(400)
    for left_g in (10, 0):
        world.gate.drive_permille = 1000
        world.advance(world.now_us + S)
        world.gate.drive_permille = 0
        world.advance(world.now_us + S)
        assert world.load_g == left_g
    assert [part.mass_g for part in world.bins[0]] == [15, 10]


def test_a_part_or_switch_that_is_none_is_refused_by_name() -> None:
    """A wrong word in a verb names itself and the words there are."""
    with pytest.raises(WorldError, match="'door'; there are hatch, gate, diverter"):
        built().jam("door")
    with pytest.raises(WorldError, match="'fire'; there are emergency_stop"):
        built().switch("fire", True)


def test_an_hour_at_rest_is_one_jump() -> None:
    """At rest the world does not step: an hour leaves only what the board's FIFO can hold."""
    world = built()
    world.advance(3600 * S)
    assert 1 <= len(world.hx711.read()) <= 8
