"""A node on both interpreters at once: every scan gives the same bytes on each, or the test ends.

So each story that is told to a rig is told to CPython and to MicroPython, under a heap of the
board's size, and the two traces are equal by construction.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from sim.hosts import CPythonHost, MicroPythonHost, NodeSpec, find_micropython

if TYPE_CHECKING:
    from firmware.hal.board import Inputs, Outputs
    from sim.hosts import NodeHost

AT_ONCE = 4
"""A test that makes many rigs uses them one after the other; older processes are ended."""

AHEAD = 32
"""Scans that CPython may be ahead of MicroPython, so that neither waits for the other each time."""

_open: deque[TwinHost] = deque()


class TwinHost:
    """Steps the same node in CPython and in a micropython process.

    Raises:
        AssertionError: Where the two drive or say different things: from `exchange` at most
            `AHEAD` scans later, from everything else at once.
    """

    def __init__(self, spec: NodeSpec) -> None:
        self._driven: deque[bytes] = deque()
        self._quick = CPythonHost(spec, lambda _, driven: self._driven.append(driven))
        self._real = MicroPythonHost(spec)

    @property
    def spec(self) -> NodeSpec:
        return self._quick.spec

    @spec.setter
    def spec(self, spec: NodeSpec) -> None:
        self.settle()
        self._quick.spec = self._real.spec = spec

    @property
    def fram(self) -> bytes:
        return self._quick.fram

    @fram.setter
    def fram(self, block: bytes) -> None:
        self.settle()
        self._quick.fram = self._real.fram = block

    @property
    def learned(self) -> bytes:
        return self._quick.learned

    @learned.setter
    def learned(self, block: bytes) -> None:
        self.settle()
        self._quick.learned = self._real.learned = block

    def exchange(self, inputs: Inputs) -> Outputs:
        outputs = self._quick.exchange(inputs)
        self._real.send(inputs)
        self.settle(AHEAD)
        return outputs

    def settle(self, ahead: int = 0) -> None:
        """Compare what MicroPython drove, until CPython is only so many scans ahead."""
        while len(self._driven) > ahead:
            assert self._driven.popleft() == self._real.receive()

    def reset(self, boot_id: int, reset_cause: int) -> None:
        self.settle()
        self._real.fram, self._real.learned = self._quick.fram, self._quick.learned
        self._quick.reset(boot_id, reset_cause)
        self._real.reset(boot_id, reset_cause)

    def close(self) -> None:
        try:
            self.settle()
        finally:
            self._real.close()


def new_host(spec: NodeSpec) -> NodeHost:
    """A node on both interpreters, or on CPython alone where there is no MicroPython."""
    if find_micropython() is None:
        return CPythonHost(spec)
    while len(_open) >= AT_ONCE:
        _open.popleft().close()
    twin = TwinHost(spec)
    _open.append(twin)
    return twin


def close_all() -> None:
    """End what a test has left running."""
    while _open:
        _open.popleft().close()
