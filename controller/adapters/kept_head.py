"""The last head that the ledger signed, in a file beside the journal (ports.HeadKeeper).

Each epoch has a file of its own, `head-EPOCH.json` for `head.json`. Whoever doubts a journal asks
the one of its epoch first: `contract.head.open_head` reads it with the ledger's public key. It is
replaced in one step, so it holds a whole head or none, and only by a head that goes further: an
ack of long ago is signed as well.
"""

from __future__ import annotations

import asyncio
import logging
import os
from pathlib import Path

from contract.errors import PayloadError
from contract.head import Head
from contract.payloads import decode
from contract.whole_file import replace_whole

_log = logging.getLogger(__name__)


class KeptHead:
    """The files that hold the last head of each epoch.

    Args:
        path: Names them, as said above; each is made with the first head of its epoch.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._path = Path(path)

    async def keep(self, head: bytes) -> None:
        """Replace what is kept of the head's epoch, unless that goes as far.

        A disk that takes nothing is logged and no reason to stop: the ledger has the head, and
        the next one says more.

        Raises:
            PayloadError: It is no head.
        """
        try:
            await asyncio.to_thread(self._keep, head)
        except OSError as error:
            _log.error("event=head-not-kept path=%s reason=%s", self._path, error.strerror or error)

    def _keep(self, line: bytes) -> None:
        head = decode(Head, line)
        path = self._path.with_stem(f"{self._path.stem}-{head.epoch}")
        kept = _read(path)
        if kept and kept.upto >= head.upto:
            return
        replace_whole(path, line + b"\n")


def _read(path: Path) -> Head | None:
    """The head in a file; None where there is none, as what is no head gives way to one."""
    try:
        return decode(Head, path.read_bytes())
    except FileNotFoundError:
        return None
    except PayloadError as error:
        _log.warning("event=head-unreadable path=%s code=%s", path, error.code)
        return None
