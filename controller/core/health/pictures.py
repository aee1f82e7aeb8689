"""What a bay's camera has shown of itself: lost, frozen, in the dark, behind a bad lens.

Only pictures behind the shut hatch count: through the open one come daylight, arms and whatever is
held before the lens.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from controller.core.health.parts import Part

if TYPE_CHECKING:
    from controller.core.health.sightings import PicturesSeen

TAKES = 3
"""One load may lie before the lens; three, one after the other, do not."""

DIRTY = 2
"""A spot shows in an empty chamber; over a load it may not."""


@dataclass(slots=True)
class PictureSigns:
    """What the last pictures showed. `see` each take; `lost` says why there are none."""

    lost: str = ""
    _takes: deque[PicturesSeen] = field(default_factory=lambda: deque(maxlen=TAKES))
    _empty: deque[PicturesSeen] = field(default_factory=lambda: deque(maxlen=TAKES))

    def see(self, seen: PicturesSeen) -> None:
        """One more take."""
        self._takes.append(seen)
        if seen.of_empty:
            self._empty.append(seen)

    def failing(self) -> Part | None:
        """The part that spoils the pictures; None while they are good, or nobody can tell."""
        if self.lost:
            return Part.CAMERA
        for part, problems, takes in _RULES:
            if _last_have(self._takes, problems, takes):
                return part
        return Part.LENS if _last_have(self._empty, frozenset({"dirty"}), DIRTY) else None


def _last_have(seen: deque[PicturesSeen], problems: frozenset[str], takes: int) -> bool:
    last = list(seen)[-takes:]
    return len(last) == takes and all(problems & _problems(one) for one in last)


def _problems(seen: PicturesSeen) -> set[str]:
    """A picture of long ago tells nothing of lens and lamp now."""
    return {"frozen"} if "frozen" in seen.problems else set(seen.problems)


_RULES = (
    (Part.CAMERA, frozenset({"frozen"}), 2),  # three pictures alike, bit for bit
    (Part.LAMP, frozenset({"dark"}), 2),  # nothing that lies in a lit chamber makes all of it dark
    # A lens that is half covered looks now like a covered one, now like a camera that was moved.
    (Part.LENS, frozenset({"covered", "blurred", "dirty", "moved"}), TAKES),
    (Part.CAMERA, frozenset({"unreadable"}), TAKES),
)
"""Part, problems any of which tell of it, and in how many takes running. The first one holds."""
