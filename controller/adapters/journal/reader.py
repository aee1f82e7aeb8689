"""What is read of a journal to act by: nothing of a line before its signature was checked."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from controller.adapters.journal import memory
from controller.adapters.journal.file import explained
from controller.adapters.journal.rows import judged
from controller.core.records import Entry
from controller.ports import BayMemory, Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from controller.adapters.journal.disk import JournalDisk
    from controller.adapters.journal.outbox import OutboxTable
    from controller.adapters.journal.rows import Owner

_log = logging.getLogger(__name__)

_OPEN_INTENTS = """
    SELECT seq, kind, sha256, line FROM records AS promise WHERE kind = 'intent'
    AND NOT EXISTS (SELECT 1 FROM records WHERE closes = promise.seq) ORDER BY seq
"""

_CALIBRATIONS = """
    SELECT seq, kind, sha256, line FROM kept WHERE kind = 'calibration' UNION ALL
    SELECT seq, kind, sha256, line FROM records WHERE kind = 'calibration' ORDER BY seq
"""


class JournalReader:
    """The reading half of a journal."""

    _path: Path
    _disk: JournalDisk
    _owner: Owner
    _outbox: OutboxTable

    def open_intents(self) -> list[Entry]:
        """Intents that no record has closed, oldest first, as far as this kiosk signed them so."""
        found = (judged(row, self._owner) for row in self._disk.rows(_OPEN_INTENTS))
        return [one for one in found if isinstance(one, Entry)]

    def unreadable_intents(self) -> list[Unreadable]:
        """Open intents that nobody can act by any more, oldest first; see the port."""
        found = (judged(row, self._owner) for row in self._disk.rows(_OPEN_INTENTS))
        return [one for one in found if isinstance(one, Unreadable)]

    def calibrations(self) -> list[Entry]:
        """Every calibration, oldest first; what this kiosk never signed so is left out and logged.

        A calibration may be years old, and what it says is believed of every mass.
        """
        entries = []
        for row in self._disk.rows(_CALIBRATIONS):
            match judged(row, self._owner):
                case Entry() as entry:
                    entries.append(entry)
                case Unreadable() as one:
                    what = "foreign" if one.code == "misplaced" else "forged"
                    _log.error("event=calibration-%s seq=%d reason=%s", what, one.seq, one.reason)
        return entries

    def aside(self) -> Mapping[str, int]:
        """How many records were set aside, by their code."""
        with explained(self._path, "read"):
            return self._outbox.aside()

    def depth(self) -> int:
        """How many records wait in the outbox."""
        with explained(self._path, "read"):
            return self._outbox.depth()

    def bay_memories(self) -> Mapping[str, BayMemory]:
        """What was kept last, by bay."""
        with explained(self._path, "read"):
            return memory.bay_memories(self._disk.connection)

    def card_deposits(self) -> list[tuple[str, str, int]]:
        """Card id, instant and points of the latest deposits by card, oldest first."""
        with explained(self._path, "read"):
            return memory.card_deposits(self._disk.connection)

    def lines(self) -> Iterator[bytes]:
        """Yield the lines of all records that are not archived by seq, for verification."""
        with explained(self._path, "read"):
            for (line,) in self._disk.connection.execute("SELECT line FROM records ORDER BY seq"):
                yield line
