"""From where on a signal is no good scale's: every limit in counts, from e, Max or the noise."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from controller.core.symptoms.table import ScaleSignalError

if TYPE_CHECKING:
    from controller.core.metrology.calibration import Calibration

FAR_SIGMA = 8.0
"""White noise goes so far once in 10^15 conversions: three hundred thousand years at 80/s."""

MUCH_SIGMA = 4.0
"""Wiring and supply make real modules two to three times noisier than the datasheet says."""


@dataclass(frozen=True, slots=True)
class SignalLimits:
    """Limits in raw counts.

    Attributes:
        noise: Expected noise, one sigma, white.
        rest: Between the extremes of a quarter of a second at rest: `FAR_SIGMA`, or e to either
            side, which class III asks of a stable reading (OIML R 76-1, 4.4.2).
        shake: Root mean square from where unrest is none of the cell's own: `MUCH_SIGMA`, or a
            swing that fills e from end to end (sqrt(8) times its root mean square).
        e: The first e; `e_high` that above `change`, counted from zero.
        least: Min.
        most: Max.
        zero: The calibrated zero.
        zero_range: How far beside it the scale may be zeroed in service (4.5.1).
    """

    noise: float
    rest: float
    shake: float
    e: float
    e_high: float
    change: float
    least: float
    most: float
    zero: int
    zero_range: float

    @classmethod
    def of(cls, calibration: Calibration, noise_g: float) -> SignalLimits:
        """The limits of one pan; `noise_g` is the expected noise at full speed, one sigma.

        Raises:
            ScaleSignalError: The noise is no finite number of grams above 0 and up to e.
        """
        scale = calibration.class_iii
        if not (math.isfinite(noise_g) and 0 < noise_g <= scale.e_g):
            raise ScaleSignalError(
                f"expected noise of {noise_g} g: give it above 0 g and up to e, {scale.e_g} g"
            )

        def counts(mass_g: float) -> float:
            return float(calibration.counts(mass_g, 0))

        per_g = counts(scale.change_g) / scale.change_g
        noise, e = noise_g * per_g, scale.e_g * per_g
        return cls(
            noise=noise,
            rest=max(FAR_SIGMA * noise, 2 * e),
            shake=max(MUCH_SIGMA * noise, e / math.sqrt(8)),
            e=e,
            e_high=scale.e_high_g * per_g,
            change=counts(scale.change_g),
            least=counts(scale.min_g),
            most=counts(scale.max_g),
            zero=calibration.zero_raw,
            zero_range=counts(scale.zero_range_g),
        )
