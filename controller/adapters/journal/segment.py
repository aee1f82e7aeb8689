"""Files of the archive: written whole and read back, before any of their records is let go of."""

from __future__ import annotations

import datetime as dt
import errno
import itertools
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

from contract.archive import segments
from controller.adapters.journal.renewal import sync_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from contract.archive import Segment

MONTH_S = 31 * 86_400
"""Younger records stay, however little room the archive was given."""


def folder_beside(journal: Path) -> Path:
    """Where the archive of the journal at this path lies."""
    return journal.parent / "archive"


def write_segment(path: Path, content: bytes) -> None:
    """Write a file so that it is there, whole, under its name or not at all.

    What another kiosk's life has left under that name is kept beside it, under another.

    Raises:
        OSError: The disk refuses, or gives back something else than it was given.
    """
    if not path.parent.exists():
        path.parent.mkdir()
        sync_folder(path.parent)
    if path.exists() and path.read_bytes() != content:
        path.replace(_free_name(path))
    draft = path.with_name(f"{path.name}.part")
    try:
        _write(draft, content)
        draft.replace(path)
    except OSError:
        draft.unlink(missing_ok=True)
        raise
    sync_folder(path)
    if _read_back(path) != content:
        raise OSError(errno.EIO, "it reads back otherwise than it was written", str(path))


def overdue(found: list[Segment], most_bytes: int, latest_s: int) -> Iterator[Segment]:
    """Yield the oldest of these segments that must go for the rest to fit into `most_bytes`.

    Args:
        found: Oldest first.
        most_bytes: What the archive may hold.
        latest_s: The highest time in any record (Unix s): what is less than `MONTH_S` older stays.
    """
    spare = most_bytes - sum(one.path.stat().st_size for one in found)
    for one in found:
        if spare >= 0 or _ends_s(one) > latest_s - MONTH_S:
            return
        spare += one.path.stat().st_size
        yield one


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _read_back(path: Path) -> bytes:
    """What the disk has, not what memory remembers of it."""
    with path.open("rb") as file:
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        return file.read()


def _ends_s(segment: Segment) -> float:
    """The time in a segment's last record (Unix s); 0 where it cannot be read any more."""
    try:
        at = json.loads(segment.path.read_bytes().splitlines()[-1])["at"]
        return dt.datetime.fromisoformat(at).timestamp()
    except (OSError, ValueError, LookupError, TypeError, RecursionError, OverflowError):
        return 0.0


def _free_name(path: Path) -> Path:
    names = (path.with_name(f"{path.name}.{number}") for number in itertools.count(1))
    return next(one for one in names if not one.exists())


def drop_before(folder: Path, epoch: str, first: int) -> list[Segment]:
    """Delete the epoch's segments that end before record `first`; return them.

    Raises:
        OSError: The disk refuses.
    """
    gone = [one for one in segments(folder, epoch) if one.last < first]
    for one in gone:
        one.path.unlink()
    return gone
