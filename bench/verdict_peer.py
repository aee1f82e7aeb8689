"""The peer of the verdict: eyes that are believed from a probability on, and ranges of mass."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from contract.catalogue import Catalogue, Item, MassRange, example
from contract.points import price
from controller.core.verdict import MAX_CHOICES, Accept, Ask, Return, Verdict

if TYPE_CHECKING:
    from controller.core.sight import Sight

ACCEPTED, ASKED = 0.75, 0.40
"""From where a class is believed, and from where it is asked about."""

RANGES_G = {
    "pet-bottle": (8, 60),
    "plastic-mixed": (40, 3000),
    "can": (10, 25),
    "steel-can": (20, 120),
}
"""A rule that knows ranges alone needs narrow ones: these, in place of the catalogue's."""


def narrowed(catalogue: Catalogue) -> Catalogue:
    """The catalogue with those ranges."""
    items = tuple(
        item.model_copy(update={"mass_g": MassRange(min=low, max=high)})
        for item in catalogue.items
        for low, high in [RANGES_G.get(item.code, (item.mass_g.min, item.mass_g.max))]
    )
    return catalogue.model_copy(update={"items": items})


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Judges as the kiosk did before masses and sights were weighed together."""

    bins: Mapping[str, int]
    min_g: int
    catalogue: Catalogue = field(default_factory=lambda: narrowed(example()))

    def judge(self, sight: Sight, mass_g: int) -> Verdict:
        """Accept what is sure and fits one row, ask where more fit, return the rest."""
        if sight.problems or sight.unknown or sight.probability < ASKED:
            return Return("returned-unknown")
        fitting = tuple(
            item
            for label in self._labels(sight)
            for item in self.catalogue.candidates(label)
            if item.stream in self.bins and item.mass_g.min <= mass_g <= item.mass_g.max
        )
        if not fitting:
            return Return("returned-mass")
        if len(fitting) == 1 and sight.probability >= ACCEPTED:
            return self._accept(fitting[0], mass_g)
        return Ask(fitting[:MAX_CHOICES])

    def answered(self, sight: Sight, mass_g: int, choices: Sequence[Item], code: str) -> Verdict:
        """Take the resident's word."""
        for item in choices:
            if item.code == code:
                return self._accept(item, mass_g)
        return Return("returned-unknown")

    def _accept(self, item: Item, mass_g: int) -> Accept:
        return Accept(item, self.bins[item.stream], 1, price(item, mass_g, 1, self.min_g))

    def _labels(self, sight: Sight) -> list[str]:
        if sight.probability >= ACCEPTED:
            return [sight.label]
        return [name for name, p in sight.probabilities if p >= 1 - ACCEPTED] or [sight.label]
