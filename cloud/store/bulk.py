"""Many rows at once, the way each database likes best, and turns of those who write the same."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import String, any_, cast, func, insert, literal, select, text
from sqlalchemy.dialects.postgresql import ARRAY

from cloud.errors import LedgerError
from cloud.store.copying import spelled

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from sqlalchemy import Column, ColumnElement, Connection, Table

POSTGRESQL = "postgresql"

KIOSKS = 0x6B69
"""Turns at the records of kiosks; first half of the numbers of their locks, as those below."""

SPENDING = 0x7368
"""Turns at points: of accounts as the books call them, and of `partner:` and a partner's id."""

JUDGING = 0x6A75
"""Turns at what an account brings in a day; the last that a transaction takes."""

TRYING = 0x7265
"""Turns at signing in, and at erasing: of accounts, keyed numbers, cards and addresses."""

_TAKE = text(
    "SELECT pg_advisory_xact_lock(:turns, turn) FROM (SELECT DISTINCT hashtext(name) AS turn"
    " FROM unnest(CAST(:names AS text[])) AS name ORDER BY turn) AS turns"
)


def take_turns(connection: Connection, names: Iterable[str], turns: int = KIOSKS) -> None:
    """Keep others off what goes by these names until the transaction ends.

    SQLite has let nobody else write since it began. On PostgreSQL each name has a lock, so that
    several workers write side by side. All take theirs in the order of the locks' numbers, which
    two names may share: by names, two workers could wait for each other. Whoever takes more later
    takes them in an order that nobody else turns round; all before any row is changed.
    """
    if connection.dialect.name == POSTGRESQL:
        connection.execute(_TAKE, {"turns": turns, "names": list(names)}).all()


def among(
    connection: Connection, column: Column[Any], values: Collection[Any]
) -> ColumnElement[bool]:
    """Whether `column` is one of many `values`: one parameter where the database has arrays."""
    if connection.dialect.name == POSTGRESQL:
        spelled_out = literal(array_of(list(values)), String())
        return column == any_(cast(spelled_out, ARRAY(column.type)))
    return column.in_(values)


class Each:
    """A SELECT that is asked once for each of many rows of values.

    PostgreSQL gets all rows in one statement and goes through them one by one, each by the index
    that the SELECT's own order names. As a join it would choose by what it believes of the table,
    and of one that grew since it last looked that is wrong by orders of magnitude.

    Args:
        asked: The SELECT; `{name}` stands for a value.
        types: PostgreSQL's type of each value, by name, in the order in which rows have them.
    """

    def __init__(self, asked: str, **types: str) -> None:
        self._names = tuple(types)
        self._one = asked.format(**{name: f":{name}" for name in types})
        arrays = ", ".join(f"CAST(:{name} AS {type_}[])" for name, type_ in types.items())
        inner = asked.format(**{name: f"given.{name}" for name in types})
        given = f"unnest({arrays}) WITH ORDINALITY AS given ({', '.join(types)}, row_number)"
        self._all = text(
            # Values stay parameters.
            f"SELECT row_number, found.* FROM {given} CROSS JOIN LATERAL ({inner}) AS found"  # noqa: S608
        )

    def ask(
        self, connection: Connection, given: Sequence[tuple[Any, ...]]
    ) -> Iterator[tuple[int, Sequence[Any]]]:
        """What was found, and for which of the `given` rows, by its number from 0.

        Raises:
            LedgerError: SQLite failed; what PostgreSQL says is SQLAlchemy's own error.
        """
        if connection.dialect.name == POSTGRESQL:
            columns = map(array_of, zip(*given, strict=True))
            asked = dict(zip(self._names, columns, strict=True)) if given else None
            rows = connection.execute(self._all, asked).all() if asked else ()
            yield from ((row[0] - 1, row[1:]) for row in rows)
            return
        # For SQLAlchemy a statement is dearer than for SQLite to run it.
        raw: Any = connection.connection.driver_connection
        for number, one in enumerate(given):
            try:
                rows = raw.execute(self._one, dict(zip(self._names, one, strict=True))).fetchall()
            except connection.dialect.loaded_dbapi.Error as error:
                raise LedgerError(f"nothing was posted: {error}") from error
            yield from ((number, row) for row in rows)


def array_of(values: Sequence[str] | Sequence[int]) -> str:
    """PostgreSQL's spelling of an array without empty places; psycopg's own costs five times it."""
    if not values or isinstance(values[0], int):
        return f"{{{','.join(map(str, values))}}}"
    joined = '","'.join(map(str, values))
    if "\\" in joined or joined.count('"') != 2 * (len(values) - 1):
        escaped = [str(one).replace("\\", "\\\\").replace('"', '\\"') for one in values]
        joined = '","'.join(escaped)
    return f'{{"{joined}"}}'


def new_ids(connection: Connection, table: Table, count: int) -> Sequence[int]:
    """Keys for `count` new rows of `table`, rising; whoever asks is the table's next writer."""
    if not count:
        return ()
    if connection.dialect.name == POSTGRESQL:
        return _drawn(connection, table, count)
    last = connection.execute(select(func.coalesce(func.max(table.c.id), 0))).scalar_one()
    return range(last + 1, last + 1 + count)


def _drawn(connection: Connection, table: Table, count: int) -> Sequence[int]:
    """From the sequence: where nobody drew in between, the first and the last one say all."""
    key = func.nextval(f"{table.name}_id_seq").label("key")
    keys = select(key).select_from(func.generate_series(1, count))
    one = keys.subquery().c.key
    first, last = connection.execute(select(func.min(one), func.max(one))).one()
    if last - first == count - 1:
        return range(first, last + 1)
    return sorted(connection.execute(keys).scalars())


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
    statement = f"COPY {table.name} ({', '.join(rows[0])}) FROM STDIN"
    raw: Any = connection.connection.driver_connection
    try:
        with raw.cursor() as cursor, cursor.copy(statement) as copy:
            copy.write(spelled(rows))
    except connection.dialect.loaded_dbapi.Error as error:
        said = str(error).partition("\n")[0]
        raise LedgerError(f"nothing was posted: {said}") from error
