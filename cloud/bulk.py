"""Many rows at once, the way each database likes best."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import any_, func, insert, literal, select, text
from sqlalchemy.dialects.postgresql import ARRAY

from cloud.errors import LedgerError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from sqlalchemy import Column, ColumnElement, Connection, Table

POSTGRESQL = "postgresql"

_TURNS = 0x6B69
"""First half of the numbers of the locks of kiosks."""

_TAKE = text(
    "SELECT pg_advisory_xact_lock(:turns, hashtext(kiosk))"
    " FROM unnest(CAST(:kiosks AS text[])) AS kiosk"
)


def take_turns(connection: Connection, kiosks: Iterable[str]) -> None:
    """Keep other writers off these kiosks' records until the transaction ends.

    SQLite has let nobody else write since it began. On PostgreSQL each kiosk has a lock, taken in
    one order by all, so that several workers write side by side and none waits for another's end.
    """
    if connection.dialect.name == POSTGRESQL:
        given = {"turns": _TURNS, "kiosks": sorted(set(kiosks))}
        connection.execute(_TAKE, given).all()


def among(
    connection: Connection, column: Column[Any], values: Collection[Any]
) -> ColumnElement[bool]:
    """Whether `column` is one of many `values`: one parameter where the database has arrays."""
    if connection.dialect.name == POSTGRESQL:
        return column == any_(literal(list(values), ARRAY(column.type)))
    return column.in_(values)


def new_ids(connection: Connection, table: Table, count: int) -> Sequence[int]:
    """Keys for `count` new rows of `table`, rising; whoever asks is the table's next writer."""
    if not count:
        return ()
    if connection.dialect.name == POSTGRESQL:
        drawn = select(func.nextval(f"{table.name}_id_seq")).select_from(
            func.generate_series(1, count)
        )
        return sorted(connection.execute(drawn).scalars())
    last = connection.execute(select(func.coalesce(func.max(table.c.id), 0))).scalar_one()
    return range(last + 1, last + 1 + count)


def insert_rows(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Add rows that all name the same columns.

    Raises:
        LedgerError: PostgreSQL refused one; what SQLite says is SQLAlchemy's own error.
    """
    if not rows:
        return
    if connection.dialect.name == POSTGRESQL:
        _copy(connection, table, rows)
    else:
        connection.execute(_insert(table), rows)


@lru_cache(maxsize=32)
def _insert(table: Table) -> Any:
    # Put together once: for SQLAlchemy that is dearer than for SQLite to run it.
    return insert(table)


def _copy(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """COPY takes half the time of an INSERT out of arrays, on either side."""
    names = list(rows[0])
    statement = f"COPY {table.name} ({', '.join(names)}) FROM STDIN"
    raw: Any = connection.connection.driver_connection
    try:
        with raw.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row([row[name] for name in names])
    except connection.dialect.loaded_dbapi.Error as error:
        said = str(error).partition("\n")[0]
        raise LedgerError(f"nothing was posted: {said}") from error
