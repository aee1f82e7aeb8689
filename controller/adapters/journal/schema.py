"""The journal's tables, and the steps that bring an older file to them.

    records     every record by seq, without a gap; `closes` is the intent that it ends
    kept        archived records that are needed still: calibrations, what was set aside for
                staff, and the intents behind that (since schema 3)
    outbox      seqs that the ledger has not acknowledged
    aside       seqs that were taken out of the outbox unposted, why, and when (Unix s)
    seen_codes  ids of codes that were shown, until they expire (Unix s)
    bays        what a bay must know after a restart (since schema 2)
    meta        kiosk, epoch, schema; last_sent and acked (seq), latest_s (highest time in a
                record); archived, archived_sha256 and archived_sent (what the first row continues
                from), kept_from (the oldest record in the archive)

Only the lines in `records` and `kept` are signed, and only the former follow on one another. The
rest is the kiosk's own memory, and whatever of it is derived from records can be checked against
them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3

SCHEMA = 3

RESTORED = "restored"
"""Key in `meta` of a journal that was copied back from the second medium, until it is renewed."""

UNARCHIVABLE = "unarchivable"
"""Key in `meta`: why the oldest records cannot be archived, so that a new epoch must begin."""

_BAYS = """CREATE TABLE bays (bay TEXT PRIMARY KEY, zero_raw REAL NOT NULL,
    unfinished INTEGER NOT NULL CHECK (unfinished IN (0, 1))) STRICT"""

_KEPT = """CREATE TABLE kept (seq INTEGER PRIMARY KEY, kind TEXT NOT NULL, sha256 TEXT NOT NULL,
    line BLOB NOT NULL, closes INTEGER) STRICT"""

_TABLES = (
    """CREATE TABLE records (seq INTEGER PRIMARY KEY, kind TEXT NOT NULL, sha256 TEXT NOT NULL,
    line BLOB NOT NULL, closes INTEGER) STRICT""",
    # An intent ends once: a second record that closes it cannot be written.
    "CREATE UNIQUE INDEX closings ON records (closes) WHERE closes IS NOT NULL",
    "CREATE INDEX intents ON records (seq) WHERE kind = 'intent'",
    "CREATE TABLE outbox (seq INTEGER PRIMARY KEY) STRICT",
    "CREATE TABLE aside (seq INTEGER PRIMARY KEY, code TEXT NOT NULL, at INTEGER NOT NULL) STRICT",
    "CREATE TABLE seen_codes (jti TEXT PRIMARY KEY, expires_at INTEGER NOT NULL) STRICT",
    _BAYS,
    _KEPT,
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value ANY NOT NULL) STRICT",
)

_STEPS: dict[int, tuple[str, ...]] = {
    1: (
        _BAYS,
        # Acks are cumulative: what was sent before the oldest that waits was acknowledged.
        """INSERT INTO meta SELECT 'acked', coalesce((SELECT min(seq) - 1 FROM outbox),
        (SELECT value FROM meta WHERE key = 'last_sent'), 0)""",
    ),
    2: (_KEPT,),
}
"""Schema → what makes the next one of it."""


def create(connection: sqlite3.Connection, kiosk: str, epoch: str) -> None:
    """Make tables and epoch in one transaction: there is a whole journal, or an empty file."""
    connection.execute("BEGIN IMMEDIATE")
    for table in _TABLES:
        connection.execute(table)
    set_meta(connection, "kiosk", kiosk)
    set_meta(connection, "epoch", epoch)
    set_meta(connection, "schema", SCHEMA)
    connection.execute("COMMIT")


def migrate(connection: sqlite3.Connection, schema: int) -> None:
    """Bring a journal of an older `schema` to this one, all steps in one transaction.

    Records are never touched: what was signed stays as it was signed.
    """
    connection.execute("BEGIN IMMEDIATE")
    for step in range(schema, SCHEMA):
        for statement in _STEPS[step]:
            connection.execute(statement)
    set_meta(connection, "schema", SCHEMA)
    connection.execute("COMMIT")


def meta(connection: sqlite3.Connection, key: str) -> str | int | None:
    """A value of the journal's own, or None."""
    found = connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    value: str | int | None = found and found[0]
    return value


def set_meta(connection: sqlite3.Connection, key: str, value: str | int | bytes) -> None:
    """Keep a value of the journal's own."""
    connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))
