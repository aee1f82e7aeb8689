"""The open journal's file: its transactions, and whether it takes another record."""

from __future__ import annotations

import os
import sqlite3
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from controller.adapters.journal.file import DAMAGED, explained, explanation
from controller.ports import DiskError, Room

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from controller.adapters.journal.mirror import Mirror
    from controller.adapters.journal.rows import Row


def free_bytes_of(path: Path) -> int:
    """Bytes that a service without special rights may still use on the disk of `path`.

    Raises:
        OSError: The disk cannot be asked.
    """
    disk = os.statvfs(path)
    return disk.f_bavail * disk.f_frsize


class JournalDisk:
    """The file at `path`, open as `connection`.

    `refusal` is what the disk said when it did not take the last write; empty once it took one.

    Args:
        connection: Without a transaction of its own making.
        path: Where it lies.
        min_free_bytes: With less room than this no load should be taken any more.
        free_bytes: Says how much is free where a path lies; may raise `OSError`.
        mirror: Follows every commit, where there is one.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        path: Path,
        min_free_bytes: int,
        free_bytes: Callable[[Path], int],
        mirror: Mirror | None = None,
    ) -> None:
        self.connection = connection
        self.refusal = self._code = ""
        self._path = path
        self._min_free_bytes = min_free_bytes
        self._free_bytes = free_bytes
        self._mirror = mirror

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """What is written inside is committed at its end, or nothing of it is.

        Raises:
            DiskError: The disk did not take it, which `refusal` says from then on.
            StoreError: It breaks a rule of the tables.
        """
        try:
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                yield self.connection
                self.connection.execute("COMMIT")
            finally:
                # Where the disk is full SQLite has rolled back by itself, and says so here.
                if self.connection.in_transaction:
                    with suppress(sqlite3.OperationalError):
                        self.connection.execute("ROLLBACK")
        except DAMAGED as error:
            told = explanation(error, self._path, "written")
            if isinstance(told, DiskError):
                self.refusal, self._code = str(told), told.code
            raise told from error
        self.refusal = self._code = ""
        if self._mirror is not None:
            self._mirror.follow(self.connection)

    def rows(self, query: str, values: tuple[int, ...] = ()) -> list[Row]:
        """All rows that `query` finds."""
        with explained(self._path, "read"):
            return self.connection.execute(query, values).fetchall()

    def room(self) -> Room:
        """The room there is now, as far as can be known without writing."""
        mirror = self._mirror.lost if self._mirror is not None else ""
        try:
            free_bytes = self._free_bytes(self._path)
        except OSError as error:
            reason = f"the disk of {self._path} cannot say what is free: {error}"
            return Room(0, False, reason, DiskError(reason).code, mirror)
        if self.refusal:
            return Room(free_bytes, False, self.refusal, self._code, mirror)
        shortage = self._shortage(free_bytes)
        return Room(free_bytes, not shortage, shortage, "full" if shortage else "", mirror)

    def close(self) -> None:
        """Close the file, and its mirror; idempotent."""
        self.connection.close()
        if self._mirror is not None:
            self._mirror.close()

    def _shortage(self, free_bytes: int) -> str:
        if free_bytes >= self._min_free_bytes:
            return ""
        return (
            f"the disk of {self._path} has {free_bytes} bytes free, "
            f"{self._min_free_bytes} are needed: make room on it"
        )
