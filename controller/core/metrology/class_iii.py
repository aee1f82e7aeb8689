"""Class III as arithmetic: intervals, limits of error and the rules about zero of the pan's scale.

A multi-interval scale of two partial ranges: e up to the change of range, a larger e up to Max.
Clauses are those of OIML R 76-1, edition 2006. The kiosk applies the rules; it is not certified.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from contract.errors import KioskError

MIN_E = 20
"""Min is at least so many e of the first partial range (3.2, table 3)."""

SPAN_C = 50.0
"""From -10 to 40 °C a scale is right where nothing else is said (3.9.2.1)."""

N_MAX = 10_000
N_MIN = 500
N_MIN_FINE = 100
"""Verification intervals n = Max/e of a range; `N_MIN_FINE` holds for e <= 2 g (3.2, table 3)."""

CHANGE_E = 500
"""A range ends at no fewer than so many e of the next one (3.3.3, table 4)."""

LIMITS = ((500, 0.5), (2_000, 1.0), (N_MAX, 1.5))
"""(load in e, up to and with which) the limit at initial verification, in e (3.5.1, table 6)."""

IN_SERVICE = 2
"""Limits in service are so many times those at initial verification (3.5.2)."""

OVERLOAD_E = 9
"""Nothing is indicated beyond Max and so many e (4.2.3)."""

ZERO_SETTING = 0.02
"""Zero may be set so far to either side of the calibrated one, as a part of Max: 4 % in all,
zero tracking included (4.5.1)."""

INITIAL_ZERO = 0.10
"""The same when the scale starts: 20 % in all (4.5.1)."""

ZERO_ACCURACY_E = 0.25
"""How far from zero the scale may stand once its zero was set (4.5.2)."""

TRACKING_E_PER_S = 0.5
"""How fast zero tracking may follow, near zero and at rest only (4.5.7)."""

CREEP_E = 0.5
LATE_CREEP_E = 0.2
CREEP_FROM_S = 900
CREEP_S = 1_800
"""Under one load for `CREEP_S` the reading may change by `CREEP_E`, and from `CREEP_FROM_S` on
by `LATE_CREEP_E` (3.9.4.1)."""

ZERO_RETURN_E = 0.5
"""How far from zero the scale may stand after a load of half an hour, in the first e (3.9.4.2)."""

WEIGHTS = 1 / 3
"""A weight may be wrong by so much of the limit that it is used to check (3.7.1)."""

CORNER = 1 / 3
"""Part of Max that is laid on each corner (3.6.2.1)."""

FINE_E_G = 2


class ClassIIIError(KioskError, ValueError):
    """The figures make no class III scale, or a mass is no number; the message says which."""


@dataclass(frozen=True, slots=True)
class ClassIII:
    """What the pan's scale is in the sense of class III; masses in grams.

    `e_g` holds up to and with `change_g`, `e_high_g` from there to `max_g`. Below `min_g` the
    scale indicates, but a mass is not to be paid for.

    Raises:
        ClassIIIError: The figures are no multi-interval scale of class III.
    """

    max_g: int
    change_g: int
    e_g: int
    e_high_g: int
    min_g: int

    def __post_init__(self) -> None:
        if not self.min_g < self.change_g <= self.max_g:
            raise ClassIIIError("scale must satisfy min_g < interval_g <= max_g")
        if self.change_g < self.max_g and not self.e_g < self.e_high_g:
            raise ClassIIIError(f"e_high_g must be above e_g, {self.e_g} g")
        if self.min_g < MIN_E * self.e_g:
            raise ClassIIIError(f"min_g must be at least {MIN_E} e, {MIN_E * self.e_g} g")
        _check_range(self.change_g, self.e_g)
        if self.change_g < self.max_g:
            _check_range(self.max_g, self.e_high_g)
            if self.change_g < CHANGE_E * self.e_high_g:
                least_g = CHANGE_E * self.e_high_g
                raise ClassIIIError(f"interval_g must be at least {CHANGE_E} e_high, {least_g} g")

    @property
    def overload_g(self) -> int:
        """The heaviest load that may be indicated."""
        return self.max_g + OVERLOAD_E * self.interval_g(self.max_g)

    @property
    def zero_range_g(self) -> float:
        """How far to either side of the calibrated zero the scale may be zeroed."""
        return ZERO_SETTING * self.max_g

    @property
    def initial_zero_range_g(self) -> float:
        """How far to either side of the calibrated zero the scale may start."""
        return INITIAL_ZERO * self.max_g

    def zero_moves_g(self, there_dc: int | None, here_dc: int | None) -> float:
        """How far a good zero may be from what it was at another temperature, in tenths of °C.

        Up to 1 e with 5 °C (3.9.2.3), and half an e more after a load (3.9.4.2). Where one of the
        temperatures is not known they are taken to be the whole `SPAN_C` apart.
        """
        is_told = there_dc is not None and here_dc is not None
        apart_c = abs((there_dc or 0) - (here_dc or 0)) / 10 if is_told else SPAN_C
        return self.e_g * (apart_c / 5 + 0.5)

    def interval_g(self, mass_g: float) -> int:
        """The verification interval e of the partial range that `mass_g` lies in."""
        return self.e_g if mass_g <= self.change_g else self.e_high_g

    def indication_g(self, mass_g: float) -> int:
        """What the scale indicates: `mass_g` rounded to its e, a half up; never falls as it rises.

        Raises:
            ClassIIIError: The mass is no finite number.
        """
        if not math.isfinite(mass_g):
            raise ClassIIIError(f"a mass of {mass_g} g cannot be indicated: check the load cell")
        e_g = self.interval_g(mass_g)
        shown_g = math.floor(mass_g / e_g + 0.5) * e_g
        # Just above the change the larger e could round to below it, and a scale never falls.
        return max(shown_g, self.change_g) if mass_g > self.change_g else shown_g

    def initial_limit_g(self, mass_g: float) -> float:
        """How far the unrounded reading of this load may be off at initial verification."""
        e_g = self.interval_g(mass_g)
        load_e = abs(mass_g) / e_g
        return e_g * next((limit for upto, limit in LIMITS if load_e <= upto), LIMITS[-1][1])

    def in_service_limit_g(self, mass_g: float) -> float:
        """How far the unrounded reading of this load may be off in service."""
        return IN_SERVICE * self.initial_limit_g(mass_g)


def _check_range(max_g: int, e_g: int) -> None:
    """Refuse a partial range whose e is of no allowed form or whose n is out of bounds."""
    if str(e_g).rstrip("0") not in {"1", "2", "5"}:
        raise ClassIIIError(f"e must be 1, 2 or 5 times a power of ten, not {e_g} g")
    least = N_MIN_FINE if e_g <= FINE_E_G else N_MIN
    if not least <= max_g / e_g <= N_MAX:
        raise ClassIIIError(
            f"a range to {max_g} g has {max_g / e_g:.0f} e of {e_g} g: {least} to {N_MAX} allowed"
        )
