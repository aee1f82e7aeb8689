"""The resident's screen as people in the simulation see it (ports.Screen)."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from controller.core.view import View

if TYPE_CHECKING:
    from controller.ports import Image


class SimScreen:
    """Remembers what is shown, and every state that was ever shown."""

    def __init__(self) -> None:
        self.view = View(state="IDLE", message="starting")
        self.states: set[str] = set()
        self.pictures: dict[str, Image] = {}
        self._changed = asyncio.Event()

    def show(self, view: View) -> None:
        """Show `view` and wake everybody who looks."""
        self.view = view
        self.states.add(view.state)
        self._changed.set()
        self._changed = asyncio.Event()

    def picture(self, bay: str, frame: Image | None) -> None:
        """Show or take away a picture of the bay's chamber."""
        if frame is None:
            self.pictures.pop(bay, None)
        else:
            self.pictures[bay] = frame

    async def change(self, patience_s: float) -> bool:
        """Wait until something else is shown; False where nothing changed for `patience_s`."""
        try:
            async with asyncio.timeout(patience_s):
                await self._changed.wait()
        except TimeoutError:
            return False
        return True
