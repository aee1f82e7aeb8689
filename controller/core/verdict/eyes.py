"""What the eyes' word is worth: how much likelier this sight is if the load is this or that.

All likelihoods are relative to one that says nothing: above 1 speaks for, below 1 against.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from contract.catalogue import Catalogue, Item
    from contract.container import Container
    from controller.core.config import VerdictConfig
    from controller.core.sight import Sight

MOST_SCORE = 10.0
"""An unknown score has no upper end, and an exponent must have one."""


@dataclass(frozen=True, slots=True)
class Eyes:
    """One sight, read by the catalogue's classes.

    Calibrated probabilities come from training where every class was as frequent as any other,
    so a class's likelihood is its probability times the number of classes (Bayes).
    """

    sight: Sight
    catalogue: Catalogue
    config: VerdictConfig

    def item(self, item: Item) -> float:
        """The load looks like this item, any of whose classes is as likely as another."""
        looks = [self._believed(label) for label in item.classes]
        return self._count * sum(looks) / len(looks)

    def foreign(self) -> float:
        """The load looks like none of ours.

        Either it is of a kind that the model was trained to refuse: then the refused classes have
        its probability. Or the model never saw the like: then it may be taken for anything, and
        is strange. Known things exceed an unknown score of s about as often as `score_tail` to the
        power of s, strange ones have any score: their ratio is what remains. Beyond MOST_SCORE
        nothing becomes any stranger.
        """
        refused = 1 - sum(self._probability(label) for label in self._ours)
        score = min(self.sight.unknown_score, MOST_SCORE)
        strange = math.pow(self.sight.score_tail, 1 - score)
        never_seen = self.config.never_seen_share
        return (1 - never_seen) * self._count * refused + never_seen * (1 - refused) * strange

    @property
    def _ours(self) -> tuple[str, ...]:
        labels = (label for item in self.catalogue.items for label in item.classes)
        return tuple(dict.fromkeys(labels))  # in the catalogue's order: sums of floats have one

    @property
    def _count(self) -> int:
        """How many classes there are, the refused ones as one."""
        return len(self._ours) + 1

    def _probability(self, label: str) -> float:
        return sum(share for name, share in self.sight.probabilities if name == label)

    def _believed(self, label: str) -> float:
        """The probability; of as many pictures as calibration saw, one may be anything."""
        once = 1 / self.sight.calibrated_pictures
        return (1 - once) * self._probability(label) + once / self._count


def contradicts(sight: Sight, container: Container) -> bool:
    """Whether the eyes' first word, if they have one, is another class than the container's."""
    return not sight.probabilities or sight.probabilities[0][0] != container.material
