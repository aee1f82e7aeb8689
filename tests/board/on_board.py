"""What can be tested on a real board by itself: `scripts/flash --bay NAME --test`.

Wants a wired bay with the service jumper set. Nothing is driven: the bridge, the lock and the
gate stay off throughout, and no watchdog is started. Each figure that is measured is printed.
"""

# mypy: ignore-errors
# ruff: noqa: T201 (whoever sits at the bench reads the figures)

import gc
import time
import unittest
from array import array

import machine

from firmware.core.node import Node
from firmware.hal import pins
from firmware.hal.board import Inputs, Outputs
from firmware.hal.rp2 import Rp2Board

LED = 25
EDGES = 200
EDGE_HZ = 500
SCRATCH = 0x7F00  # in FRAM, far from what the node keeps there

board = Rp2Board()


def scans(ms: int) -> tuple[Inputs, list]:
    """Inputs of every scan for so long, with everything off; the last one holds the readings."""
    samples, end = [], time.ticks_add(time.ticks_ms(), ms)
    outputs = Outputs()
    outputs.wake_in_ms = 5
    while time.ticks_diff(end, time.ticks_ms()) > 0:
        inputs = board.read()
        samples.extend(inputs.samples)
        board.write(outputs)
    return inputs, samples


class Edges:
    """Time between the interrupts of a pin that the PWM toggles, however busy Python is."""

    def __init__(self) -> None:
        self.count = 0
        self._at_us = array("I", [0] * EDGES)
        self._pin = machine.Pin(LED)
        self._pwm = machine.PWM(self._pin, freq=EDGE_HZ, duty_u16=32768)
        self._pin.irq(self._came, machine.Pin.IRQ_RISING, hard=True)

    def _came(self, pin: machine.Pin) -> None:
        if self.count < EDGES:
            self._at_us[self.count] = time.ticks_us()
            self.count += 1

    def latest_us(self) -> int:
        """How much later than its period the latest one came."""
        self._pin.irq(None)
        self._pwm.deinit()
        at_us, period_us = self._at_us, 1000000 // EDGE_HZ
        gaps = [time.ticks_diff(at_us[n + 1], at_us[n]) for n in range(self.count - 1)]
        return max(gaps) - period_us


class Board(unittest.TestCase):
    """The board and what is wired to it."""

    def test_outputs_are_off(self) -> None:
        """Bridge, lock, halves and diverter are low at their pads."""
        for pin in (pins.BRIDGE_ON, pins.LOCK_ON, pins.HATCH_OPENING, pins.HATCH_CLOSING):
            assert machine.Pin(pin)() == 0, f"pin {pin}"
        for pin in (pins.GATE_OPENING, pins.GATE_CLOSING, pins.DIVERTER_UP, pins.DIVERTER_DOWN):
            assert machine.Pin(pin)() == 0, f"pin {pin}"

    def test_load_cells_convert(self) -> None:
        """80 a second, 10 % either way, and noise moves them."""
        _, samples = scans(2000)
        raws = [raw for _, raw in samples]
        spread = max(raws) - min(raws)
        print(f"{len(raws)} conversions in 2 s, spread {spread}", end=" ")
        assert 144 <= len(raws) <= 176
        assert spread > 0
        assert min(raws) > -8388608 and max(raws) < 8388607

    def test_sensors_make_sense(self) -> None:
        """Each chip answers and says what a room can say; thermal noise moves its sum."""
        inputs, _ = scans(500)
        sums = set()
        for _ in range(20):
            inputs, _ = scans(100)
            sums.add(inputs.thermal_sum)
        print(f"warm {inputs.warm_dc} dC, own {inputs.temperature_dc} dC", end=" ")
        print(f"distance {inputs.tof_mm} mm, {len(sums)} sums of 20", end=" ")
        assert 0 < inputs.warm_dc < 600
        assert 0 < inputs.temperature_dc < 600
        assert 0 < inputs.tof_mm <= 2000
        assert len(sums) > 2

    def test_safety_lines_are_whole(self) -> None:
        """The edge's line is supervised, nothing is pulled, the motor draws nothing."""
        inputs, _ = scans(500)
        print(f"edge {inputs.edge_ohm} ohm, motor {inputs.motor_ma} mA", end=" ")
        print(f"supply {inputs.supply_mv} mV", end=" ")
        assert 7400 <= inputs.edge_ohm <= 9000
        assert inputs.motor_ma < 50
        assert 22000 <= inputs.supply_mv <= 27000
        assert not (inputs.edge_touched or inputs.emergency_stop or inputs.inner_release)
        assert not (inputs.limit_closed and inputs.limit_open)

    def test_fram_keeps_what_it_is_told(self) -> None:
        """At a place of its own; the node's blocks are not touched."""
        for pattern in (b"\x55" * 32, b"\xaa" * 32, bytes(range(32))):
            board._i2c.writeto_mem(pins.FRAM, SCRATCH, pattern, addrsize=16)
            back = board._i2c.readfrom_mem(pins.FRAM, SCRATCH, 32, addrsize=16)
            assert back == pattern


class Times(unittest.TestCase):
    """What the simulator cannot know."""

    def test_a_hard_interrupt_is_not_kept_waiting_by_garbage(self) -> None:
        """At most 0.5 ms of the 25 ms between the soft edge and the bridge."""
        edges = Edges()
        while edges.count < EDGES:
            gc.collect()
        late_us = edges.latest_us()
        print(f"latest interrupt {late_us} us", end=" ")
        assert late_us <= 500

    def test_collecting_garbage_is_short(self) -> None:
        """With the whole node in memory: at most 20 ms."""
        node = Node(board.identity(), b"", b"")
        gc.collect()
        free = gc.mem_free()
        begin_us = time.ticks_us()
        gc.collect()
        pause_us = time.ticks_diff(time.ticks_us(), begin_us)
        print(f"pause {pause_us} us, {free} bytes free beside {type(node)}", end=" ")
        assert pause_us <= 20000

    def test_a_scan_fits_into_its_five_milliseconds(self) -> None:
        """Reading and deciding; what it decides is not driven. And what it leaves on the heap."""
        node, took_us, left = Node(board.identity(), b"", b""), [], []
        for _ in range(100):
            gc.collect()
            used = gc.mem_alloc()
            begin_us = time.ticks_us()
            node.step(board.read())
            took_us.append(time.ticks_diff(time.ticks_us(), begin_us))
            left.append(gc.mem_alloc() - used)
        took_us.sort()
        left.sort()
        print(f"p50 {took_us[50]} us, p99 {took_us[98]} us, {left[50]} bytes", end=" ")
        assert took_us[98] <= 5000


if not unittest.main().wasSuccessful():
    raise RuntimeError("the board did not pass")
