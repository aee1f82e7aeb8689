"""One bay alone, in explicit time and without an event loop: for thousands of runs.

The same world, board, node and controller's link as in a whole run, coupled by calls. Time is
what `run_ms` lets pass; verbs are those of `world` and `board`, and happen in between.
"""

from __future__ import annotations

import itertools
import math
from collections import deque
from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeVar

from controller.adapters.host_link import HostLink
from controller.core.commands import SampleFast, SetLoadLimit
from controller.core.events import LevelsRead, NodeReport, NodeUp, Samples
from sim.board import SimBoard
from sim.errors import SimError
from sim.hosts import NodeSpec, host_for
from sim.scanner import WATCHDOG, Scanner
from sim.world import BayFigures, BayWorld
from sim.world.switch import NEVER_US

if TYPE_CHECKING:
    from controller.core.commands import NodeCommand
    from controller.core.events import NodeEvent
    from sim.fram import Fram
    from sim.scanner import Watch

Event = TypeVar("Event", bound="NodeEvent")

BYTE_US = 87
"""Ten bits at 115200 baud; `sim.wire_link` has the lines that are not quite so plain."""

LATENCY_US = 1_000
"""A full-speed USB frame."""

SELF_TEST_MS = 3_000
SAFE_LOAD_KG = 8
LIST = 12
"""So many of the last events are told when another was awaited in vain."""


class _Lane:
    """One direction of the line: bytes take their time and keep their order."""

    def __init__(self) -> None:
        self._under_way: deque[tuple[int, bytes]] = deque()
        self._free_us = 0

    @property
    def next_us(self) -> int:
        return self._under_way[0][0] if self._under_way else NEVER_US

    def send(self, data: bytes, now_us: int) -> None:
        self._free_us = max(now_us, self._free_us) + BYTE_US * len(data)
        self._under_way.append((self._free_us + LATENCY_US, data))

    def arrived(self, now_us: int) -> bytes:
        data = b""
        while self._under_way and self._under_way[0][0] <= now_us:
            data += self._under_way.popleft()[1]
        return data


