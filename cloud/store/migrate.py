"""Making the ledger's tables, or bringing those of an older one to what `cloud.store.schema` says.

Each step is an Alembic revision in `cloud.store.migrations`. All of it runs inside the transaction
that opens the database: it is done wholly or not at all, and the ledger of before is still there
after a power cut. An empty database gets today's tables at once.

Before there were revisions, SQLite's `user_version` counted: 1 and 2 are the first two.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Column, MetaData, String, Table, insert, inspect, select, text

from cloud.errors import LedgerError
from cloud.store import bounds
from cloud.store.alone import OPENING, alone
from cloud.store.bulk import POSTGRESQL
from cloud.store.schema import CREATE_POSTINGS, metadata
from cloud.store.schema_fleet import commands as _commands  # noqa: F401 - create_all makes them
from cloud.store.schema_lists import kiosk_lists as _lists  # noqa: F401 - create_all makes it
from cloud.store.schema_prices import price_drafts as _prices  # noqa: F401 - create_all makes them
from cloud.store.schema_residents import sign_ins as _residents  # noqa: F401 - create_all makes them
from cloud.store.schema_shop import goods as _goods  # noqa: F401 - create_all makes them
from cloud.store.schema_staff import web_sessions as _staff  # noqa: F401 - create_all makes them

if TYPE_CHECKING:
    from alembic.config import Config
    from sqlalchemy import Connection

HEAD = "0013"
"""The revision that `cloud.store.schema` is."""

REVISIONS = (*(f"{number:04}" for number in range(1, 13)), HEAD)

USER_VERSION = 2
"""What a SQLite file says of itself. Later revisions add tables, and let a column be empty
that was not, so software that knows no revisions opens their files still, and this stays."""

SCRIPTS = Path(__file__).with_name("migrations")

stamp = Table("alembic_version", MetaData(), Column("version_num", String(32), primary_key=True))
"""Alembic's own table: the revision of a database, in its only row."""


def bring_up_to_date(connection: Connection, name: str) -> None:
    """Leave the database behind `connection`, called `name` in errors, with today's tables.

    Raises:
        LedgerError: It is of a later version than this software.
    """
    _wait_to_open(connection)
    found = revision_of(connection, name)
    if found is None:
        metadata.create_all(connection)
        connection.execute(CREATE_POSTINGS)
        _stamp(connection, HEAD)
    elif found not in REVISIONS:
        raise LedgerError(
            f"database {name} has version {found}, this software knows {HEAD}: update"
        )
    elif found != HEAD:
        upgrade(connection, HEAD)


def _wait_to_open(connection: Connection) -> None:
    """Alone, once nobody else is at it: of a great ledger a revision takes longer than a page may.

    What others have locked is waited for as ever: behind a table's whole lock all of them queue.
    """
    if connection.dialect.name == POSTGRESQL:
        asked = text("SELECT current_setting('lock_timeout')")
        bound: str = connection.execute(asked).scalar_one()
        bounds.let(connection, "statement_timeout", "0")
        bounds.let(connection, "lock_timeout", "0")
        alone(connection, OPENING)
        bounds.let(connection, "lock_timeout", bound)


def make_tables(connection: Connection, tables: MetaData) -> None:
    """Make tables that are missing, beside those of the ledger; several processes may at once."""
    alone(connection, OPENING)
    tables.create_all(connection)


def revision_of(connection: Connection, name: str) -> str | None:
    """The revision that a database is at; None where it is empty.

    A file from before there were revisions is given the one that it is.

    Raises:
        LedgerError: It is of a later version than this software.
    """
    version = 0
    if connection.dialect.name == "sqlite":
        version = connection.execute(text("PRAGMA user_version")).scalar_one()
    if version > USER_VERSION:
        raise LedgerError(
            f"database {name} has version {version}, this software knows {USER_VERSION}: update"
        )
    if inspect(connection).has_table(stamp.name):
        found: str | None = connection.execute(select(stamp.c.version_num)).scalar()
        return found
    if version:
        _stamp(connection, REVISIONS[version - 1])
    return REVISIONS[version - 1] if version else None


def upgrade(connection: Connection, revision: str) -> None:
    """Take the tables up to `revision`, in the caller's transaction."""
    from alembic.command import upgrade as up

    up(_config(connection), revision)


def downgrade(connection: Connection, revision: str) -> None:
    """Take the tables down to `revision`, or to `base`, which is none; what they alone held goes.

    In the caller's transaction.
    """
    from alembic.command import downgrade as down

    down(_config(connection), revision)


def _config(connection: Connection) -> Config:
    from alembic.config import Config  # a simulation, which makes new ledgers alone, needs none

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    return config


def _stamp(connection: Connection, revision: str) -> None:
    stamp.create(connection, checkfirst=True)
    connection.execute(insert(stamp).values(version_num=revision))
    if connection.dialect.name == "sqlite":
        connection.execute(text(f"PRAGMA user_version = {USER_VERSION}"))
