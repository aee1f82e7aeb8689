"""What happens to a journal's file and its disk: damage, want of room, a lock."""

from __future__ import annotations

import os
import resource
import sqlite3
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from controller.adapters.journal.sqlite_journal import SqliteJournal

BROKEN_LINES = [b"", b"{", b"\x00\xff\x00", b"null", b'{"body":{}}', b'{"body":7}', b"[" * 9000]


def spoil(path: Path, statement: str, *values: object) -> None:
    """Change the file behind the journal's back."""
    with closing(sqlite3.connect(path)) as database:
        database.execute(statement, values)
        database.commit()


def break_line(path: Path, seq: int, line: bytes) -> None:
    """Put `line` in the place of record `seq`'s."""
    spoil(path, "UPDATE records SET line = ? WHERE seq = ?", line, seq)


@contextmanager
def full(path: Path, beyond: int | None = None) -> Iterator[None]:
    """Let no file of this process grow beyond so many bytes, or what the journal's log has now."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    bytes_ = Path(f"{path}-wal").stat().st_size if beyond is None else beyond
    resource.setrlimit(resource.RLIMIT_FSIZE, (bytes_, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def hasty(file: SqliteJournal) -> SqliteJournal:
    """The journal, not waiting for its disk: for tests that only need many records in it."""
    file._disk.connection.execute("PRAGMA synchronous = OFF")
    return file


@contextmanager
def read_only(file: SqliteJournal) -> Iterator[None]:
    """As a card that its controller has locked: SQLite gives the same error."""
    file._disk.connection.execute("PRAGMA query_only = ON")
    try:
        yield
    finally:
        file._disk.connection.execute("PRAGMA query_only = OFF")


@contextmanager
def without_rights(folder: Path) -> Iterator[None]:
    """Whoever runs the tests may not write there for a while, not even as root."""
    uid = os.geteuid()
    for one in (*folder.iterdir(), folder):
        one.chmod(0o555)
    if uid == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(uid)
        folder.chmod(0o755)
