"""What a receipt printer prints: lines and codes, before anybody knows its width."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text; what is too long for the paper goes on in the next.

    `right` stands at the right end of the same line, such as points behind an item. `big` is twice
    as high and wide, and centred.
    """

    text: str
    right: str = ""
    big: bool = False


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code of `content`, as large as the paper allows."""

    content: str


Slip = tuple[Line | Code, ...]
"""One piece of paper, from its top."""
