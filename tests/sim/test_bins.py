"""Bins fill by what falls into them, and their sensors tell how full they are, more or less."""

from __future__ import annotations

import pytest

from controller.core.bay import Bay
from controller.core.config import BayConfig
from controller.core.events import LevelsRead
from controller.core.levels.level import By
from sim.solo import Solo
from sim.world import BayFigures, Item, Part
from sim.world.bins import Bins
from sim.world.figures import BinFigures
from sim.world.heap import BULK_G_PER_L, bulk_l

HOUR_US = 3_600_000_000
CONFIG = BayConfig.model_validate(
    {
        "name": "a",
        "bins": [{"index": 0, "stream": "paper"}, {"index": 1, "stream": "plastic"}],
    }
)


def parts(kind: str, mass_g: int) -> list[Part]:
    """One thing as it falls."""
    return [Part(Item("it", kind, mass_g), mass_g)]


def heard(solo: Solo, seconds: float) -> Bay:
    """A controller's bay that has heard all that the node said in so many seconds more."""
    bay, seen = Bay(CONFIG), len(solo.heard)
    solo.run_ms(seconds * 1_000)
    for event in (solo.report, *solo.heard[seen:]):
        assert event is not None
        bay.hear(event, 0.0)
    return bay


@pytest.mark.parametrize("kind", BULK_G_PER_L)
def test_things_take_the_room_that_their_kind_takes(kind: str) -> None:
    """A bin of 240 l full of it stands at its rim, cone and loose things aside."""
    bins = Bins(figures := BinFigures())
    bins.receive(0, parts(kind, round(240 * BULK_G_PER_L[kind])), 0)
    after_days_us = 100 * HOUR_US
    seen_mm = bins.seen_mm(0, after_days_us)
    assert abs(seen_mm - (figures.sensor_mm - 900)) < 60


def test_a_heap_stands_as_a_cone_and_settles() -> None:
    """Highest below the chute, lowest at the wall, and by the hour a little lower."""
    peak, wall = (Bins(BinFigures(aside=aside)) for aside in (0.0, 1.0))
    for bins in (peak, wall):
        bins.pour(0, 100, 0)
    cone_mm = wall.seen_mm(0, 0) - peak.seen_mm(0, 0)
    assert 120 < cone_mm < 200  # 30 degrees over a radius of 0.29 m
    sunk_mm = peak.seen_mm(0, HOUR_US) - peak.seen_mm(0, 0)
    height_mm = BinFigures().sensor_mm - peak.seen_mm(0, 0)
    assert 0.02 < sunk_mm / height_mm < 0.15


def test_nothing_slides_into_a_bin_that_has_filled_up() -> None:
    """Its own heap reaches the chute; the other bins take on, and the truck makes room."""
    bins = Bins(BinFigures())
    bins.pour(1, 250, 0)
    assert not bins.takes(1, 0)
    assert bins.takes(0, 0)
    bins.empty()
    assert bins.takes(1, 0)
    assert bulk_l(parts("can", 20)) == pytest.approx(1.0)


@pytest.mark.parametrize("litres", [0, 60, 120, 200])
def test_the_controller_knows_a_bin_within_a_tenth(litres: int) -> None:
    """Through sensor, firmware, wire and estimate: what was poured in just now lies loose."""
    solo = Solo(litres + 1)
    solo.world.pour(1, litres)
    bay = heard(solo, 40)
    level = bay.levels.by_bin[1]
    assert level.by is By.SENSOR
    room_l = litres * (1 + BinFigures().loose)
    assert abs(level.permille - room_l * 1000 / 240) < 100, level.permille
    assert bay.levels.by_bin[0].permille < 80
    solo.close()


def test_a_bin_that_is_heaped_up_is_full_and_its_stream_takes_no_more() -> None:
    """What `bin_full` does is seen by the sensor like any heap."""
    solo = Solo(3)
    solo.world.heap(1)
    assert heard(solo, 40).levels.full == {"plastic"}
    solo.world.empty_bins()
    assert heard(solo, 40).levels.full == frozenset()
    solo.close()


@pytest.mark.parametrize(
    ("kind", "trouble"),
    [("dead", "silent"), ("frozen", "stuck"), ("dirty", "covered"), ("noisy", "rough")],
)
def test_a_broken_level_sensor_is_named_and_the_bay_scans_on(kind: str, trouble: str) -> None:
    """It closes no stream, raises no fault of the node, and the other bins are read."""
    solo = Solo(5)
    solo.board.sensor_fault("level", kind, 1)
    bay = heard(solo, 150)
    assert bay.levels.trouble == f"bin 1 {trouble}"
    assert bay.levels.full == frozenset()
    assert solo.report is not None and solo.report.faults == ()
    solo.board.sensor_fault("level", "well", 1)
    assert heard(solo, 60).levels.trouble == ""
    solo.close()


def test_levels_come_every_five_seconds_and_never_of_an_open_gate() -> None:
    """The node holds them back until what falls has fallen."""
    solo = Solo(2)
    solo.run_ms(60_000)
    told = [one for one in solo.heard if isinstance(one, LevelsRead)]
    assert 12 <= len(told) <= 13
    assert all(len(one.mm) == 4 for one in told)
    solo.close()


def test_a_scenario_may_have_other_bins() -> None:
    """Smaller ones, for a day that is to fill them."""
    figures = BayFigures.model_validate({"bin": {"floor_m2": 0.05}})
    bins = Bins(figures.bin)
    bins.pour(0, 40, 0)
    assert bins.seen_mm(0, 0) < 320
