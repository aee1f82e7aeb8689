"""The simple filters that scales use, on the same landings and against the same truth.

None of them is held back. Each gets every conversion that the kiosk's scale gets, and a zero that
is at least as good: the median of half a second of empty pan. All are read by the most generous
rule that still makes sense, `at_rest`: asking for less ripple or longer rest makes each of them
slower, and asking for less than one swing lets the quicker ones declare what they pass through.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from sim.trials.weighing import CLASS_III, Course

if TYPE_CHECKING:
    from sim.trials.landing import Landing

Array = NDArray[np.float64]

REST = 16
"""Readings that must agree: 0.2 s at 80/s, one swing and a half of the slowest pan."""

EMA = 0.2
MEDIAN = 5
WALK = 0.1
"""The Kalman filter takes the load for a random walk, each step so many times the noise."""


def moving_average(raw_g: Array, count: int) -> Array:
    """Mean of the last `count` conversions; nan before there are as many."""
    return _late(sliding_window_view(raw_g, count).mean(axis=1), count)


def median_and_ema(raw_g: Array) -> Array:
    """Median of the last five, then exponential smoothing: a fifth of the way each time."""
    medians = np.median(sliding_window_view(raw_g, MEDIAN), axis=1)
    smooth, levels = float(medians[0]), []
    for middle in medians.tolist():
        smooth += EMA * (middle - smooth)
        levels.append(smooth)
    return _late(np.array(levels), MEDIAN)


def kalman(raw_g: Array) -> Array:
    """Scalar Kalman filter of a random walk, which knows the noise and starts unsure.

    Variances are counted in the noise's, so that the noise itself drops out.
    """
    level, variance, levels = float(raw_g[0]), 1.0, []
    for raw in raw_g.tolist():
        variance += WALK**2
        gain = variance / (variance + 1)
        variance *= 1 - gain
        level += gain * (raw - level)
        levels.append(level)
    return np.array(levels)


FILTERS: dict[str, Callable[[Array], Array]] = {
    "moving average 8": partial(moving_average, count=8),
    "moving average 16": partial(moving_average, count=16),
    "moving average 32": partial(moving_average, count=32),
    "median 5 + EMA 0.2": median_and_ema,
    "Kalman, q = 0.1 sigma": kalman,
}


def filtered(landed: Landing) -> dict[str, Course]:
    """The whole landing through each filter, by its name."""
    at_us, raws = np.array(landed.conversions).T
    zero_raw = np.median(raws[at_us < landed.first_contact_us])
    raw_g = (raws - zero_raw) * 1000 / landed.counts_per_kg
    after_s = (at_us - landed.last_contact_us) / 1e6
    loaded = at_us >= landed.first_contact_us
    courses = {}
    for name, level_of in FILTERS.items():
        level_g = level_of(raw_g)
        declared = at_rest(np.where(loaded, level_g, np.nan))
        courses[name] = Course(after_s, raw_g, level_g, np.full(len(raw_g), np.nan), declared)
    return courses


def at_rest(level_g: Array) -> NDArray[np.bool_]:
    """When a filter's readings may be declared: the last 0.2 s all lie within the tolerance.

    That is, within twice the in-service limit of the load from the lowest to the highest. Scales
    commonly ask for one e, which is half as much or less.

    Args:
        level_g: The readings, shape (n,); nan where there is none.
    """
    spread_g = np.ptp(sliding_window_view(level_g, REST), axis=1)
    limits_g = np.array([CLASS_III.in_service_limit_g(level) for level in level_g.tolist()])
    return _late(spread_g, REST) <= 2 * limits_g


def _late(values: Array, count: int) -> Array:
    """`values` that need `count` conversions each, against the time of the last of them."""
    return np.concatenate((np.full(count - 1, np.nan), values))
