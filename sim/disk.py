"""The disk that the journal lies on, and a journal that feels it when it is full, bad or slow."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from controller.ports import DiskError, Room
from sim.store import InlineStore

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from controller.adapters.journal.sqlite_journal import SqliteJournal
    from controller.core.records import Draft, Entry

ROOM_BYTES = 8_000_000_000
"""What is free on a card of 16 GB with a system on it."""


class SimDisk:
    """A disk with room for a journal's life; verbs fill it, spoil it or make it slow."""

    def __init__(self) -> None:
        self._full = 0
        self._failing = 0
        self.commit_s = 0.0

    def free_bytes(self, path: Path) -> int:
        """How many bytes are free where `path` lies; the journal asks for it."""
        return 0 if self._full else ROOM_BYTES

    def fill(self, seconds: float) -> None:
        """Verb: something else fills it for that long."""
        self._full += 1
        asyncio.get_running_loop().call_later(seconds, self._make_room)

    def fail(self, seconds: float) -> None:
        """Verb: for that long it is there, and takes nothing."""
        self._failing += 1
        asyncio.get_running_loop().call_later(seconds, self._recover)

    def tire(self, seconds: float, commit_s: float) -> None:
        """Verb: for that long each record takes so much longer."""
        self.commit_s += commit_s
        asyncio.get_running_loop().call_later(seconds, self._rest, commit_s)

    @property
    def trouble(self) -> tuple[str, str]:
        """Code and reason of what a write meets, as in `DiskError`; empty while it is well."""
        if self._full:
            return "full", "the journal's disk is full: make room on it"
        if self._failing:
            return "failing", "the journal's disk fails: check it, replace it"
        return "", ""

    def check(self) -> None:
        """What a write meets.

        Raises:
            DiskError: There is no room, or it takes nothing.
        """
        code, reason = self.trouble
        if code:
            raise DiskError(reason, code)

    def _make_room(self) -> None:
        self._full -= 1

    def _recover(self) -> None:
        self._failing -= 1

    def _rest(self, commit_s: float) -> None:
        self.commit_s -= commit_s


class StoreOnDisk(InlineStore):
    """The journal on a disk with its troubles. A release alone costs no room (see the port).

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
        await asyncio.sleep(self._disk.commit_s)
        self._disk.check()
        return await super().append(draft)

    async def room(self) -> Room:
        """Whether another record can be written; see the port."""
        room, (code, reason) = await super().room(), self._disk.trouble
        return Room(room.free_bytes, enough=False, reason=reason, code=code) if code else room

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
