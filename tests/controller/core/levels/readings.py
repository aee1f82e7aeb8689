"""Readings as a sound level sensor gives them: a few percent off, never twice alike for long."""

from __future__ import annotations

import random
from collections.abc import Iterator

FLOOR_MM = 1_100
NOTHING_MM = 8_190


def sound(mm: float, count: int, seed: int = 1, dark: float = 0.3) -> Iterator[int]:
    """So many readings over something `mm` below; `dark` of them find nothing."""
    chance = random.Random(seed)
    for _ in range(count):
        found = round(mm + chance.gauss(0, max(2.5, 0.01 * mm)))
        yield NOTHING_MM if chance.random() < dark else found


def at(permille: float) -> float:
    """Millimetres down to a level in the usual bin."""
    return FLOOR_MM - permille * 0.9
