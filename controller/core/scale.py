"""The pan's scale: raw load-cell counts in, grams and certainty out.

Here `metrology`, `weighing` and `symptoms` come together: conversions get their numbers, the
settling of the pan is followed and declared, zero is set, tracked or held, and what the signal
shows to be wrong forbids weighing. Times are the node's; counts stay counts until somebody asks.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from statistics import fmean
from typing import TYPE_CHECKING

from contract.errors import KioskError
from controller.core.metrology.calibration import RAW_LIMIT
from controller.core.symptoms.symptoms import Symptoms
from controller.core.symptoms.table import TABLE, ScaleSignalError, Symptom
from controller.core.weighing.numbering import Numbering
from controller.core.weighing.settling import CONFIDENCE, Settling
from controller.core.weighing.zero import Zero, ZeroError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from controller.core.config import ScaleConfig
    from controller.core.metrology.calibration import Calibration
    from controller.core.weighing.settling import Level

SOMETHING_G = 5
"""From here on something lies on the pan: above its noise, below the lightest item."""

UNSTEADY = "pan not at rest"
OVERLOADED = "load beyond Max"

LONGEST_S = 120.0
"""What should go away by itself, such as wind, and has not for so long must be mended."""

LEAST_S = 1e-3
"""No two conversions are told closer together than this."""

SLOW_LEVELS = 4
"""Conversions of the slow stream that must agree before zero follows them."""

SLOW_SIGMA = 6.0
"""... within so many times the noise from the lowest to the highest."""

CONFIRMED = 0.5
"""A weighing still holds while the level is within that share of its in-service limit."""


class ScaleError(KioskError):
    """The scale refuses; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Weighing:
    """One believed weighing with all that makes it traceable; goes into every record.

    `mass_g` is net of `tare_g`, in steps of `e_g`; `raw` and `zero_raw` are counts, `band_g` is
    how far the unrounded mass may be off with 99.7 %, from noise and ringing alone.
    """

    mass_g: int
    e_g: int
    max_g: int
    raw: int
    zero_raw: int
    tare_g: int
    calibration_id: str
    calibrated_on: str
    band_g: float


