"""The node's program: read the board, step, write the board, for ever.

On the board this file is loaded or frozen (see `manifest.py`), and the board's own `main.py`
calls `main`. It is not `boot.py`, because whoever loads the board anew restarts it without its
`main.py`, but never without its `boot.py`.
"""

from firmware.core.node import Node


def run(board, node):
    """Scan for ever; ends only with the board."""
    while True:
        outputs = node.step(board.read())
        board.stepped()
        board.write(outputs)
        if outputs.restarts:
            board.restart()
        board.feed()


def main():
    """Run on the real board, unless its service jumper is set."""
    from firmware.hal import rp2

    if rp2.service_jumper():
        return
    board = rp2.Rp2Board()
    node = Node(board.identity(), board.stored_counters(), board.stored_profile())
    board.watch()
    run(board, node)
