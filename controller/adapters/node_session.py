"""What the controller knows of one session with a node, from its welcome to its loss."""

from __future__ import annotations

from dataclasses import dataclass, field

from controller.adapters.command_queue import CommandQueue

TICKS = 1 << 30
"""Node ticks are milliseconds in 30 bits."""


@dataclass(slots=True)
class NodeSession:
    """One session; `is_up` once the node has reported. Times in seconds of the loop."""

    number: int
    boot_id: int
    reset_cause: str
    heard_s: float
    leased_s: float
    next_heartbeat_s: float = 0.0
    is_up: bool = False
    last_seq: int = 0
    last_command: int = 0
    beats: int = 0
    node_ms: int = 0
    node_ms_at_s: float = 0.0
    ack_due: bool = False
    commands: CommandQueue = field(default_factory=CommandQueue)

    def node_ticks(self, now_s: float) -> int:
        """The node's ticks now, no later than they are: its report took time to arrive."""
        return (self.node_ms + int((now_s - self.node_ms_at_s) * 1000)) % TICKS
