"""The converter: its rate, its memory, its noises and its slips, each counted back."""

from __future__ import annotations

import cmath
import math
from itertools import pairwise
from statistics import fmean, stdev

import pytest

from sim.chance import rng
from sim.world.cell import Cell
from sim.world.figures import CellFigures, PanFigures
from sim.world.flicker import Flicker
from sim.world.hx711 import FULL_SCALE, Hx711
from sim.world.pan import Pan

S = 1_000_000
QUIET = PanFigures(
    noise_g=0.0, pickup_g=0.0, missed=0.0, spikes=0.0, zero_raw=0, zero_spread_g=0.0, rate_error=0.0
)
STEADY = CellFigures(zero_g_per_k=0.0, warm_up_g=0.0, hysteresis=0.0)


class Bench:
    """A converter on a cell on a pan, and nothing else."""

    def __init__(self, seed: int = 1, **figures: float) -> None:
        self.figures = QUIET.model_copy(update=figures)
        self.pan = Pan(self.figures)
        cell = Cell(STEADY, self.pan, lambda _: 20.0, rng(seed, "cell"), 0)
        self.hx711 = Hx711(self.figures, cell, rng(seed, "hx711"), 0)
        self.at_us = 0

    def run(self, seconds: float) -> list[tuple[int, int]]:
        """All conversions of so long."""
        conversions = []
        until_us = self.at_us + round(seconds * S)
        while self.at_us < until_us:
            self.at_us += S // 20
            self.hx711.convert_until(self.at_us)
            conversions += self.hx711.read()
        return conversions

    def grams(self, seconds: float) -> list[float]:
        """The same in grams."""
        return [raw * 1000 / self.figures.counts_per_kg for _, raw in self.run(seconds)]


def test_a_step_needs_four_conversions() -> None:
    """A knock-free step comes in quarters."""
    bench = Bench(ring_hz=2_000.0, damping=0.9)  # a pan that is quick beside the converter
    bench.run(1)
    bench.pan.load(400.0, bench.at_us)
    grams = bench.grams(0.1)
    assert grams[:5] == pytest.approx([100, 200, 300, 400, 400], abs=2)


def test_white_noise_has_its_level_and_no_memory() -> None:
    """0.21 g of each conversion by itself."""
    grams = Bench(noise_g=0.21, flicker_hz=0.0).grams(60)
    assert stdev(grams) == pytest.approx(0.21, rel=0.04)
    together = fmean(a * b for a, b in pairwise(grams)) / stdev(grams) ** 2
    assert abs(together) < 0.06


def test_the_mains_is_seen_at_30_hz_and_weakened_by_the_memory() -> None:
    """50 Hz at 80/s folds to 30 Hz; four conversions averaged leave 27 % of it."""
    bench = Bench(pickup_g=10.0, mains_spread_hz=0.0)
    bench.run(0.5)
    grams = bench.grams(10)

    def amplitude(hz: float) -> float:
        turns = (cmath.exp(-2j * math.pi * hz * at / 80) for at in range(len(grams)))
        return 2 * abs(sum(g * turn for g, turn in zip(grams, turns, strict=True))) / len(grams)

    weakened = math.sin(4 * math.pi * 50 / 80) / (4 * math.sin(math.pi * 50 / 80))
    assert amplitude(30.0) == pytest.approx(10 * abs(weakened), rel=0.02)
    assert amplitude(10.0) < 0.05


def test_the_mains_strays_a_little() -> None:
    """Each bay's network stands somewhere within 49.9 to 50.1 Hz, so the alias beats slowly."""
    first, second = (Bench(seed, pickup_g=10.0).grams(1) for seed in (1, 2))
    assert first != second


def test_flicker_has_its_corner_and_falls_with_the_frequency() -> None:
    """Its power at 0.1 Hz equals the white noise's, ten times lower it is ten times that."""
    sigma_g, rate_hz, step_s = 0.21, 80.0, 1.0
    flicker = Flicker(sigma_g, 0.1, rate_hz, rng(3, "flicker"))
    values = [flicker.go_on(step_s) for _ in range(8192)]

    def power(low_hz: float, high_hz: float) -> float:
        """Mean one-sided density over a band, g²/Hz: periodograms of 512 s pieces."""
        found = []
        for begin in range(0, 8192, 512):
            piece = values[begin : begin + 512]
            for k in range(round(low_hz * 512), round(high_hz * 512)):
                turns = (cmath.exp(-2j * math.pi * k * at / 512) for at in range(512))
                size = abs(sum(v * turn for v, turn in zip(piece, turns, strict=True)))
                found.append(2 * step_s * size**2 / 512)
        return fmean(found)

    white = 2 * sigma_g**2 / rate_hz
    assert power(0.09, 0.11) == pytest.approx(white, rel=0.35)
    assert power(0.009, 0.0115) == pytest.approx(10 * white, rel=0.5)


def test_no_two_oscillators_run_alike() -> None:
    """Within ± 10 % of 80/s, and spread over it."""
    rates = [1e6 / Bench(seed, rate_error=0.10).hx711.period_us for seed in range(60)]
    assert all(71.9 <= rate <= 88.1 for rate in rates)
    assert min(rates) < 74
    assert max(rates) > 86


def test_missed_conversions_leave_a_gap_and_no_other_trace() -> None:
    """One in a hundred never comes; the times of the others stay a period apart."""
    bench = Bench(missed=0.01)
    stamps = [at_us for at_us, _ in bench.run(120)]
    gaps = [(after - before) / bench.hx711.period_us for before, after in pairwise(stamps)]
    assert set(gaps) <= {1, 2, 3, 4}
    assert sum(gap - 1 for gap in gaps) == pytest.approx(96, abs=35)


def test_spikes_stand_alone_and_come_in_all_sizes() -> None:
    """Two in a hundred, from ten counts to a hundred thousand, either way."""
    bench = Bench(spikes=0.02)
    raws = [raw for _, raw in bench.run(120)]
    usual = sorted(raws)[len(raws) // 2]
    spikes = [raw - usual for raw in raws if raw != usual]
    assert len(spikes) == pytest.approx(192, abs=50)
    sizes = sorted(abs(spike) for spike in spikes)
    assert 9 <= sizes[0] < 100
    assert 10_000 < sizes[-1] <= 100_001
    assert 0.35 < sum(spike > 0 for spike in spikes) / len(spikes) < 0.65


def test_it_stops_at_the_end_of_its_scale() -> None:
    """24 bits, two's complement, both ways."""
    bench = Bench(counts_per_kg=2_000_000)
    bench.pan.load(8_000, 0)
    assert bench.run(20)[-1][1] == FULL_SCALE
    below = Bench(zero_raw=-FULL_SCALE, spikes=0.4)
    assert min(raw for _, raw in below.run(5)) == -FULL_SCALE - 1


def test_the_board_keeps_the_last_eight() -> None:
    """What nobody reads is overwritten, and an hour at rest costs no hour."""
    bench = Bench(noise_g=0.2)
    bench.hx711.convert_until(3_600 * S)
    conversions = bench.hx711.read()
    assert len(conversions) == 8
    assert conversions[-1][0] > 3_599 * S


def test_the_seed_decides_all_of_it() -> None:
    """Equal to the last count, or different from the first on."""
    noisy = {"noise_g": 0.21, "pickup_g": 0.1, "missed": 0.01, "spikes": 0.01}
    assert Bench(5, **noisy).run(10) == Bench(5, **noisy).run(10)
    assert Bench(5, **noisy).run(1) != Bench(6, **noisy).run(1)
