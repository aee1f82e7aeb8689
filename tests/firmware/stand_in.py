"""A bay that obeys its drive, and a rig of bay, node and controller's link in explicit time.

No physics beyond what safety stories need: the leaf moves as it is driven, limits follow, an
obstacle stops the leaf and shows in current and edge, the gate's spring closes it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from controller.adapters.host_link import HostLink
from controller.core.commands import CloseHatch, OpenHatch, SampleFast, SetLoadLimit
from controller.core.events import (
    CommandRefused,
    HatchClosed,
    HatchOpened,
    NodeReport,
    NodeUp,
)
from firmware.core.ticks import PERIOD
from firmware.hal import lookout
from firmware.hal.board import Inputs, Outputs
from sim.hosts import NodeHost, NodeSpec
from tests.firmware.twin import new_host
from wire import messages
from wire.frame import Decoder, Frame

if TYPE_CHECKING:
    from collections.abc import Iterable

    from controller.core.commands import NodeCommand
    from controller.core.events import NodeEvent

TRAVEL_MM = 400.0
MM_PER_MS = 0.2
"""At full drive."""

STALL_MA, RUN_MA = 1480, 600
KILO = 180_355


class StandIn:
    """One bay. Set what people and accidents do on `inputs`, `raw` and `obstacle_mm`."""

    def __init__(self, ticks_at_start: int = PERIOD - 4_000) -> None:
        self.inputs = Inputs()
        self.outputs = Outputs()
        self.now_ms = 0
        self.raw = 1000
        self.noise = 1
        self.cell_speaks = True
        self.sensors_live = True
        self.curtain_works = True
        self.run_ma = RUN_MA
        self.leak_ma = 0
        self.grip = 1.0
        self.motor_wired = True
        self.stuck: dict[str, int] = {}
        self.limit_chatters = False
        self.hand = False
        self.hatch_mm = 0.0
        self.leaves = 0.0
        self.obstacle_mm = 0.0
        self.gate_jammed = False
        self.hatch_jammed = False
        self.edge_works = True
        self.fastest_closing = 0.0
        self.fastest_at_the_end = 0.0
        self.both_open_ms = 0
        self.moved_ms = 0
        self._ticks_at_start = ticks_at_start
        self._samples: list[tuple[int, int]] = []
        self._turning_ms = 0
        self.is_still = False

    @property
    def ticks(self) -> int:
        return (self._ticks_at_start + self.now_ms) % PERIOD

    @property
    def driven(self) -> int:
        return self.outputs.hatch_permille if self.outputs.bridge_on else 0

    def drive(self, outputs: Outputs) -> None:
        self.outputs = outputs
        self.is_still = False

    def pass_ms(self) -> None:
        """Let one millisecond pass; while the bay is still, only the sensors notice it."""
        self.now_ms += 1
        if not self.is_still:
            self._move()
        if self.stuck:
            vars(self.inputs).update(self.stuck)
        if self.cell_speaks and self.now_ms % 25 in (0, 12):
            self._samples.append((self.ticks, self.raw + self.noise * (self.now_ms % 2)))
        if self.now_ms % 100 == 0 and self.sensors_live:
            self.inputs.thermal_sum ^= 1
            self.inputs.tof_mm ^= self.inputs.tof_mm > 1
        if self.hatch_mm > 20 and self.leaves > 0.02:
            self.both_open_ms += 1

    def _move(self) -> None:
        leaves, turning_ms = self.leaves, self._turning_ms
        self._move_hatch()
        self._move_gate()
        moves = self.driven or self.leaves != leaves or self._turning_ms != turning_ms
        self.is_still = not moves and not self.limit_chatters

    def sense(self, rx: bytes) -> Inputs:
        """What the board reads now."""
        self._see_through_curtain()
        vars(self.inputs).update(self.stuck)
        self.inputs.now_ms = self.ticks
        self.inputs.rx = rx
        self.inputs.samples = tuple(self._samples)
        self._samples = []
        return self.inputs

    def edges(self) -> tuple[object, ...]:
        """What wakes the node when it changes."""
        self._see_through_curtain()
        sensed = self.inputs
        return (
            sensed.limit_closed,
            sensed.limit_open,
            sensed.edge_ohm,
            sensed.curtain_blocked,
            sensed.inner_release,
            sensed.emergency_stop,
            sensed.smoke,
            sensed.gate_closed,
            sensed.gate_open,
            sensed.diverter_at,
        )

    def _see_through_curtain(self) -> None:
        blocked = self.hand or self.outputs.curtain_test
        self.inputs.curtain_blocked = self.curtain_works and blocked

    def _move_hatch(self) -> None:
        inputs = self.inputs
        way_mm = self.driven / 1000 * MM_PER_MS * self.motor_wired
        wanted_mm = self.hatch_mm + way_mm * self.grip
        stopped = self.hatch_jammed or (way_mm < 0 and wanted_mm < self.obstacle_mm)
        if not stopped:
            self.hatch_mm = max(0.0, min(TRAVEL_MM, wanted_mm))
        if way_mm and not stopped:
            self.moved_ms += 1
        if way_mm < 0 and not stopped:
            self.fastest_closing = max(self.fastest_closing, -way_mm)
            if self.hatch_mm < 60:
                self.fastest_at_the_end = max(self.fastest_at_the_end, -way_mm)
        pressed = self.obstacle_mm > 0 and self.hatch_mm <= self.obstacle_mm + 0.5
        if self.edge_works and inputs.edge_ohm < 50_000:
            inputs.edge_ohm = 450 if pressed else 8200
        inputs.motor_ma = (STALL_MA if stopped else self.run_ma) if way_mm else self.leak_ma
        inputs.limit_closed = self.hatch_mm <= 2
        inputs.limit_open = self.hatch_mm >= TRAVEL_MM - 2
        if self.limit_chatters and 2 < TRAVEL_MM - self.hatch_mm < 10:
            inputs.limit_open = self.now_ms % 4 < 2

    def _move_gate(self) -> None:
        inputs, outputs = self.inputs, self.outputs
        if not self.gate_jammed:
            way = 1 / 800 if outputs.gate_permille > 0 else -1 / 800
            self.leaves = max(0.0, min(1.0, self.leaves + way))
        inputs.gate_closed = self.leaves <= 0.02
        inputs.gate_open = self.leaves >= 0.98
        if outputs.diverter_on and inputs.diverter_at != outputs.diverter_to:
            inputs.diverter_at = -1
            self._turning_ms += 1
            if self._turning_ms >= 500:
                inputs.diverter_at = outputs.diverter_to
                self._turning_ms = 0


class Rig:
    """Bay, node and the controller's end of the wire; `heard` is all that the node said."""

    def __init__(self, host: NodeHost | None = None, ticks_at_start: int = PERIOD - 4_000) -> None:
        self.bay = StandIn(ticks_at_start)
        self.host = host or new_host(NodeSpec("a", boot_id=77))
        nonces = iter(range(1000, 2000))
        self.link = HostLink("a", lambda: next(nonces), 0.0)
        self.heard: list[NodeEvent] = []
        self.to_node: list[bytes] = []
        self.hears = True
        self.speaks = True
        self.scans = 0
        self.scanned_ms = 0
        self.last_beat_ms = 0
        self.restarted_ms: list[int] = []
        self._rx = b""
        self._due_ms = 0
        self._edges: tuple[object, ...] = ()
        self._told = Inputs()
        self._told_raw = 0

    @property
    def now_s(self) -> float:
        return self.bay.now_ms / 1000

    def submit(self, command: NodeCommand) -> None:
        self._hear(self.link.submit(command, self.now_s))
        self._send()

    def wire(self, name: str, **fields: int) -> None:
        """A command as whoever speaks the wire could send it, with its own number."""
        session = self.link._session
        assert session is not None
        session.last_command += 1
        fields |= {"session": session.number, "command": session.last_command}
        session.commands.put(*messages.pack(name, b"", **fields))
        self.link._out += session.commands.due(session.last_seq, self.now_s)
        self._send()

    @property
    def state(self) -> str:
        """The hatch's state by the last report."""
        return self.reports[-1].hatch

    @property
    def reports(self) -> list[NodeReport]:
        return [event for event in self.heard if isinstance(event, NodeReport)]

    @property
    def refusals(self) -> list[tuple[str, str]]:
        """(command, reason) of all that was refused."""
        return [(e.command, e.reason) for e in self.heard if isinstance(e, CommandRefused)]

    def inject(self, data: bytes) -> None:
        """Bytes that come to the node from nowhere."""
        self._rx += data

    def run(self, ms: int) -> Rig:
        """Let time pass; the node is scanned as a board would."""
        self.bay.is_still = False  # whoever tells the story may have moved something
        for _ in range(ms):
            was_still = self.bay.is_still
            self.bay.pass_ms()
            now_s = self.bay.now_ms / 1000
            if now_s >= self.link.next_s:
                self._hear(self.link.tick(now_s))
                self._send()
            woken = self._rx or (not was_still and self.bay.edges() != self._edges)
            if woken or self.bay.now_ms >= self._due_ms or self._looks_otherwise():
                self.scan()
        return self

    def scan(self) -> None:
        rx, self._rx = self._rx, b""
        self.scans += 1
        self.scanned_ms = self.bay.now_ms
        outputs = self.host.exchange(self.bay.sense(rx))
        vars(self._told).update(vars(self.bay.inputs))
        self._told_raw = self.bay.raw
        self.bay.drive(outputs)
        self._edges = self.bay.edges()
        self._due_ms = self.bay.now_ms + outputs.wake_in_ms
        if outputs.tx and self.hears:
            self._hear(self.link.receive(outputs.tx, self.now_s))
            self._send()
        if outputs.restarts:
            self._restart()

    def _restart(self) -> None:
        """The board starts its node anew, as it was asked to; pins off meanwhile."""
        self.restarted_ms.append(self.bay.now_ms)
        asked = messages.RESET_CAUSES.index("asked")
        self.host.reset(self.host.spec.boot_id + 1, asked)
        self.bay.drive(Outputs())
        self._rx, self._due_ms = b"", self.bay.now_ms + 250

    def _looks_otherwise(self) -> bool:
        """What the board of a sleeping node looks out for, every 50 ms."""
        slept_ms = self.bay.now_ms - self.scanned_ms
        if slept_ms == 0 or slept_ms % lookout.LOOK_MS:
            return False
        heavier = lookout.loaded(self._told_raw, self.bay.raw)
        return bool(heavier or lookout.stirs(self._told, self.bay.inputs))

    def until(self, kind: type | tuple[type, ...], ms: int = 20_000) -> NodeEvent:
        """Run until the node says something of that kind, and return it.

        Raises:
            AssertionError: It did not, in all that time.
        """
        looked_at = len(self.heard)
        for _ in range(ms):
            self.run(1)
            for event in self.heard[looked_at:]:
                if isinstance(event, kind):
                    return event
            looked_at = len(self.heard)
        raise AssertionError(f"no {kind} in {ms} ms; heard {self.said()}")

    def said(self) -> list[NodeEvent]:
        """All that was heard except what comes all the time."""
        return [e for e in self.heard if type(e).__name__ not in ("NodeReport", "Samples")]

    def count(self, kind: type) -> int:
        return sum(isinstance(event, kind) for event in self.heard)

    def _hear(self, events: Iterable[NodeEvent]) -> None:
        self.heard += events

    def _send(self) -> None:
        data = self.link.take_bytes()
        if data and self.speaks:
            self.to_node.append(data)
            if "heartbeat" in names(data):
                self.last_beat_ms = self.bay.now_ms
            self._rx += data