class Scale:
    """Turns a bay's raw samples into mass. `feed` it; ask `gross_g`, `at_rest`, `weigh`.

    Args:
        config: The scale and its calibration until a later one is found.
    """

    def __init__(self, config: ScaleConfig) -> None:
        self.class_iii = config.class_iii
        self._noise_g = config.noise_g
        self.zero = Zero(config.calibration)
        self.calibrate(config.calibration)

    def calibrate(self, calibration: Calibration) -> None:
        """Weigh by another calibration from now on, and from its zero; what was read is forgotten.

        A zero that is held for an open intent still holds.
        """
        before = self.zero
        self.calibration = calibration
        self.zero = Zero(calibration)
        if before.is_held:
            self.zero.hold(before.raw)
        self._counts_per_g = (
            calibration.counts(1000, calibration.zero_raw) - calibration.zero_raw
        ) / 1000
        self._settling = Settling(self._noise_g * self._counts_per_g, self._tolerance)
        self.start()

    def start(self, *, cold: bool = True) -> None:
        """The node has started, or is heard again: its time begins anew, and its converter may.

        Args:
            cold: It was without power: zero may be as far off as the initial range.
        """
        self._numbering = Numbering()
        self._symptoms = Symptoms(self.calibration, self._noise_g)
        self._symptoms.zeroed(self.zero.raw)
        self._slow: deque[int] = deque(maxlen=SLOW_LEVELS)
        self._latest: int | None = None
        self._latest_s = self._passed_s = 0.0
        self._fed_s = -math.inf
        self._ill_since_s = math.inf
        self._refused = ""
        self.tare_g = 0
        if cold:
            self.zero.start()
        self.restart()

    def restart(self) -> None:
        """Forget the window: what comes next is another situation (hatch moved, load dropped)."""
        self._settling.restart()
        self._slow.clear()

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
        """What must be mended before the scale weighs again, and how; empty while it is well."""
        lasts = self._latest_s - self._ill_since_s > LONGEST_S
        for one in self.symptoms:
            if lasts or not TABLE[one].passes:
                return f"{one.value}: {TABLE[one].do}"
        return self._refused

    @property
    def gross_g(self) -> float | None:
        """Mass above zero in grams, unrounded; None before any sample.

        Where it will settle as far as that can be told, else the latest conversion.
        """
        estimate = self._settling.estimate
        if estimate is not None:
            return self._grams(estimate.value)
        return None if self._latest is None else self._grams(self._latest)

    @property
    def indication_g(self) -> int | None:
        """What a screen may show: net, in steps of e; None beyond Max, or where none is known."""
        gross_g = self.gross_g
        if gross_g is None or self.fault or gross_g > self.class_iii.overload_g:
            return None
        return self.class_iii.indication_g(gross_g - self.tare_g)

    @property
    def band_g(self) -> float | None:
        """How far `gross_g` may be off with 99.7 %; None while nothing can be told."""
        estimate = self._settling.estimate
        return None if estimate is None else CONFIDENCE * estimate.sd / self._counts_per_g

    @property
    def at_rest(self) -> bool:
        """Whether the mass can be declared now."""
        return self._settling.declared is not None and not self.symptoms and not self._refused

    def interval_g(self, mass_g: float) -> int:
        """The verification interval e at this mass, in grams."""
        return self.class_iii.interval_g(mass_g)

    def weigh(self) -> Weighing:
        """Declare the mass on the pan.

        Raises:
            ScaleError: The pan is not at rest, the cell is not well or the load beyond Max.
        """
        level = self._level()
        gross_g = self._grams(level.value)
        if gross_g > self.class_iii.overload_g:
            raise ScaleError(
                f"{OVERLOADED}: {gross_g:.0f} g, Max {self.class_iii.max_g} g; split it"
            )
        net_g = gross_g - self.tare_g
        return Weighing(
            mass_g=self.class_iii.indication_g(net_g),
            e_g=self.interval_g(net_g),
            max_g=self.class_iii.max_g,
            raw=round(level.value),
            zero_raw=self.zero_raw,
            tare_g=self.tare_g,
            calibration_id=self.calibration.calibration_id,
            calibrated_on=self.calibration.calibrated_on,
            band_g=CONFIDENCE * level.sd / self._counts_per_g,
        )

    def confirms(self, weighing: Weighing) -> bool:
        """Whether the pan, at rest, still bears what `weighing` says."""
        if not self.at_rest:
            return False
        moved_g = self._grams(self._level().value) - self._grams(weighing.raw)
        limit_g = self.class_iii.in_service_limit_g(self._grams(weighing.raw))
        return abs(moved_g) <= CONFIRMED * limit_g

    @property
    def zero_raw(self) -> int:
        """The zero in force, in counts."""
        return round(self.zero.raw)

    @property
    def can_zero(self) -> bool:
        """Whether the level is known as surely as zero must be."""
        declared = self._settling.declared
        return declared is not None and self.at_rest and self._is_sure(declared)

    def set_zero(self) -> None:
        """Take what lies on the pan now as nothing.

        Raises:
            ScaleError: The pan is not at rest, tared, held at a zero, or out of zero's range.
        """
        if self.tare_g:
            raise ScaleError(f"a tare of {self.tare_g} g is set: clear it before zeroing")
        level = self._level()
        if not self._is_sure(level):
            raise ScaleError(f"{UNSTEADY}: zero must be known to {self.zero.accuracy_g:g} g; wait")
        try:
            self.zero.set(level.value)
        except ZeroError as error:
            raise ScaleError(str(error)) from error
        self._symptoms.zeroed(self.zero.raw)

    def hold_zero(self, zero_raw: int) -> None:
        """Weigh against a zero that was taken earlier, and keep it (an intent is open)."""
        self.zero.hold(zero_raw)
        self._symptoms.zeroed(zero_raw)

    def release_zero(self) -> None:
        """No intent is open any more: zero may be set and tracked again."""
        self.zero.release()

    def set_tare(self) -> None:
        """Take what lies on the pan now as a container: masses are net of it.

        Raises:
            ScaleError: The pan is not at rest, or nothing lies on it, or more than Max.
        """
        gross_g = self.weigh().mass_g + self.tare_g
        if not 0 < gross_g <= self.class_iii.max_g:
            raise ScaleError(f"{gross_g} g is no tare: lay the empty container on the pan")
        self.tare_g = gross_g

    def clear_tare(self) -> None:
        """Masses are gross again."""
        self.tare_g = 0

    def counts(self, mass_g: int) -> int:
        """Raw counts that `mass_g` on the pan reads as, with the present zero."""
        return self.calibration.counts(mass_g, self.zero.raw)

    def _take(self, number: int, at_s: float, count: int, *, fast: bool) -> None:
        elapsed_s, self._latest_s, self._latest = at_s - self._latest_s, at_s, count
        self._ill_since_s = min(self._ill_since_s, at_s) if self.symptoms else math.inf
        if abs(count) >= RAW_LIMIT:
            self.restart()
        elif fast:
            self._settling.feed(number, count)
            declared = self._settling.declared
            if declared is not None:
                self._track(declared.value, elapsed_s)
        else:
            self._settling.restart()
            self._slow.append(count)
            if len(self._slow) == SLOW_LEVELS and self._slow_agree():
                self._track(fmean(self._slow), elapsed_s)

    def _slow_agree(self) -> bool:
        spread = max(self._slow) - min(self._slow)
        return spread <= SLOW_SIGMA * self._noise_g * self._counts_per_g

    def _track(self, level_raw: float, elapsed_s: float) -> None:
        if not self.symptoms and self.zero.track(level_raw, elapsed_s):
            self._symptoms.zeroed(self.zero.raw)

    def _level(self) -> Level:
        """The declared level, in counts.

        Raises:
            ScaleError: There is none, or the cell is not well.
        """
        if self.fault:
            raise ScaleError(self.fault)
        declared = self._settling.declared
        if declared is None or not self.at_rest:
            raise ScaleError(f"{UNSTEADY}: wait, or look for what touches it")
        return declared

    def _is_sure(self, level: Level) -> bool:
        return CONFIDENCE * level.sd / self._counts_per_g <= self.zero.accuracy_g

    def _tolerance(self, level_raw: float) -> float:
        """The in-service limit at a level, in counts; of the lower load where a step is near."""
        mass_g = max(0.0, self._grams(level_raw) - self.class_iii.e_high_g)
        return self.class_iii.in_service_limit_g(mass_g) * self._counts_per_g

    def _grams(self, raw: float) -> float:
        return self.calibration.grams(raw, self.zero.raw)
