"""The loads of a day, added up for one deposit after the other."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field

from cloud.ledger.plausible import DAY_S

MOST = 500
"""Deposits that a sum goes over, the latest: ten times what is believed of an account in a day,
and two fillings of a bin with loads of 70 g. It keeps a flood from growing dear."""


@dataclass(slots=True)
class Loads:
    """Loads by the time at which they fell: seconds, grams and kiosks, side by side.

    So a day of them is a slice, and its sum is added up in C.
    """

    at_s: list[int] = field(default_factory=list)
    mass_g: list[int] = field(default_factory=list)
    kiosks: list[str] = field(default_factory=list)

    def add(self, at_s: int, mass_g: int, kiosk: str = "") -> None:
        """Put one in its place; most are the latest."""
        place = bisect_right(self.at_s, at_s)
        self.at_s.insert(place, at_s)
        self.mass_g.insert(place, mass_g)
        self.kiosks.insert(place, kiosk)

    def day(self, at_s: int) -> slice:
        """Where the latest of the day up to `at_s` stand."""
        first, end = bisect_right(self.at_s, at_s - DAY_S), bisect_right(self.at_s, at_s)
        return slice(max(first, end - MOST), end)
