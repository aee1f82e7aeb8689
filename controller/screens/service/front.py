"""The kiosk's front while it is tried: lamps one after the other, a tone, a breeze, a voice."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from controller.core.panel import Lamp, Tone
from controller.core.slip import Code, Line
from controller.ports import PrinterError
from controller.screens.service.asked import PRINTER_TEST

if TYPE_CHECKING:
    from collections.abc import Callable

    from controller import ports
    from controller.core.slip import Slip
    from controller.screens.saying import Voice

LAMP_S = 1.0
"""So long each lamp is lit."""

FAN_S = 10.0
"""So long the fan blows: a hand before the grille feels it after two or three."""

TEST_SLIP: Slip = (
    *(Line(words, big=True) for words in PRINTER_TEST.values()),
    Code("PRINTER TEST"),
)
"""A line in each language, and a code: fonts and pictures are two things."""

ON_SCREEN = frozenset({"speaker", "touch"})
"""What every kiosk has with its screen."""


@dataclass(frozen=True, slots=True)
class Front:
    """What a person at the kiosk is asked about.

    `printer` is None where none is fitted. `now_lit` is the lamp that is to be lit again
    afterwards. `voice` makes speech; without one the browser does.
    """

    panel: ports.Panel | None = None
    now_lit: Callable[[], Lamp] = lambda: Lamp.RED
    voice: Voice | None = None
    printer: ports.Printer | None = None

    @property
    def wired(self) -> frozenset[str]:
        """What there is to try."""
        of_panel = frozenset() if self.panel is None else self.panel.parts
        of_paper = frozenset() if self.printer is None else {"printer"}
        return ON_SCREEN | of_panel | of_paper

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

    async def print_line(self) -> dict[str, str]:
        """Print a line to be looked for; the printer's trouble by its name, where it has any."""
        if self.printer is None:
            return {}
        try:
            await self.printer.print(TEST_SLIP)
        except PrinterError as error:
            return {"printer": error.code}
        return {}

    async def _light_each(self, panel: ports.Panel) -> None:
        try:
            for lamp in Lamp:
                panel.show(lamp)
                await asyncio.sleep(LAMP_S)
        finally:
            panel.show(self.now_lit())
