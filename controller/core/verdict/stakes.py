"""What each verdict on a load is expected to cost, in fen, by what is believed of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from controller.core.verdict import question

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from contract.catalogue import Item
    from controller.core.config import VerdictConfig
    from controller.core.verdict.belief import Belief


@dataclass(frozen=True, slots=True)
class Stakes:
    """The stakes for a load of one mass in one bay.

    `items` are those that the bay takes now, `points` what the load would earn as each of them,
    by item code. A belief that is not normed costs by its shares.
    """

    items: tuple[Item, ...]
    points: Mapping[str, int]
    config: VerdictConfig

    def accepting(self, item: Item, belief: Belief) -> float:
        """Wrong is all but the item, and what falls into the same bin at the same price."""
        right = sum(
            belief.items[one.code]
            for one in self.items
            if one.stream == item.stream and self.points[one.code] == self.points[item.code]
        )
        return self.config.wrongly_accepted_fen * max(0.0, belief.total - right)

    def returning(self, belief: Belief) -> float:
        """Wrong is what the bay takes."""
        ours = sum(belief.items[item.code] for item in self.items)
        return self.config.wrongly_returned_fen * ours

    def asking(self, choices: Sequence[Item], belief: Belief) -> float:
        """Reading question and answers, and after each the better of accepting and returning."""
        nobody = self.after(question.NONE_OF_THESE, choices, belief)
        fen = self.config.line_read_fen * (1 + len(choices)) + self.returning(nobody)
        for item in choices:
            told = self.after(item.code, choices, belief)
            fen += min(self.accepting(item, told), self.returning(told))
        return fen

    def after(self, code: str, choices: Sequence[Item], belief: Belief) -> Belief:
        """The shares of the belief that go with the answer `code`, as `question.after`."""
        codes = [item.code for item in choices]
        return question.after(code, belief, codes, self.points, self.config)
