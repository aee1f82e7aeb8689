"""How the board reads the bins' levels, and that nothing else ever waits for them."""

from __future__ import annotations

import pytest

from firmware.hal import pins
from tests.firmware.hal.fake_machine import Bench
from tests.firmware.hal.rig import LEVEL_CHIPS, Start, scan

A_LOOK = 20
"""Scans at rest are 50 ms apart, a look at four bins takes eight rounds of 100 ms."""


def test_each_bin_is_told_by_its_own_sensor(bench: Bench, start: Start) -> None:
    """Four of one address: one channel at a time, and none stays open."""
    board = start()
    bench.bins.mm = [1100, 700, 260, 95]
    for _ in range(A_LOOK):
        inputs = scan(board)
    assert inputs.levels_mm == (1100, 700, 260, 95)
    assert bench.bins.channels.open == 0


def test_the_chambers_sensor_is_never_taken_for_one_of_them(bench: Bench, start: Start) -> None:
    """It has an address of its own beside the translated one, whichever channel is open."""
    board = start()
    bench.distance.mm, bench.bins.mm = 333, [501, 502, 503, 504]
    for _ in range(2 * A_LOOK):
        inputs = scan(board)
        assert inputs.tof_mm in (0, 333)
        assert set(inputs.levels_mm) <= {0, 501, 502, 503, 504}


def test_a_sensor_that_is_pulled_off_says_nothing_and_comes_back(
    bench: Bench, start: Start
) -> None:
    """The other three are read on, and the chamber's senses are what they were."""
    board = start()
    bench.bins.unplugged = {2}
    for _ in range(2 * A_LOOK):
        inputs = scan(board)
    assert inputs.levels_mm == (1100, 1100, 0, 1100)
    assert (inputs.tof_mm, inputs.warm_dc) == (350, 220)
    bench.bins.unplugged = set()
    for _ in range(A_LOOK):
        inputs = scan(board)
    assert inputs.levels_mm == (1100, 1100, 1100, 1100)


@pytest.mark.parametrize("missing", [(pins.LEVEL,), (pins.LEVEL_CHANNELS,), LEVEL_CHIPS])
def test_without_them_the_board_does_all_else_as_before(
    bench: Bench, start: Start, missing: tuple[int, ...]
) -> None:
    """No scan is late, the watchdog is fed, and what keeps people safe is read."""
    board = start()
    board.watch()
    for chip in missing:
        del bench.bus[chip]
    before_us = bench.now_us
    for _ in range(2 * A_LOOK):
        inputs = scan(board)
    assert inputs.levels_mm == (0, 0, 0, 0)
    assert (inputs.tof_mm, inputs.warm_dc, inputs.thermal_sum) == (350, 220, 5632)
    assert (bench.now_us - before_us) / (2 * A_LOOK) < 52_000
    assert bench.feeds is not None and len(bench.feeds) >= 2 * A_LOOK * 50 // 120
