"""Keeps the journal small: asks it now and then, while nobody is served, to archive what is old."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from controller.ports import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable

    from controller.ports import Store

_log = logging.getLogger(__name__)

EVERY_S = 3600.0
"""An hour's records are far fewer than a stretch, so mostly there is nothing to do."""

PAUSE_S = 1.0
"""Between two stretches, so that whatever waits for the journal comes first."""


class Archiving:
    """The journal's archiving, stretch by stretch; `run` it.

    Args:
        store: The journal.
        is_idle: Says whether nobody is served now.
    """

    def __init__(self, store: Store, is_idle: Callable[[], bool]) -> None:
        self._store = store
        self._is_idle = is_idle

    async def run(self) -> None:
        """Look every hour until cancelled."""
        while True:
            await asyncio.sleep(EVERY_S)
            try:
                await self._archive()
            except StoreError as error:
                _log.error("event=journal-not-archived reason=%s", error)

    async def _archive(self) -> None:
        going_on = True
        while going_on:
            await asyncio.sleep(PAUSE_S)
            going_on = not self._is_idle() or await self._store.archive()
