"""The bench of the journal: it measures both sides of every row that it shows."""

from __future__ import annotations

from bench.journal import measure


def test_both_sides_of_every_row_are_measured() -> None:
    """Commits, the slowest of them, archiving and verification, in a short run."""
    rows = {row.name: (row.value, row.peer_value) for row in measure(10, 2, 40)}
    assert list(rows) == [
        "journal commits",
        "the same",
        "spelled, signed and committed, p99",
        "four bays at once",
        "the same four",
        "journal held up by archiving 100 records, slowest",
        "records verified",
    ]
    assert all(value > 0 and peer > 0 for value, peer in rows.values())
