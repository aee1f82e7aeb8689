"""What somebody has typed and asked for at one browser, before and beside any visit."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

DIGITS = 11
"""Of a mobile number in mainland China."""

GROUPS = (3, 7)
"""Where it is read with a pause: 138 0013 8000."""

DELETE = "delete"

Aid = Literal["large", "low", "aloud"]

AIDS: tuple[Aid, ...] = ("large", "low", "aloud")
"""In the order of their buttons."""


@dataclass(frozen=True, slots=True)
class Typing:
    """A number as far as it is typed."""

    digits: str = field(default="", repr=False)

    @property
    def is_whole(self) -> bool:
        """Whether nothing is missing; then no further digit is taken."""
        return len(self.digits) == DIGITS

    @property
    def grouped(self) -> str:
        """As it is read, with a low line for each digit that is missing."""
        shown = self.digits.ljust(DIGITS, "_")
        first, second = GROUPS
        return f"{shown[:first]} {shown[first:second]} {shown[second:]}"

    def press(self, key: str) -> Typing:
        """The number after a digit, or after `DELETE`."""
        if key == DELETE:
            return Typing(self.digits[:-1])
        return self if self.is_whole else Typing(self.digits + key)


@dataclass(frozen=True, slots=True)
class Aids:
    """Which aids somebody asked for at this browser; they go with the visit.

    `large` shows larger type and less of it, `low` moves what can be touched into the lower half,
    as a wheelchair user reaches it, `aloud` reads each sentence out.
    """

    large: bool = False
    low: bool = False
    aloud: bool = False

    def switch(self, aid: Aid) -> Aids:
        """The aids with this one switched over."""
        return replace(self, **{aid: not getattr(self, aid)})

    @property
    def classes(self) -> list[str]:
        """CSS classes of the page."""
        return [aid for aid in AIDS if getattr(self, aid)]


NO_AIDS = Aids()
