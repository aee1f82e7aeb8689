"""Looks after the software of a real kiosk for the platform (ports.Upkeep)."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from contract.errors import KioskError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable


class UpkeepError(KioskError):
    """What was asked for cannot be done here."""


class KioskUpkeep:
    """Does what others give it to do.

    Args:
        reload: Looks for catalogues; gives the version that prices from here on.
    """

    def __init__(self, reload: Callable[[], Awaitable[str]]) -> None:
        self._reload = reload
        self._bundle: Callable[[], Awaitable[bytes]] | None = None
        self._restart = asyncio.Event()
        self._is_watched = False

    async def reload_catalogue(self) -> str:
        """Look for catalogues now; see the port."""
        return await self._reload()

    def gives(self, bundle: Callable[[], Awaitable[bytes]]) -> None:
        """From now on `bundle` makes the diagnostics."""
        self._bundle = bundle

    async def diagnostics(self) -> bytes:
        """The bundle of the service desk; see the port.

        Raises:
            UpkeepError: This kiosk has no service desk.
        """
        if self._bundle is None:
            raise UpkeepError("this kiosk has no service desk, which makes the bundle")
        return await self._bundle()

    def restart(self) -> None:
        """End the controller; see the port.

        Raises:
            UpkeepError: Nobody would start it anew.
        """
        if not self._is_watched:
            raise UpkeepError("nobody would start this controller anew")
        self._restart.set()

    async def until_restart(self) -> None:
        """Wait until a restart is asked for; whoever waits sees to it."""
        self._is_watched = True
        await self._restart.wait()
