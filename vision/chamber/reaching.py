"""What reaches in through the hatch: a hand in whatever sleeve or glove, or a string."""

from __future__ import annotations

from vision.chamber.reference import Compared, EmptyReference
from vision.chamber.segment import Segment

HAND = "hand"
STRING = "string"

HAND_FRACTION = 0.05
"""A thing that reaches over more of the hatch's edge is a hand: 25 mm; less is a strap."""


def reaching(reference: EmptyReference, compared: Compared, segment: Segment) -> str | None:
    """`hand`, `string`, or empty where nothing reaches in; None where nobody can tell.

    `segment` is that of the same picture. Skin is not looked for: a hand is a thing that is not
    the chamber's and goes on beyond the hatch's edge of the picture.
    """
    if not compared.seen:
        return None
    if segment.opening_fraction > HAND_FRACTION:
        return HAND
    return STRING if segment.touches_opening or reference.has_line(compared) else ""
