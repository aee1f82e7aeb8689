"""The pan: what falls on it bounces, flies, lifts off and comes to rest, and makes no energy."""

from __future__ import annotations

import math
from itertools import pairwise
from statistics import fmean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.chance import rng
from sim.world.disturbance import Lean, Shake
from sim.world.figures import PanFigures
from sim.world.laying import Laying, laying
from sim.world.pan import Pan

MS = 1000
S = 1_000_000
PLAIN = PanFigures(rocking=0.0)


def course(pan: Pan, from_us: int, to_us: int, step_us: int = MS) -> list[float]:
    """What the cell feels, step by step."""
    return [pan.grams(at_us) for at_us in range(from_us, to_us, step_us)]


@settings(max_examples=150, deadline=None)
@given(
    mass_g=st.floats(20, 9_000),
    fall_mm=st.floats(0, 600),
    restitution=st.floats(0, 0.9),
    ring_hz=st.floats(8, 45),
    damping=st.floats(0.005, 0.2),
    stop_kg=st.floats(10, 1_000),
)
def test_energy_never_grows_by_itself(
    mass_g: float,
    fall_mm: float,
    restitution: float,
    ring_hz: float,
    damping: float,
    stop_kg: float,
) -> None:
    """Through contacts, flights, the stop and the ringing out, whatever falls however far."""
    figures = PanFigures(ring_hz=ring_hz, damping=damping, stop_kg=stop_kg)
    pan = Pan(figures)
    pan.lay(mass_g, 0, Laying(fall_mm=fall_mm, restitution=restitution))
    energies = [pan.energy_mj(at_us) for at_us in range(0, 3 * S, 5 * MS)]
    fell_mj = mass_g * 9.81 * fall_mm / 1e3
    assert energies[0] <= fell_mj + 1e-6
    assert all(after <= before + 1e-6 for before, after in pairwise(energies))
    assert not pan.flies, "everything comes to rest"


@pytest.mark.parametrize(("mass_g", "hz", "damping"), [(0, 20.0, 0.05), (6_000, 10.0, 0.025)])
def test_a_load_makes_the_pan_slower_and_less_damped(
    mass_g: int, hz: float, damping: float
) -> None:
    """Spring and dashpot stay: four times the mass, half the frequency and half the damping."""
    pan = Pan(PLAIN)
    pan.load(mass_g, 0)
    pan.grams(100 * S)
    pan.knock(50.0, 100 * S)
    swings = [grams - mass_g for grams in course(pan, 100 * S, 101 * S)]
    peaks = [b for a, b, c in zip(swings, swings[1:], swings[2:], strict=False) if a < b >= c]
    ups = [at for at, (a, b) in enumerate(pairwise(swings)) if a < 0 <= b]
    assert (len(ups) - 1) / (ups[-1] - ups[0]) * 1000 == pytest.approx(hz, rel=0.02)
    decrement = math.log(peaks[0] / peaks[4]) / 4
    assert decrement / (2 * math.pi) == pytest.approx(damping, rel=0.03)


def test_what_falls_touches_several_times_and_the_pan_rings_alone_between() -> None:
    """The cell sees the empty pan swing about nothing while the thing flies, then its weight."""
    pan = Pan(PLAIN)
    pan.lay(500, 0, Laying(fall_mm=300, restitution=0.25))
    alone = []
    for at_us in range(0, 2 * S, MS):
        grams = pan.grams(at_us)
        if pan.flies:
            alone.append(grams)
    assert len(alone) > 50
    assert min(alone) < -100
    assert fmean(alone) == pytest.approx(0, abs=0.2 * max(alone))
    assert pan.contacts >= 3
    assert 0 < pan.last_contact_us < S
    assert fmean(course(pan, 2 * S, 6 * S)) == pytest.approx(500, abs=1)


def test_a_soft_thing_stays_and_a_hard_fall_lifts_it_off_again() -> None:
    """Without restitution a low fall is one contact; a deep one is thrown up by the spring."""
    pan = Pan(PLAIN)
    pan.load(1_000, 0, fall_mm=5)
    pan.grams(3 * S)
    assert pan.contacts == 1
    thrown = Pan(PLAIN)
    thrown.load(1_000, 0, fall_mm=400)
    thrown.grams(3 * S)
    assert thrown.contacts > 1
    assert thrown.last_contact_us > 20 * MS


