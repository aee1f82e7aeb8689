"""The resident's phone in the demo: asks the platform for a code and holds it up."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

import httpx

if TYPE_CHECKING:
    from sim.code_camera import CodeCamera
    from sim.stage.signed_in import SignedIn

_log = logging.getLogger(__name__)


class Phone:
    """One phone before the kiosk's code camera (`sim.people.Phone`).

    Args:
        front: The camera at the kiosk's front.
        platform: The platform, as residents who are signed in there.
    """

    def __init__(self, front: CodeCamera, platform: SignedIn) -> None:
        self._front = front
        self._platform = platform
        self._fetching: asyncio.Task[None] | None = None

    def show(self, account: str) -> None:
        """Hold up a fresh code of `account` as soon as the platform has given one."""
        self.away()
        self._fetching = asyncio.get_running_loop().create_task(self._hold_up(account))

    def away(self) -> None:
        """Put the phone away."""
        if self._fetching is not None:
            self._fetching.cancel()
            self._fetching = None
        self._front.away()

    async def _hold_up(self, account: str) -> None:
        try:
            code = await self._platform.get(account, "/code")
        except httpx.HTTPError as error:
            _log.warning("event=no-code reason=%r", error)
            return
        self._front.show_text(code["text"])
