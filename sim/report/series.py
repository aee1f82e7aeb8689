"""Signals over time, kept only where they change: a day is mostly rest."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator

Word = TypeVar("Word")


class Series:
    """A figure over time; each value holds until the next.

    Args:
        least: Changes smaller than this are noise and are not kept.
    """

    def __init__(self, least: float) -> None:
        self._least = least
        self._times_s = array("d")
        self._values = array("d")

    def __len__(self) -> int:
        return len(self._values)

    def __iter__(self) -> Iterator[tuple[float, float]]:
        """Each value with the second from which it holds."""
        return zip(self._times_s, self._values, strict=True)

    def note(self, at_s: float, value: float) -> bool:
        """One reading; times never go back. Whether it was kept."""
        if self._values and abs(value - self._values[-1]) < self._least:
            return False
        self._times_s.append(at_s)
        self._values.append(value)
        return True

    @property
    def highest(self) -> float:
        """The largest value; 0 where there is none."""
        return max(self._values, default=0.0)

    @property
    def lowest(self) -> float:
        """The smallest value; 0 where there is none."""
        return min(self._values, default=0.0)


class Strip(Generic[Word]):
    """A word over time: a session's state, what is wrong with a bay."""

    def __init__(self) -> None:
        self._turns: list[tuple[float, Word]] = []

    def note(self, at_s: float, word: Word) -> bool:
        """What holds now. Whether it is another word than before."""
        if self._turns and self._turns[-1][1] == word:
            return False
        self._turns.append((at_s, word))
        return True

    def spans(self, end_s: float) -> list[tuple[float, float, Word]]:
        """(from, to, word), the last one until `end_s`."""
        ends = [at_s for at_s, _ in self._turns[1:]] + [end_s]
        return [
            (at_s, until_s, word)
            for (at_s, word), until_s in zip(self._turns, ends, strict=True)
            if until_s > at_s
        ]

    def share(self, end_s: float, word: Word) -> float:
        """Which part of the time `word` held, 0 to 1; 1 where nothing was noted."""
        spans = self.spans(end_s)
        whole_s = sum(until_s - at_s for at_s, until_s, _ in spans)
        held_s = sum(until_s - at_s for at_s, until_s, one in spans if one == word)
        return held_s / whole_s if whole_s else 1.0
