"""The resident's screen as people in the simulation see it (ports.Screen)."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from controller.core.view import View

if TYPE_CHECKING:
    from controller.ports import Image


OFF = "OFF"
"""What is shown where there is no power; no state of any session."""


class SimScreen:
    """Remembers what is shown.

    `states` and `messages` were shown at some time, `closed` are the reasons why a bay was not
    to be used. In its `place`, before it, one person stands at a time.
    """

    def __init__(self) -> None:
        self.view = View(state="IDLE", message="starting")
        self.states: set[str] = set()
        self.messages: set[str] = set()
        self.closed: set[str] = set()
        self.pictures: dict[str, Image] = {}
        self.place = asyncio.Lock()
        self._changed = asyncio.Event()

    def show(self, view: View) -> None:
        """Show `view` and wake everybody who looks."""
        self.view = view
        self.states.add(view.state)
        self.messages.add(view.message)
        self.closed.update(row.why_not for row in view.bays if row.why_not)
        self._wake()

    def dark(self) -> None:
        """Verb: it has no power; nobody who stands before it sees anything."""
        self.view = View(state=OFF, message="")
        self._wake()

    async def shows(self, state: str) -> None:
        """Wait until `state` is shown."""
        while self.view.state != state:
            await self._changed.wait()

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

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()
