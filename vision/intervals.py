"""How far a figure of few pictures may be off."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Z95 = 1.959964
"""Standard normal deviate of a two-sided 95 % interval."""

ROUNDS = 1000
SEED = 1

Interval = tuple[float, float]
Indexes = NDArray[np.int64]


def wilson(hits: int, count: int, z: float = Z95) -> Interval | None:
    """Interval of a share of `count` independent pictures (Wilson 1927); None without pictures.

    It stays within 0 and 1 and is honest for few pictures and for shares near the ends, where
    the plain normal interval is not.
    """
    if not count:
        return None
    share, pull = hits / count, z * z / count
    middle = (share + pull / 2) / (1 + pull)
    half = z * math.sqrt(share * (1 - share) / count + pull / (4 * count)) / (1 + pull)
    return max(0.0, middle - half), min(1.0, middle + half)


def bootstrap(
    figure: Callable[[Indexes], float | None], count: int, rounds: int = ROUNDS, seed: int = SEED
) -> Interval | None:
    """95 % percentile interval of any figure (Efron 1979), from pictures drawn with replacement.

    `figure` takes the indexes of `count` drawn pictures and gives None where it cannot be told
    from them; such draws are left out. None where no draw can tell.
    """
    chance = np.random.default_rng(seed)
    drawn = (figure(chance.integers(0, count, count)) for _ in range(rounds if count else 0))
    found = [value for value in drawn if value is not None]
    if not found:
        return None
    low, high = np.quantile(found, [0.025, 0.975])
    return float(low), float(high)
