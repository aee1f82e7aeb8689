"""From mass and pieces to points and carbon; the kiosk shows it, the ledger computes it again.

Rules: a load of at least Min is priced by mass where the item has a price by mass; else by the
piece where it has one; else it is worth nothing. Everything is integer arithmetic, rounded to
the nearest, a half down: 100 points are 1 yuan, so the residue is under half a fen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from contract.items import Item

MIN_G = 40
"""Min of the pan: 20 e with e = 2 g (OIML R 76-1, class III). Below it no mass is priced."""

PricedBy = Literal["mass", "piece", "none"]


@dataclass(frozen=True, slots=True)
class Priced:
    """What a load is worth: points, grams CO2e that recycling it avoids, and by which price."""

    points: int
    carbon_g: int
    priced_by: PricedBy


def price(item: Item, mass_g: int, pieces: int, min_g: int = MIN_G) -> Priced:
    """Price `mass_g` grams, or `pieces` pieces, of `item` on a scale whose Min is `min_g`."""
    carbon_g = nearest(mass_g * item.carbon_g_per_kg, 1000)
    by_mass, by_piece = item.price.points_per_kg, item.price.points_per_piece
    if by_mass is not None and mass_g >= min_g:
        return Priced(nearest(mass_g * by_mass, 1000), carbon_g, "mass")
    if by_piece is not None:
        return Priced(pieces * by_piece, carbon_g, "piece")
    return Priced(0, carbon_g, "none")


def nearest(numerator: int, denominator: int) -> int:
    """`numerator / denominator` to the nearest integer, an exact half down."""
    return -((denominator - 2 * numerator) // (2 * denominator))
