"""How likely a mass is, given what the load is: densities per gram.

Where the catalogue gives a range and no more, each mass in it is as likely as any other on a
logarithmic scale. Pieces are log-normal, as things are that differ by factors; their median and
spread are the catalogue's. What is none of ours may weigh anything.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from contract.catalogue import Item, PieceMass
    from contract.container import Container

MOST_G = 15_000
"""Max of the kiosk's pan: anything is as likely up to it as its order of magnitude is."""

Z_HEAVY = 1.645
"""95 of 100 of a normal distribution lie below its mean and so many sigmas."""

RARER = 0.5
"""Each further piece in a load is half as likely as the one before: nobody has counted yet."""

ALIKE = 0.1
"""Containers of one barcode differ by a tenth (sigma): caps that are gone, drops that are left."""


@dataclass(frozen=True, slots=True)
class Masses:
    """Densities of one mass, `mass_g` as indicated, one sigma of its own error in `error_g`."""

    mass_g: int
    error_g: float

    def anything(self, least_g: int = 1) -> float:
        """Anything from `least_g` on, each order of magnitude alike; never ruled out above it.

        A pan whose Max is above MOST_G may weigh what is heavier: that is no proof of any item.
        """
        return self._in_range(least_g, MOST_G) if self.mass_g >= least_g else 0.0

    def item(self, item: Item) -> float:
        """The item and nothing else; zero outside its row's range, which is the operator's word."""
        if not item.mass_g.min <= self.mass_g <= item.mass_g.max:
            return 0.0
        if item.piece_g is not None:
            return sum(self.by_pieces(item.piece_g))
        return self._in_range(item.mass_g.min, item.mass_g.max)

    def container(self, item: Item, container: Container) -> float:
        """The item, of which one piece shows this container's barcode.

        Where the catalogue gives no mass of a piece, several of them are anything in the range.
        """
        if not item.mass_g.min <= self.mass_g <= item.mass_g.max:
            return 0.0
        if item.piece_g is None:
            one = self._piece(container.mass_g, ALIKE)
            return RARER * one + (1 - RARER) * self.item(item)
        _, *more = self.by_pieces(item.piece_g)
        one = _share(1, item.piece_g.most) * self._piece(container.mass_g, ALIKE)
        return one + sum(more)

    def adulterated(self, item: Item, container: Container | None = None) -> float:
        """The item with anything in it: no lighter than the item alone.

        In a container of known volume it is as likely water as something else.
        """
        anything = self.anything(item.mass_g.min)
        return anything if container is None else (anything + self.filled(container)) / 2

    def filled(self, container: Container) -> float:
        """This container with anything from a drop to the brim of water in it (1 g a ml)."""
        inside_g = self.mass_g - container.mass_g
        return 1 / container.volume_ml if 0 < inside_g <= container.volume_ml else 0.0

    def by_pieces(self, piece: PieceMass) -> tuple[float, ...]:
        """Density and share of one piece, two pieces, ... as many as the catalogue believes in.

        The pieces of a load are of one kind, so all of them are large or all small: their mean
        spreads as one of them does.
        """
        spread = math.log(piece.heavy / piece.median) / Z_HEAVY
        return tuple(
            _share(count, piece.most) * self._piece(count * piece.median, spread)
            for count in range(1, piece.most + 1)
        )

    def _piece(self, median_g: float, spread: float) -> float:
        sigma = math.hypot(spread, self.error_g / median_g)
        z = math.log(max(self.mass_g, 1) / median_g) / sigma
        return math.exp(-z * z / 2) / (max(self.mass_g, 1) * sigma * math.sqrt(2 * math.pi))

    def _in_range(self, least_g: int, most_g: int) -> float:
        """Half a gram wider at both ends: masses are whole grams."""
        return 1 / (self.mass_g * math.log((most_g + 0.5) / (least_g - 0.5)))


def _share(count: int, most: int) -> float:
    """The share of loads with so many pieces: geometric, cut off at `most`."""
    return (1 - RARER) * RARER ** (count - 1) / (1 - RARER**most)
