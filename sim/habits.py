"""How different people use the kiosk: the one table of habits, each figure with its source.

Factors stand on an adult of twenty to sixty who has done it before (`usual`). Where no source is
named a figure is an assumption of this project: nobody has filmed residents at a kiosk of ours.

- Hands: movements of people over 65 take 1.5 to 2 times as long as a young adult's (Welford's
  reviews of ageing and motor skill, from memory); from a wheelchair things are lifted from the
  lap, at the edge of the reach (GB 55019 asks for a low counter, which an opening is not).
- Reading: adults read about 240 words a minute silently (Brysbaert 2019, from memory), children
  of ten two thirds of it; twice as long for those over 65 at an unknown screen. "The elderly
  cannot operate it" is a usual complaint about such cabinets (notes on the domain, A.3).
- Honesty: operators claim above 90 % right deposits (domain, A.2); `controller.core.config`
  believes 98 of 100 answers. Here nobody lies but the fraudster, so that a story is what it says.
- Two at once: two people with a hand in the opening each; they lay two things down together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import random

QUEUE_PATIENCE_S = 900.0
"""So long somebody waits for their turn, unless a scenario says otherwise."""

HabitName = Literal[
    "usual", "quick", "slow", "elderly", "wheelchair", "child", "two-at-once", "fraudster"
]


@dataclass(frozen=True, slots=True)
class Habit:
    """What is a person's own.

    Attributes:
        hands: Factor on the time of every movement.
        reads: Factor on the time until an answer, a choice or a farewell is touched.
        lingers_s: Least and most that the hand stays in the opening after it has let go.
        takes_back: Share of loads that are picked up once more before the hand leaves.
        at_once: How many things are laid down together.
        honest: Whether questions are answered truly; else by what pays best.
        forgets_farewell: Share of visits that end without a word to the screen.
        patience_s: How long they wait for their turn.
    """

    hands: float = 1.0
    reads: float = 1.0
    lingers_s: tuple[float, float] = (0.0, 0.0)
    takes_back: float = 0.0
    at_once: int = 1
    honest: bool = True
    forgets_farewell: float = 0.0
    patience_s: float = QUEUE_PATIENCE_S

    def lingering_s(self, chance: random.Random) -> float:
        """How long the hand stays this time."""
        return round(chance.uniform(*self.lingers_s), 3) if self.lingers_s[1] else 0.0

    def happens(self, share: float, chance: random.Random) -> bool:
        """Whether what happens in that share of cases happens now; a share of 0 costs no chance."""
        return share > 0 and chance.random() < share


HABITS: Mapping[HabitName, Habit] = {
    "usual": Habit(),
    "quick": Habit(hands=0.6, reads=0.5),
    "slow": Habit(hands=1.6, reads=2.0, lingers_s=(0.0, 1.5)),
    "elderly": Habit(
        hands=1.8, reads=2.2, lingers_s=(0.5, 4.0), takes_back=0.1, forgets_farewell=0.2
    ),
    "wheelchair": Habit(hands=1.7, lingers_s=(0.5, 2.0)),
    "child": Habit(hands=0.9, reads=1.5, lingers_s=(0.0, 3.0), takes_back=0.25),
    "two-at-once": Habit(hands=0.8, at_once=2, lingers_s=(0.0, 1.0)),
    "fraudster": Habit(hands=0.9, reads=0.7, honest=False, takes_back=0.1),
}
"""Name → habit."""
