"""Days of weighings on one cell: a good one serves, a bad one is refused, none weighs wrongly."""

from __future__ import annotations

import pickle

import pytest

from controller.core.config import ScaleConfig
from controller.core.metrology.calibration import Calibration
from controller.core.metrology.validity import Validity
from sim.chance import rng
from sim.trials.cells import FAULTS, SPECIFIED, Made, inside, outside
from sim.trials.commissioning import NotInServiceError, Technician
from sim.trials.lone_pan import BREAKS, Break, LonePan, S
from sim.trials.month import LOADS_A_DAY, Month, inside_month, month, outside_month, weather
from sim.world.cell import Cell, climate
from sim.world.figures import CellFigures, ClimateFigures, PanFigures
from sim.world.pan import Pan

DAY = 86_400


def with_(**figures: float) -> Made:
    """A good cell but for these figures."""
    good = inside(1)
    return Made(good.cell.model_copy(update=figures), good.pan)


def reasons(found: Month) -> set[str]:
    """Why loads were refused."""
    return {why for why, _ in found.refused}


def test_a_cell_inside_the_specification_weighs_all_that_is_laid_on_it() -> None:
    """Two days and nights, loads anywhere: each within the limit in service, none refused."""
    found = month(2, inside(2), days=2)
    assert found.not_in_service == ""
    assert (found.weighings, found.accepted, found.wrong) == (2 * LOADS_A_DAY, 2 * LOADS_A_DAY, 0)
    assert 0 < found.worst_share < 1
    assert found.worst_indicated_g < 0


def test_the_same_seed_is_the_same_month() -> None:
    """All of it, and it crosses to other processes."""
    once = month(3, inside(3), days=1)
    assert pickle.loads(pickle.dumps(month(3, inside(3), days=1))) == once
    assert month(4, inside(4), days=1) != once


@pytest.mark.parametrize(
    ("figures", "says"),
    [
        ({"corner": 0.001}, "corner of 5000 g"),
        ({"hysteresis": 0.0008}, "failed: load of "),
        ({"nonlinearity": 0.002}, "not straight"),
        ({"creep_300_s": 0.0003}, "zero-return of 0 g"),
        ({"span_per_k": 0.0001}, "2026-11-02 failed"),
    ],
)
def test_a_cell_that_fails_is_not_put_into_service(figures: dict[str, float], says: str) -> None:
    """Each error of the cell alone; temperature shows at the second visit only."""
    found = month(1, with_(**figures), days=1)
    assert says in found.not_in_service
    assert found.weighings == found.accepted == 0


def test_a_span_that_goes_with_temperature_is_weighed_with_only_where_it_was_looked_at() -> None:
    """0.03 % in 10 K passes; on a day that is much colder the scale refuses by name."""
    made = with_(span_per_k=0.00003)
    found = month(4, made, days=3)
    assert found.not_in_service == ""
    assert found.wrong == 0
    assert found.worst_share < 1
    assert reasons(found) <= {"temperature outside what the calibration was verified for"}


@pytest.mark.parametrize("how", BREAKS)
def test_a_cell_that_breaks_is_not_weighed_with_any_more(how: str) -> None:
    """One day well, the next broken: from then on there are reasons and no masses."""
    good = inside(1)
    broken = Made(good.cell, good.pan, ("broken",), Break(1.8 * DAY * S, how, 4.0))
    found = month(1, broken, days=2)
    assert found.wrong == 0
    assert 0 < found.accepted < found.weighings
    assert found.accepted + sum(count for _, count in found.refused) == found.weighings
    assert "temperature outside what the calibration was verified for" not in reasons(found)


def test_a_span_that_lets_go_in_service_is_weighed_wrong_until_somebody_looks() -> None:
    """Nothing in the signal shows it. Here 0.1 % a day go: the truth counts it as wrong."""
    found = month(1, with_(span_per_day=0.001), days=3)
    assert found.wrong > found.accepted / 10
    assert found.worst_share > 1


