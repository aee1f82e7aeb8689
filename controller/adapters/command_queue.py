"""Commands on their way to a node: numbered, in order, repeated until acknowledged."""

from __future__ import annotations

import math

from wire.frame import encode, next_seq

WINDOW = 4
REPEAT_S = 0.1


class CommandQueue:
    """The controller's numbered frames of one session; at most four are under way at once."""

    def __init__(self) -> None:
        self._waiting: list[tuple[int, bytes]] = []
        self._first_seq = 1
        self._sent = 0
        self._sent_s = 0.0
        self._unanswered_since_s = math.inf

    @property
    def repeat_s(self) -> float:
        """When to `repeat`; infinite while everything is acknowledged."""
        return self._sent_s + REPEAT_S if self._sent else math.inf

    @property
    def unanswered_since_s(self) -> float:
        """Since when the oldest command has had no answer; infinite where all have."""
        return self._unanswered_since_s

    def put(self, kind: int, body: bytes) -> None:
        """Add a command's message."""
        self._waiting.append((kind, body))

    def due(self, ack: int, now_s: float) -> bytes:
        """The frames to send now; `ack` is what they acknowledge."""
        data = b""
        seq = self._first_seq
        for at, (kind, body) in enumerate(self._waiting[:WINDOW]):
            if at >= self._sent:
                data += encode(seq, ack, kind, body)
            seq = next_seq(seq)
        if data:
            if not self._sent:
                self._sent_s = now_s  # the oldest one's time: younger ones must not put it off
            self._sent = min(WINDOW, len(self._waiting))
            self._unanswered_since_s = min(self._unanswered_since_s, now_s)
        return data

    def repeat(self) -> None:
        """Let everything that is under way be sent again."""
        self._sent = 0

    def forgive(self, seconds: float, now_s: float) -> None:
        """Nobody could have answered for so long until now: that counts as no wait."""
        if self._sent:
            self._unanswered_since_s = min(now_s, self._unanswered_since_s + seconds)

    def acknowledge(self, ack: int, now_s: float) -> None:
        """Let go of the commands up to the frame `ack`, if that one is under way."""
        seq = self._first_seq
        for count in range(1, self._sent + 1):
            following = next_seq(seq)
            if seq == ack:
                del self._waiting[:count]
                self._sent -= count
                self._first_seq = following
                self._sent_s = now_s
                self._unanswered_since_s = now_s if self._waiting else math.inf
                return
            seq = following
