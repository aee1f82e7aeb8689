"""Opening the ledger's database: SQLite in a file or in memory, or PostgreSQL.

The tables are the same on both (`cloud.store.schema`). SQLite locks the whole file for whoever
writes. PostgreSQL lets writers in side by side; those who would spoil each other's work take turns
at a kiosk, an account or whatever it is about (`cloud.store.bulk.take_turns`), or do a task alone
(`cloud.store.alone`).
"""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, create_engine, event, insert, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.pool import StaticPool

from cloud.errors import HeldUpError, LedgerError
from cloud.store import bounds
from cloud.store.bulk import POSTGRESQL
from cloud.store.migrate import bring_up_to_date

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import URL, Connection, Table

DRIVER = "postgresql+psycopg"


def open_database(where: Path | str) -> Engine:
    """Open the ledger's database, with its tables made or brought up to date.

    Args:
        where: A file of SQLite, made new where there is none; `:memory:`; or the address of a
            PostgreSQL database, as in `postgresql://ledger@db.city.example/ledger`. What the
            address leaves out comes from where PostgreSQL's own programs take it (`PGHOST`,
            `~/.pgpass` ...), so that no password need stand on a command line.

    What is committed survives a power cut: SQLite runs in WAL mode with synchronous=FULL, and
    PostgreSQL as its own settings say, which are as strict.

    Raises:
        LedgerError: There is no such database, it is of a later version, or cannot be written.
    """
    engine = _postgresql(str(where)) if is_address(str(where)) else _sqlite(str(where))
    name = engine.url.render_as_string() if is_address(str(where)) else str(where)
    try:
        with engine.begin() as connection:
            bring_up_to_date(connection, name)
    except (SQLAlchemyError, LedgerError) as error:
        engine.dispose()
        if isinstance(error, LedgerError):
            raise
        raise LedgerError(
            f"database {name} cannot be opened: {cause(error)}; check address or path, and rights"
        ) from error
    return engine


def is_address(where: str) -> bool:
    """Whether this is an address, as of PostgreSQL, and no path of a file."""
    return "://" in where


@contextmanager
def reading(database: Engine) -> Iterator[Connection]:
    """A transaction that only reads, sees one state throughout, and waits for no writer.

    Raises:
        LedgerError: The database failed.
    """
    options: dict[str, Any] = {"reads": True}
    if database.dialect.name == POSTGRESQL:
        options |= {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    try:
        with database.execution_options(**options).begin() as connection:
            yield connection
    except SQLAlchemyError as error:
        raise LedgerError(f"ledger was not read: {cause(error)}") from error


@contextmanager
def writing(database: Engine) -> Iterator[Connection]:
    """A transaction that is done wholly or not at all.

    Raises:
        HeldUpError: On PostgreSQL somebody did not let go what was needed; nothing was changed.
        LedgerError: The database failed; nothing was changed.
    """
    try:
        with database.begin() as connection:
            yield connection
    except SQLAlchemyError as error:
        held_up = getattr(getattr(error, "orig", None), "sqlstate", None) == bounds.NOT_LET_GO
        kind = HeldUpError if held_up else LedgerError
        raise kind(f"nothing was changed: {cause(error)}") from error


def added(connection: Connection, table: Table, **values: Any) -> int:
    """Add a row; the key that the database chose for it."""
    key = connection.execute(insert(table).values(**values)).inserted_primary_key
    assert key is not None
    return int(key[0])


def cause(error: SQLAlchemyError) -> str:
    """What the database said, without the statement and whose account stood in it."""
    said = getattr(error, "orig", None)
    return str(said).partition("\n")[0] if said is not None else type(error).__name__


def as_kept(said: object) -> str:
    """What a kiosk says, as the tables have it: PostgreSQL's text holds no U+0000."""
    return str(said).replace("\0", "\ufffd")


def _postgresql(address: str) -> Engine:
    url = _read(address)
    # What the address says of them holds.
    unsaid = {name: value for name, value in bounds.GONE.items() if name not in url.query}
    engine = create_engine(
        url,
        connect_args={"connect_timeout": bounds.WAIT_S, **unsaid},
        hide_parameters=True,  # they hold accounts
        # Whatever the server's own setting: who waited for a turn must see what was done in it.
        isolation_level="READ COMMITTED",
        pool_pre_ping=True,  # a server that was restarted meanwhile is nobody's loss
    )
    event.listen(engine, "connect", bounds.bind)
    return engine


def _read(address: str) -> URL:
    try:
        url = make_url(address)
    except (ArgumentError, ValueError) as error:
        raise LedgerError(
            f"database {address.partition('://')[0]}://... is no address: write it as in "
            "postgresql://ledger@db.city.example/ledger"
        ) from error
    if url.drivername not in (POSTGRESQL, DRIVER):
        raise LedgerError(
            f"database {url.render_as_string()} is none that the ledger runs on: "
            f"name a file for SQLite, or {POSTGRESQL}://..."
        )
    return url.set(drivername=DRIVER)


def _sqlite(path: str) -> Engine:
    # One connection for all threads in memory; each has its own on a file.
    pool = {"poolclass": StaticPool} if path == ":memory:" else {}
    engine = create_engine(
        f"sqlite:///{path}",
        connect_args={"timeout": bounds.WAIT_S, "check_same_thread": False},
        hide_parameters=True,
        **pool,
    )
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)
    return engine


def _on_connect(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # transactions begin in `_on_begin`, not when sqlite3 likes
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")


def _on_begin(connection: Any) -> None:
    # A writer takes its lock at once, so that it never fails half way; readers take none.
    reads = connection.get_execution_options().get("reads", False)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
