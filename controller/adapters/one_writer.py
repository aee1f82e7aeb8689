"""One program at a time writes to a journal: an advisory lock beside the file, as flock(2) has it.

SQLite lets two programs take turns, but each record follows the one before, and a program remembers
which that was. The lock goes with its program, however that ends.
"""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from controller.ports import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def one_writer(journal: Path) -> Iterator[None]:
    """Hold the lock of `journal`, a file `NAME.lock` beside it that stays there.

    Raises:
        StoreError: Another program holds it, or no file can be made there.
    """
    lock = journal.with_suffix(".lock")
    try:
        handle = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
    except OSError as error:
        raise StoreError(f"{lock} cannot be made: {error.strerror}; check the folder") from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise StoreError(
                f"journal {journal} is in use: stop the kiosk that runs on it first"
            ) from error
        yield
    finally:
        os.close(handle)
