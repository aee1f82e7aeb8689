"""Checks of a bay's scale: what the empty pan reads, how quiet it is, and a known weight."""

from __future__ import annotations

from statistics import fmean, stdev
from typing import TYPE_CHECKING

from controller.core.service.do import Do
from controller.core.service.finding import Finding, within
from controller.core.service.measured import CONVERSIONS

if TYPE_CHECKING:
    from controller.core.bay import Bay
    from controller.core.service.finding import Seen

NOISY = 2.0
"""More than so many times the noise that the configuration names is a cell or cable going bad."""


def zero(seen: Seen) -> Finding:
    """The empty pan is near its calibrated zero (±2 % of Max, OIML R 76-1, 4.5.1), and quiet."""
    bay = seen.here
    if (trouble := _trouble(seen)) is not None:
        return trouble
    scale, calibration = bay.scale, bay.scale.calibration
    off_g = calibration.grams(fmean(seen.raw), calibration.zero_raw)
    noise_g = stdev(seen.raw) / calibration.counts_per_g
    limit_g, quiet_g = scale.class_iii.zero_range_g, NOISY * bay.config.scale.noise_g
    figure = f"{off_g:+.1f} g, σ {noise_g:.2f} g"
    limit = f"±{limit_g:g} g, σ ≤ {quiet_g:.2f} g"
    do = Do.ZERO_OFF if abs(off_g) > limit_g else Do.SCALE_NOISY
    is_good = abs(off_g) <= limit_g and noise_g <= quiet_g
    return within(is_good=is_good, figure=figure, limit=limit, do=do)


def known_load(seen: Seen) -> Finding:
    """A known weight reads right within the in-service limit (OIML R 76-1, 3.5.2)."""
    load_g, scale = seen.given.load_g, seen.here.scale
    if load_g is None:
        return Finding("unknown", "", "", Do.NO_WEIGHT)
    if (trouble := _trouble(seen)) is not None:
        return trouble
    off_g = scale.calibration.grams(fmean(seen.raw), scale.zero.raw) - load_g
    limit_g = scale.class_iii.in_service_limit_g(load_g)
    figure = f"{load_g} g: {off_g:+.1f} g"
    return within(
        is_good=abs(off_g) <= limit_g, figure=figure, limit=f"±{limit_g:g} g", do=Do.WEIGHT_OFF
    )


def _trouble(seen: Seen) -> Finding | None:
    """Why nothing can be said of the pan's readings; None where it can."""
    bay: Bay = seen.here
    if fault := bay.scale.fault:
        return Finding("bad", "", "", Do.SCALE_FAULT, fault)
    if len(seen.raw) < CONVERSIONS:
        return Finding("unknown", f"{len(seen.raw)}", f"{CONVERSIONS}", Do.NO_SAMPLES, bay.lost)
    return None
