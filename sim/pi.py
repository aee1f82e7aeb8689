"""The kiosk's computer: runs the controller, loses its power, and starts anew on what is left."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from controller.app import Kiosk

BOOT_S = 20.0
"""From power to a running controller on a Raspberry Pi (assumed: 15 to 30 s with a light image)."""


class Pi:
    """Runs one controller after another; `kiosk` is the present one, or the last.

    Args:
        start: Starts a controller on what the one before has left.
        dark: Called when the power goes, and again when the last task has felt it.
    """

    def __init__(self, start: Callable[[], Kiosk], dark: Callable[[], None]) -> None:
        self._start = start
        self._dark = dark
        self._power_cut = asyncio.Event()
        self._off_until_s = 0.0
        self.kiosk = start()

    async def run(self) -> None:
        """Run controllers until cancelled, or until one ends by itself.

        Raises:
            Exception: Whatever ended the controller.
        """
        while True:
            await self._run_until_cut()
            self._dark()
            await self._wait_for_power()
            await asyncio.sleep(BOOT_S)
            self.kiosk = self._start()

    def cut(self, seconds: float) -> None:
        """Verb: no power for that long."""
        back_s = asyncio.get_running_loop().time() + seconds
        self._off_until_s = max(self._off_until_s, back_s)
        self._power_cut.set()
        self._dark()

    async def _run_until_cut(self) -> None:
        loop = asyncio.get_running_loop()
        kiosk = loop.create_task(self.kiosk.run(), name="kiosk")
        cut = loop.create_task(self._power_cut.wait(), name="power")
        try:
            await asyncio.wait((kiosk, cut), return_when=asyncio.FIRST_COMPLETED)
            if kiosk.done():
                kiosk.result()
        finally:
            for task in (kiosk, cut):
                task.cancel()
            await asyncio.gather(kiosk, cut, return_exceptions=True)

    async def _wait_for_power(self) -> None:
        """A cut may be followed by another one before it is over."""
        loop = asyncio.get_running_loop()
        while (dark_s := self._off_until_s - loop.time()) > 0:  # noqa: ASYNC110  it may grow
            await asyncio.sleep(dark_s)
        self._power_cut.clear()
