"""The journal's file: its tables, how it is opened, and how SQLite's complaints read.

WAL with synchronous=FULL: what is committed survives a power cut, and a half-written
transaction is never seen (SQLite, "Write-Ahead Logging"). Tables:

    records     every record by seq; `closes` is the intent that it ends
    outbox      seqs that the ledger has not acknowledged
    aside       seqs that the ledger rejected, why, and when (Unix s)
    seen_codes  ids of codes that were shown, until they expire (Unix s)
    meta        kiosk, epoch, schema; last_sent (seq), latest_s (highest time in a record)
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING

from controller.ports import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

SCHEMA = 1

_TABLES = (
    """CREATE TABLE records (seq INTEGER PRIMARY KEY, kind TEXT NOT NULL, sha256 TEXT NOT NULL,
    line BLOB NOT NULL, closes INTEGER) STRICT""",
    # An intent ends once: a second record that closes it cannot be written.
    "CREATE UNIQUE INDEX closings ON records (closes) WHERE closes IS NOT NULL",
    "CREATE INDEX intents ON records (seq) WHERE kind = 'intent'",
    "CREATE TABLE outbox (seq INTEGER PRIMARY KEY) STRICT",
    "CREATE TABLE aside (seq INTEGER PRIMARY KEY, code TEXT NOT NULL, at INTEGER NOT NULL) STRICT",
    "CREATE TABLE seen_codes (jti TEXT PRIMARY KEY, expires_at INTEGER NOT NULL) STRICT",
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value ANY NOT NULL) STRICT",
)

_WAY_OUT = {
    sqlite3.SQLITE_FULL: "make room on its disk",
    sqlite3.SQLITE_IOERR: "check its disk and the room on it",
    sqlite3.SQLITE_CORRUPT: "keep the file for service and let the kiosk begin a new one",
    sqlite3.SQLITE_NOTADB: "keep the file for service and let the kiosk begin a new one",
    sqlite3.SQLITE_BUSY: "another program writes to it: end that one",
    sqlite3.SQLITE_READONLY: "check the file's rights",
    sqlite3.SQLITE_CANTOPEN: "check its path and rights",
}


@contextmanager
def explained(path: Path, what: str) -> Iterator[None]:
    """Turn SQLite's errors into a `StoreError` that names the file and the way out.

    Args:
        path: The journal's file.
        what: What was tried, as in "cannot be {what}".
    """
    try:
        yield
    except sqlite3.Error as error:
        # Without its low byte SQLite's code says where it happened, which is of no use here.
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        way_out = _WAY_OUT.get(code, "restart the kiosk; if it happens again, call service")
        raise StoreError(f"journal {path} cannot be {what}: {error}; {way_out}") from error


def connect(path: Path, kiosk: str, epoch_source: Callable[[], str]) -> sqlite3.Connection:
    """Open the journal at `path`, made new with an epoch of its own where there is none.

    Raises:
        StoreError: It is another kiosk's, of a later schema, no journal, or cannot be read.
    """
    with explained(path, "opened"):
        connection = sqlite3.connect(path, isolation_level=None)
    try:
        with explained(path, "opened"):
            (mode,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
            if mode != "wal":
                raise StoreError(f"journal {path} cannot have a write-ahead log: use a local disk")
            connection.execute("PRAGMA synchronous = FULL")
            if not _has_tables(connection):
                _create(connection, kiosk, epoch_source())
                _sync_folder(path)
            _check_owner(connection, path, kiosk)
    except BaseException:
        connection.close()
        raise
    return connection


def meta(connection: sqlite3.Connection, key: str) -> str | int | None:
    """A value of the journal's own, or None."""
    found = connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    value: str | int | None = found and found[0]
    return value


def set_meta(connection: sqlite3.Connection, key: str, value: str | int) -> None:
    """Keep a value of the journal's own."""
    connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))


def _has_tables(connection: sqlite3.Connection) -> bool:
    return connection.execute("SELECT 1 FROM sqlite_schema").fetchone() is not None


def _create(connection: sqlite3.Connection, kiosk: str, epoch: str) -> None:
    """Make tables and epoch in one transaction: there is a whole journal, or an empty file."""
    connection.execute("BEGIN IMMEDIATE")
    for table in _TABLES:
        connection.execute(table)
    set_meta(connection, "kiosk", kiosk)
    set_meta(connection, "epoch", epoch)
    set_meta(connection, "schema", SCHEMA)
    connection.execute("COMMIT")


def _sync_folder(path: Path) -> None:
    """Make the new file's name as durable as its content."""
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _check_owner(connection: sqlite3.Connection, path: Path, kiosk: str) -> None:
    try:
        schema, owner = meta(connection, "schema"), meta(connection, "kiosk")
    except sqlite3.OperationalError as error:
        raise StoreError(f"{path} is a database, but no kiosk's journal: {error}") from error
    if not isinstance(schema, int) or schema > SCHEMA:
        raise StoreError(
            f"journal {path} has schema {schema}, this software knows {SCHEMA}: update the kiosk"
        )
    if owner != kiosk:
        raise StoreError(
            f"journal {path} belongs to kiosk {owner}, not to {kiosk}: check `files.journal`"
        )
