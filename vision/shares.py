"""Class scores as shares of probability."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def log_shares(scores: NDArray[np.floating], temperature: float = 1.0) -> NDArray[np.float64]:
    """Log-probabilities of N × classes scores at a temperature (log-softmax)."""
    scaled = scores.astype(np.float64) / temperature
    sums = np.logaddexp.reduce(scaled, axis=1, keepdims=True)
    return np.asarray(scaled - sums, np.float64)
