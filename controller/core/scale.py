"""The pan's scale: raw load-cell counts in, grams and certainty out.

Simple and correct first: a median of three against single-sample spikes, then the mean of a
window that is only believed once the window is at rest. Rules of class III after OIML R 76-1:
indication in steps of e, zero-setting within 4 % of Max, tracking of zero at most 0.5 e/s and
only near zero and at rest.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from statistics import fmean, median
from typing import TYPE_CHECKING

from contract.errors import KioskError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from controller.core.config import ScaleConfig

WINDOW = 40
"""Conversions that must be at rest together: half a second at 80/s, 4 periods of 8 Hz."""

RAW_LIMIT = 2**23 - 1
"""An HX711 that reads this far out is saturated, not loaded (24 bit, two's complement)."""

SOMETHING_G = 5
"""From here on something lies on the pan: above its noise, below the lightest item."""

SATURATED = "load cell saturated"
UNSTEADY = "pan not at rest"
OUT_OF_ZERO_RANGE = "zero is too far from the calibrated one"


class ScaleError(KioskError):
    """The scale refuses; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Weighing:
    """One believed weighing with all that makes it traceable; goes into every record."""

    mass_g: int
    e_g: int
    max_g: int
    raw: int
    zero_raw: int
    tare_g: int
    calibration_id: str
    calibrated_on: str


class Scale:
    """Turns a bay's raw samples into mass. `feed` it; ask `gross_g`, `at_rest`, `weigh`."""

    def __init__(self, config: ScaleConfig) -> None:
        self._config = config
        self._latest: deque[int] = deque(maxlen=3)
        self._window: deque[float] = deque(maxlen=WINDOW)
        self.zero_raw = config.zero_raw
        self.fault = ""

    def feed(self, raw: Iterable[int]) -> None:
        """Take conversions, oldest first; impossible ones become `fault` and are left out."""
        for value in raw:
            if abs(value) >= RAW_LIMIT:
                self.fault = SATURATED
                self.restart()
                continue
            self.fault = ""
            self._latest.append(value)
            if len(self._latest) == 3:
                self._window.append(median(self._latest))

    def restart(self) -> None:
        """Forget the window: what comes next is another situation (hatch moved, load dropped)."""
        self._latest.clear()
        self._window.clear()

    @property
    def gross_g(self) -> float | None:
        """Latest mass above zero in grams, unrounded and unsettled; None before any sample."""
        return self._grams(self._window[-1]) if self._window else None

    @property
    def at_rest(self) -> bool:
        """Whether the whole window lies within one e and its halves agree within e/4."""
        if len(self._window) < WINDOW:
            return False
        grams = [self._grams(raw) for raw in self._window]
        e_g = self.interval_g(fmean(grams))
        half = WINDOW // 2
        drift_g = abs(fmean(grams[:half]) - fmean(grams[half:]))
        return max(grams) - min(grams) <= e_g and drift_g <= e_g / 4

    def interval_g(self, mass_g: float) -> int:
        """The verification interval e at this mass, in grams."""
        config = self._config
        return config.e_g if mass_g <= config.interval_g else config.e_high_g

    def weigh(self) -> Weighing:
        """Declare the mass on the pan.

        Raises:
            ScaleError: The pan is not at rest, the cell is saturated or the load beyond Max.
        """
        raw = self._settled_raw()
        grams = self._grams(raw)
        e_g = self.interval_g(grams)
        # Max plus 9 e: OIML R 76-1, 4.2.3, the last indication that may be shown.
        if grams > self._config.max_g + 9 * self._config.e_high_g:
            raise ScaleError(
                f"load of {grams:.0f} g is beyond Max {self._config.max_g} g: split it"
            )
        return Weighing(
            mass_g=round(grams / e_g) * e_g,
            e_g=e_g,
            max_g=self._config.max_g,
            raw=round(raw),
            zero_raw=self.zero_raw,
            tare_g=0,
            calibration_id=self._config.calibration_id,
            calibrated_on=self._config.calibrated_on,
        )

    def set_zero(self) -> None:
        """Take what lies on the pan now as nothing.

        Raises:
            ScaleError: The pan is not at rest, or further than 4 % of Max from calibrated zero.
        """
        raw = round(self._settled_raw())
        limit_g = self._config.max_g * 0.04
        offset_g = (raw - self._config.zero_raw) * 1000 / self._config.counts_per_kg
        if abs(offset_g) > limit_g:
            raise ScaleError(
                f"{OUT_OF_ZERO_RANGE}: {offset_g:.0f} g, limit {limit_g:.0f} g; "
                "clear the pan or calibrate the scale"
            )
        self.zero_raw = raw

    def restore_zero(self, zero_raw: int) -> None:
        """Weigh against a zero that was taken earlier (with an intent open, it holds)."""
        self.zero_raw = zero_raw

    def counts(self, mass_g: int) -> int:
        """Raw counts that `mass_g` on the pan reads as, with the present zero."""
        return self.zero_raw + mass_g * self._config.counts_per_kg // 1000

    def _grams(self, raw: float) -> float:
        return (raw - self.zero_raw) * 1000 / self._config.counts_per_kg

    def _settled_raw(self) -> float:
        if self.fault:
            raise ScaleError(f"{self.fault}: check the cell and its wiring")
        if not self.at_rest:
            raise ScaleError(f"{UNSTEADY}: wait, or look for what touches it")
        return fmean(self._window)
