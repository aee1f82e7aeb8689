"""Messages on their way: each takes its time and keeps its turn, unless a verb mixes them."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable

NEXT_S = 0.0005
"""Between two messages that take the same way: they stay in order."""

Message = tuple[str, bytes]
"""Topic and payload."""

Arrival = Callable[[str, bytes], None]
"""Where a message arrives: topic and payload."""


class UnderWay:
    """What has left and not arrived."""

    def __init__(self) -> None:
        self._arriving: dict[int, asyncio.TimerHandle] = {}
        self._numbers = itertools.count()
        self._free_s: dict[Arrival, float] = {}
        self._duplicates = 0
        self._holds = 0
        self._held: Message | None = None

    def duplicate(self, messages: int) -> None:
        """Each of the next so many messages goes twice."""
        self._duplicates += messages

    def reorder(self, messages: int) -> None:
        """Each of the next so many messages is overtaken by the one behind it."""
        self._holds += messages

    def mixed(self, message: Message) -> list[Message]:
        """What goes now that this message has come: it alone, unless a verb mixes them."""
        messages = [message]
        if self._duplicates:
            self._duplicates -= 1
            messages *= 2
        if self._held is not None:
            messages.append(self._held)
            self._held = None
        elif self._holds:
            self._holds -= 1
            self._held = messages.pop()
        return messages

    def send(self, seconds: float, arrive: Arrival, message: Message) -> None:
        """Let a message arrive so much later, behind those that went the same way before it."""
        loop = asyncio.get_running_loop()
        number = next(self._numbers)
        self._free_s[arrive] = at_s = max(
            loop.time() + seconds, self._free_s.get(arrive, 0.0) + NEXT_S
        )

        def arrived() -> None:
            del self._arriving[number]
            arrive(*message)

        self._arriving[number] = loop.call_at(at_s, arrived)

    def lose(self) -> None:
        """Nothing of it arrives."""
        for handle in self._arriving.values():
            handle.cancel()
        self._arriving.clear()
        self._held = None
