"""The bins' levels on the wire: seldom, never of an open gate, and with nothing hanging on them."""

from __future__ import annotations

from firmware.core.levels import PERIOD_MS, SETTLES_MS, Levels
from firmware.hal.board import Inputs
from wire import messages

SCAN_MS = 50


def told_ms(levels: Levels, shut: bool, ms: int, inputs: Inputs | None = None) -> list[int]:
    """When, in the next so many milliseconds, levels are told."""
    times = []
    for now_ms in range(0, ms, SCAN_MS):
        levels.step(SCAN_MS, shut)
        if levels.due(inputs or Inputs()) is not None:
            times.append(now_ms)
    return times


def test_they_are_told_at_once_and_then_now_and_then() -> None:
    """Whoever asks a node that has just started learns what lies in its bins."""
    times = told_ms(Levels(), True, 4 * PERIOD_MS)
    assert times == [0, PERIOD_MS, 2 * PERIOD_MS, 3 * PERIOD_MS]


def test_what_falls_is_no_level() -> None:
    """While the gate is open nothing is told, nor until all sensors have been asked anew."""
    levels = Levels()
    assert told_ms(levels, False, 3 * PERIOD_MS) == []
    (first_ms, *_) = told_ms(levels, True, PERIOD_MS)
    assert SETTLES_MS - SCAN_MS <= first_ms <= SETTLES_MS


def test_odd_values_are_passed_on_as_far_as_they_fit() -> None:
    """What they mean is the controller's business; a frame holds them in any case."""
    inputs = Inputs()
    inputs.now_ms, inputs.levels_mm = 77, (-5, 0, 8_190, 10**6)
    levels = Levels()
    levels.step(SCAN_MS, True)
    fields = levels.due(inputs)
    assert fields == {"node_ms": 77, "bin_0": 0, "bin_1": 0, "bin_2": 8_190, "bin_3": 65_535}
    kind, body = messages.pack("levels", **fields)
    assert messages.unpack(kind, body)[:2] == ("levels", fields)
