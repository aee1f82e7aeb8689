"""Reading a journal for verification: the kiosk's SQLite file, or an export of it.

The SQLite file is opened read-only and may be in use: all that is read is of one moment. An
export has one canonical record a line.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from contract.errors import RecordError
from contract.record import MAX_LINE

if TYPE_CHECKING:
    from collections.abc import Iterator

DAMAGED = (sqlite3.Error, UnicodeDecodeError)
"""What reading a damaged file raises: SQLite's message may quote bytes that are no text."""

_SQLITE_MAGIC = b"SQLite format 3\x00"

_RECORDS = "SELECT seq, kind, sha256, line, closes FROM records ORDER BY seq"
_KEPT = "SELECT seq, kind, sha256, line, closes FROM kept ORDER BY seq"
_EPOCH = "SELECT value FROM meta WHERE key = 'epoch' AND typeof(value) = 'text'"


class Filed(NamedTuple):
    """What a SQLite file says beside a line; see `controller.adapters.journal.schema`."""

    seq: int
    kind: str
    sha256: str
    closes: int | None


class Row(NamedTuple):
    """A record's line, and how it was filed; None in an export."""

    line: bytes
    filed: Filed | None = None


@dataclass(frozen=True, slots=True)
class Outbox:
    """What the file says about sending: seqs that wait, that were set aside, the last ack's.

    `acked` is None where the file is older than the note of it.
    """

    waiting: frozenset[int]
    aside: frozenset[int]
    acked: int | None


@dataclass(frozen=True, slots=True)
class Journal:
    """A journal on disk. `records` counts its rows, or is None where only reading would tell."""

    path: Path
    is_sqlite: bool
    records: int | None

    @contextmanager
    def open(self) -> Iterator[Reading]:
        """Read it as it is at this moment."""
        if not self.is_sqlite:
            yield Reading(self.path, None)
            return
        with self._explained(), closing(_connect(self.path)) as connection:
            connection.execute("BEGIN")
            yield Reading(self.path, connection)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except DAMAGED as error:
            raise _unreadable(self.path, error) from error


class Reading:
    """A journal while it is read; `connection` is None for an export."""

    def __init__(self, path: Path, connection: sqlite3.Connection | None) -> None:
        self._path = path
        self._connection = connection

    def rows(self) -> Iterator[Row]:
        """Yield the records by seq, lines without line ends.

        Raises:
            RecordError: `unreadable`: the file is damaged here.
        """
        return self._export_rows() if self._connection is None else self._rows(self._connection)

    def first(self) -> tuple[int, str]:
        """Seq and epoch of the first record as the file has them, unproven; 0 for none.

        Raises:
            RecordError: `unreadable`.
        """
        row = next(self.rows(), None)
        if row is None:
            return 0, ""
        if row.filed is None or self._connection is None:
            return _said(row.line)
        try:
            epoch = self._connection.execute(_EPOCH).fetchone()
        except DAMAGED:
            epoch = None  # a file of another make: its lines must do
        return row.filed.seq, epoch[0] if epoch else _said(row.line)[1]

    def kept(self) -> list[Row]:
        """Records before the first one that the file has kept apart; none in an export.

        Raises:
            RecordError: `unreadable`.
        """
        if self._connection is None:
            return []
        known = "SELECT 1 FROM sqlite_schema WHERE name = 'kept'"
        try:
            if self._connection.execute(known).fetchone() is None:
                return []  # by software that archived nothing
            return list(self._rows(self._connection, _KEPT))
        except DAMAGED as error:
            raise _unreadable(self._path, error) from error

    def outbox(self) -> Outbox | None:
        """What waits; None in an export.

        Raises:
            RecordError: `unreadable`.
        """
        if self._connection is None:
            return None
        try:
            waiting = self._connection.execute("SELECT seq FROM outbox").fetchall()
            aside = self._connection.execute("SELECT seq FROM aside").fetchall()
            acked = "SELECT value FROM meta WHERE key = 'acked' AND typeof(value) = 'integer'"
            found = self._connection.execute(acked).fetchone()
        except DAMAGED as error:
            raise _unreadable(self._path, error) from error
        return Outbox(
            waiting=frozenset(seq for (seq,) in waiting),
            aside=frozenset(seq for (seq,) in aside),
            acked=None if found is None else found[0],
        )

    def complaint(self) -> str:
        """What SQLite itself finds wrong with the file's structure; empty where nothing is."""
        if self._connection is None:
            return ""
        try:
            (found,) = self._connection.execute("PRAGMA integrity_check(1)").fetchone()
        except DAMAGED as error:
            return str(error)
        return "" if found == "ok" else str(found)

    def _rows(self, connection: sqlite3.Connection, query: str = _RECORDS) -> Iterator[Row]:
        try:
            for seq, kind, sha256, line, closes in connection.execute(query):
                whole = line if isinstance(line, bytes) else str(line).encode()
                yield Row(whole, Filed(seq, kind, sha256, closes))
        except DAMAGED as error:
            raise _unreadable(self._path, error) from error

    def _export_rows(self) -> Iterator[Row]:
        try:
            with self._path.open("rb") as file:
                # A line longer than any record is read in parts, the first of which is refused.
                while line := file.readline(MAX_LINE + 2):
                    yield Row(line.removesuffix(b"\n"))
        except OSError as error:
            raise _unreadable(self._path, error.strerror or error) from error


def _said(line: bytes) -> tuple[int, str]:
    """Seq and epoch that a line claims; 0 where it claims none."""
    try:
        value = json.loads(line)
        return int(value["seq"]), str(value["epoch"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return 0, ""


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
    except DAMAGED:
        return None  # damaged: reading on tells from which record


def _connect(path: Path) -> sqlite3.Connection:
    uri = f"{path.absolute().as_uri()}?mode=ro"
    connection = sqlite3.connect(uri, uri=True, isolation_level=None)
    try:
        connection.execute("SELECT 1 FROM sqlite_schema").fetchone()
    except sqlite3.OperationalError:
        # SQLite wants to write beside the file even to read it. Where it may not, as on a locked
        # card, and there is no log of changes to come, the file is all there is.
        if Path(f"{path}-wal").exists():
            return _lenient(connection)
        connection.close()
        connection = sqlite3.connect(f"{uri}&immutable=1", uri=True, isolation_level=None)
    except DAMAGED:
        pass  # reading on tells what is wrong, and where
    return _lenient(connection)


def _lenient(connection: sqlite3.Connection) -> sqlite3.Connection:
    """A word that is no UTF-8 any more is a finding about its row, not about the file."""
    connection.text_factory = lambda text: text.decode(errors="replace")
    return connection


def _unreadable(path: Path, why: object) -> RecordError:
    return RecordError("unreadable", f"{path}: {why}")
