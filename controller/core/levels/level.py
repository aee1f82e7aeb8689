"""How full one bin is: what its sensor measures, held against the masses that fell into it.

What the sensor says is believed at once where the masses explain it, and after a minute where they
do not: somebody may have emptied the bin, filled it by hand or heaped it up, but a bag that hangs
before the sensor for a moment is none of that. While the sensor fails, the level goes on from what
was measured last by masses and bulk density alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from controller.core.levels.sensor import LevelSensor

if TYPE_CHECKING:
    from controller.core.config import BinConfig

DUE, DUE_NO_MORE = 600, 500
"""From here on staff are to collect (alarm at 60 % in Wenzhou's regulation)."""

FULL, FULL_NO_MORE = 900, 800
"""From here on nothing more is taken: 24 l of room are left below the rim, and as much above."""

EXPLAINED = 150
"""Masses explain a level as near as that: a bulk density is good to a factor of two, and one load
of 8 kg of paper takes 110 of 1000."""

CONFIRMED = 16
"""Readings in a row after which the sensor is believed against the masses: by then whatever hung
before it for a minute has fallen."""

UNMOVED, UNMOVED_SHARE = 500, 4
"""Where masses fill half a bin and its sensor saw less than a quarter of that, it sees no heap."""

SEEN = 8
"""Readings after a load until its heap has been seen, over things that are found seven times in
ten: one load of 4 kg of cans takes half a bin."""


class By(StrEnum):
    """What a level is known by."""

    SENSOR = "sensor"
    SENSOR_ALONE = "sensor-alone"
    MASSES = "masses"


@dataclass(slots=True)
class Level:
    """One bin's level in thousandths of a full bin.

    Attributes:
        config: The bin's place and geometry.
        permille: How full it is, 0 to 1000.
        by: What that is known by; `SENSOR_ALONE` where no masses explain it.
        due: Whether it is to be collected.
        full: Whether it takes no more.
        emptied_s: When its lot began, in Unix seconds; 0 where nobody knows.
    """

    config: BinConfig
    permille: int = 0
    by: By = By.MASSES
    due: bool = False
    full: bool = False
    emptied_s: int = 0
    sensor: LevelSensor = field(init=False)
    _lot: str = ""
    _grams: int = 0
    _anchor: tuple[float, int] = (0.0, 0)
    _origin: tuple[float, int] | None = None
    _peak: float = 0.0
    _strange: int = 0
    _since_load: int = 0
    _is_unmoved: bool = False

    def __post_init__(self) -> None:
        self.sensor = LevelSensor(self.config.empty_mm)

    @property
    def trouble(self) -> str:
        """How its sensor fails, in a word; empty while it does not."""
        return self.sensor.trouble or ("unmoved" if self._is_unmoved else "")

    def read(self, mm: int | None) -> None:
        """Take what the sensor says: mm down to what lies there, None for no answer."""
        self.sensor.read(mm)
        self._since_load += 1
        measured = self._measured()
        if measured is not None and self._since_load >= SEEN:
            self._is_unmoved = self._sees_no_heap(measured)
        if self._is_unmoved and self._origin is not None:
            self._anchor = self._origin  # whatever it has measured since was wrong
        if measured is None or self._is_unmoved:
            self._estimate()
        else:
            self._hold_against_masses(measured)
        if self.sensor.trouble and self._origin is not None and not self._is_unmoved:
            # What falls while it fails, it need not have seen once it is mended.
            self._origin, self._peak = (self.permille, self._grams), self.permille
        self._draw_lines()

    def weigh(self, grams: int, emptied_s: int = 0, lot: str = "") -> None:
        """So much has fallen into the bin since its lot began; another lot: it was emptied."""
        if lot != self._lot or grams < self._grams:
            self._empty()
        if grams != self._grams:
            self._since_load = 0
        self._grams, self.emptied_s, self._lot = grams, emptied_s, lot
        if self.by is By.MASSES:
            self._estimate()
        self._draw_lines()

    def _empty(self) -> None:
        """Staff said that they have emptied it."""
        self.sensor.forget()
        self._anchor, self._origin, self._strange = (0.0, 0), None, 0
        self._is_unmoved, self.by = False, By.MASSES

    def _measured(self) -> float | None:
        mm = self.sensor.mm
        if mm is None:
            return None
        depth_mm = self.config.empty_mm - self.config.full_mm
        return max(0.0, min(1000.0, (self.config.empty_mm - mm) * 1000 / depth_mm))

    def _hold_against_masses(self, measured: float) -> None:
        """Believe it where masses explain it, or where it has lasted."""
        explained = self._origin is None or abs(measured - self._by_masses()) <= EXPLAINED
        self._strange = 0 if explained else self._strange + self.sensor.is_fresh
        if not explained and self._strange < CONFIRMED:
            return
        if not explained:
            # Less than the masses say: it was emptied, or things are denser than thought.
            alone = measured > self._by_masses()
            self.by, self._origin, self._strange = By.SENSOR_ALONE if alone else By.SENSOR, None, 0
        elif self.by is By.MASSES:
            self.by = By.SENSOR
        self._anchor = measured, self._grams
        if self._origin is None:
            self._origin, self._peak = self._anchor, measured
        self._peak = max(self._peak, measured)
        self.permille = round(measured)

    def _estimate(self) -> None:
        """Nothing of now can be believed: go on from what was measured last."""
        self.by, self._strange = By.MASSES, 0
        self.permille = round(max(0.0, min(1000.0, self._by_masses())))

    def _by_masses(self) -> float:
        """From what was measured last, with what fell since."""
        permille, grams = self._anchor
        return permille + self._takes(self._grams - grams)

    def _takes(self, grams: int) -> float:
        """Thousandths of the bin that so much of its stream takes."""
        return grams * 1000 / (self.config.litres * self.config.bulk_g_per_l)

    def _sees_no_heap(self, measured: float) -> bool:
        """Whether much fell in and the sensor saw next to nothing of it."""
        if self._origin is None:
            return False
        permille, grams = self._origin
        fell, seen = self._takes(self._grams - grams), max(self._peak, measured) - permille
        return fell >= UNMOVED and seen < fell / UNMOVED_SHARE

    def _draw_lines(self) -> None:
        self.due = self.permille >= (DUE_NO_MORE if self.due else DUE)
        self.full = self.permille >= (FULL_NO_MORE if self.full else FULL)