class Solo:
    """A bay with its node and the controller's end of the wire. `close` it in the end.

    Args:
        seed: All its chance.
        name: The bay's name.
        figures: What the bay is made of.
        node: What runs the firmware, one of `sim.hosts.NODES`.
        node_figures: Other figures of the node's configuration, by name.
        settle: Let it come up first: self-test done, load limit set, every conversion sent.

    Attributes:
        heard: All that the node said, oldest first.
        speaks, hears: False where the line to, or from, the node is cut.

    Raises:
        NodeProcessError: The node does not start.
        SimError: It does not come up.
    """

    def __init__(
        self,
        seed: int,
        *,
        name: str = "a",
        figures: BayFigures | None = None,
        node: str = "cpython",
        node_figures: Mapping[str, int] | None = None,
        settle: bool = True,
    ) -> None:
        self.name = name
        self.world = BayWorld(seed, name, figures or BayFigures())
        self.board = SimBoard(self.world, name, seed)
        _, boot_id, cause = self.board.identity()
        self.host = host_for(node, NodeSpec(name, boot_id, cause, figures=dict(node_figures or {})))
        nonces = itertools.count(seed % 1_000_000 + 1)
        self.link = HostLink(name, lambda: next(nonces), 0.0)
        self.heard: list[NodeEvent] = []
        self.speaks = self.hears = True
        self._scanner = Scanner(self.board, self.host, name, seed)
        self._to_node, self._to_host = _Lane(), _Lane()
        self._rx = b""
        self._host_us = 0
        if settle:
            self.come_up()

    @property
    def now_us(self) -> int:
        """The world's time."""
        return self.world.now_us

    @property
    def watch(self) -> Watch | None:
        """Called with the inputs and outputs of every scan."""
        return self._scanner.watch

    @watch.setter
    def watch(self, watch: Watch | None) -> None:
        self._scanner.watch = watch

    @property
    def fram(self) -> Fram:
        """The node's FRAM, and how it fails."""
        return self._scanner.fram

    @property
    def report(self) -> NodeReport | None:
        """The node's last report."""
        return next((one for one in reversed(self.heard) if isinstance(one, NodeReport)), None)

    def submit(self, command: NodeCommand) -> None:
        """Send a command now."""
        self.heard += self.link.submit(command, self.now_us / 1e6)
        self._send()

    def run_ms(self, ms: float) -> None:
        """Let time pass."""
        self._run_to(self.now_us + round(ms * 1000))

    def until(self, kind: type[Event], within_ms: float = 20_000) -> Event:
        """Let time pass until the node says something of that kind, and return it.

        Raises:
            SimError: It did not, in all that time; the message says what was heard instead.
        """
        to_us = self.now_us + round(within_ms * 1000)
        seen = len(self.heard)
        while self.now_us < to_us:
            self._turn(to_us)
            for event in self.heard[seen:]:
                if isinstance(event, kind):
                    return event
            seen = len(self.heard)
        said = ", ".join(str(one) for one in self.said()[-LIST:])
        raise SimError(
            f"no {kind.__name__} within {within_ms:g} ms; heard {said or 'nothing'}; "
            f"last report {self.report}"
        )

    def said(self) -> list[NodeEvent]:
        """All that was heard, but what comes all the time."""
        return [one for one in self.heard if not isinstance(one, LevelsRead | NodeReport | Samples)]

    def restart_node(self, cause: int = WATCHDOG, dead_ms: float = 500) -> None:
        """The node stops, its outputs fall safe, and it starts again `dead_ms` later."""
        self._scanner.restart(cause, round(dead_ms * 1000))

    def close(self) -> None:
        """End the node; idempotent."""
        self.host.close()

    def come_up(self) -> None:
        """Let the self-test end, set the load limit and ask for every conversion.

        Raises:
            SimError: The node does not come up, or its self-test does not end.
        """
        self.until(NodeUp, SELF_TEST_MS)
        zero_raw = self.world.hx711.zero_raw
        safe_raw = SAFE_LOAD_KG * self.world.figures.pan.counts_per_kg
        self.submit(SetLoadLimit(self.name, zero_raw + safe_raw, zero_raw - safe_raw))
        self.submit(SampleFast(self.name, True))
        ready_us = self.now_us + SELF_TEST_MS * 1000
        while (report := self.report) is None or report.hatch != "CLOSED" or report.presence:
            if self.now_us >= ready_us:
                raise SimError(f"the self-test did not end in {SELF_TEST_MS} ms: {report}")
            self.run_ms(50)

    def _run_to(self, to_us: int) -> None:
        while self.now_us < to_us:
            self._turn(to_us)

    def _turn(self, to_us: int) -> None:
        """Do what is due, and let time pass until something else is, at most until `to_us`."""
        now_us, scanner = self.world.now_us, self._scanner
        if now_us >= self._host_us or now_us >= self._to_host.next_us:
            self._hear_node(now_us)
        if now_us >= self._to_node.next_us:
            arrived = self._to_node.arrived(now_us)
            self._rx += arrived if self.speaks else b""
        sent = scanner.step(self._received, waiting=bool(self._rx))
        if sent and self.hears:
            self._to_host.send(sent, now_us)
        line_us = min(self._to_node.next_us, self._to_host.next_us)
        next_us = min(to_us, scanner.next_us, line_us, self._host_us)
        self.board.advance(max(next_us, now_us + 1), to_edge=True)

    def _hear_node(self, now_us: int) -> None:
        """The controller's end: what has arrived, and what it has to do by itself."""
        arrived = self._to_host.arrived(now_us)
        if arrived:
            self.heard += self.link.receive(arrived, now_us / 1e6)
        if now_us >= self._host_us:
            self.heard += self.link.tick(now_us / 1e6)
        self._send()

    def _send(self) -> None:
        data = self.link.take_bytes()
        if data and self.speaks:
            self._to_node.send(data, self.now_us)
        self._host_us = math.ceil(self.link.next_s * 1e6)

    def _received(self) -> bytes:
        data, self._rx = self._rx, b""
        return data
