"""One bay in motion: couples its node with the world, in virtual or in real time.

`sim.scanner` says when the node is scanned; here are the wire and the waiting. All time comes
from the event loop, so the same bay runs in a live demo.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from sim.board import SimBoard
from sim.chance import rng
from sim.clock import US_PER_S, VirtualLoop, now_us
from sim.hosts import NodeSpec, host_for
from sim.scanner import WATCHDOG, Scanner
from sim.wire_link import WireLink
from sim.world.obstacle import HARD_N_PER_MM

if TYPE_CHECKING:
    from sim.world import BayWorld, Item, Part

LOOK_US = 1000
"""While anything moves, the inputs are looked at this often, as an interrupt would."""


Note = Callable[[int, str, bytes], None]
"""Told every byte: when in µs, `BAY.sensed`, `.driven`, `.to_node` or `.to_host`, and what."""


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
        self.board = SimBoard(world, name, seed)
        self.wire = WireLink(self._loop, rng(seed, name, "wire"), note=self._note_wire)
        self.wire.node.wake = self.wake
        _, boot_id, cause = self.board.identity()
        self._host = host_for(node, NodeSpec(name, boot_id, cause), self._note_scan)
        self._scanner = Scanner(self.board, self._host, name, seed)
        self._ring = asyncio.Event()
        self._looked = False  # the world was brought to this moment without a turn of the loop

    async def run(self) -> None:
        """Scan the node whenever it is due. Runs until cancelled."""
        node, world = self.wire.node, self.world
        while True:
            at_us = world.now_us if self._looked else self.now().now_us
            sent = self._scanner.step(node.received, waiting=bool(node.waiting))
            if sent:
                node.send(sent)
            next_us = max(self._scanner.next_us, at_us + 1)
            self._looked = self._skipped(next_us)
            if not self._looked:
                if world.moving:
                    next_us = min(next_us, at_us + LOOK_US)
                await self._alarm(next_us)

    def close(self) -> None:
        """End the node; idempotent."""
        self._host.close()

    def wake(self) -> None:
        """Something happened that the node may want to see: a byte, an edge."""
        self._ring.set()

    def now(self) -> BayWorld:
        """The world as it is at this moment."""
        self.board.advance(now_us(self._loop))
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

    def obstruct(
        self, height_mm: float, n_per_mm: float = HARD_N_PER_MM, *, in_curtain: bool = True
    ) -> bool:
        """Verb: something that high and stiff stands in the opening; 0 takes it away."""
        return self._happened(self.now().obstruct(height_mm, n_per_mm, in_curtain=in_curtain))

    def person(self, what: str | None) -> bool:
        """Verb: an arm, a head or a child gets in, or None: whoever is in gets out."""
        return self._happened(self.now().person(what))

    def hang(self, keep_permille: int, times: int = 1) -> None:
        """Verb: the next drops leave some of the load on the leaves."""
        self.now().hang(keep_permille, times)

    def tie(self, on: bool = True) -> None:
        """Verb: what lies on the pan hangs on a string, or no more."""
        self.now().tie(on)

    def heap(self, index: int) -> None:
        """Verb: a bin is heaped up to the chute, until it is emptied."""
        self.now().heap(index)

    def pour(self, index: int, litres: float) -> None:
        """Verb: somebody pours so much into a bin from above."""
        self.now().pour(index, litres)

    def empty_bins(self) -> None:
        """Verb: a truck takes along what lies in the bins."""
        self.now().empty_bins()

    def switch(self, name: str, on: bool) -> None:
        """Verb: a safety input goes on or off."""
        self.now().switch(name, on)
        self.wake()

    def jam(self, part: str, on: bool = True) -> None:
        """Verb: a part is stuck, or free again."""
        self.now().jam(part, on)
        self.wake()

    def slip(self, permille: int) -> None:
        """Verb: the leaf lags behind its drive; 0 mends it."""
        self.now().slip(permille)

    def friction(self, factor: float) -> None:
        """Verb: the rails rub harder; 1 is new."""
        self.now().friction(factor)

    def motor_wire_broken(self, on: bool) -> None:
        """Verb: the motor's wire is off, or on again."""
        self.now().motor_wire_broken(on)

    def limit_stuck(self, which: str, on: bool | None) -> None:
        """Verb: a limit says the same whatever the leaf does; None mends it."""
        self.now().limit_stuck(which, on)
        self.wake()

    def limit_worn(self, which: str, chatter_ms: float) -> None:
        """Verb: a limit's contacts chatter; 0 mends it."""
        self.now().limit_worn(which, chatter_ms)

    def push(self, force_n: float) -> None:
        """Verb: somebody pushes the leaf by hand, positive up; 0 lets go."""
        self.now().push(force_n)
        self.wake()

    def lean(self, force_g: float) -> None:
        """Verb: somebody leans on the pan; 0 lets go."""
        self.now().lean(force_g)
        self.wake()

    def shake(self, amplitude_g: float, hz: float = 2.0) -> None:
        """Verb: wind or a machine shakes the pan; amplitude 0 ends it."""
        self.now().shake(amplitude_g, hz)

    def sensor_fault(self, part: str, kind: str, index: int = 0) -> None:
        """Verb: a sensor breaks, or is well again; of the level sensors, bin `index`'s."""
        self.now()
        self.board.sensor_fault(part, kind, index)
        self.wake()

    def fram_fault(self, kind: str) -> None:
        """Verb: the node's FRAM fails, or is well again."""
        self._scanner.fram.fail(kind)

    def brownout(self, mv: int, ms: float) -> None:
        """Verb: for `ms` the supply gives only `mv`."""
        self.now().brownout(mv, ms)
        self.wake()

    def restart_node(self, dead_s: float, cause: int = WATCHDOG) -> None:
        """Verb: the node stops, its outputs fall safe, and it starts again `dead_s` later."""
        self.now()
        self._scanner.restart(cause, round(dead_s * US_PER_S))
        self.wake()

    def _skipped(self, to_us: int) -> bool:
        """Go on to `to_us` or to an edge at once, where nobody else on the loop acts before.

        A turn of the loop for each millisecond of a moving leaf costs more than its physics.
        """
        loop, world = self._loop, self.world
        if not isinstance(loop, VirtualLoop) or self._ring.is_set():
            return False
        free_us = loop.free_until_us
        if free_us <= world.now_us or (free_us < to_us and not world.moving):
            return False
        self.board.advance(min(to_us, free_us), to_edge=True)
        loop.skip_to(world.now_us)
        return True

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
