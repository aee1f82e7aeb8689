"""The node's program: read the board, step, write the board, for ever.

On the board this file is frozen (see `manifest.py`) and its `boot.py` calls `main`.
"""

from firmware.core.node import Node


def run(board, node):
    """Scan for ever; ends only with the board."""
    while True:
        board.write(node.step(board.read()))
        board.feed()


def main():
    """Run on the real board."""
    from firmware.hal.rp2 import Rp2Board

    board = Rp2Board()
    run(board, Node(board.identity(), board.stored_counters(), board.stored_profile()))
