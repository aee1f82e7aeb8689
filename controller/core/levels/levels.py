"""The levels of all bins of a bay, and what follows from them for its streams."""

from __future__ import annotations

from typing import TYPE_CHECKING

from controller.core.config import BinConfig
from controller.core.levels.level import By, Level
from controller.core.view import LevelRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from controller.core.config import BayConfig
    from controller.core.lots import Lot

REFUSE = "refuse"
"""The stream of the bin for what nobody took back."""


STEP_PERCENT = 10
"""What a resident is told of a level: finer steps would only redraw the screen."""


class Levels:
    """Each bin's level by its index, the refuse bin's among them.

    What follows for the streams is worked out when something changes, not when it is asked for:
    a bay is looked at a hundred times a second, and a bin is read every five.

    Attributes:
        by_bin: The levels.
        bins: Stream → index of the bin that takes it: the first with room, or simply the first.
        full: The streams of which every bin is full.
        takes_nothing: Whether that is true of every stream.
        rows: What the screen is told, stream by stream.
        trouble: Which level sensors fail, and how; empty while none does.

    Args:
        config: The bay's configuration.
    """

    def __init__(self, config: BayConfig) -> None:
        refuse = config.refuse_bin
        extra = () if refuse is None else (BinConfig(index=refuse, stream=REFUSE),)
        self._streams = config.bins
        self.by_bin = {one.index: Level(one) for one in (*config.bins, *extra)}
        self._follow()

    def read(self, mm: Sequence[int | None]) -> None:
        """Take what the sensors say: mm by bin index, None where one does not answer."""
        for index, level in self.by_bin.items():
            level.read(mm[index] if index < len(mm) else None)
        self._follow()

    def weigh(self, bin_index: int, lot: Lot) -> None:
        """That lies in a bin by the records, loads that may lie there included."""
        if (level := self.by_bin.get(bin_index)) is not None:
            level.weigh(lot.mass_g + lot.uncertain_g, lot.opened_s, lot.lot)
            self._follow()

    def of(self, stream: str) -> tuple[Level, ...]:
        """The levels of a stream's bins, in the order in which they are filled."""
        return tuple(self.by_bin[one.index] for one in self._streams if one.stream == stream)

    def _follow(self) -> None:
        """Work out what the levels mean for the streams."""
        self.bins = self._takers()
        self.full = frozenset(one for one, at in self.bins.items() if self.by_bin[at].full)
        self.takes_nothing = self.full == self.bins.keys()
        self.rows = tuple(self._row(stream) for stream in self.bins)
        failing = (one for one in self.by_bin.values() if one.trouble)
        self.trouble = ", ".join(f"bin {one.config.index} {one.trouble}" for one in failing)

    def _takers(self) -> dict[str, int]:
        by_stream: dict[str, int] = {}
        for one in self._streams:
            before = by_stream.setdefault(one.stream, one.index)
            if self.by_bin[before].full and not self.by_bin[one.index].full:
                by_stream[one.stream] = one.index
        return by_stream

    def _row(self, stream: str) -> LevelRow:
        levels = self.of(stream)
        return LevelRow(
            stream,
            percent=permille_of(levels) // 10 // STEP_PERCENT * STEP_PERCENT,
            full=stream in self.full,
            estimated=all(one.by is By.MASSES for one in levels),
            emptied_s=max(one.emptied_s for one in levels),
        )


def permille_of(levels: Iterable[Level]) -> int:
    """How full several bins are together, by their volumes."""
    rows = [(one.config.litres, one.permille) for one in levels]
    return sum(litres * permille for litres, permille in rows) // sum(litres for litres, _ in rows)
