"""The ledger's bench, in small: every row has a figure and its peer's."""

from __future__ import annotations

import pytest

from bench.ledger import measure
from bench.postgres import find_postgres


@pytest.mark.skipif(find_postgres() is None, reason="PostgreSQL is missing")
def test_reading_a_small_ledger_is_measured() -> None:
    """A statement, a month and a balance, each within the limit where there is little to read."""
    rows = measure(deposits=3000)
    assert [row.name.split(",")[0] for row in rows] == [
        "a resident's statement",
        "a kiosk's month",
        "an account's balance",
    ]
    assert all(row.value > 0 and row.peer_value > 0 for row in rows)
