"""The MicroPython side of a simulated node: the firmware's own loop on a board made of pipes.

Started as `micropython micropython_boot.py READ_FD WRITE_FD`. Imports nothing but the firmware,
the protocol and the board of pipes.
"""

import sys

from firmware.core.config import Config
from firmware.core.node import Node
from firmware.main import run
from sim.pipe_board import PipeBoard


def main() -> None:
    """Run the firmware between the two pipes."""
    board = PipeBoard(int(sys.argv[1]), int(sys.argv[2]))
    config = Config().change(board.figures)
    run(board, Node(board.identity(), board.stored_counters(), board.stored_profile(), config))


main()
