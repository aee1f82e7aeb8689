"""The verdict on one load: accept, ask one question, or give it back with a reason.

Fuses what the eyes say with the mass, the catalogue and the bay's streams. What cannot be
named is given back; nothing is guessed silently.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from contract.points import Priced, price

if TYPE_CHECKING:
    from collections.abc import Mapping

    from contract.catalogue import Catalogue, Item
    from controller.core.config import VerdictConfig
    from controller.core.sight import Sight

MAX_CHOICES = 4
"""More answers than this are no question that a resident at a hatch can be asked."""


@dataclass(frozen=True, slots=True)
class Accept:
    """Take the load as `item`, into the bin at `bin_index`."""

    item: Item
    bin_index: int
    pieces: int
    priced: Priced


@dataclass(frozen=True, slots=True)
class Ask:
    """Ask the resident which of these items it is."""

    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Return:
    """Give the load back; `reason` is a key of the screens' text table."""

    reason: str


Verdict = Accept | Ask | Return


@dataclass(frozen=True, slots=True)
class Judge:
    """Judges loads for one bay. `bins` maps a stream to the index of its bin."""

    catalogue: Catalogue
    bins: Mapping[str, int]
    min_g: int
    config: VerdictConfig

    def judge(self, sight: Sight, mass_g: int) -> Verdict:
        """Judge a load of `mass_g` grams that looks like `sight`."""
        if sight.problems:
            return Return("returned-dark")
        if sight.unknown or sight.probability < self.config.ask_probability:
            return Return("returned-unknown")
        by_sight = [
            item for label in self._labels(sight) for item in self.catalogue.candidates(label)
        ]
        by_stream = [item for item in by_sight if item.stream in self.bins]
        if not by_stream:
            return Return("returned-not-here" if by_sight else "returned-unknown")
        plausible = tuple(item for item in by_stream if self._plausible(item, mass_g))
        if not plausible:
            return Return("returned-mass")
        if len(plausible) == 1 and sight.probability >= self.config.accept_probability:
            return self.accept(plausible[0], mass_g)
        return Ask(plausible[:MAX_CHOICES])

    def accept(self, item: Item, mass_g: int) -> Accept:
        """Accept a load as `item`, by the eyes' word or by the resident's answer."""
        # Below Min a load counts as one piece: the eyes do not count yet.
        return Accept(item, self.bins[item.stream], 1, price(item, mass_g, 1, self.min_g))

    def _labels(self, sight: Sight) -> list[str]:
        """Classes worth asking about, the likeliest first."""
        if sight.probability >= self.config.accept_probability:
            return [sight.label]
        return [
            name for name, p in sight.probabilities if p >= 1 - self.config.accept_probability
        ] or [sight.label]

    def _plausible(self, item: Item, mass_g: int) -> bool:
        """Whether the mass fits the item; a heavier load may be several pieces of one kind."""
        if mass_g <= item.mass_g.max:
            return mass_g >= min(item.mass_g.min, self.min_g)
        return False
