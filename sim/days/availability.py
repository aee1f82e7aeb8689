"""How much of its opening hours a kiosk takes a deposit, and what keeps it from that.

Counted as Ireland's scheme is judged: a machine that is emptied or cleaned is down like one that
is broken. (Re-turn: 86 % of the time up, over 2,300 machines; its minister asks for 95 %, the
missing 5 % to be emptying and cleaning alone: notes on the domain, A.1.) Pure: intervals in, a
share out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

Span = tuple[float, float]
"""From and to, in seconds."""


@dataclass(frozen=True, slots=True)
class Down:
    """The kiosk takes nothing from `from_s` to `to_s`, because of `cause`."""

    from_s: float
    to_s: float
    cause: str


@dataclass(frozen=True, slots=True)
class Availability:
    """What became of `opening_s` of opening hours: `down_s` is cause → seconds of them.

    Raises:
        ValueError: There are no opening hours: nothing can be said of them.
    """

    opening_s: float
    down_s: Mapping[str, float]

    def __post_init__(self) -> None:
        if self.opening_s <= 0:
            raise ValueError(f"opening hours of {self.opening_s:g} s: give some that are open")

    @property
    def share(self) -> float:
        """The part of the opening hours in which a deposit was taken, 0 to 1."""
        return 1 - sum(self.down_s.values()) / self.opening_s

    def __add__(self, other: Availability) -> Availability:
        """Both together, as two days of one month."""
        causes = dict.fromkeys((*self.down_s, *other.down_s))
        down_s = {one: self.down_s.get(one, 0.0) + other.down_s.get(one, 0.0) for one in causes}
        return Availability(self.opening_s + other.opening_s, down_s)


def availability(opening: Sequence[Span], down: Iterable[Down]) -> Availability:
    """What was down within the opening hours; a second that has two causes counts once.

    Args:
        opening: When the kiosk is open; stretches that do not overlap.
        down: When it took nothing. Where two overlap, the one named first has the second.

    Raises:
        ValueError: There are no opening hours.
    """
    still_up = list(opening)
    down_s: dict[str, float] = {}
    for one in down:
        left = [rest for span in still_up for rest in _without(span, one)]
        taken_s = _length_s(still_up) - _length_s(left)
        if taken_s > 0:
            down_s[one.cause] = down_s.get(one.cause, 0.0) + taken_s
        still_up = left
    return Availability(_length_s(opening), down_s)


def _without(span: Span, down: Down) -> list[Span]:
    """What is left of `span`: nothing, or up to two stretches."""
    from_s, to_s = span
    pieces = ((from_s, min(to_s, down.from_s)), (max(from_s, down.to_s), to_s))
    left = [one for one in pieces if one[1] > one[0]]
    return left if down.to_s > down.from_s else [span]


def _length_s(spans: Iterable[Span]) -> float:
    return sum(to_s - from_s for from_s, to_s in spans)