def frames(data: bytes) -> list[Frame]:
    return Decoder().feed(data)


def names(data: bytes) -> list[str]:
    return [messages.TABLE[one.kind][0] for one in frames(data)]


def ready(host: NodeHost | None = None, **rig: int) -> Rig:
    """A rig whose node is up, knows its load limit and streams."""
    made = Rig(host, **rig)
    made.until(NodeUp, 1_000)
    made.submit(SetLoadLimit("a", made.bay.raw + 8 * KILO, made.bay.raw - 8 * KILO))
    made.submit(SampleFast("a", True))
    made.run(500)
    assert made.state == "CLOSED"
    assert not made.reports[-1].presence
    return made


def opened() -> Rig:
    """A rig with its hatch open."""
    rig = ready()
    rig.submit(OpenHatch("a"))
    rig.until(HatchOpened)
    return rig.run(200)


def closing(ms: int = 1_500) -> Rig:
    """A rig whose hatch has been closing (a second of warning included) for `ms`."""
    rig = opened()
    rig.submit(CloseHatch("a"))
    rig.run(ms)
    assert rig.bay.driven < 0
    return rig


def closed_with(raw: int) -> Rig:
    """A rig with a load behind its closed hatch."""
    rig = opened()
    rig.bay.raw = raw
    rig.run(200)
    rig.submit(CloseHatch("a"))
    rig.until(HatchClosed)
    return rig.run(100)
