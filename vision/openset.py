"""Telling what the model knows from what it does not: the open-set gate.

Two signs are added: doubt (the share of probability that the likeliest known class does not
have) and strangeness (how far the picture's features lie from every known class). Either alone
misses much: a net is sure of many things that it has never seen, and a thing may look usual
and yet lie between two classes. The figures live in the model's card.
"""

from __future__ import annotations

from dataclasses import dataclass

LEAST_STRANGE = -0.5
"""A very usual look makes up for some doubt, but for no more than this."""


@dataclass(frozen=True, slots=True)
class Gate:
    """When something counts as unknown.

    `doubt_weight` weighs doubt against strangeness. Strangeness is counted from `usual` (0, the
    median of known things) to `strange` (1, what few known things exceed). `threshold` is the
    sum at which a thing becomes unknown.
    """

    doubt_weight: float
    usual: float
    strange: float
    threshold: float

    def score(self, probability: float, strangeness: float) -> float:
        """The unknown score: 0 for what is well known, 1 at the gate's threshold, no upper end.

        `probability` is that of the likeliest known class, 0 to 1. The score falls with it and
        never falls with strangeness.
        """
        relative = (strangeness - self.usual) / (self.strange - self.usual)
        total = self.doubt_weight * (1 - probability) + max(relative, LEAST_STRANGE)
        return max(total, 0.0) / self.threshold

    def is_unknown(self, score: float) -> bool:
        """Whether a score is beyond the threshold."""
        return score > 1.0
