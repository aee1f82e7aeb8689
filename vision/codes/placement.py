"""Where on a line across bars a barcode lies, by how much it looks like digits there.

Every digit of a kind begins and ends alike, so how a digit looks through blur depends on little but
itself: each digit's window is correlated with all patterns, and the place where the best ones fit
best is the barcode's, whichever digits they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np

from vision.codes.ean import BLURS, ROUGH, Layout, Looks, Numbers, looks


@dataclass(frozen=True, slots=True)
class Line:
    """Light along a line across a barcode, with where its bars begin and end, in pixels."""

    light: Numbers
    first_px: float
    last_px: float

    def reversed(self) -> Line:
        """The same line from its other end."""
        end = len(self.light) - 1
        return Line(self.light[::-1].copy(), end - self.last_px, end - self.first_px)


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """A line with a rough placement, and how much it looks like digits there (0 to 2).

    `place` holds shifts of the first and the last edge in modules, perspective (logarithm of the
    ratio of scales at both ends) and bend (modules).
    """

    line: Line
    place: Numbers
    blur: float
    likeness: float


def placed(line: Line, layout: Layout) -> Placed:
    """Find the rough placement, and the direction, in which a line looks most like digits."""
    seen, blurs = looks(layout, ROUGH), (BLURS[1], BLURS[3])
    samples = sampled(line, seen, _ROUGH)
    # From the other end the same samples come in reverse, and perspective changes its sign.
    turned = _ROUGH * np.array([1, 1, -1, 1], np.float32)
    return max(
        _likest(line, seen, _ROUGH, samples, blurs),
        _likest(line.reversed(), seen, turned, samples[:, ::-1], blurs),
        key=lambda one: one.likeness,
    )


def nearer(rough: Placed, layout: Layout) -> Placed:
    """Look around a rough placement, with every blur."""
    seen, near = looks(layout), rough.place + _NEAR
    return _likest(rough.line, seen, near, sampled(rough.line, seen, near), BLURS)


def _places(*choices: list[float]) -> Numbers:
    return np.array(list(product(*choices)), np.float32)


_ROUGH = np.vstack(
    [
        _places([0], [0], [0.03 * step for step in range(-16, 17)], [0, 1.2]),
        # What is bent much is round, a bottle, and held with its middle forwards.
        _places([0], [0], [0.03 * step for step in range(-4, 5)], [-1.2, 2.4, 3.6, 4.8]),
    ]
)
_NEAR = _places([-0.4, 0, 0.4], [-0.4, 0, 0.4], [-0.01, 0, 0.01], [-0.4, 0, 0.4])


def sampled(line: Line, seen: Looks, places: Numbers) -> Numbers:
    """The light at every sample of a barcode, placed in many ways: (ways, samples)."""
    first, last, perspective, bend = (places[:, [column]] for column in range(4))
    along = seen.places[None] / seen.layout.modules
    ratio = np.expm1(perspective)
    # A cylinder's bend is odd about the middle; its greatest excursion is half of `bend`.
    cubic = 6 * 3**0.5 * along * (1 - along) * (along - 0.5) / seen.layout.modules
    bent = along * (1 + ratio) / (1 + ratio * along) + bend * cubic.astype(np.float32)
    width_px = np.float32(line.last_px - line.first_px)
    module_px = width_px / np.float32(seen.layout.modules)
    at = line.first_px + first * module_px + bent * (width_px + (last - first) * module_px)
    at = np.clip(at.astype(np.float32), 0, len(line.light) - 1.001)
    whole = at.astype(np.int32)
    return np.asarray(line.light[whole] + (at - whole) * np.diff(line.light)[whole], np.float32)


def likeness(
    samples: Numbers, seen: Looks, blurs: tuple[float, ...]
) -> Iterator[tuple[Numbers, Numbers]]:
    """By blur, each digit's window correlated with each pattern: (ways, digits, 20 and 10)."""
    windows = samples[:, seen.windows]
    windows -= windows.mean(axis=2, keepdims=True)
    length = np.sqrt(np.einsum("ijk,ijk->ij", windows, windows))[..., None]
    windows /= np.maximum(length, 1e-6)
    half = len(seen.layout.left)
    for blur in blurs:
        yield windows[:, :half] @ seen.left[blur].T, windows[:, half:] @ seen.right[blur].T


def _likest(
    line: Line, seen: Looks, places: Numbers, samples: Numbers, blurs: tuple[float, ...]
) -> Placed:
    """The placement and blur of those given in which a line looks most like digits."""
    tried = []
    for blur, (left, right) in zip(blurs, likeness(samples, seen, blurs), strict=True):
        total = left.max(axis=2).mean(axis=1) + right.max(axis=2).mean(axis=1)
        at = int(total.argmax())
        tried.append(Placed(line, places[at], blur, float(total[at])))
    return max(tried, key=lambda one: one.likeness)
