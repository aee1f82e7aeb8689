"""Words that the board's stories share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from firmware.hal import pins
from firmware.hal.board import Inputs, Outputs
from tests.firmware.hal.fake_machine import Bench

CHIPS = (pins.EXPANDER, pins.DISTANCE, pins.FRAM, pins.THERMAL)
LEVEL_CHIPS = (pins.LEVEL, pins.LEVEL_CHANNELS)
Start = Callable[[], Any]
"""Starts the program's board on the bench."""


def driving(permille: int) -> Outputs:
    """The hatch driven like that."""
    outputs = Outputs()
    outputs.bridge_on, outputs.hatch_permille = True, permille
    outputs.wake_in_ms = 5
    return outputs


def halfway(bench: Bench) -> None:
    """The leaf stands between its limits."""
    for name, pin, level, _ in pins.GUARDS:
        if name.startswith("limit"):
            bench.put(pin, 1 - level)


def scan(board: Any, outputs: Outputs | None = None) -> Inputs:
    """A whole scan with a node that always wants the same."""
    inputs: Inputs = board.read()
    board.stepped()
    board.write(outputs or Outputs())
    board.feed()
    return inputs
