"""One thing lands and is weighed by the kiosk's own scale: how soon, how well, against the bound.

One clock for all: the time of a conversion, counted from the last contact. One tolerance for all:
the limit of class III in service, at 99.7 %. `judged` holds every way of weighing against them.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from controller.core.config import ScaleConfig
from controller.core.scale import Scale
from controller.core.weighing.bound import cramer_rao_s
from controller.core.weighing.settling import CONFIDENCE
from sim.chance import rng
from sim.trials.landing import landing
from sim.world.figures import BoardFigures

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.trials.landing import Landing

    Array = NDArray[np.float64]

CLASS_III = ScaleConfig().class_iii

LOADED_G = 5.0
"""A level below this is the empty pan, between two bounces for instance."""

GOES_ON_S = 1.0
"""The scale is watched so long after the last contact, and until it has declared."""

SCAN_US = 5_000
"""A node reads its converter in every scan while anything moves."""


@dataclass(frozen=True, slots=True)
class Course:
    """A weighing, reading by reading; arrays of shape (n,), masses above the zero in g.

    Attributes:
        after_s: When the reading's conversion was made, after the last contact; before it negative.
        raw_g: The conversion.
        level_g: What is thought to be on the pan; nan where nothing is.
        sd_g: Standard deviation of that; nan where none is told.
        declared: Whether it may be declared.
        cpu_us: Processor time a conversion, mean; nan where it was not measured.
    """

    after_s: Array
    raw_g: Array
    level_g: Array
    sd_g: Array
    declared: NDArray[np.bool_]
    cpu_us: float = math.nan


@dataclass(frozen=True, slots=True)
class Weighed:
    """What came of one weighing.

    Attributes:
        mass_g: The truth.
        limit_g: How far class III lets the unrounded mass be off in service.
        bound_s: The Cramér-Rao time after the last contact.
        declared_s: When a load was first declared, after the last contact: 0 where before it,
            infinity where never.
        declared_g: As what, unrounded; nan where never.
        correct_s: From when on the level was inside the limit to the end, 0 where before the last
            contact, infinity where it ended outside.
        cpu_us: Processor time a conversion, mean; nan where it was not measured.
    """

    mass_g: float
    limit_g: float
    bound_s: float
    declared_s: float
    declared_g: float
    correct_s: float
    cpu_us: float

    @property
    def ratio(self) -> float:
        """The time to the declaration over the Cramér-Rao time."""
        return self.declared_s / self.bound_s

    @property
    def wrong(self) -> bool:
        """Whether what was declared is outside the limit, before it is rounded to e."""
        return abs(self.declared_g - self.mass_g) > self.limit_g

    @property
    def indicated_wrong(self) -> bool:
        """Whether what the resident is shown is outside the limit."""
        if math.isnan(self.declared_g):
            return False
        return abs(CLASS_III.indication_g(self.declared_g) - self.mass_g) > self.limit_g


def weighing(seed: int) -> Weighed:
    """Land what the seed says, and weigh it with the kiosk's scale."""
    landed = landing(seed)
    return judged(landed, course(landed, seed))


def course(landed: Landing, seed: int) -> Course:
    """Weigh with the kiosk's scale, zeroed on the empty pan, fed as a node's scans read.

    Args:
        landed: What there is to read.
        seed: Decides when the node's scans come.

    Raises:
        ScaleError: The scale is not well.
    """
    scale = _scale(landed)
    rows: list[tuple[float, ...]] = []
    spent_ns = 0
    for node_ms, read in _scans(landed, seed):
        at_us, raw = read[-1]
        before_ns = time.process_time_ns()
        scale.feed(node_ms, [one for _, one in read])
        spent_ns += time.process_time_ns() - before_ns
        if at_us < landed.first_contact_us and scale.can_zero:
            scale.set_zero()
        after_s = (at_us - landed.last_contact_us) / 1e6
        rows.append((after_s, raw, *_told(scale)))
        if after_s > GOES_ON_S and scale.at_rest:
            break
    after, raws, levels, sds, declared = np.array(rows).T
    grams = np.array([scale.calibration.grams(one, scale.zero_raw) for one in raws])
    return Course(after, grams, levels, sds, declared > 0, spent_ns / 1000 / len(rows))


def judged(landed: Landing, course: Course) -> Weighed:
    """Hold a weighing against truth, tolerance and bound."""
    limit_g = CLASS_III.in_service_limit_g(landed.mass_g)
    came_s = (landed.first_contact_us - landed.last_contact_us) / 1e6
    loaded = course.declared & (course.after_s >= came_s) & (course.level_g > LOADED_G)
    first = int(np.argmax(loaded)) if loaded.any() else None
    return Weighed(
        mass_g=landed.mass_g,
        limit_g=limit_g,
        bound_s=bound_s(landed),
        declared_s=math.inf if first is None else max(0.0, float(course.after_s[first])),
        declared_g=math.nan if first is None else float(course.level_g[first]),
        correct_s=_correct_s(course, landed.mass_g, limit_g),
        cpu_us=course.cpu_us,
    )


def bound_s(landed: Landing) -> float:
    """The Cramér-Rao time of a landing, for the tolerance of its mass."""
    undamped = 2 * math.pi * landed.ring_hz
    after_us = np.array([at_us for at_us, _ in landed.conversions]) - landed.last_contact_us
    return cramer_rao_s(
        after_us / 1e6,
        1 / landed.rate_hz,
        undamped * math.sqrt(1 - landed.damping**2),
        landed.damping * undamped,
        landed.noise_g,
        CLASS_III.in_service_limit_g(landed.mass_g),
    )


def _correct_s(course: Course, mass_g: float, limit_g: float) -> float:
    """From when on the level is inside the limit for good."""
    outside = np.flatnonzero(~(np.abs(course.level_g - mass_g) <= limit_g))
    since = int(outside[-1]) + 1 if len(outside) else 0
    return max(0.0, float(course.after_s[since])) if since < len(course.after_s) else math.inf


def _scale(landed: Landing) -> Scale:
    """A scale that was calibrated with this cell's plate."""
    per_kg, zero_raw = landed.counts_per_kg, landed.zero_raw
    return Scale(ScaleConfig(counts_per_kg=per_kg, zero_raw=zero_raw, warm_up_s=0.0))


def _told(scale: Scale) -> tuple[float, float, bool]:
    """(level in g, its standard deviation, whether it may be declared) as the scale tells."""
    band_g, gross_g = scale.band_g, scale.gross_g
    if band_g is None or gross_g is None:
        return math.nan, math.nan, False
    return gross_g, band_g / CONFIDENCE, scale.at_rest


def _scans(landed: Landing, seed: int) -> Iterator[tuple[int, list[tuple[int, int]]]]:
    """(node's time in ms, conversions it found), scan by scan that found any."""
    chance, board = rng(seed, "weighing", "scans"), BoardFigures()
    scan_us, waiting = chance.uniform(0, SCAN_US), list(reversed(landed.conversions))
    while waiting:
        read = []
        while waiting and waiting[-1][0] <= scan_us:
            read.append(waiting.pop())
        if read:
            yield int(scan_us / 1000), read
        scan_us += SCAN_US
        if chance.random() * board.scans_a_pause < 1:
            scan_us += chance.uniform(board.pause_least_us, board.pause_most_us)
