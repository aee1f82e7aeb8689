"""Figures of merit on cases that can be counted by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision.metrics import auroc, coverage_at, ece, fpr95

KNOWN_AND_UNKNOWN = st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=1, max_size=40)


def _flags(*values: int) -> np.ndarray:
    return np.array(values, np.bool_)


@given(KNOWN_AND_UNKNOWN)
def test_auroc_is_the_share_of_pairs_in_the_right_order(things: list[tuple[int, bool]]) -> None:
    """Counted pair by pair, ties half."""
    unknown = [score for score, is_unknown in things if is_unknown]
    known = [score for score, is_unknown in things if not is_unknown]
    pairs = [(a > b) + (a == b) / 2 for a in unknown for b in known]
    found = auroc(np.array([s for s, _ in things], np.float64), _flags(*(u for _, u in things)))
    assert found == (pytest.approx(np.mean(pairs)) if pairs else None)


def test_fpr95_counts_unknown_things_that_pass_where_95_of_100_known_do() -> None:
    """Known scores 0 to 99: the gate stands at 95, and two of four unknown things pass it."""
    scores = np.array([*range(100), 10, 50, 96, 200], np.float64)
    unknown = _flags(*[0] * 100, 1, 1, 1, 1)
    assert fpr95(scores, unknown) == 0.5
    assert fpr95(scores, _flags(*[0] * 104)) is None


def test_ece_is_the_gap_between_what_was_claimed_and_what_was_right() -> None:
    """Ten times 0.9 and eight right: a tenth too sure. Well-calibrated: nothing."""
    claimed = np.full(10, 0.9)
    assert ece(claimed, _flags(1, 1, 1, 1, 1, 1, 1, 1, 0, 0)) == pytest.approx(0.1)
    assert ece(claimed, _flags(1, 1, 1, 1, 1, 1, 1, 1, 1, 0)) == pytest.approx(0.0)
    assert ece(np.array([]), _flags()) is None


def test_coverage_ends_before_the_error_that_is_one_too_many() -> None:
    """Half may be wrong: four are taken, since the third and fourth make up for each other."""
    scores = np.array([0.1, 0.2, 0.3, 0.4, 0.5, 0.6])
    right = _flags(1, 0, 0, 1, 0, 0)
    assert coverage_at(0.5, scores, right, _flags(1, 1, 1, 1, 1, 1)) == pytest.approx(4 / 6)
    assert coverage_at(0.99, scores, right, _flags(1, 1, 1, 1, 1, 1)) == pytest.approx(1 / 6)


def test_an_unknown_thing_that_is_taken_is_an_error() -> None:
    """It stands in the way of all that would be taken after it."""
    scores = np.array([0.1, 0.2, 0.3])
    assert coverage_at(0.99, scores, _flags(1, 0, 1), _flags(1, 0, 1)) == 0.5
    assert coverage_at(0.99, scores, _flags(0, 0, 0), _flags(0, 0, 0)) is None
