"""The ingest bench, in small: every row has a figure and its peer's."""

from __future__ import annotations

import pytest

from bench.ingest import KIOSKS, measure, messages
from bench.postgres import find_postgres
from contract.payloads import MAX_RECORDS, DepositBatch, decode
from sim.stage.processes import find_mosquitto


def test_its_messages_are_full_and_in_turn() -> None:
    """As kiosks send them after an outage: one batch of each, then the next ones."""
    read = [decode(DepositBatch, one) for one in messages("post", 2 * MAX_RECORDS * KIOSKS)]
    assert {len(one.records) for one in read} == {MAX_RECORDS}
    first, second = read[:KIOSKS], read[KIOSKS:]
    assert [one.kiosk for one in first] == [one.kiosk for one in second]
    assert len({one.kiosk for one in first}) == KIOSKS


@pytest.mark.skipif(find_postgres() is None, reason="PostgreSQL is missing")
@pytest.mark.skipif(find_mosquitto() is None, reason="mosquitto is missing")
def test_a_little_is_posted_and_measured() -> None:
    """With and without signatures, a second time, and live from a kiosk to its ack."""
    rows = measure(records=50 * KIOSKS, live_s=1)
    assert [row.goal for row in rows] == [10_000, 20_000, 80_000, 250.0]
    assert all(row.value > 0 and row.peer_value > 0 for row in rows)