def test_the_stop_spares_the_cell() -> None:
    """However hard the fall, the cell never feels more, and a load beyond it rests there."""
    pan = Pan(PLAIN)
    pan.lay(8_000, 0, Laying(fall_mm=500, restitution=0.2))
    felt = course(pan, 0, 10 * S)
    assert max(felt) == pytest.approx(25_000, rel=0.05)
    assert max(felt) <= 25_000
    assert felt[-1] == pytest.approx(8_000, abs=0.5)
    pan.load(40_000, 10 * S)
    assert set(course(pan, 10 * S, 11 * S)) == {25_000}


def test_a_blow_rocks_the_pan_besides_and_that_is_soon_over() -> None:
    """Up to half a per cent of the swing, at 30 Hz, gone within half a second."""
    way = Laying(fall_mm=200, restitution=0.2)
    plain, rocking = Pan(PLAIN), Pan(PanFigures())
    for pan in (plain, rocking):
        pan.lay(2_000, 0, way)
    both = zip(course(plain, 0, S), course(rocking, 0, S), strict=True)
    more = [abs(rocks - plain_g) for plain_g, rocks in both]
    assert 5 < max(more) < 0.01 * 25_000
    assert max(more[-200:]) < 0.05


def test_contents_that_sink_come_into_the_weight_slowly() -> None:
    """Three grams are missing at the last contact and a twentieth of them three times later."""
    pan, whole = Pan(PLAIN), Pan(PLAIN)
    pan.lay(1_000, 0, Laying(shift_g=3.0, shift_s=0.2))
    whole.load(1_000, 0)
    for past_s, missing_g in ((0.0, 3.0), (0.2, 3 / math.e), (0.6, 3 / math.e**3)):
        at_us = round(past_s * S)
        assert whole.grams(at_us) - pan.grams(at_us) == pytest.approx(missing_g, abs=0.01)
    assert pan.grams(20 * S) == 1_000


def test_what_comes_while_a_thing_flies_finds_it_landed() -> None:
    """One thing flies at a time; none of the weight is lost."""
    pan = Pan(PLAIN)
    pan.lay(300, 0, Laying(fall_mm=300, restitution=0.3))
    assert pan.flies
    pan.load(700, 10 * MS)
    assert pan.grams(30 * S) == 700
    pan.load(0, 31 * S)
    assert pan.grams(60 * S) == 0


def test_somebody_leans_softly_wanders_and_lets_go_of_a_sudden() -> None:
    """The force comes within half a second, never stands still, and the pan springs back."""
    pan = Pan(PLAIN)
    pan.lean = Lean(5_000, 0, rng(1, "lean"))
    felt = course(pan, 0, 20 * S, 50 * MS)
    assert felt[0] == 0
    assert 3_000 < min(felt[20:]) < 4_800
    assert 5_200 < max(felt[20:]) < 7_000
    pan.release(pan.lean.grams(20 * S), 20 * S)
    pan.lean = None
    assert min(course(pan, 20 * S, 21 * S)) < -2_000
    assert pan.grams(40 * S) == 0


@pytest.mark.parametrize("hz", [0.5, 20.0])
def test_a_shaken_pan_swings_at_the_given_rate_and_size(hz: float) -> None:
    """Wind or a machine: as often as told, about as far, waxing and waning."""
    pan = Pan(PLAIN)
    pan.shake = Shake(10.0, hz, rng(1, "shake"))
    felt = course(pan, 0, round(40 / hz * S), round(S / hz / 100))
    ups = sum(a < 0 <= b for a, b in pairwise(felt))
    assert 39 <= ups <= 41
    assert 12 < max(felt) <= 13.1


def test_people_set_heavy_things_down_and_some_loads_sink() -> None:
    """Falls are lower the heavier; some bags sink, a tenth of them by 1 to 5 mm."""
    figures = PanFigures(lies_off=0.5, shift_share=0.25)
    chance = rng(1, "laying")
    light = [laying(100, figures, chance) for _ in range(400)]
    heavy = [laying(4_000, figures, chance) for _ in range(400)]
    assert max(way.fall_mm for way in heavy) <= 1.5 < max(way.fall_mm for way in light) <= 30
    assert 60 < sum(way.shift_g > 0 for way in heavy) < 140
    # 400 g sinking with 5 mm / (0.1 s)² are 0.05 g of gravity's pull.
    assert 10 < max(way.shift_g for way in heavy) <= 20.4
    assert max(way.shift_g for way in light) <= 0.51
    assert max(abs(way.x) for way in light) <= 0.5
    assert all(0.1 <= way.restitution <= 0.3 for way in light)
