"""When a load may be looked at: hand gone, chamber still, something there, nothing in the hatch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from vision.chamber.reaching import reaching
from vision.chamber.reference import Compared, EmptyReference
from vision.chamber.segment import Segment, segment_of
from vision.chamber.spoiled import spoiled_by
from vision.chamber.stillness import is_still
from vision.errors import ImageError
from vision.images import Image


@dataclass(frozen=True, slots=True)
class Observation:
    """What some pictures of one chamber, taken one after the other, show.

    `reaching` is `hand`, `string`, empty for nothing, None where nobody can tell. `problems`
    holds any of `covered`, `moved`, `blurred`, `dirty`. `segment` is what lies there.
    """

    still: bool
    reaching: str | None
    segment: Segment
    problems: tuple[str, ...]

    @property
    def ready(self) -> bool:
        """Whether the load may be classified."""
        return self.still and self.reaching == "" and self.segment.box is not None


def observe(reference: EmptyReference, frames: Sequence[Image]) -> Observation:
    """Watch a chamber in RGB pictures, oldest first.

    Something reaches in where it does so in the first picture and in the last: a hand that
    stays, a string that hangs, and no chance of one picture. All else is told from the last.

    Raises:
        ImageError: There is no picture, or one is not RGB uint8.
    """
    if not frames:
        raise ImageError("observe: no pictures; give at least one")
    last = reference.compare(frames[-1])
    segment = segment_of(reference, last)
    word = reaching(reference, last, segment)
    if word and len(frames) > 1 and not _reaches_in(reference, reference.compare(frames[0])):
        word = ""
    problems = spoiled_by(reference, last)
    if set(problems) - {
        "dirty"
    }:  # a soft picture has ridges of its own, and a covered one shows no hatch
        word = None
    still = is_still(frames[0], frames[-1])
    return Observation(still, word, segment, problems)


def _reaches_in(reference: EmptyReference, compared: Compared) -> bool:
    return bool(reaching(reference, compared, segment_of(reference, compared)))
