"""A node made of frames, at the other end of a `HostLink`."""

from __future__ import annotations

from controller.adapters.host_link import HostLink
from controller.core import commands
from controller.core.events import NodeEvent, NodeLost
from wire import messages
from wire.frame import Decoder, encode

REPORT = {
    "node_ms": 5_000,
    "hatch": messages.HATCH_STATES.index("OPEN"),
    "gate": 0,
    "flags": messages.LEASE | messages.HAND,
    "gate_cycles": 7,
    "hatch_openings": 9,
    "motor_ma": 12,
    "position_mm": 400,
    "faults": 0,
    "last_drop_session": 0,
    "last_drop_command": 0,
    "bad_frames": 0,
    "lost_events": 0,
    "beat": 0,
    "beat_ms": 0,
    "temperature_dc": 220,
}


class Node:
    """A node made of frames; says what it is told to."""

    def __init__(self, bay: str = "a") -> None:
        nonces = iter(range(100, 200))
        self.link = HostLink(bay, lambda: next(nonces), 0.0)
        self.now_s = 0.0
        self.heard: list[tuple[int, int, str, dict[str, int]]] = []
        self.events: list[NodeEvent] = []

    def wait(self, seconds: float) -> None:
        """Let the link do what is due, when it is due."""
        end_s = self.now_s + seconds
        while self.link.next_s <= end_s:
            self.now_s = max(self.now_s, self.link.next_s)
            self.events += self.link.tick(self.now_s)
            self._listen()
        self.now_s = end_s

    def say(self, name: str, tail: bytes = b"", seq: int = 0, ack: int = 0, **fields: int) -> None:
        self.hear_bytes(encode(seq, ack, *messages.pack(name, tail, **fields)))

    def hear_bytes(self, data: bytes) -> None:
        self.events += self.link.receive(data, self.now_s)
        self._listen()

    def submit(self, command: commands.NodeCommand) -> None:
        self.events += self.link.submit(command, self.now_s)
        self._listen()

    def welcome(self, bay: bytes = b"a", **changes: int) -> None:
        fields = {
            "version": messages.VERSION,
            "table_hash": messages.TABLE_HASH,
            "nonce": self.last("hello")["nonce"],
            "boot_id": 42,
            "session": 4711,
            "reset_cause": 1,
            "node_ms": 5_000,
            "firmware": 3,
        }
        self.hear_bytes(encode(0, 0, *messages.pack("welcome", bay, **(fields | changes))))

    def report(self, ack: int = 0, **changes: int) -> None:
        self.hear_bytes(encode(0, ack, *messages.pack("report", b"", **(REPORT | changes))))

    def up(self) -> None:
        self.wait(0.1)
        self.welcome()
        self.report()
        assert self.link.up

    def last(self, name: str) -> dict[str, int]:
        return [fields for _, _, said, fields in self.heard if said == name][-1]

    def count(self, name: str) -> int:
        return sum(said == name for _, _, said, _ in self.heard)

    @property
    def lost(self) -> str:
        """The last reason for which the node was lost."""
        return [event.reason for event in self.events if isinstance(event, NodeLost)][-1]

    def _listen(self) -> None:
        for one in Decoder().feed(self.link.take_bytes()):
            name, fields, _ = messages.unpack(one.kind, one.body)
            self.heard.append((one.seq, one.ack, name, fields))
