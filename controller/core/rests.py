"""Since when a bay rests or a stream's bins are full, and by when the operator promises an end.

A rest is spoken of once it has lasted, and forgotten once it has stayed away: a hatch that opens
again, or a node that restarts, is none. What is kept over a restart are times of the wall clock,
and only of one that somebody vouches for: the screen says no time that may be wrong.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from controller.core.bay import ALL_FULL, NO_MAINS, WARMING
from controller.core.metrology.validity import OUTSIDE
from controller.core.view import Rest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Set

    from controller.core.bay import Bay

Key = tuple[str, str]
"""Bay and stream; no stream for the bay as a whole."""

Row = tuple[str, str, int]
"""Bay, stream, and since when, in Unix seconds."""

SHAPE = (str, str, int)
"""What stands in a row."""

EMPTIED_DAILY = "emptied-daily"
"""The catalogue's rule by which a full bin is emptied within a day (日收日清)."""

MENDED = "mended-within-a-day"
"""The catalogue's rule by which somebody has mended a bay within a day."""

PROMISED_S = 86_400
"""So long after its beginning a rest ends, by either rule."""

SAID_S = 60
"""A rest is spoken of after this long, and over once it was away for as long."""

PASSES = frozenset(why.partition(":")[0] for why in (NO_MAINS, WARMING, OUTSIDE))
"""What keeps a bay from being used and ends by itself: nobody comes for that."""


def resting(bays: Iterable[Bay]) -> frozenset[Key]:
    """What takes nothing now: bays that rest, and streams whose every bin is full."""
    return frozenset(
        (bay.name, stream)
        for bay in bays
        for stream in ([""] if bay.why_not else []) + sorted(bay.levels.full)
    )


def promised(why_not: str, rules: Collection[str]) -> str:
    """The rule of the catalogue that says when a bay ends to rest for this; empty for none."""
    rule = EMPTIED_DAILY if why_not == ALL_FULL else MENDED
    return rule if rule in rules and why_not.partition(":")[0] not in PASSES else ""


@dataclass(slots=True)
class _Began:
    """A rest; in loop time, infinitely long ago where it began before this start.

    `since_s` are Unix seconds, 0 while nobody has vouched for a clock; `gone_s` is when it was
    first found to be over, in loop time.
    """

    began_s: float
    since_s: int = 0
    gone_s: float | None = None


class RestBook:
    """What rests at one kiosk. `look` often: times are as good as that."""

    def __init__(self) -> None:
        self._began: dict[Key, _Began] = {}
        self._now_s = -math.inf
        self._utc_s = 0

    @property
    def rows(self) -> tuple[Row, ...]:
        """What is to be kept over a restart."""
        said = sorted((key, one) for key, one in self._began.items() if self._is_said(one))
        return tuple((*key, one.since_s) for key, one in said)

    def found(self, rows: Iterable[Row]) -> None:
        """At start: what was kept."""
        for bay, stream, since_s in rows:
            if since_s > 0:
                self._began[bay, stream] = _Began(-math.inf, since_s)

    def look(self, rests: Set[Key], now_s: float, utc_s: int | None) -> None:
        """See what rests now.

        Args:
            rests: What rests.
            now_s: Loop time.
            utc_s: Unix seconds by a clock that somebody vouches for; None while nobody does.
        """
        self._now_s = now_s
        if rests:
            for key in rests - self._began.keys():
                self._began[key] = _Began(now_s)
        if self._began:
            self._end(rests, now_s)
        if utc_s is not None:
            self._utc_s = utc_s
            self._date(now_s, utc_s)

    def rest(self, bay: str, stream: str = "", promise: str = "") -> Rest | None:
        """What is said of a rest; None while there is nothing to say, or no clock to say it by."""
        one = self._began.get((bay, stream))
        if one is None or not self._is_said(one):
            return None
        due_s = one.since_s + PROMISED_S if promise else 0
        return Rest(one.since_s, promise, due_s, late=0 < due_s <= self._utc_s)

    def _is_said(self, one: _Began) -> bool:
        return one.since_s > 0 and self._now_s - one.began_s >= SAID_S

    def _end(self, rests: Set[Key], now_s: float) -> None:
        for key, one in list(self._began.items()):
            if key in rests:
                one.gone_s = None
            elif one.gone_s is None:
                one.gone_s = now_s
            elif now_s - one.gone_s >= SAID_S:
                del self._began[key]

    def _date(self, now_s: float, utc_s: int) -> None:
        """Tell in wall-clock time what began; what seems to begin later than now did not."""
        for key, one in list(self._began.items()):
            if one.since_s > utc_s:
                self._began[key] = _Began(now_s)
            elif not one.since_s:
                one.since_s = utc_s - round(now_s - one.began_s)
