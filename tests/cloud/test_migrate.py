"""A ledger of an earlier version is opened with everything in it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from cloud.errors import LedgerError
from cloud.schema import VERSION, open_database
from tests.cloud.conftest import Office
from tests.contract.samples import ALICE, SampleKiosk

VERSION_1 = """
    CREATE TABLE deposits (
        record_id INTEGER NOT NULL PRIMARY KEY REFERENCES records (id),
        kiosk VARCHAR NOT NULL, deposit_id VARCHAR NOT NULL, account VARCHAR NOT NULL,
        at VARCHAR NOT NULL, item_code VARCHAR NOT NULL, catalogue_version VARCHAR NOT NULL,
        mass_g INTEGER NOT NULL, pieces INTEGER NOT NULL, priced_by VARCHAR NOT NULL,
        points INTEGER NOT NULL, shown_points INTEGER NOT NULL, carbon_g INTEGER NOT NULL,
        UNIQUE (kiosk, deposit_id)
    );
    CREATE INDEX ix_deposits_account ON deposits (account);
    INSERT INTO deposits SELECT record_id, kiosk, deposit_id, account, at, item_code,
        catalogue_version, mass_g, pieces, priced_by, points, shown_points, carbon_g FROM now;
    DROP TABLE now;
    DROP TABLE flags;
    DROP TABLE barcodes;
    PRAGMA user_version = 1;
"""
"""What version 1 had of what later versions changed."""


def as_version_1(path: Path) -> None:
    """Turn a ledger of today back."""
    connection = sqlite3.connect(path)
    for (name,) in connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = 'deposits'"
        " AND sql NOT NULL"
    ).fetchall():
        connection.execute(f"DROP INDEX {name}")
    connection.execute("ALTER TABLE deposits RENAME TO now")
    connection.executescript(VERSION_1)
    connection.close()


def shape(path: Path) -> set[tuple[str, ...]]:
    """Every table, index and column of a database."""
    connection = sqlite3.connect(path)
    columns = connection.execute(
        "SELECT m.type, m.name, c.name, c.type, c.'notnull', c.pk FROM sqlite_master AS m"
        " LEFT JOIN pragma_table_info(m.name) AS c ON m.type = 'table'"
    )
    found = {tuple(map(str, row)) for row in columns}
    connection.close()
    return found


def test_a_ledger_of_version_1_keeps_its_deposits_and_learns_to_flag(
    office: Office, kiosk: SampleKiosk, tmp_path: Path
) -> None:
    """Balances and statements are the same, and old deposits count where new ones are judged."""
    office.post(kiosk.deposit(), kiosk.deposit(bay="b"))
    before = office.ledger.statement(ALICE)
    office.database.dispose()
    as_version_1(office.path)
    office.restart()
    assert [one.deposit_id for one in office.ledger.statement(ALICE)] == [
        one.deposit_id for one in before
    ]
    assert office.rows("SELECT bay, bin_index, jti, at_s FROM deposits ORDER BY bay") == [
        ("a", 0, "0011223344556677", 1_795_438_440),
        ("b", 0, "0011223344556677", 1_795_438_440),
    ]
    office.post(kiosk.deposit())
    assert [(one.seq, one.code) for one in office.ledger.flagged()][-1] == (6, "too-fast")
    open_database(tmp_path / "new.sqlite").dispose()
    assert shape(office.path) == shape(tmp_path / "new.sqlite")


def test_a_migration_that_fails_leaves_the_old_ledger(office: Office, kiosk: SampleKiosk) -> None:
    """Nothing is half way: the next attempt finds version 1 again and succeeds."""
    office.post(kiosk.deposit())
    office.database.dispose()
    as_version_1(office.path)
    connection = sqlite3.connect(office.path)
    connection.execute("CREATE TABLE deposits_1 (in_the_way)")
    connection.commit()
    with pytest.raises(LedgerError, match="deposits_1"):
        open_database(office.path)
    assert connection.execute("PRAGMA user_version").fetchone() == (1,)
    connection.execute("DROP TABLE deposits_1")
    connection.commit()
    connection.close()
    office.restart()
    assert office.rows("PRAGMA user_version") == [(VERSION,)]
    assert office.ledger.balance(ALICE).points == 4
