"""One bay in motion: couples its node with the world, in virtual or in real time.

The node is scanned when its own deadline is due, when a digital input changes and when a
byte arrives. All time comes from the event loop, so the same bay runs in a live demo.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from sim.board import SimBoard
from sim.chance import rng
from sim.clock import US_PER_S, now_us
from sim.hosts import NodeSpec, host_for
from sim.wire_link import WireLink

if TYPE_CHECKING:
    from sim.world import BayWorld, Item, Part

LOOK_US = 1000
"""While anything moves, the inputs are looked at this often, as an interrupt would."""


Note = Callable[[int, str, bytes], None]
"""Told every byte: when in µs, `BAY.sensed`, `.driven`, `.to_node` or `.to_host`, and what."""

WATCHDOG = 3
"""Reset cause, as in `wire.messages.RESET_CAUSES`."""


class SimBay:
    """A bay's world, board and node together; also the verbs of the world, at present time.

    Args:
        name: The bay's name.
        world: Its physics.
        seed: The run's seed.
        node: What runs the firmware, one of `sim.hosts.NODES`. Call `close` in the end.
        note: Told every byte between board, node and controller.

    Raises:
        NodeProcessError: The node does not start.
    """

    def __init__(self, name: str, world: BayWorld, seed: int, node: str, note: Note) -> None:
        self.name = name
        self.world = world
        self._note = note
        self._loop = asyncio.get_running_loop()
        self._board = SimBoard(world, name, seed)
        self.wire = WireLink(self._loop, rng(seed, name, "wire"), note=self._note_wire)
        self.wire.node.wake = self.wake
        _, boot_id, cause = self._board.identity()
        self._host = host_for(node, NodeSpec(name, boot_id, cause), self._note_scan)
        self._ring = asyncio.Event()
        self._edges = self._board.edges()
        self._due_us = 0
        self._dead_us = 0

    async def run(self) -> None:
        """Scan the node whenever it is due. Runs until cancelled."""
        while True:
            self._scan()
            await self._until_due()

    def close(self) -> None:
        """End the node; idempotent."""
        self._host.close()

    def wake(self) -> None:
        """Something happened that the node may want to see: a byte, an edge."""
        self._ring.set()

    def now(self) -> BayWorld:
        """The world as it is at this moment."""
        self.world.advance(now_us(self._loop))
        return self.world

    def hand(self, inside: bool) -> bool:
        """Verb: a hand goes in or out; False where it cannot get in."""
        return self._happened(self.now().hand(inside))

    def put(self, item: Item) -> bool:
        """Verb: lay an item on the pan; False where it cannot get in."""
        return self._happened(self.now().put(item))

    def take(self) -> list[Part]:
        """Verb: take back what the hand inside can reach."""
        return self.now().take()

    def obstruct(self, height_mm: int) -> bool:
        """Verb: something that high stands in the opening; 0 takes it away."""
        return self._happened(self.now().obstruct(height_mm))

    def jam(self, part: str, on: bool = True) -> None:
        """Verb: a part is stuck, or free again."""
        self.now().jam(part, on)
        self.wake()

    def hang(self, keep_permille: int, times: int = 1) -> None:
        """Verb: the next drops leave some of the load on the leaves."""
        self.now().hang(keep_permille, times)

    def switch(self, name: str, on: bool) -> None:
        """Verb: a safety input goes on or off."""
        self.now().switch(name, on)
        self.wake()

    def restart_node(self, dead_s: float, cause: int = WATCHDOG) -> None:
        """Verb: the node stops, its outputs fall safe, and it starts again `dead_s` later."""
        self._dead_us = self.now().now_us + round(dead_s * US_PER_S)
        self._board.restart(cause)
        self._host.reset(self._board.boot_id, cause)
        self.wake()

    def _scan(self) -> None:
        at_us = self.now().now_us
        received = self.wire.node.received()
        if at_us < self._dead_us:
            self._due_us = self._dead_us
            return
        outputs = self._host.exchange(self._board.read(received))
        self._board.write(outputs)
        self.wire.node.send(outputs.tx)
        self._edges = self._board.edges()
        self._due_us = at_us + max(1, outputs.wake_in_ms) * 1000

    async def _until_due(self) -> None:
        """Wait for the node's deadline, an edge, or a byte."""
        while not self.wire.node.waiting:
            next_us = self.world.now_us + LOOK_US if self.world.moving else self._due_us
            await self._alarm(min(next_us, self._due_us))
            at_us = self.now().now_us
            if at_us >= self._due_us or self._board.edges() != self._edges:
                return

    async def _alarm(self, at_us: int) -> None:
        """Wait until `at_us`, or until somebody rings."""
        timer = self._loop.call_at(at_us / US_PER_S, self._ring.set)
        await self._ring.wait()
        timer.cancel()
        self._ring.clear()

    def _happened(self, did: bool) -> bool:
        self.wake()
        return did

    def _note_scan(self, sensed: bytes, driven: bytes) -> None:
        self._note(self.world.now_us, f"{self.name}.sensed", sensed)
        self._note(self.world.now_us, f"{self.name}.driven", driven)

    def _note_wire(self, at_us: int, way: str, data: bytes) -> None:
        self._note(at_us, f"{self.name}.{way}", data)
