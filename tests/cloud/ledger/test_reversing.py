"""What was entered for a record is entered back, and found without reading the whole books."""

from __future__ import annotations

from typing import Any

from sqlalchemy import event

from cloud.ledger.reversing import reverse
from tests.cloud.conftest import Office
from tests.contract.samples import ALICE, SampleKiosk

INDEXES = ("entries_by_record", "transfers_by_entry", "carbon_by_entry")


def test_a_record_s_entries_are_found_by_indexes(office: Office, kiosk: SampleKiosk) -> None:
    """Whatever else the books hold; and what they come to is taken back."""
    office.post(kiosk.deposit(), kiosk.deposit())
    asked: list[tuple[str, Any]] = []

    def hear(_c: Any, _k: Any, statement: str, given: Any, _x: Any, _m: bool) -> None:
        if statement.startswith("SELECT"):
            asked.append((statement, given))

    with office.database.begin() as connection:
        event.listen(connection, "before_cursor_execute", hear)
        reverse(connection, 1, "it was empty", office.now_s)
        event.remove(connection, "before_cursor_execute", hear)
        explain = "EXPLAIN QUERY PLAN "
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")  # as with many rows
            explain = "EXPLAIN "
        plans = [connection.exec_driver_sql(explain + one, given).all() for one, given in asked]
    assert all(any(name in str(one) for one in plans) for name in INDEXES)
    assert (office.ledger.balance(ALICE).points, len(plans)) == (4, 3)
