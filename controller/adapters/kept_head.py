"""The last head that the ledger signed, in a file beside the journal (ports.HeadKeeper).

Whoever doubts the journal asks this file first: `contract.head.open_head` reads it with the
ledger's public key. It is replaced in one step, so it holds a whole head or none.
"""

from __future__ import annotations

import asyncio
import logging
import os
from pathlib import Path

_log = logging.getLogger(__name__)


class KeptHead:
    """One file that holds the last head.

    Args:
        path: The file; made with the first head.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._path = Path(path)

    async def keep(self, head: bytes) -> None:
        """Replace what the file holds.

        A disk that takes nothing is logged and no reason to stop: the ledger has the head, and
        the next one says more.
        """
        try:
            await asyncio.to_thread(self._replace, head)
        except OSError as error:
            _log.error("event=head-not-kept path=%s reason=%s", self._path, error.strerror or error)

    def _replace(self, head: bytes) -> None:
        new = self._path.with_name(self._path.name + ".new")
        with new.open("wb") as file:
            file.write(head + b"\n")
            file.flush()
            os.fsync(file.fileno())
        new.replace(self._path)
