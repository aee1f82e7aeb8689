"""When a node's scans begin and end on its board, in explicit time.

A scan is due when the node's own deadline has come, a digital input has changed or a byte has
arrived; for a node that sleeps longer, what its board looks out for is such a change too. Its
outputs come some milliseconds after its inputs, and now and then a garbage collection keeps the
next one waiting. Below its least supply the board stops, and starts anew
when the supply is back.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from firmware.hal.board import Inputs, Outputs
from sim.chance import rng
from sim.fram import Fram

if TYPE_CHECKING:
    from sim.board import SimBoard
    from sim.hosts import NodeHost

LOOK_US = 50_000
"""So often the board of a sleeping node looks out for what may wake it."""

POWER, WATCHDOG, ASKED = 1, 3, 6
"""Reset causes, as in `wire.messages.RESET_CAUSES`."""

Watch = Callable[[Inputs, Outputs], None]
"""Told every scan."""


class Scanner:
    """Scans one node. Advance its board to `next_us`, or to what wakes it; then `step`.

    Args:
        board: The board, and the world around it.
        host: Runs the firmware.
        name: The bay's name.
        seed: The run's seed: how long scans and pauses last.
    """

    def __init__(self, board: SimBoard, host: NodeHost, name: str, seed: int) -> None:
        self.board = board
        self.host = host
        self.fram = Fram(rng(seed, name, "fram"))
        self.watch: Watch | None = None
        self.next_us = board.world.now_us
        self._figures = board.world.figures.board
        self._chance = rng(seed, name, "scans")
        self._edges = board.edges()
        self._due_us = self._free_us = board.world.now_us
        self._unwritten: Outputs | None = None  # of a scan that has read and not yet written
        self._drives: tuple[object, ...] = ()
        self._dead = False

    def step(self, received: Callable[[], bytes], *, waiting: bool) -> bytes:
        """Do what is due at the world's present time; return what the node sends now.

        Args:
            received: Takes the bytes that have arrived.
            waiting: Whether there are any.
        """
        now_us = self.board.world.now_us
        if self._is_dead(now_us):
            received()  # nobody hears them
            self.next_us = self._free_us
            return b""
        sent = b""
        if self._unwritten is not None and now_us >= self._free_us:
            sent = self._write(self._unwritten)
        if self._due_us - now_us > LOOK_US and self.board.stirs:
            self._due_us = now_us + LOOK_US
        woken = self._unwritten is None and self._is_woken(now_us, waiting)
        if woken and now_us >= self._free_us:
            sent += self._scan(received())
            woken = False
        later = not woken and self._unwritten is None
        self.next_us = max(self._free_us, self._due_us) if later else self._free_us
        return sent

    def _is_woken(self, now_us: int, waiting: bool) -> bool:
        return waiting or now_us >= self._due_us or self.board.edges() != self._edges

    def _is_dead(self, now_us: int) -> bool:
        if not self.board.powered:
            self._lose_power()
        elif self._dead and now_us >= self._free_us:
            self._dead, self._due_us = False, now_us
        return self._dead

    def restart(self, cause: int, dead_us: int) -> None:
        """The node stops, its outputs fall safe, and it starts again `dead_us` later."""
        self._unwritten = None
        self._drives = ()
        self.board.restart(cause)
        self.fram.start(self.host)
        self.host.reset(self.board.boot_id, cause)
        self._dead = True
        self._free_us = self.next_us = self.board.world.now_us + dead_us

    def _lose_power(self) -> None:
        """Below its least supply the board is off; it starts some time after that has passed."""
        boot_us = self._figures.boot_ms * 1000
        if self._dead and self.board.reset_cause == POWER:
            self._free_us = self.board.world.now_us + boot_us
        else:
            self.restart(POWER, boot_us)

    def _scan(self, rx: bytes) -> bytes:
        """Read, step, and write when the node has come to it; return what is sent at once."""
        board, host, figures = self.board, self.host, self._figures
        now_us = board.world.now_us
        counters, learned = host.fram, host.learned
        inputs = board.read(rx)
        self._edges = board.edges()
        outputs = host.exchange(inputs)
        if self.watch is not None:
            self.watch(inputs, outputs)
        if outputs.fram or outputs.learned:
            board.store_failed = not self.fram.took(host, counters, learned)
        self._due_us = now_us + max(1, outputs.wake_in_ms) * 1000
        self._free_us = now_us + self._drawn(figures.scan_least_us, figures.scan_most_us)
        if outputs.tx or board.held_off or _drives(outputs) != self._drives:
            self._unwritten = outputs
            return b""
        return self._write(outputs)  # it changes nothing, so that it may as well happen now

    def _write(self, outputs: Outputs) -> bytes:
        self._unwritten = None
        self._drives = _drives(outputs)
        self.board.write(outputs)
        if outputs.restarts:
            self.restart(ASKED, self._figures.boot_ms * 1000)
            return outputs.tx
        if self._chance.random() * self._figures.scans_a_pause < 1:
            self._free_us += self._drawn(self._figures.pause_least_us, self._figures.pause_most_us)
        return outputs.tx

    def _drawn(self, least_us: int, most_us: int) -> int:
        return least_us + int(self._chance.random() * (most_us - least_us + 1))


def _drives(outputs: Outputs) -> tuple[object, ...]:
    return (
        outputs.bridge_on,
        outputs.hatch_permille,
        outputs.lock_on,
        outputs.gate_permille,
        outputs.diverter_to,
        outputs.diverter_on,
        outputs.light_on,
        outputs.curtain_test,
    )
