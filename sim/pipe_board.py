"""A node's board made of two pipes. Runs under MicroPython, and knows no clock."""

import sys

from firmware.hal.board import Board, Inputs, Outputs
from sim import exchange


class PipeBoard(Board):
    """A board whose inputs come through one pipe and whose outputs go through another."""

    def __init__(self, read_fd: int, write_fd: int) -> None:
        self._from = open(read_fd, "rb")  # noqa: SIM115 (no pathlib here)
        self._to = open(write_fd, "wb")  # noqa: SIM115
        start = exchange.unpack_start(self._next())
        self._bay, self._boot_id, self._reset_cause, self._stored, self._learned = start[:-1]
        self.figures = start[-1]

    def read(self) -> Inputs:
        """Wait for the next inputs; the end of the pipe ends the program."""
        return exchange.unpack_inputs(self._next())

    def write(self, outputs: Outputs) -> None:
        """Answer with the outputs."""
        self._to.write(exchange.framed(exchange.pack_outputs(outputs)))

    def restart(self) -> None:
        """Whoever reads the outputs starts this node anew; nothing is to be done here."""

    def stored_counters(self) -> bytes:
        """The counter block that the host keeps."""
        return self._stored

    def stored_profile(self) -> bytes:
        """The learned profile that the host keeps."""
        return self._learned

    def identity(self) -> tuple[bytes, int, int]:
        """Who the host says this is."""
        return self._bay, self._boot_id, self._reset_cause

    def _next(self) -> bytes:
        head = self._from.read(exchange.HEAD)
        if len(head) < exchange.HEAD:
            sys.exit(0)
        return self._from.read(exchange.length(head))
