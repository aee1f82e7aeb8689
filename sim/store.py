"""The real journal, called inline: a commit takes a fixed virtual time and no thread."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from controller.adapters.journal.sqlite_journal import SqliteJournal
    from controller.core.records import Draft, Entry
    from controller.ports import BayMemory, Room, Unreadable

COMMIT_S = 0.012
"""What a commit with fsync takes on a good SD card."""

READ_S = 0.001


class InlineStore:
    """The kiosk's journal in virtual time (ports.Store).

    Args:
        journal: The open journal.
        note: Called with every record's line once it is committed.
    """

    def __init__(self, journal: SqliteJournal, note: Callable[[bytes], None]) -> None:
        self._journal = journal
        self._note = note

    async def epoch(self) -> str:
        """The journal's epoch."""
        return self._journal.epoch

    async def append(self, draft: Draft) -> Entry:
        """Commit one record; see the port."""
        await asyncio.sleep(COMMIT_S)
        entry = self._journal.append(draft)
        self._note(entry.line)
        return entry

    async def unsent(self, after_seq: int, limit: int) -> list[Entry]:
        """The oldest unacknowledged records; see the port."""
        await asyncio.sleep(READ_S)
        return self._journal.unsent(after_seq, limit)

    async def acknowledge(self, upto: int, sha256: str) -> bool:
        """Release the outbox; see the port."""
        await asyncio.sleep(COMMIT_S)
        return self._journal.acknowledge(upto, sha256)

    async def set_aside(self, seq: int, code: str) -> None:
        """Keep a rejected record apart; see the port."""
        await asyncio.sleep(COMMIT_S)
        self._journal.set_aside(seq, code)

    async def aside(self) -> Mapping[str, int]:
        """How many were set aside, by code; see the port."""
        await asyncio.sleep(READ_S)
        return self._journal.aside()

    async def open_intents(self) -> list[Entry]:
        """Intents without an end; see the port."""
        await asyncio.sleep(READ_S)
        return self._journal.open_intents()

    async def unreadable_intents(self) -> list[Unreadable]:
        """Open intents that can no longer be read; see the port."""
        await asyncio.sleep(READ_S)
        return self._journal.unreadable_intents()

    async def calibrations(self) -> list[Entry]:
        """Every calibration, oldest first; see the port."""
        await asyncio.sleep(READ_S)
        return self._journal.calibrations()

    async def depth(self) -> int:
        """How many records wait."""
        await asyncio.sleep(READ_S)
        return self._journal.depth()

    async def remember_code(self, jti: str, expires_at: int) -> bool:
        """Note a code's id; see the port."""
        await asyncio.sleep(COMMIT_S)
        return self._journal.remember_code(jti, expires_at)

    async def remember_bay(self, bay_id: str, zero_raw: float, unfinished: bool) -> None:
        """Keep what a bay must know after a restart; see the port."""
        await asyncio.sleep(COMMIT_S)
        self._journal.remember_bay(bay_id, zero_raw, unfinished)

    async def card_deposits(self) -> list[tuple[str, str, int]]:
        """The latest deposits by card; see the port."""
        await asyncio.sleep(READ_S)
        return self._journal.card_deposits()

    async def bay_memories(self) -> Mapping[str, BayMemory]:
        """What was kept last, by bay; see the port."""
        await asyncio.sleep(READ_S)
        return self._journal.bay_memories()

    async def renew(self, reason: str) -> str:
        """Begin a new epoch; see the port."""
        await asyncio.sleep(COMMIT_S)
        epoch = self._journal.renew(reason)
        for line in self._journal.lines():
            self._note(line)
        return epoch

    async def room(self) -> Room:
        """Whether another record can be written; see the port."""
        await asyncio.sleep(READ_S)
        return self._journal.room()

    async def archive(self) -> bool:
        """Move a stretch of the oldest records out of the journal; see the port."""
        await asyncio.sleep(COMMIT_S)
        return self._journal.archive()
