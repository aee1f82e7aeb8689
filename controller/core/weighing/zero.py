"""The zero in force: how far it may be set, how it follows the empty pan, when it must hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contract.errors import KioskError
from controller.core.metrology.class_iii import TRACKING_E_PER_S, ZERO_ACCURACY_E

if TYPE_CHECKING:
    from controller.core.metrology.calibration import Calibration

OUT_OF_RANGE = "zero is too far from the calibrated one"
HELD = "zero is held for an open intent"

NEAR_E = 0.5
"""Zero is followed only while the scale indicates zero, half an e to either side of it."""

LONGEST_S = 1.0
"""What tracking may catch up at once: the slow stream's step."""


class ZeroError(KioskError):
    """Zero may not be set now; the one in force stays, and the message says why."""


class Zero:
    """Counts of the empty pan, by one calibration.

    Args:
        calibration: The one in force; its own zero is where this begins.
    """

    def __init__(self, calibration: Calibration) -> None:
        self._calibration = calibration
        self._middle = float(calibration.zero_raw)
        self._range_g = calibration.class_iii.initial_zero_range_g
        self.raw = float(calibration.zero_raw)
        self.is_held = False

    @property
    def is_initial(self) -> bool:
        """Whether no zero was set since the scale was switched on."""
        return self._range_g > self._calibration.class_iii.zero_range_g

    def start(self) -> None:
        """The scale was switched on: the next zero may be as far off as the initial range."""
        self._middle = float(self._calibration.zero_raw)
        self._range_g = self._calibration.class_iii.initial_zero_range_g

    def recall(self, raw: float) -> None:
        """Weigh against a zero that was kept over a restart, until one is set.

        One so far off that it could not have been set is another calibration's: the zero of the
        one in force stays.
        """
        if abs(self._calibration.grams(raw, self._middle)) <= self._range_g:
            self.raw = raw

    def set(self, level_raw: float) -> None:
        """Take `level_raw`, the level of a pan at rest, as nothing.

        The first zero after a start may lie within the initial range about the calibrated one,
        each later one within the zero-setting range about the first.

        Raises:
            ZeroError: Zero is held, or the level is out of range.
        """
        if self.is_held:
            raise ZeroError(f"{HELD}: see to the intent first")
        offset_g = self._calibration.grams(level_raw, self._middle)
        if abs(offset_g) > self._range_g:
            raise ZeroError(
                f"{OUT_OF_RANGE}: {offset_g:.0f} g, limit {self._range_g:.0f} g; "
                "clear the pan or calibrate the scale"
            )
        self.raw = level_raw
        if self.is_initial:
            self._middle, self._range_g = level_raw, self._calibration.class_iii.zero_range_g

    def hold(self, raw: float) -> None:
        """Weigh against a zero that was taken earlier, and keep it until `release`."""
        self.raw, self.is_held = raw, True

    def release(self) -> None:
        """The intent is closed: zero may move again."""
        self.is_held = False

    def track(self, level_raw: float, elapsed_s: float, *, idle: bool = False) -> bool:
        """Follow the empty pan at rest, slowly; says whether zero has moved.

        The first level after a start that comes while nobody is here (`idle`) is taken as a whole,
        if it lies within the initial range: a jump of the cell later on is then out of range.
        At most `TRACKING_E_PER_S`, only where the scale indicates zero, and within the range in
        which zero may be set now (OIML R 76-1, 4.5.7).
        """
        class_iii = self._calibration.class_iii
        offset_g = self._calibration.grams(level_raw, self.raw)
        if self.is_initial and idle and not self.is_held:
            return self._begin(level_raw)
        if self.is_held or abs(offset_g) > NEAR_E * class_iii.e_g:
            return False
        if abs(self._calibration.grams(level_raw, self._middle)) > self._range_g:
            return False
        most_g = TRACKING_E_PER_S * class_iii.e_g * min(elapsed_s, LONGEST_S)
        share = min(1.0, most_g / abs(offset_g)) if offset_g else 0.0
        self.raw += share * (level_raw - self.raw)
        return share > 0

    def _begin(self, level_raw: float) -> bool:
        """Set zero after a start; where that may not be, a session will say why."""
        in_range = abs(self._calibration.grams(level_raw, self._middle)) <= self._range_g
        if in_range:
            self.set(level_raw)
        return in_range

    @property
    def accuracy_g(self) -> float:
        """How surely a level must be known to be taken as zero, in grams."""
        return ZERO_ACCURACY_E * self._calibration.class_iii.e_g
