"""Reading a journal's lines for verification: the kiosk's SQLite file, or an export of it.

The SQLite file is opened read-only and may be in use. An export has one canonical record a line.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from contract.errors import RecordError
from contract.record import MAX_LINE

if TYPE_CHECKING:
    from collections.abc import Iterator

_SQLITE_MAGIC = b"SQLite format 3\x00"


@dataclass(frozen=True, slots=True)
class Journal:
    """A journal on disk. `records` counts its rows, or is None where only reading would tell."""

    path: Path
    is_sqlite: bool
    records: int | None

    def lines(self) -> Iterator[bytes]:
        """Yield the records' lines by seq, without line ends.

        Raises:
            RecordError: `unreadable`: the file is damaged here.
        """
        return self._rows() if self.is_sqlite else self._export_lines()

    def _rows(self) -> Iterator[bytes]:
        try:
            with closing(_connect(self.path)) as connection:
                for (line,) in connection.execute("SELECT line FROM records ORDER BY seq"):
                    yield line if isinstance(line, bytes) else str(line).encode()
        except sqlite3.Error as error:
            raise RecordError("unreadable", f"{self.path}: {error}") from error

    def _export_lines(self) -> Iterator[bytes]:
        try:
            with self.path.open("rb") as file:
                # A line longer than any record is read in parts, the first of which is refused.
                while line := file.readline(MAX_LINE + 2):
                    yield line.removesuffix(b"\n")
        except OSError as error:
            raise RecordError("unreadable", f"{self.path}: {error.strerror or error}") from error


def open_journal(path: Path) -> Journal:
    """Find out what the file at `path` is.

    Raises:
        RecordError: `unreadable`, or `not-a-journal`: a database without a table of records.
    """
    try:
        with path.open("rb") as file:
            is_sqlite = file.read(len(_SQLITE_MAGIC)) == _SQLITE_MAGIC
    except OSError as error:
        raise RecordError(
            "unreadable", f"journal {path} cannot be read: {error.strerror or error}"
        ) from error
    return Journal(path, is_sqlite, _count(path) if is_sqlite else None)


def _count(path: Path) -> int | None:
    try:
        with closing(_connect(path)) as connection:
            (count,) = connection.execute("SELECT count(*) FROM records").fetchone()
            return int(count)
    except sqlite3.OperationalError as error:
        raise RecordError(
            "not-a-journal", f"{path} is a database, but no kiosk's journal: {error}"
        ) from error
    except sqlite3.DatabaseError:
        return None  # damaged: reading on tells from which record


def _connect(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
