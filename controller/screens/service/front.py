"""The kiosk's front while it is tried: lamps one after the other, a tone, a breeze, a voice."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from controller.core.panel import Lamp, Tone

if TYPE_CHECKING:
    from collections.abc import Callable

    from controller import ports
    from controller.screens.saying import Voice

LAMP_S = 1.0
"""So long each lamp is lit."""

FAN_S = 10.0
"""So long the fan blows: a hand before the grille feels it after two or three."""

ON_SCREEN = frozenset({"speaker", "touch"})
"""What every kiosk has with its screen."""


@dataclass(frozen=True, slots=True)
class Front:
    """What a person at the kiosk is asked about.

    `now_lit` is the lamp that is to be lit again afterwards. `voice` makes speech; without one the
    browser does.
    """

    panel: ports.Panel | None = None
    now_lit: Callable[[], Lamp] = lambda: Lamp.RED
    voice: Voice | None = None

    @property
    def wired(self) -> frozenset[str]:
        """What there is to try."""
        return ON_SCREEN if self.panel is None else ON_SCREEN | self.panel.parts

    async def attempt(self, part: str) -> None:
        """Let it happen; what the screen does itself happens there."""
        panel = self.panel
        if panel is None or part not in self.wired:
            return
        if part == "lamp":
            await self._light_each(panel)
        elif part == "buzzer":
            panel.sound(Tone.REFUSED)
        elif part == "fan":
            panel.blow(FAN_S)

    async def _light_each(self, panel: ports.Panel) -> None:
        try:
            for lamp in Lamp:
                panel.show(lamp)
                await asyncio.sleep(LAMP_S)
        finally:
            panel.show(self.now_lit())
