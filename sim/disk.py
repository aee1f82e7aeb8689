"""The disk that the journal lies on, and a journal that feels it when there is no room."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from controller.ports import DiskError
from sim.store import InlineStore

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from controller.adapters.journal.sqlite_journal import SqliteJournal
    from controller.core.records import Draft, Entry

ROOM_BYTES = 8_000_000_000
"""What is free on a card of 16 GB with a system on it."""


class SimDisk:
    """A disk with room for a journal's life, unless the verb `fill` fills it."""

    def __init__(self) -> None:
        self._full = 0

    def free_bytes(self, path: Path) -> int:
        """How many bytes are free where `path` lies; the journal asks for it."""
        return 0 if self._full else ROOM_BYTES

    def fill(self, seconds: float) -> None:
        """Verb: something else fills it for that long."""
        self._full += 1
        asyncio.get_running_loop().call_later(seconds, self._make_room)

    def check(self) -> None:
        """What a write meets.

        Raises:
            DiskError: There is no room.
        """
        if self._full:
            raise DiskError("the journal's disk is full: make room on it")

    def _make_room(self) -> None:
        self._full -= 1


class StoreOnDisk(InlineStore):
    """The journal on a disk that may be full. A release alone costs no room (see the port).

    Args:
        journal: The open journal.
        note: Called with every record's line once it is committed.
        disk: What it lies on.
    """

    def __init__(
        self, journal: SqliteJournal, note: Callable[[bytes], None], disk: SimDisk
    ) -> None:
        super().__init__(journal, note)
        self._disk = disk

    async def append(self, draft: Draft) -> Entry:
        """Commit one record; see the port."""
        self._disk.check()
        return await super().append(draft)

    async def remember_code(self, jti: str, expires_at: int) -> bool:
        """Note a code's id; see the port."""
        self._disk.check()
        return await super().remember_code(jti, expires_at)

    async def remember_bay(self, bay_id: str, zero_raw: float, unfinished: bool) -> None:
        """Keep what a bay must know after a restart; see the port."""
        self._disk.check()
        await super().remember_bay(bay_id, zero_raw, unfinished)

    async def renew(self, reason: str) -> str:
        """Begin a new epoch; see the port."""
        self._disk.check()
        return await super().renew(reason)
