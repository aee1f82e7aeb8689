"""What the backbone's features are, and what training adds at their end."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

TAPS = (("conv50", 320), ("conv51", 1280), ("conv49", 960), ("conv46", 960), ("conv37", 576))
"""Layers whose pooled outputs make the features, with their widths, in order."""

WIDTH = sum(width for _, width in TAPS)
STRANGE_WIDTH = TAPS[0][1]
"""How many of the first features strangeness is measured on."""


@dataclass(frozen=True, slots=True)
class Head:
    """What training found, for the end of the graph.

    `weight` (WIDTH × classes) and `bias` give the class scores. Strangeness is measured on the
    first STRANGE_WIDTH features at length one: the squared distance to the nearest of `centres`
    (known classes × STRANGE_WIDTH, after `near` was applied) less that to `middle` (after
    `far`); `near` and `far` are the whitening matrices within classes and of everything.
    """

    weight: Floats
    bias: Floats
    near: Floats
    centres: Floats
    far: Floats
    middle: Floats
