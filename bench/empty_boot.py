"""A node that does nothing, on MicroPython: what a scan costs apart from the firmware.

Started in place of `sim/hosts/micropython_boot.py`, with the same arguments.
"""

import sys

from firmware.hal.board import Inputs, Outputs
from firmware.main import run
from sim.pipe_board import PipeBoard


class EmptyNode:
    """Drives nothing, says nothing."""

    def step(self, inputs: Inputs) -> Outputs:
        """The safe state, whatever is read."""
        return Outputs()


run(PipeBoard(int(sys.argv[1]), int(sys.argv[2])), EmptyNode())
