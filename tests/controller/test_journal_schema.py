"""A journal of older software: brought up to date, its records as they were."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from contract.chain import verify_chain
from contract.journal import open_journal
from contract.verify import verify_journal
from controller.adapters.journal.limits import Limits
from controller.adapters.journal.schema import SCHEMA
from controller.ports import BayMemory, DiskError
from tests.contract.samples import signer
from tests.controller.drafts import KIOSK, bottles, calibration, intent, journal, returned
from tests.controller.harm import hasty

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA_1 = """
    CREATE TABLE records (seq INTEGER PRIMARY KEY, kind TEXT NOT NULL, sha256 TEXT NOT NULL,
        line BLOB NOT NULL, closes INTEGER) STRICT;
    CREATE UNIQUE INDEX closings ON records (closes) WHERE closes IS NOT NULL;
    CREATE INDEX intents ON records (seq) WHERE kind = 'intent';
    CREATE TABLE outbox (seq INTEGER PRIMARY KEY) STRICT;
    CREATE TABLE aside (seq INTEGER PRIMARY KEY, code TEXT NOT NULL, at INTEGER NOT NULL) STRICT;
    CREATE TABLE seen_codes (jti TEXT PRIMARY KEY, expires_at INTEGER NOT NULL) STRICT;
    CREATE TABLE meta (key TEXT PRIMARY KEY, value ANY NOT NULL) STRICT;
    INSERT INTO meta VALUES ('schema', 1);
"""


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """Two bottles, the first acknowledged, and a promise, as schema 1 kept them."""
    path, new = tmp_path / "journal.sqlite", tmp_path / "new.sqlite"
    with closing(journal(new)) as file:
        first, _ = bottles(file, 2)
        file.append(intent(3))
        file.acknowledge(first.seq, first.sha256)
    with closing(sqlite3.connect(path)) as database:
        database.executescript(SCHEMA_1)
        database.execute("ATTACH ? AS new", (str(new),))
        for table in ("records", "outbox", "aside", "seen_codes"):
            database.execute(f"INSERT INTO {table} SELECT * FROM new.{table}")
        kept = "('kiosk', 'epoch', 'last_sent', 'latest_s')"
        database.execute(f"INSERT INTO meta SELECT * FROM new.meta WHERE key IN {kept}")
        database.commit()
    return path


def test_an_older_journal_goes_on_as_it_was_left(old: Path) -> None:
    """Records, outbox and open intents are the same; what is new works; opened again it stays."""
    for unfinished in (True, False):
        with closing(journal(old)) as file:
            assert verify_chain(file.lines(), signer(KIOSK).public).records == 5
            assert [entry.seq for entry in file.unsent(0, 10)] == [4]
            assert [entry.seq for entry in file.open_intents()] == [5]
            assert ("a" in file.bay_memories()) is not unfinished
            file.remember_bay("a", 12.5, unfinished)
            assert file.bay_memories() == {"a": BayMemory(12.5, unfinished)}
    with closing(sqlite3.connect(old)) as raw:
        meta = dict(raw.execute("SELECT key, value FROM meta").fetchall())
        assert (meta["schema"], meta["acked"]) == (SCHEMA, 3)


def test_a_step_that_fails_leaves_the_old_journal(old: Path) -> None:
    """All steps or none: a table in the way, and the file is what it was."""
    with closing(sqlite3.connect(old)) as raw:
        raw.execute("CREATE TABLE bays (mine TEXT)")
    with pytest.raises(DiskError, match="bays already exists"):
        journal(old)
    with closing(sqlite3.connect(old)) as raw:
        assert raw.execute("SELECT value FROM meta WHERE key = 'schema'").fetchone() == (1,)
        raw.execute("DROP TABLE bays")
    journal(old).close()


def test_a_journal_from_before_archives_goes_on_and_is_archived(tmp_path: Path) -> None:
    """Schema 2 had no table for what is kept; all else is as it was."""
    path = tmp_path / "journal.sqlite"
    with closing(hasty(journal(path))) as file:
        file.append(calibration())
        for _ in range(130):
            file.append(returned())
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("DROP TABLE kept")
        raw.execute("UPDATE meta SET value = 2 WHERE key = 'schema'")
        raw.commit()
    assert verify_journal(open_journal(path), signer(KIOSK).public).ok
    with closing(journal(path, limits=Limits(keep_records=0))) as file:
        assert file.archive()
        assert len(file.calibrations()) == 1
    assert verify_journal(open_journal(path), signer(KIOSK).public).records == 32
