"""Closings on obstacles and people inside: by the hundred here, by ten thousand in campaigns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial

import pytest

from sim.hosts import find_micropython
from sim.trials.closing import HAND_N_PER_MM, ObstructedClosing, obstructed_closing
from sim.trials.entering import Entry, entry
from sim.trials.many import many

MOST_PEAK_N, MOST_HURT_MS, MOST_REACTION_MS = 150, 750, 25
FELT_MM = 15
"""From this height on the current alone says that something is in the way."""

CLOSINGS, ENTRIES, CAMPAIGN = 500, 300, 10_000

Tell = Callable[..., None]


def hurts_nobody(closings: list[ObstructedClosing], tell: Tell) -> None:
    """Every one of them, by its seed."""
    worst = max(closings, key=lambda one: one.peak_n)
    tell(
        closings=len(closings),
        worst=worst,
        hurt_ms=max(one.hurt_ms for one in closings),
        reaction_ms=max(one.reaction_ms for one in closings),
    )
    assert worst.peak_n <= MOST_PEAK_N, worst
    assert [one for one in closings if one.hurt_ms >= MOST_HURT_MS] == []
    pressed = [one for one in closings if one.peak_n > 0]
    assert len(pressed) == len(closings)  # each of them met something


def shuts_nobody_in(entries: list[Entry], tell: Tell) -> None:
    """None of them, whatever failed; and enough of them were inside to say so."""
    inside = Counter(one.who for one in entries)
    tell(entries=len(entries), inside=dict(inside))
    assert [one for one in entries if one.shut_in or one.dropped_on] == []
    assert max(one.peak_n for one in entries) <= MOST_PEAK_N
    assert min(inside[who] for who in ("arm", "head", "child")) >= len(entries) // 5
    assert sum(one.faults != () for one in entries) >= len(entries) // 2


def closings_of(count: int, tell: Tell, seed: int) -> None:
    closings = many(obstructed_closing, range(seed, seed + count))
    hurts_nobody(closings, tell)
    assert max(one.reaction_ms for one in closings) <= MOST_REACTION_MS
    assert all(one.open_again for one in closings)


@pytest.mark.timeout(900)
def test_hundreds_of_closings_on_a_test_body(tell: Tell, seed: int) -> None:
    """Soft edge of 30 N/mm on 500 N/mm: at most 150 N, and below 25 N soon after."""
    closings_of(CLOSINGS, tell, seed)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("edge_works", [True, False])
def test_hands_are_not_hurt_with_or_without_an_edge(
    edge_works: bool, tell: Tell, seed: int
) -> None:
    """Where the edge's signal never comes, the motor's current says it.

    What is softer and lower than that may be shut on: with less than 150 N, and that is all.
    """
    trial = partial(obstructed_closing, n_per_mm=HAND_N_PER_MM, edge_works=edge_works)
    closings = many(trial, range(seed, seed + 100))
    hurts_nobody(closings, tell)
    shut_on = [one for one in closings if not one.open_again]
    assert all(not edge_works and one.height_mm < FELT_MM for one in shut_on)


@pytest.mark.timeout(900)
def test_hundreds_of_entries_lock_and_drop_on_nobody(tell: Tell, seed: int) -> None:
    """Arm, head or child; up to two of eleven sensors broken; commands at random, for ever."""
    shuts_nobody_in(many(entry, range(seed, seed + ENTRIES)), tell)


@pytest.mark.skipif(find_micropython() is None, reason="no micropython beside this Python")
@pytest.mark.parametrize("trial", [obstructed_closing, entry])
def test_a_trial_is_the_same_on_both_interpreters(trial: Callable[..., object]) -> None:
    """What was measured in CPython holds for the node's own interpreter."""
    for seed in range(3):
        assert trial(seed, node="cpython") == trial(seed, node="micropython")


@pytest.mark.campaign
def test_ten_thousand_closings_on_a_test_body(tell: Tell, seed: int) -> None:
    """The same, as often as the promise says."""
    closings_of(CAMPAIGN, tell, seed)


@pytest.mark.campaign
def test_ten_thousand_entries_lock_and_drop_on_nobody(tell: Tell, seed: int) -> None:
    """The same, as often as the promise says."""
    shuts_nobody_in(many(entry, range(seed, seed + CAMPAIGN)), tell)
