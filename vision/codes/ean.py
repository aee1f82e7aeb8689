"""What an EAN barcode looks like: its modules, and how they look through a blurred lens.

After GS1 General Specifications, 5.2.1. A place on a barcode is counted in modules from the left
edge of the first bar. A barcode is looked at in some points a module, from `QUIET` modules before
the first bar to as many after the last.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float32]

FINE, ROUGH = 4, 2
"""Points a module."""

QUIET = 4
DIGIT = 7
"""Modules of a digit."""

MARGIN = 1.5
"""Modules looked at on either side of a digit, for blur carries it there."""

BLURS = (0.2, 0.4, 0.65, 0.9, 1.15, 1.4)
"""Standard deviations of the blur that is reckoned with, in modules."""

_ODD_BITS = "0001101 0011001 0010011 0111101 0100011 0110001 0101111 0111011 0110111 0001011"
_ODD = np.array([[int(bit) for bit in digit] for digit in _ODD_BITS.split()], np.float32)
RIGHT = 1 - _ODD
"""The ten digits right of the middle, 1 = bar: 10 × 7."""

LEFT = np.concatenate([_ODD, RIGHT[:, ::-1]])
"""Left of the middle: 0 to 9 of odd parity, then 0 to 9 of even parity; 20 × 7."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the digits of one kind of barcode stand.

    `left` and `right` are the first modules of the digits, `parities` the rows of `LEFT` (0 odd,
    10 even) that may stand together; with ten of them, which one it is tells the first digit.
    """

    modules: int
    left: tuple[int, ...]
    right: tuple[int, ...]
    parities: tuple[tuple[int, ...], ...]

    def bars(self, left: NDArray[np.int64], right: NDArray[np.int64]) -> Numbers:
        """The modules of these rows of `LEFT` and `RIGHT` between their guards, 1 = bar."""
        row = np.zeros(self.modules, np.float32)
        middle = self.left[-1] + DIGIT
        row[[0, 2, middle + 1, middle + 3, self.modules - 3, self.modules - 1]] = 1
        for start, digit in zip(self.left, left, strict=True):
            row[start : start + DIGIT] = LEFT[digit]
        for start, digit in zip(self.right, right, strict=True):
            row[start : start + DIGIT] = RIGHT[digit]
        return row


def _parities(rows: str) -> tuple[tuple[int, ...], ...]:
    return tuple(tuple(10 * (side == "E") for side in row) for row in rows.split())


EAN_13_LAYOUT = Layout(
    95,
    (3, 10, 17, 24, 31, 38),
    (50, 57, 64, 71, 78, 85),
    _parities(
        "OOOOOO OOEOEE OOEEOE OOEEEO OEOOEE OEEOOE OEEEOO OEOEOE OEOEEO OEEOEO",
    ),
)
EAN_8_LAYOUT = Layout(67, (3, 10, 17, 24), (36, 43, 50, 57), _parities("OOOO"))


def checks(digits: str) -> bool:
    """Whether the last digit is the check digit of those before it."""
    numbers = [int(digit) for digit in reversed(digits)]
    return (sum(numbers[::2]) + 3 * sum(numbers[1::2])) % 10 == 0


@dataclass(frozen=True, slots=True, eq=False)
class Looks:
    """One layout through every blur of `BLURS`.

    Attributes:
        layout: Which.
        places: Where the samples lie, in modules: (samples,).
        windows: Which samples belong to each digit, left ones first: (digits, window).
        spread: By blur, how dark a bar on each module makes each sample: (samples, modules).
        gain: By blur, how much darker each sample is for each module by which a bar is wider at
            each edge that there may be: (samples, modules + 1).
        left: By blur, the twenty left patterns as they look in a window, between neighbours
            that are half unknown, each of mean 0 and length 1: (20, window).
        right: The ten right patterns likewise: (10, window).
    """

    layout: Layout
    places: Numbers
    windows: NDArray[np.int64]
    spread: dict[float, Numbers]
    gain: dict[float, Numbers]
    left: dict[float, Numbers]
    right: dict[float, Numbers]


@functools.cache
def looks(layout: Layout, samples: int = FINE) -> Looks:
    """Work out how a layout looks in so many samples a module; once, for it takes a while."""
    places = _centres(layout.modules + 2 * QUIET, samples) - QUIET
    starts = np.array(layout.left + layout.right)
    window = np.arange(int((DIGIT + 2 * MARGIN) * samples)) - int(MARGIN * samples)
    modules, edges = np.arange(layout.modules), np.arange(layout.modules + 1)
    return Looks(
        layout,
        places,
        (starts[:, None] + QUIET) * samples + window,
        {blur: _seen(places, modules, blur) for blur in BLURS},
        {blur: _edges(places, edges, blur) for blur in BLURS},
        # A bar ends what stands before a left digit, a space begins what follows; right, reversed.
        {blur: _templates(LEFT, (0.5, 0.5, 1), (0, 0.5, 0.5), blur, samples) for blur in BLURS},
        {blur: _templates(RIGHT, (0.5, 0.5, 0), (1, 0.5, 0.5), blur, samples) for blur in BLURS},
    )


def _centres(modules: float, samples: int) -> Numbers:
    return np.asarray((np.arange(int(modules * samples)) + 0.5) / samples, np.float32)


def _seen(places: Numbers, modules: NDArray[np.int64], blur: float) -> Numbers:
    """How much of each module a point sees, a box through a Gaussian: (places, modules)."""
    away = places[:, None] - (modules + 0.5)
    scale = blur * math.sqrt(2)
    edges = np.vectorize(math.erf)([(away + 0.5) / scale, (away - 0.5) / scale])
    return np.asarray((edges[0] - edges[1]) / 2, np.float32)


def _edges(places: Numbers, edges: NDArray[np.int64], blur: float) -> Numbers:
    """How much of each edge a point sees, a Gaussian: (places, edges)."""
    away = (places[:, None] - edges) / blur
    return np.asarray(np.exp(-away * away / 2) / (blur * math.sqrt(2 * math.pi)), np.float32)


def _templates(
    patterns: Numbers,
    before: tuple[float, ...],
    after: tuple[float, ...],
    blur: float,
    samples: int,
) -> Numbers:
    rows = len(patterns)
    known = np.hstack([np.tile(before, (rows, 1)), patterns, np.tile(after, (rows, 1))])
    places = _centres(DIGIT + 2 * MARGIN, samples) - np.float32(MARGIN)
    dark = known @ _seen(places, np.arange(-len(before), DIGIT + len(after)), blur).T
    light = dark.mean(axis=1, keepdims=True) - dark
    return np.asarray(light / np.linalg.norm(light, axis=1, keepdims=True), np.float32)
