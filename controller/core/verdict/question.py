"""What a resident's answer is worth: evidence from somebody who has an interest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from controller.core.verdict.belief import Belief

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from controller.core.config import VerdictConfig

NONE_OF_THESE = ""
"""The answer that names no item."""


def after(
    answer: str,
    belief: Belief,
    choices: Sequence[str],
    points: Mapping[str, int],
    config: VerdictConfig,
) -> Belief:
    """The belief's shares that go with this answer, not normed: their sum is how likely it is.

    The screen asks for what it is and whether it is that alone, so whoever is honest names the
    item, or that it is none of `choices` (item codes) where something else is in it. Of the others,
    whoever brings an item names what pays best by `points`; whoever brings what must go back names
    what it passes for, the likeliest choice, and is more often among them. A few touch another
    answer than they meant.
    """
    best = max(choices, key=lambda code: points[code])
    likeliest = max(choices, key=lambda code: belief.items[code])
    slip = config.slip_share / (len(choices) + 1)

    def share(code: str, honest: float, tempting: str) -> float:
        named = code if code in choices else NONE_OF_THESE
        meant = honest * (answer == named) + (1 - honest) * (answer == tempting)
        return slip + (1 - config.slip_share) * meant

    honest = config.honest_share
    must_go = share(NONE_OF_THESE, config.honest_foreign_share, likeliest)
    return Belief(
        {code: p * share(code, honest, best) for code, p in belief.items.items()},
        {code: p * must_go for code, p in belief.adulterated.items()},
        belief.foreign * must_go,
    )
