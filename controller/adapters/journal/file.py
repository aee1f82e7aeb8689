"""The journal's file: how it is opened, and how SQLite's complaints read.

WAL with synchronous=FULL: what is committed survives a power cut, and a half-written
transaction is never seen (SQLite, "Write-Ahead Logging").
"""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING

from controller.adapters.journal.renewal import settle, sync_folder
from controller.adapters.journal.schema import SCHEMA, create, meta, migrate
from controller.ports import DiskError, StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_WAY_OUT = {
    sqlite3.SQLITE_FULL: "make room on its disk",
    sqlite3.SQLITE_IOERR: "check its disk and the room on it",
    sqlite3.SQLITE_CORRUPT: "keep the file for service and let the kiosk begin a new one",
    sqlite3.SQLITE_NOTADB: "keep the file for service and let the kiosk begin a new one",
    sqlite3.SQLITE_BUSY: "another program writes to it: end that one",
    sqlite3.SQLITE_READONLY: "check the file's rights",
    sqlite3.SQLITE_CANTOPEN: "check its path and rights",
}


_CODES = {
    sqlite3.SQLITE_FULL: "full",
    sqlite3.SQLITE_READONLY: "read-only",
    sqlite3.SQLITE_CANTOPEN: "read-only",
}
"""What is wrong with the disk, in the words of `DiskError`."""

DAMAGED = (sqlite3.Error, UnicodeDecodeError, OSError)
"""What SQLite and the disk raise: a message about a damaged file may quote bytes that are no
text."""


@contextmanager
def explained(path: Path, what: str) -> Iterator[None]:
    """Turn SQLite's errors into those of `explanation`.

    Raises:
        StoreError: As `explanation` gives it.
    """
    try:
        yield
    except DAMAGED as error:
        raise explanation(error, path, what) from error


def explanation(error: Exception, path: Path, what: str) -> StoreError:
    """A `DiskError` that names the file and the way out.

    A rule of the tables that was broken is a plain `StoreError`: the disk is well, what was to be
    written is not.

    Args:
        error: One of `DAMAGED`.
        path: The journal's file.
        what: What was tried, as in "cannot be {what}".
    """
    # Without its low byte SQLite's code says where it happened, which is of no use here.
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    way_out = _WAY_OUT.get(code, "restart the kiosk; if it happens again, call service")
    told = f"journal {path} cannot be {what}: {error}; {way_out}"
    if isinstance(error, sqlite3.IntegrityError):
        return StoreError(told)
    return DiskError(told, _CODES.get(code, "failing"))


def connect(path: Path, kiosk: str, epoch_source: Callable[[], str]) -> sqlite3.Connection:
    """Open the journal at `path`, made new with an epoch of its own where there is none.

    A journal of an older schema is brought to this one, and a renewal that was interrupted is
    settled.

    Raises:
        StoreError: It is another kiosk's, of a later schema, no journal, or cannot be read or
            written.
    """
    with explained(path, "opened"):
        settle(path)
        connection = sqlite3.connect(path, isolation_level=None)
    try:
        with explained(path, "opened"):
            (mode,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
            if mode != "wal":
                raise StoreError(f"journal {path} cannot have a write-ahead log: use a local disk")
            connection.execute("PRAGMA synchronous = FULL")
            # A damaged word must not keep the rows beside it from being read.
            connection.text_factory = lambda text: text.decode(errors="replace")
            if not has_tables(connection):
                create(connection, kiosk, epoch_source())
                sync_folder(path)
            schema = _checked_schema(connection, path, kiosk)
            if schema < SCHEMA:
                migrate(connection, schema)
            # Found out now, not when the first resident's load must be promised.
            connection.executescript("BEGIN IMMEDIATE; ROLLBACK")
    except BaseException:
        connection.close()
        raise
    return connection


def has_tables(connection: sqlite3.Connection) -> bool:
    """Whether anything was ever put into the file: one that was only begun has none."""
    return connection.execute("SELECT 1 FROM sqlite_schema").fetchone() is not None


def _checked_schema(connection: sqlite3.Connection, path: Path, kiosk: str) -> int:
    """The journal's schema; refuse what this software does not know, and another's journal."""
    try:
        schema, owner = meta(connection, "schema"), meta(connection, "kiosk")
    except sqlite3.OperationalError as error:
        raise StoreError(f"{path} is a database, but no kiosk's journal: {error}") from error
    if not isinstance(schema, int) or not 1 <= schema <= SCHEMA:
        raise StoreError(
            f"journal {path} has schema {schema}, this software knows {SCHEMA}: update the kiosk"
        )
    if owner != kiosk:
        raise StoreError(
            f"journal {path} belongs to kiosk {owner}, not to {kiosk}: check `files.journal`"
        )
    return schema
