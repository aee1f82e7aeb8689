"""What the controller knows of one session with a node, from its welcome to its loss."""

from __future__ import annotations

from dataclasses import dataclass, field

from controller.adapters.command_queue import CommandQueue
from controller.adapters.node_clock import NodeClock
from controller.core.weighing.numbering import TICKS

MOTION_MS = 1000
"""A motion command that the node gets later than this is refused by it."""


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
    ack_due: bool = False
    clock: NodeClock = field(default_factory=NodeClock)
    commands: CommandQueue = field(default_factory=CommandQueue)

    @property
    def unheard_since_s(self) -> float:
        """Since when the node has shown no sign that it hears us."""
        return min(self.leased_s, self.commands.unanswered_since_s)

    def expires_ms(self, now_s: float) -> int:
        """Deadline of a motion command that is sent now, in node ticks; never later than meant."""
        return (self.clock.at_least(now_s) + MOTION_MS) % TICKS

    def forgive(self, seconds: float, now_s: float) -> None:
        """Our own loop stood still for so long until now: that silence was not the node's."""
        self.heard_s = min(now_s, self.heard_s + seconds)
        self.leased_s = min(now_s, self.leased_s + seconds)
        self.commands.forgive(seconds, now_s)
