"""What a count of rare mishaps proves about how rare they are."""

from __future__ import annotations

import math

DOUBT = 0.05
NEAR = 1e-9


def upper_share(count: int, of: int) -> float:
    """The share that the true one does not exceed, 95 % sure, where `count` of `of` were seen.

    Clopper and Pearson's exact bound (1934), one-sided: the share at which so few or fewer have
    the probability 5 %, found by bisection.
    """
    low, high = count / of, 1.0
    while high - low > NEAR:
        middle = (low + high) / 2
        low, high = (middle, high) if _at_most(count, of, middle) > DOUBT else (low, middle)
    return high


def _at_most(count: int, of: int, share: float) -> float:
    """The binomial probability of `count` or fewer; in logarithms, for factorials are large."""
    ways = [
        math.lgamma(of + 1) - math.lgamma(k + 1) - math.lgamma(of - k + 1) for k in range(count + 1)
    ]
    seen, unseen = math.log(share), math.log1p(-share)
    return math.fsum(math.exp(way + k * seen + (of - k) * unseen) for k, way in enumerate(ways))
