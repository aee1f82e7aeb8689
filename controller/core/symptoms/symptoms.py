"""What the load cell's signal alone shows to be wrong, while it is wrong.

Conversions go one by one through the watches of the converter; twenty make a block, which tells
rest, ringing and noise apart; a second at rest makes a level. A cause hides what it brings about:
a converter out of step scatters too, but only the first is named.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from controller.core.symptoms.block import CONVERSIONS, Block
from controller.core.symptoms.converter_faults import BOTTOM, MEMORY, TOP
from controller.core.symptoms.converter_watch import ConverterWatch
from controller.core.symptoms.limits import SignalLimits
from controller.core.symptoms.pan_watch import PanWatch
from controller.core.symptoms.table import ScaleSignalError, Symptom

if TYPE_CHECKING:
    from controller.core.metrology.calibration import Calibration

SILENT_S = 2.5
"""Of the slow stream, one conversion a second, one may be lost on the wire; two may not."""

FAST_S = 0.1
"""Closer conversions belong to the fast stream, 72 to 88/s, of which some may be lost."""


class Symptoms:
    """Watches one pan's stream; `found` is what is wrong now, `load_left_s` when a load went.

    Worked out as something is heard, not as it is asked for, which is some times as often.

    Attributes:
        found: What is wrong now, in the order of `Symptom`; empty while all is well.

    Args:
        calibration: The one in force: zero, counts, e, Min and Max.
        noise_g: Expected noise of one conversion at full speed, one sigma, grams.

    Raises:
        ScaleSignalError: The noise is no usable figure.
    """

    def __init__(self, calibration: Calibration, noise_g: float) -> None:
        self._limits = SignalLimits.of(calibration, noise_g)
        self._converter = ConverterWatch(self._limits)
        self._pan = PanWatch(self._limits)
        self._converted_s: float | None = None
        self._since_s: float | None = None
        self._told_s: float | None = None
        self._silent, self._since_gap = False, 0
        self._raw: list[int] = []
        self._begun_s = 0.0
        self._fast = True
        self.found: tuple[Symptom, ...] = ()

    @property
    def load_left_s(self) -> float | None:
        """When the last load that had settled began to leave the pan; None before any did.

        It is known once the pan has been at rest without it for a second. Whether it was meant
        to leave, through gate or hatch, is for the caller to know.
        """
        return self._pan.leaving.left_s

    def zeroed(self, zero_raw: float) -> None:
        """The scale weighs against `zero_raw` from now on; until then the calibrated zero holds.

        Raises:
            ScaleSignalError: The zero is no finite number of counts.
        """
        if not math.isfinite(zero_raw):
            raise ScaleSignalError(f"zero {zero_raw!r} is no count: keep the one in force")
        self._pan.zeroed(zero_raw)
        self._tell()

    def passes(self, at_s: float) -> None:
        """Time has come to `at_s`, whether or not anything was converted.

        Raises:
            ScaleSignalError: The time is no number, or before the one told last.
        """
        told_s = self._told_s
        if not math.isfinite(at_s) or (told_s is not None and at_s < told_s):
            raise ScaleSignalError(f"time goes from {told_s} s to {at_s!r} s: check the clock")
        self._told_s = at_s
        if self._since_s is None:
            self._since_s = at_s
        if at_s - self._since_s > SILENT_S:
            self._fall_silent()
            self._tell()

    def feed(self, at_s: float, raw: int) -> None:
        """Take one conversion, made at `at_s` seconds, after all earlier ones.

        Raises:
            ScaleSignalError: `raw` is no signed 24-bit count, or `at_s` no later time than the
                last one; the conversion was not taken and everything is as before.
        """
        gap_s = self._checked_gap_s(at_s, raw)
        if gap_s > SILENT_S:
            self._fall_silent()
        self._converted_s = self._since_s = at_s
        if self._silent:
            self._since_gap += 1
            self._silent = self._since_gap < MEMORY
        self._converter.take(at_s, raw)
        self._collect(at_s, raw, fast=gap_s <= FAST_S)
        self._tell()

    def _tell(self) -> None:
        found = self._converter.found or self._pan.found
        self.found = (Symptom.SILENT,) if self._silent else found

    def _checked_gap_s(self, at_s: float, raw: int) -> float:
        """Seconds since the last conversion, 0 before any; refuses what cannot be."""
        if type(raw) is not int or not BOTTOM <= raw <= TOP:
            raise ScaleSignalError(
                f"raw {raw!r} is no signed 24-bit count: check how the HX711 is read"
            )
        last_s = self._converted_s
        if not math.isfinite(at_s) or (last_s is not None and at_s <= last_s):
            raise ScaleSignalError(
                f"a conversion at {at_s!r} s after one at {last_s} s: check the node's clock"
            )
        return 0.0 if last_s is None else at_s - last_s

    def _fall_silent(self) -> None:
        """Nothing came for too long: what was found holds, what was being looked at does not."""
        self._silent, self._since_gap = True, 0
        self._converter.restart()
        self._begin(fast=self._fast)

    def _begin(self, *, fast: bool) -> None:
        """Begin a new block at another rate or after a gap."""
        self._raw, self._fast = [], fast
        self._pan.restart()

    def _collect(self, at_s: float, raw: int, *, fast: bool) -> None:
        if fast is not self._fast:
            # One conversion a second may have missed a load that came in between.
            self._converter.change_rate()
            self._begin(fast=fast)
        if not self._raw:
            self._begun_s = at_s
        self._raw.append(raw)
        if not fast and not self._converter.on:
            self._pan.take_slow(at_s, raw)
        if len(self._raw) == CONVERSIONS:
            self._close(at_s)

    def _close(self, at_s: float) -> None:
        raw, self._raw = self._raw, []
        block = Block.of(raw, self._begun_s, at_s, fast=self._fast, rest=self._limits.rest)
        self._converter.close(block, raw)
        if self._converter.on:
            self._pan.restart()
        else:
            self._pan.close(block, raw)
