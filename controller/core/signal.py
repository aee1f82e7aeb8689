"""The signal of one pan's load cell, in counts: numbered, watched for what is wrong, settled.

A bay's scale makes grams of it. Times are the node's.
"""

from __future__ import annotations

import math
from collections import deque
from statistics import fmean
from typing import TYPE_CHECKING

from controller.core.metrology.calibration import RAW_LIMIT
from controller.core.symptoms.symptoms import Symptoms
from controller.core.symptoms.table import TABLE, ScaleSignalError
from controller.core.weighing.numbering import Numbering

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from controller.core.metrology.calibration import Calibration
    from controller.core.symptoms.table import Symptom
    from controller.core.weighing.settling import Settling

LONGEST_S = 120.0
"""What should go away by itself, such as wind, and has not for so long must be mended."""

LEAST_S = 1e-3
"""No two conversions are told closer together than this."""

SLOW_LEVELS = 4
"""Conversions of the slow stream that must agree before they are a level at rest."""

SLOW_SIGMA = 6.0
"""... within so many times the noise from the lowest to the highest."""


class Signal:
    """One pan's conversions. `feed` it; ask `settling`, `symptoms` and `fault`.

    Args:
        calibration: The one in force.
        noise_g: Standard deviation of one conversion at full speed, in grams.
        settling: Follows the fast stream.
        rests: Told (level in counts, seconds since the conversion before, whether the stream is
            slow, as when nobody is here) while the pan rests.
    """

    def __init__(
        self,
        calibration: Calibration,
        noise_g: float,
        settling: Settling,
        rests: Callable[[float, float, bool], None],
    ) -> None:
        self.settling = settling
        self.latest: int | None = None
        self._rests = rests
        self._slow_spread = SLOW_SIGMA * noise_g * calibration.counts_per_g
        self._slow: deque[int] = deque(maxlen=SLOW_LEVELS)
        self._numbering = Numbering()
        self._symptoms = Symptoms(calibration, noise_g)
        self._latest_s = self._passed_s = 0.0
        self._fed_s = -math.inf
        self._ill_since_s = math.inf
        self._refused = ""

    def restart(self) -> None:
        """Forget the window: what comes next is another situation (hatch moved, load dropped)."""
        self.settling.restart()
        self._slow.clear()

    def zeroed(self, zero_raw: float) -> None:
        """The scale weighs against `zero_raw` from now on."""
        self._symptoms.zeroed(zero_raw)

    def feed(self, node_ms: int, raw: Iterable[int]) -> None:
        """Take conversions, oldest first, the last of which was read at `node_ms`.

        What cannot be (time going backwards, counts beyond 24 bits) becomes `fault` and is left
        out; everything known before still holds.
        """
        counts = tuple(raw)
        if not counts:
            return
        try:
            numbered, fast = self._numbering.take(node_ms, len(counts))
            if not fast:  # what waited somewhere is no second apart
                numbered, counts = numbered[-1:], counts[-1:]
            for one, count in zip(numbered, counts, strict=True):
                at_s = max(one.at_s, self._fed_s + LEAST_S)
                self._symptoms.feed(at_s, count)
                self._fed_s = at_s
                self._take(one.number, one.at_s, count, fast=fast)
        except ScaleSignalError as error:
            self._refused = str(error)
            self.restart()
        else:
            self._refused = ""

    def passes(self, node_ms: int) -> None:
        """The node's time has come to `node_ms`, whether or not anything was converted."""
        at_s = self._numbering.at_s(node_ms)
        if at_s > max(self._fed_s, self._passed_s):  # an old report may be late: nothing is new
            self._passed_s = at_s
            self._symptoms.passes(at_s)

    @property
    def symptoms(self) -> tuple[Symptom, ...]:
        """What the signal shows to be wrong now."""
        return self._symptoms.found

    @property
    def fault(self) -> str:
        """What must be mended, and how; empty while all is well, or will be by itself."""
        lasts = self._latest_s - self._ill_since_s > LONGEST_S
        for one in self._symptoms.found:
            if lasts or not TABLE[one].passes:
                return f"{one.value}: {TABLE[one].do}"
        return self._refused

    @property
    def is_well(self) -> bool:
        """Whether a level may be believed."""
        return not self.symptoms and not self._refused

    def _take(self, number: int, at_s: float, count: int, *, fast: bool) -> None:
        elapsed_s, self._latest_s, self.latest = at_s - self._latest_s, at_s, count
        is_ill = bool(self._symptoms.found)
        self._ill_since_s = min(self._ill_since_s, at_s) if is_ill else math.inf
        if abs(count) >= RAW_LIMIT:
            self.restart()
            return
        level_raw = self._settle(number, count) if fast else self._rest(count)
        if level_raw is not None and not is_ill:
            self._rests(level_raw, elapsed_s, not fast)

    def _settle(self, number: int, count: int) -> float | None:
        """The declared level of the fast stream."""
        self._slow.clear()
        self.settling.feed(number, count)
        declared = self.settling.declared
        return None if declared is None else declared.value

    def _rest(self, count: int) -> float | None:
        """The level of the slow stream, once a few conversions agree."""
        self.settling.restart()
        self._slow.append(count)
        full = len(self._slow) == SLOW_LEVELS
        agree = max(self._slow) - min(self._slow) <= self._slow_spread
        return fmean(self._slow) if full and agree else None
