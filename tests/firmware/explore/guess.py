"""Bits that are decided only when somebody looks at them, each both ways in turn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class Guess:
    """Decides bits when asked; `next` turns to decisions that were not made yet."""

    def __init__(self, derived: dict[int, Callable[[Guess], bool]]) -> None:
        self._derived = derived
        self._path: list[tuple[int, bool]] = []
        self._made: dict[int, bool] = {}

    def __call__(self, bit: int) -> bool:
        if bit in self._derived:
            return self._derived[bit](self)
        if bit not in self._made:
            at = len(self._made)
            if at == len(self._path):
                self._path.append((bit, False))
            self._made[bit] = self._path[at][1]
        return self._made[bit]

    def begin(self) -> None:
        """The same hatch once more, along the decisions that `next` has chosen."""
        self._made = {}

    def next(self) -> bool:
        """Turn the last decision that can be turned; whether there is one."""
        while self._path and self._path[-1][1]:
            self._path.pop()
        if self._path:
            self._path[-1] = (self._path[-1][0], True)
        return bool(self._path)

    @property
    def true(self) -> tuple[int, ...]:
        """The bits that were decided to be so."""
        return tuple(bit for bit, is_so in self._made.items() if is_so)


class Seen:
    """Stands for the integer of bits that the bay hands in."""

    def __init__(self, guess: Guess, ones: int = 0, zeros: int = 0) -> None:
        self._guess = guess
        self._ones = ones
        self._zeros = zeros

    def __and__(self, mask: int) -> Any:
        if mask < 0:  # `bits &= ~ONE`
            return Seen(self._guess, self._ones & mask, self._zeros | ~mask)
        if self._ones & mask:
            return 1
        open_bits = mask & ~self._zeros
        while open_bits:
            lowest = open_bits & -open_bits
            if self._guess(lowest):
                return 1
            open_bits ^= lowest
        return 0

    def __or__(self, mask: int) -> Seen:
        return Seen(self._guess, self._ones | mask, self._zeros & ~mask)
