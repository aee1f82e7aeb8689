"""A few rows in a file, which is replaced in one step (ports.RowKeeper).

What stands in them follows from the journal too, but its records may have been archived long ago.
A row that a power cut took along costs a fault that is recorded twice, or a load that is counted
when the kiosk starts.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from contract.whole_file import replace_whole

if TYPE_CHECKING:
    from collections.abc import Sequence

_log = logging.getLogger(__name__)


class KeptRows:
    """The file that holds them.

    Args:
        path: Where it lies; it is made with the first row.
        shape: What stands in a row.
    """

    def __init__(self, path: str | os.PathLike[str], shape: tuple[type, ...]) -> None:
        self._path = Path(path)
        self._shape = shape
        self._turn = asyncio.Lock()

    async def kept(self) -> list[tuple[Any, ...]]:
        """The rows; what is no such file is logged and counts as none."""
        try:
            data = await asyncio.to_thread(self._path.read_bytes)
        except FileNotFoundError:
            return []
        except OSError as error:
            return self._unread(error.strerror or str(error))
        try:
            rows = [tuple(row) for row in json.loads(data)]
        except (ValueError, TypeError, RecursionError) as error:
            return self._unread(str(error))
        if not all(tuple(map(type, row)) == self._shape for row in rows):
            return self._unread(f"it has a row that is not {self._shape}")
        return rows

    async def keep(self, rows: Sequence[tuple[str | int, ...]]) -> None:
        """Replace what was kept; see the port."""
        data = json.dumps([list(row) for row in rows]).encode() + b"\n"
        async with self._turn:
            try:
                await asyncio.to_thread(replace_whole, self._path, data)
            except OSError as error:
                reason = error.strerror or error
                _log.error("event=rows-not-kept path=%s reason=%s", self._path, reason)

    def _unread(self, reason: str) -> list[tuple[Any, ...]]:
        _log.error("event=rows-unread path=%s reason=%s", self._path, reason)
        return []
