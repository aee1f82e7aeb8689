"""What the controller knows of one session with a node, from its welcome to its loss."""

from __future__ import annotations

from dataclasses import dataclass, field

from controller.adapters.command_queue import CommandQueue
from controller.adapters.node_clock import NodeClock
from controller.core.weighing.numbering import TICKS

REST_AFTER_S = 10.0
"""After so long without a command, and without news of the bay, the controller rests."""

REST_HEARTBEAT_S = 1.02
"""While the kiosk rests: no lease holds then, and none is needed until a command brings its own.

A little more than the second after which the node has samples to send, so that it answers each
heartbeat with all that it has to say, and sleeps until the next."""

REST_PATIENCE_S = 2.0
"""More patience with a node that is asked so seldom: one answer may be lost."""

MOTION_MS = 1000
"""A motion command that the node gets later than this is refused by it."""


@dataclass(slots=True)
class NodeSession:
    """One session; `is_up` once the node has reported. Times in seconds of the loop.

    `firmware` is the release that the node told.
    """

    number: int
    boot_id: int
    reset_cause: str
    heard_s: float
    leased_s: float
    stirred_s: float
    firmware: int = 0
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

    def rests(self, now_s: float) -> bool:
        """Whether nothing is under way, so that slow heartbeats do."""
        return self.is_up and now_s >= self.stirred_s + REST_AFTER_S

    def stir(self, now_s: float) -> None:
        """Something is under way; silence that a resting controller agreed to is no silence."""
        if self.rests(now_s):
            self.heard_s = self.leased_s = now_s
            self.next_heartbeat_s = now_s
        self.stirred_s = now_s

    def expires_ms(self, now_s: float) -> int:
        """Deadline of a motion command that is sent now, in node ticks; never later than meant."""
        return (self.clock.at_least(now_s) + MOTION_MS) % TICKS

    def forgive(self, seconds: float, now_s: float) -> None:
        """Our own loop stood still for so long until now: that silence was not the node's."""
        self.heard_s = min(now_s, self.heard_s + seconds)
        self.leased_s = min(now_s, self.leased_s + seconds)
        self.commands.forgive(seconds, now_s)