def in_service(made: Made) -> tuple[Technician, Calibration, Validity]:
    """A commissioned cell three weeks later."""
    pan = LonePan(1, made.cell, made.pan, weather(1))
    pan.wait(3_600)
    technician = Technician(pan, ScaleConfig().calibration)
    calibration, validity = technician.commission()
    pan.wait(21 * DAY)
    return technician, calibration, validity


def test_the_technician_comes_again_before_the_verification_runs_out() -> None:
    """A good cell goes on, for longer than it was good at first."""
    technician, calibration, validity = in_service(inside(1))
    later = technician.check(calibration)
    assert later.until > validity.until
    assert len(technician.visits) == 3


def test_the_technician_closes_a_bay_whose_span_has_gone() -> None:
    """0.2 % in three weeks are beyond the limit in service."""
    technician, calibration, _ = in_service(with_(span_per_day=0.0001))
    with pytest.raises(NotInServiceError, match="failed: load of "):
        technician.check(calibration)


def test_an_outside_cell_is_clearly_outside_and_an_inside_one_is_not() -> None:
    """At least twice one of its figures, or noise, or broken; each fault is drawn some day."""
    drawn: set[str] = set()
    for seed in range(60):
        made, good = outside(seed, 30), inside(seed)
        drawn |= set(made.faults)
        for fault, most in SPECIFIED.items():
            sizes = [abs(getattr(made.cell, name)) / abs(most[name]) for name in most]
            assert all((size >= 2) == (fault in made.faults) for size in sizes) or (
                fault == "ageing" and "damaged" in made.faults
            )
            assert all(abs(getattr(good.cell, name)) <= most[name] for name in most)
        assert (made.pan.noise_g >= 0.42) == ("noise" in made.faults)
        assert (made.break_ is not None) == ("broken" in made.faults)
    assert drawn == set(FAULTS)


def test_span_and_zero_go_on_day_after_day() -> None:
    """As their figures say; from power-on."""
    pan = Pan(PanFigures(damping=0.9))
    still = climate(ClimateFigures(mean_c=20, swing_c=0), rng(1, "climate"))
    nothing = dict.fromkeys(("nonlinearity", "hysteresis", "corner", "warm_up_g"), 0.0)
    creeps = dict.fromkeys(("creep_30_s", "creep_300_s", "creep_1500_s"), 0.0)
    figures = CellFigures(**nothing, **creeps, span_per_day=0.001, zero_g_per_day=2.0)
    cell = Cell(figures, pan, still, rng(1, "cell"), 0)
    pan.load(1_000, 0)
    cell.comes(1_000, 0, 0)
    assert cell.grams(DAY * S) == pytest.approx(1_001 + 2, abs=0.01)
    assert cell.grams(3 * DAY * S) == pytest.approx(1_003 + 6, abs=0.01)


def test_a_lone_pan_reads_what_lies_on_it_and_time_jumps() -> None:
    """Counts above the empty pan, after an hour as after a second."""
    pan = LonePan(1, CellFigures(), PanFigures(spikes=0, missed=0), lambda _: 20.0)
    pan.wait(3_600)
    empty = sum(raw for _, raw in pan.fast(1)) / 80
    pan.lay(1_000)
    pan.wait(60)
    times, raws = zip(*pan.fast(1), strict=True)
    assert (sum(raws) / len(raws) - empty) / 180.355 == pytest.approx(1_000, rel=0.15)
    assert list(times) == sorted(times)
    assert times[0] > 3_660 * S
    assert len(pan.slow()) == 1


def test_the_weather_moves_by_day_and_by_week() -> None:
    """Afternoons are warmer than nights, and no two days are alike."""
    course = weather(1)
    hours = [course(hour * 3_600 * S) for hour in range(30 * 24)]
    days = [hours[at : at + 24] for at in range(0, len(hours), 24)]
    assert all(6 < max(day) - min(day) < 20 for day in days)
    means = [sum(day) / 24 for day in days]
    assert 3 < max(means) - min(means) < 12


def test_whole_months_are_named_by_their_seed() -> None:
    """The entries for a campaign: an outside cell that is refused takes no time."""
    assert outside_month(0).faults == outside(0, 30).faults
    assert inside_month.__module__ == "sim.trials.month"
