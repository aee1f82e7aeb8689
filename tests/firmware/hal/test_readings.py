"""What the board reads: a healthy bay, missing chips, noise, and in what time."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware.core.node import Node
from firmware.hal import chips, pins
from firmware.hal.board import Inputs, Outputs
from tests.firmware.hal.fake_machine import Bench
from tests.firmware.hal.rig import CHIPS, Start, driving, halfway, scan


def test_a_healthy_bay_reads_as_the_interface_says(bench: Bench, start: Start) -> None:
    """Every default of `Inputs`, from pins, converters and chips, once the sensors had a round."""
    board = start()
    for _ in range(20):
        scan(board)
    bench.cells[0].convert(1234)
    inputs, healthy = scan(board), Inputs()
    assert 23900 <= inputs.supply_mv <= 24100
    assert [raw for _, raw in inputs.samples] == [1234]
    healthy.now_ms, healthy.samples = inputs.now_ms, inputs.samples
    healthy.supply_mv, healthy.edge_ohm = inputs.supply_mv, inputs.edge_ohm
    assert abs(inputs.edge_ohm - 8200) < 10
    assert vars(inputs) == vars(healthy)


@pytest.mark.parametrize("missing", [*((chip,) for chip in CHIPS), CHIPS])
def test_a_missing_chip_reads_as_nonsense_and_never_raises(
    bench: Bench, start: Start, missing: tuple[int, ...]
) -> None:
    """Pulled off in the middle: nothing that a sound chip could say, or a failed store."""
    board = start()
    for _ in range(20):
        scan(board)
    for chip in missing:
        del bench.bus[chip]
    outputs = Outputs()
    outputs.fram = b"block"
    for _ in range(20):
        inputs = scan(board, outputs)
    found = {
        pins.EXPANDER: inputs.tamper
        and inputs.inner_release
        and inputs.diverter_at == -1
        and not inputs.gate_closed,
        pins.DISTANCE: inputs.tof_mm == 0,
        pins.FRAM: inputs.store_failed,
        pins.THERMAL: inputs.warm_dc > 1500 and inputs.temperature_dc < 600,
    }
    assert [chip for chip in CHIPS if found[chip]] == [chip for chip in CHIPS if chip in missing]


def test_the_sensors_are_read_ten_times_a_second_in_short_pieces(
    bench: Bench, start: Start
) -> None:
    """No transfer is longer than 32 bytes, and a change shows within two rounds even in motion."""
    board = start()
    halfway(bench)
    for _ in range(40):
        scan(board, driving(-375))
    bench.thermal.pixels[63] = 4 * 31
    bench.distance.mm = 140
    before_us = bench.now_us
    inputs = scan(board, driving(-375))
    while (inputs.warm_dc, inputs.tof_mm) != (310, 140):
        inputs = scan(board, driving(-375))
        assert bench.now_us - before_us < 250_000
    assert bench.thermal.longest == 32


def test_a_scan_in_motion_is_not_late(bench: Bench, start: Start) -> None:
    """Bus and sensors take less than a millisecond and a half of the five between two scans."""
    board = start()
    halfway(bench)
    times = [scan(board, driving(-375)).now_ms for _ in range(100)]
    gaps = [(after - before) % 2**30 for before, after in pairwise(times)]
    assert max(gaps) <= 7


def test_noise_on_the_line_is_passed_on(bench: Bench, start: Start) -> None:
    """What it means is the link's business; a node on this board takes it without harm."""
    board = start()
    node = Node(board.identity(), board.stored_counters(), board.stored_profile())
    noise = bytes(range(256)) * 4
    bench.received = noise
    inputs = board.read()
    assert inputs.rx == noise
    board.write(node.step(inputs))
    assert board.read().rx == b""


@given(st.integers(-0x800, 0x7FF))
def test_pixels_are_twelve_bits_with_a_sign(value: int) -> None:
    """AMG8833: two's complement in quarter degrees."""
    assert chips.pixel((value & 0xFFF).to_bytes(2, "little"), 0) == value


@pytest.mark.parametrize(
    ("data", "tenths"),
    [(b"\xd0\x07", 1250), (b"\x90\x01", 250), (b"\x04\x08", -2), (b"\x40\x09", -200)],
)
def test_the_thermistor_has_a_sign_of_its_own(data: bytes, tenths: int) -> None:
    """AMG8833: +125, +25, -0.25 and -20 degrees, sign and magnitude in sixteenths."""
    assert chips.thermistor_dc(data) == tenths


@given(st.integers(0, 65535))
def test_conversions_stay_small_and_in_order(raw: int) -> None:
    """No product needs more than 30 bits, and each reading means what its range says."""
    assert 0 <= chips.edge_ohm(raw) <= chips.BROKEN_OHM
    assert 0 <= chips.motor_ma(raw) <= chips.MOTOR_FULL_MA // 2 + 1
    assert 0 <= chips.supply_mv(raw) <= chips.SUPPLY_FULL_MV
    largest = (65535 * chips.EDGE_PULL_UP_OHM, 32768 * chips.MOTOR_FULL_MA)
    assert max(*largest, 4095 * chips.SUPPLY_FULL_MV, 1000 * 65535) < 2**30


def test_the_edges_line_tells_pressed_idle_and_broken() -> None:
    """Short, 8.2 kilohm and open against a pull-up of 8.2 kilohm."""
    assert chips.edge_ohm(300) < 1000
    assert abs(chips.edge_ohm(32768) - 8200) < 10
    assert chips.edge_ohm(65535) > 50000
