"""The pan's scale: raw load-cell counts in, grams and certainty out.

Calibration, zero, tare and the rules of class III over what the pan's signal (`core.signal`) says.
Counts stay counts until somebody asks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from contract.errors import KioskError
from controller.core.signal import Signal
from controller.core.weighing.settling import CONFIDENCE, Settling
from controller.core.weighing.zero import Zero, ZeroError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from controller.core.config import ScaleConfig
    from controller.core.metrology.calibration import Calibration
    from controller.core.symptoms.table import Symptom
    from controller.core.weighing.settling import Level

SOMETHING_G = 5
"""From here on something lies on the pan: above its noise, below the lightest item."""

UNSTEADY = "pan not at rest"
OVERLOADED = "load beyond Max"

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
        self._left = False
        self._rests_raw: float | None = None
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
        self._counts_per_g = calibration.counts_per_g
        self.start()

    def start(self, *, cold: bool = True) -> None:
        """The node has started, or is heard again: its time begins anew, and its converter may.

        Args:
            cold: It was without power: zero may be as far off as the initial range.
        """
        settling = Settling(self._noise_g * self._counts_per_g, self._tolerance)
        self._signal = Signal(self.calibration, self._noise_g, settling, self._track)
        self._signal.zeroed(self.zero.raw)
        self._rests_raw = None
        self.tare_g = 0
        if cold:
            self.zero.start()

    def restart(self) -> None:
        """Forget the window: what comes next is another situation (hatch moved, load dropped)."""
        self._signal.restart()
        self._rests_raw = None

    def feed(self, node_ms: int, raw: Iterable[int], *, left: bool = False) -> None:
        """Take conversions, oldest first, the last of which was read at `node_ms`.

        What cannot be becomes `fault` and is left out; everything known before still holds.

        Args:
            node_ms: The node's time.
            raw: Counts.
            left: Something may have been left on the pan: zero is not found by itself.
        """
        self._left = left
        self._rests_raw = None
        self._signal.feed(node_ms, raw)

    def passes(self, node_ms: int) -> None:
        """The node's time has come to `node_ms`, whether or not anything was converted."""
        self._signal.passes(node_ms)

    @property
    def symptoms(self) -> tuple[Symptom, ...]:
        """What the signal shows to be wrong now."""
        return self._signal.symptoms

    @property
    def fault(self) -> str:
        """What must be mended before the scale weighs again, and how; empty while it is well."""
        return self._signal.fault

    @property
    def gross_g(self) -> float | None:
        """Mass above zero in grams, unrounded; None before any sample.

        Where it will settle as far as that can be told, else the latest conversion.
        """
        estimate = self._signal.settling.estimate
        if estimate is not None:
            return self._grams(estimate.value)
        latest = self._signal.latest
        return None if latest is None else self._grams(latest)

    @property
    def rests_g(self) -> float | None:
        """Mass above zero in grams while the pan rests, told from slow samples too; else None."""
        return None if self._rests_raw is None else self._grams(self._rests_raw)

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
        estimate = self._signal.settling.estimate
        return None if estimate is None else CONFIDENCE * estimate.sd / self._counts_per_g

    @property
    def at_rest(self) -> bool:
        """Whether the mass can be declared now."""
        return self._signal.settling.declared is not None and self._signal.is_well

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
        declared = self._signal.settling.declared
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
        self._signal.zeroed(self.zero.raw)

    def hold_zero(self, zero_raw: int) -> None:
        """Weigh against a zero that was taken earlier, and keep it (an intent is open)."""
        self.zero.hold(zero_raw)
        self._signal.zeroed(zero_raw)

    def recall_zero(self, zero_raw: float) -> None:
        """Weigh against the zero that was kept over a restart, until one is set."""
        self.zero.recall(zero_raw)
        self._signal.zeroed(self.zero.raw)

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

    def _track(self, level_raw: float, elapsed_s: float, idle: bool) -> None:
        self._rests_raw = level_raw
        if self.zero.track(level_raw, elapsed_s, idle=idle and not self._left):
            self._signal.zeroed(self.zero.raw)

    def _level(self) -> Level:
        """The declared level, in counts.

        Raises:
            ScaleError: There is none, or the cell is not well.
        """
        if self.fault:
            raise ScaleError(self.fault)
        declared = self._signal.settling.declared
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
