"""The journal on a thread of its own, so that a slow disk never stops the controller's loop.

Records that are asked for while the disk is busy are committed together: one transaction and one
wait for the disk for all of them, and to nobody it is said before that one is over.
"""

from __future__ import annotations

import asyncio
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Self, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from controller.adapters.journal.sqlite_journal import SqliteJournal
    from controller.core.records import Draft, Entry
    from controller.ports import BayMemory, Room, Unreadable

    Asked = tuple[Draft, asyncio.Future[Entry]]

T = TypeVar("T")

TOGETHER = 16
"""Records in one transaction at most: a card that is full in the middle refuses so many."""


class ThreadedStore:
    """The port `Store` over a journal. Use it as an async context manager.

    Args:
        make: Opens the journal; called on the store's own thread.
    """

    def __init__(self, make: Callable[[], SqliteJournal]) -> None:
        self._make = make
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="journal")
        self._opened: SqliteJournal | None = None
        self._waiting: deque[Asked] = deque()

    async def __aenter__(self) -> Self:
        """Open the journal.

        Raises:
            StoreError: It cannot be opened.
        """
        try:
            loop = asyncio.get_running_loop()
            self._opened = await loop.run_in_executor(self._thread, self._make)
        except BaseException:
            self._thread.shutdown(wait=False)
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close the journal after what is under way."""
        await self._do(lambda journal: journal.close())
        self._thread.shutdown(wait=False)

    async def epoch(self) -> str:
        """The journal's epoch."""
        return await self._do(lambda journal: journal.epoch)

    async def append(self, draft: Draft) -> Entry:
        """Commit one record, together with those that wait beside it; see the port."""
        told: asyncio.Future[Entry] = asyncio.get_running_loop().create_future()
        self._waiting.append((draft, told))
        # The first turn on the thread is everybody's; those that follow may find nothing to do.
        self._thread.submit(self._commit_waiting)
        return await told  # which may be cancelled: the commit is finished all the same

    async def unsent(self, after_seq: int, limit: int) -> list[Entry]:
        """The oldest unacknowledged records; see the port."""
        return await self._do(lambda journal: journal.unsent(after_seq, limit))

    async def acknowledge(self, upto: int, sha256: str) -> bool:
        """Release the outbox; see the port."""
        return await self._do(lambda journal: journal.acknowledge(upto, sha256))

    async def set_aside(self, seq: int, code: str) -> None:
        """Keep a rejected record apart; see the port."""
        await self._do(lambda journal: journal.set_aside(seq, code))

    async def aside(self) -> Mapping[str, int]:
        """How many were set aside, by code; see the port."""
        return await self._do(lambda journal: journal.aside())

    async def open_intents(self) -> list[Entry]:
        """Intents without an end; see the port."""
        return await self._do(lambda journal: journal.open_intents())

    async def unreadable_intents(self) -> list[Unreadable]:
        """Open intents that can no longer be read; see the port."""
        return await self._do(lambda journal: journal.unreadable_intents())

    async def calibrations(self) -> list[Entry]:
        """Every calibration, oldest first; see the port."""
        return await self._do(lambda journal: journal.calibrations())

    async def depth(self) -> int:
        """How many records wait."""
        return await self._do(lambda journal: journal.depth())

    async def remember_code(self, jti: str, expires_at: int) -> bool:
        """Note a code's id; see the port."""
        return await self._do(lambda journal: journal.remember_code(jti, expires_at))

    async def remember_bay(self, bay_id: str, zero_raw: float, unfinished: bool) -> None:
        """Keep what a bay must know after a restart; see the port."""
        await self._do(lambda journal: journal.remember_bay(bay_id, zero_raw, unfinished))

    async def bay_memories(self) -> Mapping[str, BayMemory]:
        """What was kept last, by bay; see the port."""
        return await self._do(lambda journal: journal.bay_memories())

    async def card_deposits(self) -> list[tuple[str, str, int]]:
        """The latest deposits by card; see the port."""
        return await self._do(lambda journal: journal.card_deposits())

    async def renew(self, reason: str) -> str:
        """Begin a new epoch; see the port."""
        return await self._do(lambda journal: journal.renew(reason))

    async def room(self) -> Room:
        """Whether another record can be written; see the port."""
        return await self._do(lambda journal: journal.room())

    async def archive(self) -> bool:
        """Move a stretch of the oldest records out of the journal; see the port.

        Signatures are checked and the file is written on another thread: what is asked of the
        journal meanwhile need not wait for that.
        """
        oldest = await self._do(lambda journal: journal.oldest())
        if oldest is None:
            return False
        secured = await asyncio.to_thread(oldest.secure)
        return await self._do(lambda journal: journal.let_go(secured))

    def _commit_waiting(self) -> None:
        """On the journal's thread: commit what waits, and tell each what came of it."""
        waiting = self._waiting
        taken = [waiting.popleft() for _ in range(min(len(waiting), TOGETHER))]
        if not taken:
            return
        outcomes: list[Entry | BaseException]
        try:
            outcomes = [*self._journal.append_all([draft for draft, _ in taken])]
        except BaseException as error:  # noqa: BLE001  # no thread shows it: who asked is told
            outcomes = [error] * len(taken)
        taken[0][1].get_loop().call_soon_threadsafe(_tell, taken, outcomes)

    @property
    def _journal(self) -> SqliteJournal:
        assert self._opened is not None, "use the store as an async context manager"
        return self._opened

    async def _do(self, work: Callable[[SqliteJournal], T]) -> T:
        loop = asyncio.get_running_loop()
        # The commit must finish even if whoever asked for it is cancelled meanwhile.
        return await asyncio.shield(loop.run_in_executor(self._thread, work, self._journal))


def _tell(asked: list[Asked], outcomes: list[Entry | BaseException]) -> None:
    """Tell each who asked what came of it, but for those that do not wait any more."""
    for (_, told), outcome in zip(asked, outcomes, strict=True):
        if told.cancelled():
            continue
        if isinstance(outcome, BaseException):
            told.set_exception(outcome)
        else:
            told.set_result(outcome)
