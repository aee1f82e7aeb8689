"""How much of something is enough: what a card brings in a day, how often errors are recorded.

Pure: days and times are arguments. A bound protects against copies and guesses; none of them
decides over a load that lies on the pan already.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass


@dataclass(slots=True)
class _Brought:
    deposits: int = 0
    points: int = 0


class CardDay:
    """What each card has brought today.

    A card is a picture that can be copied, and lives for years. A copy credits its owner; the
    bound keeps a card that many use from being worth more than a household.

    Args:
        most_deposits: So many deposits a day; ten kiosks in Haicang counted 25 uses a day each.
        most_points: So many points a day (100 are 1 yuan).
    """

    def __init__(self, most_deposits: int = 10, most_points: int = 2_000) -> None:
        self._most_deposits = most_deposits
        self._most_points = most_points
        self._brought: dict[str, _Brought] = {}
        self.day = ""

    def begin(self, day: str) -> None:
        """It is `day` (ISO 8601), says a clock that somebody vouches for.

        A clock that is set back lets no card begin anew, and one that had jumped ahead and was
        put right leaves none spent for longer than that day.
        """
        if day > self.day:
            self._brought.clear()
        self.day = day

    def bring(self, card_id: str, points: int, day: str = "") -> None:
        """A deposit was recorded, today or, as the journal says, on `day`."""
        if day:
            self.begin(day)
        brought = self._brought.setdefault(card_id, _Brought())
        brought.deposits += 1
        brought.points += points

    def is_spent(self, card_id: str) -> bool:
        """Whether a card has brought as much today as it may."""
        brought = self._brought.get(card_id, _Brought())
        enough = brought.deposits >= self._most_deposits
        return enough or brought.points >= self._most_points


class Attempts:
    """How often something was wrong lately, and whether more of it is worth hearing.

    Args:
        most: After so many wrong ones within `within_s` nothing is heard for `closed_s`.
        within_s: Seconds.
        closed_s: Seconds.
    """

    def __init__(self, most: int = 3, within_s: float = 60.0, closed_s: float = 300.0) -> None:
        self._most = most
        self._within_s = within_s
        self._closed_s = closed_s
        self._wrong: deque[float] = deque()
        self._closed_until_s = -float("inf")

    def is_heard(self, now_s: float) -> bool:
        """Whether a try at `now_s` (seconds of loop time) is looked at."""
        return now_s >= self._closed_until_s

    def wrong(self, now_s: float) -> None:
        """A try was wrong."""
        self._wrong.append(now_s)
        while self._wrong[0] < now_s - self._within_s:
            self._wrong.popleft()
        if len(self._wrong) >= self._most:
            self._wrong.clear()
            self._closed_until_s = now_s + self._closed_s
