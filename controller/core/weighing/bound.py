"""How soon a ringing pan's level can be known at all: the Cramér-Rao bound.

After the last contact the conversions are, with white noise of standard deviation sigma,

    y(t) = level + exp(-decay t) (a cos(ringing t) + b sin(ringing t)) + noise,

all five of level, a, b, ringing and decay unknown. An unbiased estimator of the level then has at
least the variance sigma² [(JᵀJ)⁻¹]₁₁, J the derivatives by the five, one row a conversion (S. M.
Kay, Fundamentals of Statistical Signal Processing: Estimation Theory, 1993, 3.7 to 3.9).

With E = exp(-decay t) the derivatives by ringing and decay, t E (b cos - a sin) and
-t E (a cos + b sin), span the same plane as t E cos and t E sin, whatever a and b are, as long as
something rings. So the bound knows neither amplitude nor phase of the ringing. It is the same
for what the converter's memory makes of the ringing: a linear filter, which changes a and b alone.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from controller.core.symptoms.converter_faults import MEMORY
from controller.core.weighing.settling import CONFIDENCE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

UNKNOWNS = 5
SPREAD = 1e-9
"""A level whose part that no ringing can imitate is below this is not known at all."""


def cramer_rao_s(
    times_s: Array, period_s: float, ringing: float, decay: float, noise: float, tolerance: float
) -> float:
    """The shortest time after the last contact at which the level can be known well enough.

    Well enough: within `tolerance` with 99.7 %. Only conversions count whose memory lies wholly
    after the contact, so the converter's own delay is in the time. A ringing that was drawn and a
    noise that is no whiter than said take longer; an estimator that knows pans beforehand may be
    quicker.

    Args:
        times_s: When conversions were made, after the last contact, rising, shape (n,).
        period_s: From one conversion to the next; none of them is missing in the memory.
        ringing: Angular frequency of the damped ringing, 1/s.
        decay: Of its envelope, 1/s.
        noise: Standard deviation of each conversion's white noise.
        tolerance: In the same unit.

    Returns:
        The time of the first conversion with which it can; infinity if none of them is.
    """
    free_s = times_s[times_s >= (MEMORY - 1) * period_s]
    for count in range(UNKNOWNS, len(free_s) + 1):
        if CONFIDENCE * level_sd(free_s[:count], ringing, decay, noise) <= tolerance:
            return float(free_s[count - 1])
    return math.inf


def level_sd(times_s: Array, ringing: float, decay: float, noise: float) -> float:
    """The least standard deviation of the level after conversions at these times.

    The level's column of J is a row of ones. What is left of it when everything that the other
    four can imitate is taken away has the length r, and the bound is sigma / r: the last
    diagonal element of a QR decomposition, without inverting a matrix that is nearly singular.

    Args:
        times_s: Shape (n,), on any origin.
        ringing: Angular frequency, 1/s.
        decay: Of the envelope, 1/s.
        noise: Standard deviation of each conversion.

    Returns:
        In the unit of `noise`; infinity where the conversions are too few to tell.
    """
    if len(times_s) < UNKNOWNS:
        return math.inf
    t = times_s - times_s[0]
    swings = np.exp(-decay * t) * np.stack((np.cos(ringing * t), np.sin(ringing * t)))
    columns = np.vstack((swings, t * swings, np.ones_like(t)))
    columns /= np.linalg.norm(columns, axis=1, keepdims=True)
    left = abs(float(np.linalg.qr(columns.T).R[-1, -1]))
    return noise / (left * math.sqrt(len(t))) if left > SPREAD else math.inf


def least_count(noise: float, tolerance: float) -> int:
    """How many conversions the level takes where nothing rings: ceil((z sigma / tolerance)²).

    The mean of N conversions has the standard deviation sigma / sqrt(N), z is that of 99.7 %.
    """
    return max(1, math.ceil((CONFIDENCE * noise / tolerance) ** 2))
