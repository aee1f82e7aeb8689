"""The bins behind the gate: what fell into each, how high it lies, and what a truck took along."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.errors import WorldError
from sim.world.heap import Heap, bulk_l

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.world.figures import BinFigures
    from sim.world.item import Part

BINS = 4


class Bins:
    """All bins of a bay.

    Attributes:
        lying: By bin, what fell there since it was emptied.
        hauled: By bin, what trucks took along.

    Args:
        figures: What each of them is like.
    """

    def __init__(self, figures: BinFigures) -> None:
        self._figures = figures
        self.lying: list[list[Part]] = [[] for _ in range(BINS)]
        self.hauled: list[list[Part]] = [[] for _ in range(BINS)]
        self._heaps = [Heap(figures) for _ in range(BINS)]
        self._choked: set[int] = set()

    def takes(self, index: int, now_us: int) -> bool:
        """Whether anything slides into a bin: not once its heap stands in the chute."""
        return self._top_mm(index, now_us) < self._figures.chute_mm

    def receive(self, index: int, parts: Sequence[Part], now_us: int) -> None:
        """So much falls into a bin."""
        self.lying[index] += parts
        self._heaps[index].grow(bulk_l(parts), now_us)

    def seen_mm(self, index: int, now_us: int) -> float:
        """From a bin's sensor down to what lies below it."""
        heaped_mm = self._figures.sensor_mm - self._figures.chute_mm
        seen_mm = self._heaps[index].seen_mm(now_us)
        return min(seen_mm, heaped_mm) if index in self._choked else max(seen_mm, 0.0)

    def heap(self, index: int, on: bool = True) -> None:
        """Verb: a bin is heaped up to the chute, until it is emptied or `on` is False.

        Raises:
            WorldError: There is no such bin.
        """
        self._check("heap", index)
        (self._choked.add if on else self._choked.discard)(index)

    def pour(self, index: int, litres: float, now_us: int) -> None:
        """Verb: somebody pours in so much from above, past pan and gate.

        Raises:
            WorldError: There is no such bin, or it is less than nothing.
        """
        self._check("pour", index)
        if litres < 0:
            raise WorldError(f"pour: litres {litres:g} is below 0")
        self._heaps[index].grow(litres, now_us)

    def empty(self) -> None:
        """Verb: a truck takes along what lies in all bins."""
        for lying, hauled, heap in zip(self.lying, self.hauled, self._heaps, strict=True):
            hauled.extend(lying)
            lying.clear()
            heap.clear()
        self._choked.clear()

    def _top_mm(self, index: int, now_us: int) -> float:
        if index in self._choked:
            return self._figures.chute_mm
        return self._heaps[index].top_mm(now_us)

    def _check(self, verb: str, index: int) -> None:
        if not 0 <= index < BINS:
            raise WorldError(f"{verb}: no bin {index}; there are 0 to {BINS - 1}")
