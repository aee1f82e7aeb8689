"""Beside each property the mutants of the core that break it, as two literal tables.

A row says which property must fail, where that shows, and what is changed. Where a rule stands in
two places, both are changed: one alone would be caught by the other. A text that does not stand
in its file any more fails loudly, so that no mutant dies of old age.
"""

from __future__ import annotations

from typing import NamedTuple

from tests.firmware.explore.core_copy import Edit

HATCH, GATE, LINK = "hatch", "gate", "link"


class Mutant(NamedTuple):
    """A change of the core, and what it breaks.

    Attributes:
        breaks: How the name of the broken property begins.
        where: HATCH, GATE or LINK alone, or what can go wrong in the bay.
        edits: (file, old text, new text) each.
    """

    breaks: str
    where: str | tuple[str, ...]
    edits: tuple[Edit, ...]


def one(breaks: str, where: str | tuple[str, ...], file: str, old: str, new: str) -> Mutant:
    """A mutant with one edit."""
    return Mutant(breaks, where, (Edit(file, old, new),))
