"""The node's scan on both hosts, against the rate of a scan that a moving bay needs."""

from __future__ import annotations

from contextlib import closing

from bench.row import Row, rate
from firmware.hal.board import Inputs
from sim.hosts import NodeSpec, find_micropython, host_for

SCANS = 20_000
SCANS_PER_S = 200.0
"""A scan every 5 ms while anything moves."""


def measure() -> list[Row]:
    """Scans a second of a node at rest, with what travels between board and node."""
    kinds = ["cpython"] + (["micropython"] if find_micropython() else [])
    return [_row(kind) for kind in kinds]


def _row(kind: str) -> Row:
    with closing(host_for(kind, NodeSpec("a"))) as host:
        inputs = Inputs()

        def scan() -> None:
            inputs.now_ms += 5
            host.exchange(inputs)

        per_s = rate(scan, SCANS)
    return Row(f"node scans, {kind}", per_s, "1/s", "real time at 5 ms", SCANS_PER_S, 20.0)
