"""Figures of merit on cases that can be counted by hand."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision.intervals import bootstrap, wilson
from vision.metrics import (
    aupr,
    aurc,
    auroc,
    brier,
    confusion,
    coverage_at,
    ece,
    fpr95,
    risk_coverage,
    selective_at,
)

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


def test_aupr_is_the_mean_precision_at_each_unknown_thing() -> None:
    """Unknown, known, unknown from the top: precision 1 at the first, 2/3 at the second."""
    assert aupr(np.array([0.9, 0.8, 0.7]), _flags(1, 0, 1)) == pytest.approx((1 + 2 / 3) / 2)
    assert aupr(np.array([0.9, 0.8]), _flags(0, 0)) is None


@given(KNOWN_AND_UNKNOWN)
def test_a_score_that_says_nothing_has_the_share_of_unknown_as_aupr(
    things: list[tuple[int, bool]],
) -> None:
    """All scores alike: whoever refuses one refuses all."""
    unknown = _flags(*(flag for _, flag in things))
    found = aupr(np.zeros(len(things)), unknown)
    both = unknown.any() and not unknown.all()
    assert found == (pytest.approx(unknown.mean()) if both else None)


def test_brier_is_the_square_of_what_is_missing() -> None:
    """Sure and right: nothing. Sure and wrong: two. Undecided between two: a half."""
    shares = np.array([[1.0, 0.0], [1.0, 0.0], [0.5, 0.5]])
    assert brier(shares, np.array([0, 1, 1])) == pytest.approx((0 + 2 + 0.5) / 3)
    assert brier(np.zeros((0, 2)), np.array([], np.int64)) is None


def test_risk_is_told_as_things_are_taken_by_their_score() -> None:
    """The surest is right, the two in the middle are taken together and one of them is wrong."""
    coverage, risk = risk_coverage(np.array([0.5, 0.1, 0.5, 0.9]), _flags(0, 1, 1, 0))
    assert coverage.tolist() == [0.25, 0.75, 1.0]
    assert risk.tolist() == pytest.approx([0, 1 / 3, 1 / 2])
    assert aurc(np.array([0.5, 0.1, 0.5, 0.9]), _flags(0, 1, 1, 0)) == pytest.approx(
        0.25 * 0 + 0.5 / 3 + 0.25 / 2
    )
    assert aurc(np.array([]), _flags()) is None


def test_selective_accuracy_leaves_out_the_most_doubtful_tenth() -> None:
    """Ten things, the wrong one has the highest score: left out, all are right."""
    scores, right = np.arange(10.0), _flags(*[1] * 9, 0)
    assert selective_at(0.9, scores, right) == 1.0
    assert selective_at(1.0, scores, right) == 0.9
    assert selective_at(0.9, -scores, right) == pytest.approx(8 / 9)
    assert selective_at(0.9, np.array([]), _flags()) is None


TIED = st.lists(st.tuples(st.integers(0, 3), st.booleans(), st.booleans()), min_size=1, max_size=20)


@given(TIED, st.floats(0.1, 1), st.randoms(use_true_random=False))
def test_no_figure_depends_on_the_order_of_the_files(
    things: list[tuple[int, bool, bool]], share: float, chance: random.Random
) -> None:
    """The gate gives many things one score: all of them are taken, or none."""
    other = chance.sample(things, len(things))
    one, two = ([np.array(row) for row in zip(*rows, strict=True)] for rows in (things, other))
    assert coverage_at(share, *one) == coverage_at(share, *two)
    assert selective_at(share, *one[:2]) == selective_at(share, *two[:2])


def test_things_of_one_score_are_taken_together() -> None:
    """Right comes first in the file, but wrong has the same score: half is right, or none taken."""
    scores, right, known = np.zeros(2), _flags(1, 0), _flags(1, 1)
    assert coverage_at(0.9, scores, right, known) == 0.0
    assert coverage_at(0.5, scores, right, known) == 1.0
    assert selective_at(0.5, scores, right) == 0.5


def test_confusion_counts_each_answer_to_each_truth() -> None:
    """A carton that was called paper stands in cardboard's row."""
    found = confusion(["metal", "cardboard", "cardboard"], ["metal", "paper", "cardboard"])
    assert found == {"cardboard": {"cardboard": 1, "paper": 1}, "metal": {"metal": 1}}


def test_wilsons_interval_is_that_of_the_textbook() -> None:
    """Newcombe 1998, table I, method 3: 81 of 263, 15 of 148, 0 of 20, 1 of 29."""
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=1e-4)
    assert wilson(15, 148) == pytest.approx((0.0624, 0.1605), abs=1e-4)
    assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=1e-4)
    assert wilson(1, 29) == pytest.approx((0.0061, 0.1718), abs=1e-4)
    assert wilson(0, 0) is None


def test_drawing_again_finds_about_wilsons_interval_for_a_share() -> None:
    """Two ways to the same interval, where both hold; the same seed gives the same ends."""
    right = np.arange(200) < 150
    ends = bootstrap(lambda drawn: float(right[drawn].mean()), 200)
    assert ends == pytest.approx(wilson(150, 200), abs=0.015)
    assert ends == bootstrap(lambda drawn: float(right[drawn].mean()), 200)


def test_draws_that_cannot_tell_are_left_out_of_an_interval() -> None:
    """One unknown thing among three is often not drawn, and then there is no AUROC."""
    scores, unknown = np.array([0.1, 0.2, 0.9]), _flags(0, 0, 1)
    assert bootstrap(lambda drawn: auroc(scores[drawn], unknown[drawn]), 3) == (1.0, 1.0)
    assert bootstrap(lambda drawn: None, 3) is None
    assert bootstrap(lambda drawn: 1.0, 0) is None
