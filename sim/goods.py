"""What residents bring, by kind: how much of it, and of what mass.

Shares are of the mass collected, a typical mix of such cabinets (notes on the domain, E.3: 55 %
paper, 20 % plastic, 15 % textile, 5 % metal, 5 % glass). Masses are those that stand in
`sim.trials.loads`, the usual ones of such things: a bag of PET bottles, a bundle of newspapers.
A use brings 2.1 kg (A.2: 1,260 uses and 2,642 kg of ten machines in five days).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random


@dataclass(frozen=True, slots=True)
class Good:
    """One kind of load: its share of all mass, the mass of one piece, and pieces in a load."""

    mass_share: float
    piece_g: tuple[float, float]
    pieces: tuple[int, int] = (1, 1)

    @property
    def mean_g(self) -> float:
        """The mean mass of a load."""
        return sum(self.piece_g) / 2 * sum(self.pieces) / 2

    def drawn(self, chance: random.Random) -> tuple[int, int]:
        """One load: grams and pieces."""
        pieces = chance.randint(*self.pieces)
        grams = sum(chance.uniform(*self.piece_g) for _ in range(pieces))
        return max(1, round(grams)), pieces


GOODS: Mapping[str, Good] = {
    "newspaper": Good(0.35, (300.0, 4_000.0)),
    "carton": Good(0.20, (100.0, 800.0)),
    "pet-bottle": Good(0.20, (10.0, 40.0), (1, 12)),
    "t-shirt": Good(0.15, (120.0, 700.0)),
    "can": Good(0.025, (13.0, 15.0), (1, 8)),
    "steel-can": Good(0.025, (45.0, 95.0)),
    "glass-bottle": Good(0.05, (170.0, 550.0)),
}
"""Kind, as in `sim.drawn.ITEM_CLASS` → what comes of it."""


def load_weights(kinds: Mapping[str, float]) -> dict[str, float]:
    """How many loads of each kind come for one another; `kinds` are shares of the mass."""
    return {kind: share / GOODS[kind].mean_g for kind, share in kinds.items()}
