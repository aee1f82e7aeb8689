"""The uplink's and the token's benches: small runs of the real thing."""

from __future__ import annotations

import pytest

from bench import token, uplink
from sim.stage.processes import find_mosquitto


@pytest.mark.skipif(find_mosquitto() is None, reason="apt-get install mosquitto")
def test_the_uplink_is_measured_to_the_ledgers_own_ack() -> None:
    """Two messages a drain, two deposits live: every record was acked, and every figure is one."""
    rows = uplink.measure(batches=2, turns=1, live=2)
    assert [row.unit for row in rows] == ["records/s", "records/s", "ms"]
    assert all(row.value > 0 and row.peer_value > 0 for row in rows)
    assert rows[2].is_limit and rows[2].goal == 100


def test_a_code_costs_more_than_its_signature() -> None:
    """Base45, CBOR and the one spelling come on top."""
    (row,) = token.measure(verifies=20, turns=2)
    assert row.value > row.peer_value > 0
