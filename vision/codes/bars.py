"""A third decoder for barcodes: the likeliest digits behind a blurred line across the bars.

Others ask where a line crosses a threshold; where blur is as wide as a bar it crosses nowhere
near the edges, and they read nothing or, worse, something else. Here the whole barcode is drawn
as it would look through that blur, and place, bend, light and digits are changed until the line is
met (as in Gallo and Manduchi, "Reading 1D barcodes with mobile phones using deformable templates",
IEEE TPAMI 33(9), 2011, though fitted by least squares instead of one digit after the other).

A line is read where two figures are high. `explained` is the part of the line's variance that the
drawing explains. `lead` is by how much the next likely digit at any place, or the next likely
first digit, would raise the squared error, as a multiple of it. No EAN-13 that was
drawn well enough and yet wrong came above a lead of 0.06; an EAN-8 did, with half the digits.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vision.codes.ean import (
    BLURS,
    DIGIT,
    FINE,
    LEFT,
    QUIET,
    RIGHT,
    Layout,
    Looks,
    Numbers,
    checks,
    looks,
)
from vision.codes.placement import Line, Placed, likeness, nearer, sampled

MIN_EXPLAINED = 0.9
MIN_LEAD = 0.2
MIN_LIKENESS, MIN_NEAR_LIKENESS = 1.48, 1.7
"""Of 2: a line that looks less like digits, placed roughly and then nearer, is given up."""

ROUNDS = 10
HOPELESS = 0.87
"""What explains no more of the line at once is no barcode: of 276 right readings, photographed and
drawn, the worst began with 0.905."""

REACH = 3
"""Modules on either side of a digit that its blur reaches."""

MOST_GAIN = 0.35
KNOTS = 6
"""Light and contrast may bend so often along a barcode."""

_FINE = np.array([0.05, 0.05, 0.002, 0.05], np.float32)
_STRIDE = np.array([0.5, 0.5, 0.02, 0.5], np.float32)


@dataclass(frozen=True, slots=True)
class Read:
    """Digits that were read off a line, with what vouches for them."""

    digits: str
    blur: float
    explained: float
    lead: float


def read(rough: Placed, layout: Layout) -> Read | None:
    """Fit digits, placement and blur to a line; None where that does not make a sure reading."""
    if rough.likeness < MIN_LIKENESS:
        return None
    near = nearer(rough, layout)
    if near.likeness < MIN_NEAR_LIKENESS:
        return None
    found = settled(near, layout)
    sure = found.explained >= MIN_EXPLAINED and found.lead >= MIN_LEAD
    return found if sure and checks(found.digits) else None


@dataclass(frozen=True, slots=True, eq=False)
class _Fit:
    """A drawing beside the line: what is left over, the contrast, and what it was drawn with.

    `gain` is by how many modules bars are wider than they should be at each edge: ink, glare.
    """

    blur: float
    gain: float
    rest: Numbers
    contrast: Numbers
    step: Numbers

    @property
    def error(self) -> float:
        return float(self.rest @ self.rest)


def settled(start: Placed, layout: Layout) -> Read:
    """Draw, compare, move a little, choose digits anew, until nothing changes; sure or not."""
    seen = looks(layout)
    line, place, blur = start.line, start.place, start.blur
    samples = sampled(line, seen, place[None])
    ((left_like, right_like),) = likeness(samples, seen, (blur,))
    left, right = left_like[0].argmax(axis=1), right_like[0].argmax(axis=1)
    for _ in range(ROUNDS):
        bars = layout.bars(left, right)
        slopes = _slopes(line, seen, place)
        moved = min(
            (_fitted(samples[0], seen, bars, nearby, slopes) for nearby in _around(blur)),
            key=lambda fit: fit.error,
        )
        place, blur = place + moved.step, moved.blur
        samples = sampled(line, seen, place[None])
        fit = _fitted(samples[0], seen, bars, blur, slopes[:, :0])
        choice = _chosen(fit, seen, bars)
        still = (choice.left == left).all() and (choice.right == right).all()
        left, right = choice.left, choice.right
        explained = 1 - fit.error / max(float(samples[0].var()) * samples.size, 1e-6)
        at_rest = still and np.abs(moved.step[[0, 1, 3]]).max() < 0.03
        if at_rest or explained < HOPELESS:
            break
    return Read(choice.digits, blur, explained, choice.lead / max(fit.error, 1e-6))


def _slopes(line: Line, seen: Looks, place: Numbers) -> Numbers:
    """How the samples change with each of the four figures of a placement: (samples, 4)."""
    near = sampled(line, seen, np.vstack([place + np.diag(_FINE), place - np.diag(_FINE)]))
    return np.asarray(((near[:4] - near[4:]) / (2 * _FINE[:, None])).T, np.float32)


def _around(blur: float) -> tuple[float, ...]:
    at = BLURS.index(blur)
    return BLURS[max(at - 1, 0) : at + 2]


def _fitted(samples: Numbers, seen: Looks, bars: Numbers, blur: float, slopes: Numbers) -> _Fit:
    """Least squares for light and contrast (piecewise linear), gain and, with slopes, placement."""
    dark = seen.spread[blur] @ bars
    edges = seen.gain[blur] @ np.abs(np.diff(bars, prepend=0, append=0))
    hats = _hats(len(samples))
    columns = np.hstack([hats, -hats * dark[:, None], -edges[:, None], -slopes])
    # A little of ridge regression: where a line says nothing of a column it shall not run away.
    ridge = np.concatenate([np.full(2 * KNOTS + 1, 1e-3), 0.02 * (slopes**2).sum(axis=0) + 1e-3])
    weights = np.linalg.solve(columns.T @ columns + np.diag(ridge), columns.T @ samples)
    contrast = hats @ weights[KNOTS : 2 * KNOTS]
    gain = float(np.clip(weights[2 * KNOTS] / max(contrast.mean(), 1.0), -MOST_GAIN, MOST_GAIN))
    weights[2 * KNOTS] = gain * max(contrast.mean(), 1.0)
    stride = _STRIDE[: slopes.shape[1]]
    step = np.clip(weights[2 * KNOTS + 1 :], -stride, stride)
    return _Fit(blur, gain, samples - columns @ weights, contrast, step)


@functools.cache
def _hats(count: int) -> Numbers:
    """Tent functions over `KNOTS` even knots: (count, KNOTS)."""
    at = np.arange(count)[:, None] * (KNOTS - 1) / (count - 1)
    return np.asarray(np.maximum(0, 1 - np.abs(at - np.arange(KNOTS))), np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class _Choice:
    """Rows of `LEFT` and `RIGHT`, the digits they are, and how much worse the next best is."""

    left: NDArray[np.int64]
    right: NDArray[np.int64]
    digits: str
    lead: float


def _chosen(fit: _Fit, seen: Looks, bars: Numbers) -> _Choice:
    """At each place the digit whose drawing would leave the least error, the others as drawn."""
    layout = seen.layout
    left = np.array([_errors(fit, seen, bars, start, LEFT) for start in layout.left])
    right = np.array([_errors(fit, seen, bars, start, RIGHT) for start in layout.right])
    by_parity = left.reshape(len(left), 2, 10)
    places = np.arange(len(left))
    totals = [
        by_parity[places, np.array(parity) // 10].min(axis=1).sum() for parity in layout.parities
    ]
    first = int(np.argmin(totals))
    parity = np.array(layout.parities[first])
    errors = np.vstack([by_parity[places, parity // 10], right])
    numbers = errors.argmin(axis=1)
    ranked = np.sort(errors, axis=1)
    leads = [*(ranked[:, 1] - ranked[:, 0]), *np.diff(np.sort(totals)[:2])]
    spoken = numbers if len(totals) == 1 else [first, *numbers]
    digits = "".join(str(number) for number in spoken)
    half = len(left)
    return _Choice(numbers[:half] + parity, numbers[half:], digits, float(min(leads)))


def _errors(fit: _Fit, seen: Looks, bars: Numbers, start: int, patterns: Numbers) -> Numbers:
    """By how much each pattern in place of what is drawn would change the squared error."""
    end = start + DIGIT
    rows = slice((start + QUIET - REACH) * FINE, (end + QUIET + REACH) * FINE)
    drawn = bars[start:end]
    # The edges at a digit's two ends are there whatever the digit.
    edges = np.abs(np.diff(patterns, axis=1)) - np.abs(np.diff(drawn))
    change = seen.spread[fit.blur][rows, start:end] @ (patterns - drawn).T
    change += fit.gain * (seen.gain[fit.blur][rows, start + 1 : end] @ edges.T)
    change *= fit.contrast[rows, None]
    return np.asarray(2 * fit.rest[rows] @ change + (change * change).sum(axis=0), np.float32)
