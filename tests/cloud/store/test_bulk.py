"""What goes in by COPY and in arrays is what comes out, whatever people write."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, Connection, LargeBinary, MetaData, String, Table, select, text

from cloud.store.bulk import Each, insert_rows, new_ids
from cloud.store.database import open_database
from cloud.store.schema import Whole, records
from tests.cloud.conftest import Server

kept = Table(
    "kept",
    MetaData(),
    Column("number", Whole),
    Column("said", String),
    Column("line", LargeBinary),
    prefixes=["TEMPORARY"],
)

ECHO = Each("SELECT {said} AS said, {number} AS number", said="text", number="bigint")

TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
NUMBERS = st.integers(-(2**63), 2**63 - 1)
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "number": st.none() | NUMBERS,
            "said": st.none() | TEXTS,
            "line": st.none() | st.binary() | TEXTS.map(str.encode),
        }
    ),
    min_size=1,
)


@pytest.fixture(scope="module")
def connection(postgresql: Server) -> Iterator[Connection]:
    """To PostgreSQL, with an empty table."""
    engine = open_database(postgresql.new_address())
    with engine.connect() as connection:
        kept.create(connection)
        yield connection
    engine.dispose()


@given(ROWS)
@example([{"number": 1, "said": "\\N", "line": b"\\x00"}])
@example([{"number": 1, "said": "a\tb\nc\rd\\", "line": b'{"a":"\\u0000\\\\"}'}] * 2)
@example([{"number": 1, "said": "\\.", "line": b"\\."}, {"number": 2, "said": "", "line": b""}])
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_rows_come_back_as_they_went(connection: Connection, rows: list[dict[str, Any]]) -> None:
    """Empty text is no NULL, and a line may hold any byte."""
    connection.execute(kept.delete())
    insert_rows(connection, kept, rows)
    found = [tuple(row) for row in connection.execute(select(kept))]
    sent = [(one["number"], one["said"], one["line"]) for one in rows]
    assert sorted(found, key=repr) == sorted(sent, key=repr)


@given(st.lists(st.tuples(TEXTS, NUMBERS), min_size=1))
@example([("NULL", 0), ('"', 1), ("\\", 2), ("{}", 3), (",", 4), ("", 5)])
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_values_reach_the_statement_as_they_are(
    connection: Connection, rows: list[tuple[str, int]]
) -> None:
    """Each row of values, by its number."""
    found = {number: tuple(row) for number, row in ECHO.ask(connection, rows)}
    assert found == dict(enumerate(rows))


def test_keys_rise_also_where_others_draw_in_between(connection: Connection) -> None:
    """Then they do not follow on each other, and none is taken that was not drawn."""
    alone = list(new_ids(connection, records, 3))
    assert alone == list(range(alone[0], alone[0] + 3))
    connection.execute(text("ALTER SEQUENCE records_id_seq INCREMENT 2"))
    between = list(new_ids(connection, records, 3))
    assert [one - between[0] for one in between] == [0, 2, 4]
    assert between[0] > alone[-1]
    assert list(new_ids(connection, records, 0)) == []
