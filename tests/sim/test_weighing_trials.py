"""A weighing's trial tells the truth about the scale: times, errors, and what is wrong."""

from __future__ import annotations

import math
import pickle
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.trials.landing import Landing, landing
from sim.trials.weighing import Course, Weighed, bound_s, course, judged, weighing

LANDED = landing(3, mass_g=500.0, noise_g=0.1)
LIMIT_G = 2.0


def followed(levels_g: list[float], declared: list[int], first_s: float = -0.05) -> Course:
    """A course of readings 10 ms apart, of which the given ones may be declared."""
    after_s: NDArray[np.float64] = first_s + 0.01 * np.arange(len(levels_g), dtype=np.float64)
    level_g = np.array(levels_g, dtype=float)
    may = np.isin(np.arange(len(levels_g)), declared)
    return Course(after_s, level_g, level_g, np.full(len(levels_g), 0.1), may)


def on_one_contact() -> Landing:
    """The landing with its first contact 50 ms before the last."""
    return replace(LANDED, first_contact_us=round(LANDED.last_contact_us) - 50_000)


def judge(levels_g: list[float], declared: list[int], first_s: float = -0.05) -> Weighed:
    """What came of made readings of 500 g."""
    return judged(on_one_contact(), followed(levels_g, declared, first_s))


def test_time_counts_from_the_last_contact() -> None:
    """The first reading that may be declared, on the conversions' clock."""
    one = judge([0, 0, 700, 300, 450, 520, 501, 500.5, 500], [7, 8])
    assert one.declared_s == pytest.approx(0.02)
    assert one.declared_g == 500.5
    assert one.ratio == pytest.approx(0.02 / bound_s(LANDED))
    assert not one.wrong


def test_a_load_that_is_declared_between_two_bounces_took_no_time_and_is_judged() -> None:
    """Too early is no excuse for being wrong."""
    one = judge([0, 503, 503, 503, 400, 500, 500, 500], [2, 7])
    assert one.declared_s == 0
    assert one.wrong


def test_the_empty_pan_is_no_load() -> None:
    """Before the thing came, or while it is in the air."""
    one = judge([600, 0, 0, 0, 700, 500, 500], [0, 1, 2, 6], first_s=-0.055)
    assert one.declared_g == 500
    assert one.declared_s == pytest.approx(0.005)


def test_what_is_never_declared_is_late_but_not_wrong() -> None:
    """It is refused, which costs time and no money."""
    one = judge([0, 0, 300, 600, 500, 500], [])
    assert one.declared_s == math.inf
    assert not one.wrong
    assert not one.indicated_wrong


def test_right_means_right_until_the_end() -> None:
    """Passing through the right mass does not count; nor do readings without a level."""
    levels_g = [0, 500, 480, 500, 503, math.nan, 501.9, 498.1, 500]
    assert judge(levels_g, [8]).correct_s == pytest.approx(0.01)
    assert judge([*levels_g, 502.1], [8]).correct_s == math.inf
    assert judge([500] * 9, [8]).correct_s == 0


@pytest.mark.parametrize(
    ("declared_g", "wrong", "shown_wrong"),
    [
        (501.9, False, False),
        (502.1, True, False),
        (503.1, True, True),
    ],
)
def test_wrong_is_told_before_and_after_rounding(
    declared_g: float, wrong: bool, shown_wrong: bool
) -> None:
    """502.1 g is beyond 2 g of the limit, and is shown as 502 g, which is not."""
    one = judge([0, 0, 0, 0, 0, declared_g], [5])
    assert (one.limit_g, one.wrong, one.indicated_wrong) == (LIMIT_G, wrong, shown_wrong)


def test_the_seed_decides() -> None:
    """All but the processor's time; and it crosses to another process."""
    one, again = weighing(5), weighing(5)
    assert replace(one, cpu_us=0.0) == replace(again, cpu_us=0.0)
    assert replace(one, cpu_us=0.0) != replace(weighing(6), cpu_us=0.0)
    assert pickle.loads(pickle.dumps(one)) == one


def test_the_kiosk_s_scale_weighs_as_it_should() -> None:
    """Sixty landings: all declared, none wrong, none before the fewest conversions are there."""
    found = [weighing(seed) for seed in range(60)]
    assert all(one.declared_s < 1 for one in found)
    assert not any(one.wrong for one in found)
    assert all(one.bound_s > 0.08 for one in found)
    assert np.mean([one.correct_s <= one.declared_s for one in found]) > 0.9
    assert np.median([one.ratio for one in found]) < 2.5
    assert all(1 < one.cpu_us < 20_000 for one in found)


def test_a_course_is_read_as_a_node_reads() -> None:
    """Every conversion once, none before it was made; the raw ones above the zero that was set."""
    read = course(LANDED, 3)
    made_s = {(at_us - LANDED.last_contact_us) / 1e6 for at_us, _ in LANDED.conversions}
    assert set(read.after_s) <= made_s
    assert len(read.after_s) > 0.9 * sum(at_s <= read.after_s[-1] for at_s in made_s)
    empty_g = read.raw_g[read.after_s < (500_000 - LANDED.last_contact_us) / 1e6]
    assert abs(np.median(empty_g)) < 0.2
    assert read.level_g[-1] == pytest.approx(500, abs=LIMIT_G)
