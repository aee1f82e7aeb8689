"""Since when a bay rests or a stream is full, and by when somebody comes, in words.

Times are those of the view; where it has none, or nobody promises an end, none is said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from controller.core.bay import ALL_FULL
from controller.core.rests import EMPTIED_DAILY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from controller.core.view import BayRow, LevelRow, Rest
    from controller.screens.parts import Moment
    from controller.screens.words import Words


def courses(bay: BayRow, moment: Moment) -> Iterator[str]:
    """The lines below a bay's state; none where there is nothing to say."""
    words = moment.words
    if bay.usable:
        yield from (_full(bay, one, moment) for one in bay.levels if one.full)
    elif clauses := (*_since(bay.rest, words), *_until(bay, bay.rest, moment)):
        yield words.joined(*clauses)


def _full(bay: BayRow, level: LevelRow, moment: Moment) -> str:
    """Of a stream that is full the promised end is enough: short lines stand beside each other."""
    words, rest = moment.words, level.rest
    full = words.label("full", stream=words.stream(level.stream))
    since = () if rest is not None and rest.promise else _since(rest, words)
    return words.joined(full, *since, *_until(bay, rest, moment))


def _since(rest: Rest | None, words: Words) -> Iterator[str]:
    if rest is not None:
        yield words.label("since", since=words.at(rest.since_s))


def _until(bay: BayRow, rest: Rest | None, moment: Moment) -> Iterator[str]:
    """What comes of it; nobody was told of a full bin while the platform is not reached."""
    view, words = moment.view, moment.words
    full = bay.usable or bay.why_not == ALL_FULL
    if rest is not None and rest.promise:
        kept = "late" if rest.late else "by"
        yield words.label(f"{kept}-{rest.promise}", due=words.at(rest.due_s))
    elif full and EMPTIED_DAILY in view.rules:
        yield words.label("emptied-within-a-day")
    elif full and view.online:
        yield words.label("staff-told")
