"""The kiosk's front panel as a model of the port `Panel`: lamp, tones, service key and mains."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from controller.core.events import KeyTurned, MainsSeen
from controller.core.panel import PARTS

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from controller.core.panel import Lamp, Tone


class SimPanel:
    """A panel whose key somebody turns and whose mains may go.

    Attributes:
        lamp: What is lit; None before the kiosk's first word.
        tones: What was heard, oldest first.
        blown_s: For how long the fan was asked to run, in all.
    """

    def __init__(self) -> None:
        self.lamp: Lamp | None = None
        self.tones: list[Tone] = []
        self.blown_s = 0.0
        self._loop = asyncio.get_running_loop()
        self._turned_until_s = self._dark_until_s = 0.0
        self._changed = asyncio.Event()

    @property
    def parts(self) -> frozenset[str]:
        """Everything that a panel may have."""
        return PARTS

    def turn_key(self, seconds: float) -> None:
        """Verb: the service key is turned for so long."""
        self._turned_until_s = max(self._turned_until_s, self._loop.time() + seconds)
        self._change_now_and_at(self._turned_until_s)

    def lose_mains(self, seconds: float) -> None:
        """Verb: the UPS's battery feeds the kiosk for so long."""
        self._dark_until_s = max(self._dark_until_s, self._loop.time() + seconds)
        self._change_now_and_at(self._dark_until_s)

    def show(self, lamp: Lamp) -> None:
        """Light this lamp, and no other."""
        self.lamp = lamp

    def sound(self, tone: Tone) -> None:
        """It is heard."""
        self.tones.append(tone)

    def blow(self, seconds: float) -> None:
        """It is felt."""
        self.blown_s += seconds

    def close(self) -> None:
        """Nobody looks at it any more."""
        self.lamp = None

    async def events(self) -> AsyncIterator[KeyTurned | MainsSeen]:
        """The key and the mains as they are, and again whenever one changes."""
        told: tuple[KeyTurned | MainsSeen, ...] = ()
        while True:
            self._changed.clear()
            now_s = self._loop.time()
            now = KeyTurned(now_s < self._turned_until_s), MainsSeen(now_s >= self._dark_until_s)
            for event in now:
                if event not in told:
                    yield event
            told = now
            await self._changed.wait()

    async def run(self) -> None:
        """Nothing to do of its own."""

    def _change_now_and_at(self, at_s: float) -> None:
        self._changed.set()
        self._loop.call_at(at_s, self._changed.set)
