"""The ledger's tables, and opening the database they live in.

Every table is only ever added to, except for `heads` and a record's `state`. Points move in
`transfers` from one account to another, so the two postings of a transfer sum to zero whatever
a program does; the view `postings` shows them as double entry. Carbon is counted apart and
never mixes with points.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    Engine,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    column,
    create_engine,
    event,
    table,
    text,
)
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import StaticPool

from cloud.errors import LedgerError
from cloud.migrate import migrate

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Connection

VERSION = 2
"""Version of these tables, kept in SQLite's `user_version`."""

metadata = MetaData()

records = Table(
    "records",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kiosk", String, nullable=False),
    Column("epoch", String, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("after", Integer),
    Column("sha256", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("account", String),
    # `posted`, or `held` with the code that says why
    Column("state", String, nullable=False),
    Column("code", String, nullable=False),
    Column("line", LargeBinary, nullable=False),
    Column("received_at", Integer, nullable=False),
    UniqueConstraint("kiosk", "epoch", "seq"),
    CheckConstraint("state IN ('posted', 'held')"),
    Index("records_by_link", "kiosk", "epoch", "after"),
    Index("records_by_state", "state", "account"),
)

deposits = Table(
    "deposits",
    metadata,
    Column("record_id", ForeignKey("records.id"), primary_key=True),
    Column("kiosk", String, nullable=False),
    Column("deposit_id", String, nullable=False),
    Column("account", String, nullable=False, index=True),
    Column("at", String, nullable=False),
    Column("item_code", String, nullable=False),
    Column("catalogue_version", String, nullable=False),
    Column("mass_g", Integer, nullable=False),
    Column("pieces", Integer, nullable=False),
    Column("priced_by", String, nullable=False),
    Column("points", Integer, nullable=False),
    Column("shown_points", Integer, nullable=False),
    Column("carbon_g", Integer, nullable=False),
    Column("bay", String, nullable=False),
    Column("bin_index", Integer, nullable=False),
    Column("jti", String, nullable=False),
    Column("at_s", Integer, nullable=False),
    UniqueConstraint("kiosk", "deposit_id"),
    # Each holds all that `cloud.recent` asks for, so that it need not look into the rows.
    Index("deposits_by_day", "account", "at_s", "kiosk", "mass_g"),
    Index("deposits_by_bay", "kiosk", "bay", "at_s"),
    Index("deposits_by_bin", "kiosk", "bay", "bin_index", "at_s", "mass_g"),
    Index("deposits_by_code", "jti", "kiosk"),
)

barcodes = Table(
    "barcodes",
    metadata,
    Column("record_id", ForeignKey("records.id"), primary_key=True),
    Column("barcode", String, primary_key=True),
    Column("account", String, nullable=False),
    Column("at_s", Integer, nullable=False),
    Index("barcodes_by_day", "account", "barcode", "at_s"),
)

flags = Table(
    "flags",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("record_id", ForeignKey("records.id"), nullable=False, index=True),
    Column("code", String, nullable=False),
    Column("detail", String, nullable=False),
    Column("at", Integer, nullable=False),
    UniqueConstraint("record_id", "code"),
)

entries = Table(
    "entries",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("record_id", ForeignKey("records.id"), nullable=False),
    Column("reason", String, nullable=False),
    Column("at", Integer, nullable=False),
)

transfers = Table(
    "transfers",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("entry_id", ForeignKey("entries.id"), nullable=False),
    Column("debit", String, nullable=False, index=True),
    Column("credit", String, nullable=False, index=True),
    Column("points", Integer, nullable=False),
    CheckConstraint("points > 0"),
    CheckConstraint("debit <> credit"),
)

carbon = Table(
    "carbon",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("entry_id", ForeignKey("entries.id"), nullable=False),
    Column("account", String, nullable=False, index=True),
    Column("grams", Integer, nullable=False),
)

heads = Table(
    "heads",
    metadata,
    Column("kiosk", String, primary_key=True),
    Column("epoch", String, primary_key=True),
    Column("upto", Integer, nullable=False),
    Column("sha256", String, nullable=False),
)

rejected = Table(
    "rejected",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kiosk", String, nullable=False),
    Column("epoch", String, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("after", Integer),
    Column("sha256", String, nullable=False),
    Column("code", String, nullable=False),
    Column("line", LargeBinary, nullable=False),
    Column("received_at", Integer, nullable=False),
    UniqueConstraint("kiosk", "epoch", "sha256", "code"),
    Index("rejected_by_link", "kiosk", "epoch", "after"),
)

postings = table("postings", column("entry_id"), column("account"), column("points", Integer))
"""The view of `transfers` in double entry: two lines a transfer, which sum to zero."""

CREATE_POSTINGS = text(
    """
    CREATE VIEW IF NOT EXISTS postings AS
    SELECT entry_id, debit AS account, -points AS points FROM transfers
    UNION ALL
    SELECT entry_id, credit AS account, points FROM transfers
    """
)


def open_database(path: Path | str) -> Engine:
    """Open the ledger's database, made new where there is none; `:memory:` keeps it in memory.

    SQLite in WAL mode with synchronous=FULL: what is committed survives a power cut.

    Raises:
        LedgerError: The file is no database, is of a later version, or cannot be written.
    """
    # One connection for all threads in memory; each has its own on a file.
    pool = {"poolclass": StaticPool} if str(path) == ":memory:" else {}
    engine = create_engine(
        f"sqlite:///{path}",
        connect_args={"timeout": 10, "check_same_thread": False},
        hide_parameters=True,  # they hold accounts
        **pool,
    )
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)
    try:
        with engine.begin() as connection:
            version = connection.execute(text("PRAGMA user_version")).scalar_one()
            if version > VERSION:
                raise LedgerError(
                    f"database {path} has version {version}, this software knows {VERSION}: update"
                )
            migrate(connection, metadata, version)
            connection.execute(CREATE_POSTINGS)
            connection.execute(text(f"PRAGMA user_version = {VERSION}"))
    except SQLAlchemyError as error:
        raise LedgerError(
            f"database {path} cannot be opened: {cause(error)}; check path and rights"
        ) from error
    return engine


@contextmanager
def reading(database: Engine) -> Iterator[Connection]:
    """A transaction that only reads, and so waits for no writer.

    Raises:
        LedgerError: The database failed.
    """
    try:
        with database.execution_options(reads=True).begin() as connection:
            yield connection
    except SQLAlchemyError as error:
        raise LedgerError(f"ledger was not read: {cause(error)}") from error


def _on_connect(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # transactions begin in `_on_begin`, not when sqlite3 likes
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")


def _on_begin(connection: Any) -> None:
    # A writer takes its lock at once, so that it never fails half way; readers take none.
    reads = connection.get_execution_options().get("reads", False)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def cause(error: SQLAlchemyError) -> str:
    """What the database said, without the statement and whose account stood in it."""
    said = getattr(error, "orig", None)
    return str(said) if said is not None else type(error).__name__
