"""Looks at the kiosk's screen as a person does: now and then, and remembering what was on it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from controller.core.viewing import view_of
from sim.screen import SimScreen

if TYPE_CHECKING:
    from controller.app import Kiosk
    from controller.core.view import ReceiptRow

GLANCE_S = 0.05


class Onlooker(SimScreen):
    """What somebody before the kiosk sees. `receipts` are all deposits that were ever on it.

    Args:
        kiosk: The kiosk; its own screen stays where it is.
    """

    def __init__(self, kiosk: Kiosk) -> None:
        super().__init__()
        self.receipts: dict[str, ReceiptRow] = {}
        self._kiosk = kiosk

    async def look(self) -> None:
        """Keep looking until cancelled."""
        while True:
            view = view_of(self._kiosk.session, online=False)
            if view != self.view:
                self.receipts |= {row.deposit_id: row for row in view.receipt}
                self.show(view)
            await asyncio.sleep(GLANCE_S)
