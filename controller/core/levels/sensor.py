"""One bin's level sensor: the middle of its last readings, and how it fails.

A time-of-flight sensor finds nothing over dark, clear or shiny things in 10 to 30 of 100 tries,
is off by a few percent, and never repeats itself for long. A reading comes every five seconds.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise
from statistics import median

MIDDLE = 5
"""Of so many readings the middle counts: what is in the way twice in a row changes nothing."""

FEWEST = 3

FRESH, STALE = 3, 8
"""So many that found nothing add nothing to what was found before; and so many take its word."""

NEAREST_MM = 80
"""Nothing can lie nearer: the chute ends 100 mm below the sensors. So reads a dirty cover."""

FARTHER = 1.25
"""Nothing lies so many times as far as the floor: the chip says 8190 mm where it found nothing."""

SILENT = 6
COVERED = 12
"""A minute: a bag that hangs in front of the sensor has fallen by then."""

BLIND = 36
"""Three minutes: of 36 tries over things that are found seven times in ten, one is found."""

STUCK = 20
"""A sound sensor repeats itself once in nine times, and so never for so long."""

ROUGH, ROUGH_MM = 12, 90.0
"""Over a floor 1.1 m below, a sound one's readings lie 10 mm apart, and 60 at most."""


class Trouble(StrEnum):
    """How a level sensor fails; the value is for logs and records."""

    NONE = ""
    SILENT = "silent"
    BLIND = "blind"
    STUCK = "stuck"
    COVERED = "covered"
    ROUGH = "rough"


@dataclass(slots=True)
class LevelSensor:
    """What one sensor has said lately. `read` each reading, in order.

    Attributes:
        floor_mm: From the sensor down to the floor of its bin.
        trouble: How it fails now.
    """

    floor_mm: int
    trouble: Trouble = Trouble.NONE
    _found: deque[int] = field(default_factory=lambda: deque(maxlen=MIDDLE))
    _lately: deque[int] = field(default_factory=lambda: deque(maxlen=ROUGH))
    _stale: int = 0
    _last: int | None = None
    _silent: int = 0
    _blind: int = 0
    _near: int = 0
    _same: int = 0

    @property
    def mm(self) -> float | None:
        """The middle of the last readings; None while there are too few, or none to believe."""
        is_known = len(self._found) >= FEWEST and self._stale < STALE and not self.trouble
        return median(self._found) if is_known else None

    @property
    def is_fresh(self) -> bool:
        """Whether `mm` was found just now, but for a dark thing or two."""
        return self._stale < FRESH

    def read(self, mm: int | None) -> None:
        """Take a reading in mm; None where the sensor did not answer."""
        self._count(mm)
        self._stale += 1
        if mm is not None and NEAREST_MM <= mm <= self.floor_mm * FARTHER:
            self._found.append(mm)
            self._lately.append(mm)
            self._stale = 0
        before, self.trouble = self.trouble, self._judged()
        if self.trouble or before:
            self._found.clear()

    def forget(self) -> None:
        """The bin was emptied: what was read before says nothing of it now."""
        self._found.clear()
        self._lately.clear()

    def _count(self, mm: int | None) -> None:
        """How many times in a row it said nothing, found nothing, was too near, was the same."""
        self._silent = self._silent + 1 if mm is None else 0
        if mm is None:
            return
        self._blind = self._blind + 1 if mm > self.floor_mm * FARTHER else 0
        self._near = self._near + 1 if mm < NEAREST_MM else 0
        self._same = self._same + 1 if mm == self._last and not self._blind else 0
        self._last = mm

    def _judged(self) -> Trouble:
        if self._silent >= SILENT:
            return Trouble.SILENT
        if self._blind >= BLIND:
            return Trouble.BLIND
        if self._same >= STUCK:
            return Trouble.STUCK
        if self._near >= COVERED:
            return Trouble.COVERED
        return Trouble.ROUGH if self._is_rough else Trouble.NONE

    @property
    def _is_rough(self) -> bool:
        """Whether readings one after the other lie far apart again and again."""
        if len(self._lately) < ROUGH:
            return False
        values = list(self._lately)
        apart = (abs(one - next_) for one, next_ in pairwise(values))
        return median(apart) > ROUGH_MM
