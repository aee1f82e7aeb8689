"""Inputs that end a drive of the hatch in their interrupt, between two scans."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace

import pytest

from firmware.hal import pins
from firmware.hal.drives import GuardedDrive
from firmware.hal.guards import Guard
from tests.firmware.hal.fake_machine import Bench
from tests.firmware.hal.rig import Start, driving, halfway, scan

LIMIT_CLOSED, LIMIT_OPEN, CURTAIN, STOP, EDGE = (row[1] for row in pins.GUARDS)
ON_LEVEL = {row[1]: row[2] for row in pins.GUARDS}


@dataclass
class Drive:
    """One way of driving the hatch, and the pins that end it."""

    permille: int
    ends_by: tuple[int, ...]


OPENS = Drive(1000, (LIMIT_OPEN, STOP))
CLOSES = Drive(-700, (LIMIT_CLOSED, CURTAIN, STOP, EDGE))


@pytest.mark.parametrize(
    ("drive", "pin"), [(drive, pin) for drive in (OPENS, CLOSES) for pin in drive.ends_by]
)
def test_an_input_ends_its_drive_between_two_scans(
    bench: Bench, start: Start, drive: Drive, pin: int
) -> None:
    """The bridge is off in the interrupt, before the node knows anything; then it is told."""
    board = start()
    halfway(bench)
    scan(board, driving(drive.permille))
    assert bench.bridge_on
    bench.put(pin, ON_LEVEL[pin])
    assert not bench.bridge_on
    bench.put(pin, 1 - ON_LEVEL[pin])
    assert not bench.bridge_on
    name = next(row[0] for row in pins.GUARDS if row[1] == pin)
    assert getattr(board.read(), name)
    assert not getattr(board.read(), name)


@pytest.mark.parametrize(
    ("drive", "pin"),
    [
        (drive, pin)
        for drive in (OPENS, CLOSES)
        for pin in (LIMIT_CLOSED, LIMIT_OPEN, CURTAIN, EDGE)
        if pin not in drive.ends_by
    ],
)
def test_an_input_of_the_other_way_does_not(
    bench: Bench, start: Start, drive: Drive, pin: int
) -> None:
    """A hand in the soft edge must not hold up the opening that frees it."""
    board = start()
    halfway(bench)
    scan(board, driving(drive.permille))
    bench.put(pin, ON_LEVEL[pin])
    assert bench.bridge_on
    scan(board, driving(drive.permille))
    assert bench.bridge_on


@pytest.mark.parametrize("pin", CLOSES.ends_by)
def test_what_is_on_already_keeps_the_bridge_off(bench: Bench, start: Start, pin: int) -> None:
    """There is no edge left to interrupt; so the level is asked before and after."""
    board = start()
    halfway(bench)
    scan(board)
    bench.put(pin, ON_LEVEL[pin])
    board.write(driving(-700))
    assert not bench.bridge_on
    assert ("pin", pins.BRIDGE_ON, 1) not in bench.log
    bench.put(pin, 1 - ON_LEVEL[pin])
    board.read()
    board.write(driving(-700))
    assert bench.bridge_on


def test_a_touch_between_reading_and_writing_is_not_lost(bench: Bench, start: Start) -> None:
    """The node decided to close before it could know; the bridge stays off, the touch is kept."""
    board = start()
    halfway(bench)
    board.read()
    bench.put(EDGE, 1)
    bench.put(EDGE, 0)
    board.write(driving(-700))
    assert not bench.bridge_on
    assert board.read().edge_touched


def test_a_spike_is_no_touch(bench: Bench, start: Start) -> None:
    """An interrupt that finds the line quiet again, as after a spike of the motor, does nothing."""
    board = start()
    halfway(bench)
    scan(board, driving(-700))
    handler, _ = bench.interrupts[EDGE]
    handler(None)
    assert bench.bridge_on
    assert not board.read().edge_touched


def test_an_edge_wakes_the_node(bench: Bench, start: Start) -> None:
    """At rest it sleeps up to 50 ms; a hand in the curtain ends that within 2 ms."""
    board = start()
    for _ in range(4):
        scan(board)
    before_us = bench.now_us
    bench.after_ms(7, lambda: bench.put(CURTAIN, 1))
    assert board.read().curtain_blocked
    assert 7000 <= bench.now_us - before_us < 10000


def test_a_touch_in_the_instant_of_switching_on_switches_off_again() -> None:
    """The interrupt came after the last look and before the pin went high: so look once more."""
    line, enabled = [0], [0]

    def enable(level: int) -> None:
        if level and not line[0]:
            line[0] = 1
            guard.tripped(None)
        enabled[0] = level

    guard = Guard("edge_touched", lambda: line[0], 1, pins.CLOSING, enable)
    nothing = SimpleNamespace(drive=lambda permille: None)
    GuardedDrive(enable, nothing, [guard]).drive(-700)
    assert enabled == [0]
    assert guard.take()
