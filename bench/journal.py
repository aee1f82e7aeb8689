"""The journal against bare SQLite: what signing, chaining and canonical JSON cost on top."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.row import Row, rate
from contract.keys import SeedSigner
from controller.adapters.sqlite_journal import SqliteJournal
from controller.core.records import Draft

COMMITS = 400
LINE_BYTES = 1100
"""A deposit's record is about this long."""


def measure() -> list[Row]:
    """Commits a second of returned-load records, both with WAL and synchronous=FULL."""
    with TemporaryDirectory() as folder:
        ours, bare = _journal_rate(Path(folder)), _bare_rate(Path(folder))
    return [Row("journal commits", ours, "1/s", "bare SQLite, WAL, FULL", bare, 0.8)]


def _journal_rate(folder: Path) -> float:
    journal = SqliteJournal(
        folder / "journal.sqlite",
        kiosk="bench",
        signer=SeedSigner(bytes(32)),
        epoch_source=lambda: "0" * 16,
    )
    body = {"session": "s", "bay": "a", "reason": "x" * 40, "label": "plastic", "mass_g": 24}

    def commit() -> None:
        journal.append(Draft("returned", body, "2026-01-01T00:00:00Z", sent=False))

    try:
        return rate(commit, COMMITS)
    finally:
        journal.close()


def _bare_rate(folder: Path) -> float:
    database = sqlite3.connect(folder / "bare.sqlite", isolation_level=None)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    database.execute("CREATE TABLE records (seq INTEGER PRIMARY KEY, line BLOB)")
    line = bytes(LINE_BYTES)

    def commit() -> None:
        database.execute("INSERT INTO records (line) VALUES (?)", (line,))

    try:
        return rate(commit, COMMITS)
    finally:
        database.close()
