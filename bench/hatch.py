"""What the hatch does to whatever is in its way, and to whoever is inside, on simulated physics.

The peers are the limits of EN 12453 for powered doors (gaps of 50 to 500 mm: at most 400 N for
0.75 s, 150 N after that, 25 N after 5 s), and the accidents that happened.
"""

from __future__ import annotations

import statistics
from functools import partial

from bench.row import Row
from sim.trials.closing import HAND_N_PER_MM, ObstructedClosing, obstructed_closing
from sim.trials.entering import entry
from sim.trials.many import many

TRIALS = 1_000
"""Ten thousand of each are a campaign, see `docs/campaigns.md`."""

FEWER = 300
PEAK_N, MOST_PEAK_N = 400.0, 150.0
LATER_MS, MOST_LATER_MS = 5_000.0, 750.0
ABOVE_150_N_MS, MOST_REACTION_MS = 750.0, 25.0
ACCIDENTS_2025 = 2


def measure() -> list[Row]:
    """Worst of many closings on a test body, on hands, and without an edge; then entries."""
    body = many(obstructed_closing, range(TRIALS))
    hands = many(partial(obstructed_closing, n_per_mm=HAND_N_PER_MM), range(FEWER))
    blind = many(partial(obstructed_closing, edge_works=False), range(FEWER))
    return [
        *_of(body, f"test body, {TRIALS} closings"),
        *_of(hands, f"hands, {FEWER} closings"),
        *_force(blind, f"test body, edge dead, {FEWER} closings"),
        _entries(),
    ]


def _of(closings: list[ObstructedClosing], what: str) -> list[Row]:
    reactions_ms = sorted(one.reaction_ms for one in closings)
    p999_ms = statistics.quantiles(reactions_ms, n=1000, method="inclusive")[-1]
    reaction = Row(
        f"edge at the pin to bridge off, p99.9, {what}",
        p999_ms,
        "ms",
        "EN 12453 above 150 N",
        ABOVE_150_N_MS,
        MOST_REACTION_MS / ABOVE_150_N_MS,
        at_least=False,
    )
    return [reaction, *_force(closings, what)]


def _force(closings: list[ObstructedClosing], what: str) -> list[Row]:
    return [
        Row(
            f"peak force, worst, {what}",
            max(one.peak_n for one in closings),
            "N",
            "EN 12453",
            PEAK_N,
            MOST_PEAK_N / PEAK_N,
            at_least=False,
        ),
        Row(
            f"25 N and more after the trip, worst, {what}",
            max(one.hurt_ms for one in closings),
            "ms",
            "EN 12453",
            LATER_MS,
            MOST_LATER_MS / LATER_MS,
            at_least=False,
        ),
    ]


def _entries() -> Row:
    entries = many(entry, range(TRIALS))
    inside = sum(one.who != "" for one in entries)
    wrong = sum(one.shut_in or one.dropped_on for one in entries)
    return Row(
        f"locked or dropped on somebody, {inside} entries with sensor faults",
        wrong,
        "",
        "accidents in 2025",
        ACCIDENTS_2025,
        0.0,
        at_least=False,
    )
