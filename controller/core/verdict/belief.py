"""What a load may be, and how probable each is by eyes, mass and barcode together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from contract.catalogue import Item
    from contract.container import Container
    from controller.core.config import VerdictConfig
    from controller.core.verdict.eyes import Eyes
    from controller.core.verdict.masses import Masses


@dataclass(frozen=True, slots=True)
class Belief:
    """Probabilities that sum to one, or shares of them.

    `items`: by item code, that the load is this and nothing else. `adulterated`: by item code,
    that it looks like this and something else is in it (water in the bottle, stones in the
    bag). `foreign`: that it is none of the catalogue's.
    """

    items: Mapping[str, float]
    adulterated: Mapping[str, float]
    foreign: float

    @property
    def total(self) -> float:
        """The sum of all."""
        return sum(self.items.values()) + sum(self.adulterated.values()) + self.foreign

    def normed(self) -> Belief:
        """The same ratios, with the sum one. What nothing explains is foreign."""
        total = self.total
        if total <= 0:
            nothing = dict.fromkeys(self.items, 0.0)
            return Belief(nothing, nothing, 1.0)
        return Belief(
            {code: share / total for code, share in self.items.items()},
            {code: share / total for code, share in self.adulterated.items()},
            self.foreign / total,
        )


def believe(
    eyes: Eyes, masses: Masses, container: Container | None, config: VerdictConfig
) -> Belief:
    """Bayes: prior × sight × mass × barcode, for everything that a load may be.

    Items are as frequent beforehand as the catalogue says, and what is in them is as frequent in
    all. `container` is what the one known barcode stands for; a barcode that nobody knows says
    nothing.
    """
    items = eyes.catalogue.items
    every = sum(item.frequency for item in items)
    seen = {
        item.code: item.frequency / every * eyes.item(item) * _barcode(item, container, config)
        for item in items
    }
    pure = 1 - config.foreign_share - config.adulterated_share
    foreign = eyes.foreign() * (config.stray_barcode_share if container else 1)
    return Belief(
        {one.code: pure * seen[one.code] * _mass(masses, one, container) for one in items},
        {
            one.code: config.adulterated_share * seen[one.code] * _excess(masses, one, container)
            for one in items
        },
        config.foreign_share * foreign * masses.anything(),
    ).normed()


def _barcode(item: Item, container: Container | None, config: VerdictConfig) -> float:
    if container is None:
        return 1.0
    stray = config.stray_barcode_share
    return 1 - stray if container.item_code == item.code else stray


def _mass(masses: Masses, item: Item, container: Container | None) -> float:
    if container is not None and container.item_code == item.code:
        return masses.container(item, container)
    return masses.item(item)


def _excess(masses: Masses, item: Item, container: Container | None) -> float:
    if container is not None and container.item_code == item.code:
        return masses.adulterated(item, container)
    return masses.adulterated(item)
