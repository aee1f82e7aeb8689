"""A ledger of an earlier version is opened with everything in it, on either database."""

from __future__ import annotations

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from cloud.accounts.phones import PhoneBook
from cloud.errors import LedgerError
from cloud.store.database import open_database
from cloud.store.migrate import HEAD, REVISIONS, USER_VERSION, downgrade, revision_of, upgrade
from cloud.store.schema import metadata
from tests.cloud.conftest import Office, Server
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
    DROP INDEX records_held;
    CREATE INDEX records_by_state ON records (state, account);
    DROP INDEX transfers_spent;
    CREATE INDEX ix_transfers_debit ON transfers (debit);
    DROP INDEX entries_by_record;
    DROP INDEX transfers_by_entry;
    DROP INDEX carbon_by_entry;
    DROP TABLE flags;
    DROP TABLE bundles;
    DROP TABLE bundle_parts;
    DROP TABLE commands;
    DROP TABLE kiosk_lists;
    DROP TABLE fleet_kiosks;
    DROP TABLE barcodes;
    DROP TABLE price_drafts;
    DROP TABLE appeals;
    DROP TABLE decisions;
    DROP TABLE staff;
    DROP TABLE web_sessions;
    DROP TABLE audit_about;
    DROP TABLE audit;
    DROP TABLE sign_ins;
    DROP TABLE sign_in_codes;
    DROP TABLE sign_in_tries;
    DROP TABLE card_pins;
    DROP TABLE erasures;
    DROP TABLE rests;
    DROP TABLE donations;
    DROP TABLE redemption_entries;
    DROP TABLE redemptions;
    DROP TABLE goods;
    DROP TABLE partners;
    DROP TABLE alembic_version;
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
    file_office: Office, kiosk: SampleKiosk, tmp_path: Path
) -> None:
    """Balances and statements are the same, and old deposits count where new ones are judged."""
    office = file_office
    office.post(kiosk.deposit(), kiosk.deposit(bay="b"))
    before = office.ledger.statement(ALICE)
    office.database.dispose()
    as_version_1(Path(office.where))
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
    assert shape(Path(office.where)) == shape(tmp_path / "new.sqlite")


def test_a_migration_that_fails_leaves_the_old_ledger(
    file_office: Office, kiosk: SampleKiosk
) -> None:
    """Nothing is half way: the next attempt finds version 1 again and succeeds."""
    office = file_office
    office.post(kiosk.deposit())
    office.database.dispose()
    as_version_1(Path(office.where))
    connection = sqlite3.connect(office.where)
    connection.execute("CREATE TABLE deposits_1 (in_the_way)")
    connection.commit()
    with pytest.raises(LedgerError, match="deposits_1"):
        open_database(office.where)
    assert connection.execute("PRAGMA user_version").fetchone() == (1,)
    connection.execute("DROP TABLE deposits_1")
    connection.commit()
    connection.close()
    office.restart()
    assert office.rows("PRAGMA user_version") == [(USER_VERSION,)]
    assert office.ledger.balance(ALICE).points == 4


def test_a_ledger_goes_down_and_up_again(office: Office, kiosk: SampleKiosk) -> None:
    """Through every revision, with its deposits; then to nothing, and up to today's tables."""
    office.post(kiosk.deposit(), kiosk.deposit(bay="b", barcodes=["6901"]))
    before = office.ledger.statement(ALICE)
    with office.database.begin() as connection:
        for revision in (*reversed(REVISIONS), *REVISIONS):
            move = downgrade if revision < (revision_of(connection, "") or "") else upgrade
            move(connection, revision)
            assert revision_of(connection, "") == revision
    assert [(one.deposit_id, one.points) for one in office.ledger.statement(ALICE)] == [
        (one.deposit_id, one.points) for one in before
    ]
    assert office.rows("SELECT bay, bin_index, at_s FROM deposits ORDER BY bay") == [
        ("a", 0, 1_795_438_440),
        ("b", 0, 1_795_438_440),
    ]
    assert office.post(kiosk.deposit()).upto == 6
    with office.database.begin() as connection:
        downgrade(connection, "base")
        assert set(inspect(connection).get_table_names()) == {"alembic_version"}
        upgrade(connection, "head")
        assert revision_of(connection, "") == HEAD
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, metadata) == []


def test_a_revision_of_tomorrow_is_refused(office: Office) -> None:
    """Whoever opens it would write what the later software does not understand."""
    with office.database.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(LedgerError, match=f"version 9999, this software knows {HEAD}: update"):
        open_database(office.where)
    with office.database.begin() as connection:
        connection.execute(text(f"UPDATE alembic_version SET version_num = '{HEAD}'"))


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("postgresql://kiosk:secret@127.0.0.1:1/none", "cannot be opened"),
        ("mysql://root:secret@db/ledger", "none that the ledger runs on"),
        ("postgresql://kiosk:secret@db:port/", "is no address"),
    ],
)
def test_an_address_that_leads_nowhere_is_named(address: str, words: str) -> None:
    """Without the password that stands in it."""
    with pytest.raises(LedgerError, match=words) as refusal:
        open_database(address)
    assert "secret" not in str(refusal.value)


def test_two_that_start_at_once_make_each_table_once(postgresql: Server) -> None:
    """The ledger's tables and those beside them; on SQLite the file lets one in at a time."""
    for _ in range(4):
        address, start = postgresql.new_address(), threading.Barrier(2)

        def open_all(address: str = address, start: threading.Barrier = start) -> None:
            start.wait(timeout=60)
            engine = open_database(address)
            start.wait(timeout=60)
            with engine.begin() as connection:
                PhoneBook({}, b"i" * 32, lambda: ALICE).create(connection)
            engine.dispose()

        with ThreadPoolExecutor(2) as workers:
            for one in [workers.submit(open_all) for _ in range(2)]:
                one.result(timeout=60)
