"""Writes into the journal what the core wishes to be durable, and says what became of it."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from contract.bodies import SENT
from contract.instant import instant_of
from controller.core import events
from controller.core.records import Draft
from controller.ports import DiskError, StoreError

if TYPE_CHECKING:
    from collections.abc import Callable

    from controller import ports
    from controller.checking import Checking
    from controller.core import commands

_log = logging.getLogger(__name__)

CLOSE_BY = 50
"""Records after an intent among which its end is looked for: one session's, and some."""


class Journaling:
    """One kiosk's way into its journal.

    Args:
        store: The journal.
        clock: Dates the records.
        checking: Is told how long a record took, and which was refused.
        kick: Called when a record waits to be sent.
    """

    def __init__(
        self,
        store: ports.Store,
        clock: ports.Clock,
        checking: Checking,
        kick: Callable[[], None],
    ) -> None:
        self._store = store
        self._clock = clock
        self._checking = checking
        self._kick = kick

    async def commit(self, wish: commands.Commit) -> events.Committed | events.CommitFailed:
        """Write a record."""
        sent = wish.kind in SENT
        draft = Draft(wish.kind, wish.body, instant_of(self._clock.utc_s()), sent, wish.closes)
        began_s = asyncio.get_running_loop().time()
        try:
            entry = await self._store.append(draft)
        except StoreError as error:
            _log.error("event=commit-failed kind=%s reason=%s", wish.kind, error)
            self._checking.refused()
            lasting = not isinstance(error, DiskError)
            before = await self._written_before(wish) if lasting else None
            if before is None:
                return events.CommitFailed(wish, str(error), lasting)
            entry = before
        finally:
            self._checking.took(asyncio.get_running_loop().time() - began_s)
        if sent:
            self._kick()
        line = entry.line.decode()
        return events.Committed(wish.kind, entry.seq, wish.closes, line, wish.body)

    async def remember_bay(
        self, wish: commands.RememberBay
    ) -> events.BayRemembered | events.BayNotRemembered:
        """Write down how a bay was left."""
        try:
            await self._store.remember_bay(wish.bay, wish.zero_raw, wish.unfinished)
        except StoreError as error:
            _log.error("event=bay-not-remembered bay=%s reason=%s", wish.bay, error)
            self._checking.refused()
            return events.BayNotRemembered(wish.bay, str(error))
        return events.BayRemembered(wish.bay, wish.unfinished)

    async def remember_code(self, wish: commands.RememberCode) -> events.CodeSeenBefore | None:
        """Write down that a code was shown; what it says where it was shown before."""
        try:
            fresh = await self._store.remember_code(wish.jti, wish.expires_at)
        except StoreError as error:
            _log.error("event=code-not-remembered reason=%s", error)
            return None
        if fresh:
            return None
        _log.warning("event=code-shown-again jti=%s", wish.jti)
        return events.CodeSeenBefore(wish.jti)

    async def _written_before(self, wish: commands.Commit) -> ports.Entry | None:
        """The record that was asked for: a disk may fail after it has taken what it was given."""
        if wish.closes is None:
            return None
        try:
            later = await self._store.unsent(wish.closes, CLOSE_BY)
        except StoreError as error:
            _log.error("event=outbox-unread reason=%s", error)
            return None
        return next((one for one in later if _closes(one, wish)), None)


def _closes(entry: ports.Entry, wish: commands.Commit) -> bool:
    """Whether an entry is the end of the wish's intent that it asked for."""
    same_load = entry.body.get("deposit_id") == wish.body.get("deposit_id")
    return entry.kind == wish.kind and same_load
