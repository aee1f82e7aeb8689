"""What a training is told: where its pictures are, how it trains, and who hears how far it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from vision.train.recipe import Recipe


@dataclass(frozen=True, slots=True)
class Job:
    """What to train from and where to write.

    `cache` keeps what the trunk said, and each seed's net, between runs. The model's weights are
    the mean of one net for each of `seeds`; pictures are chosen and changed by the first.
    """

    data: Path
    drawn: Path
    out: Path
    cache: Path
    seeds: tuple[int, ...]
    recipe: Recipe = field(default_factory=Recipe)


@dataclass(frozen=True, slots=True)
class Tell:
    """Hears how far training is: pictures packed, views seen, and steps of fine-tuning done."""

    packed: Callable[[int], object]
    seen: Callable[[int], object]
    stepped: Callable[[int], object]
