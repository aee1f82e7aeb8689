"""A camera's stream: a code stays about where it was, and what is dear is spread over pictures.

Where a code was read, or where something like one was, is looked at first in the next picture,
in native pixels and alone: that takes a fraction of the whole. What a picture's time is too short
for goes on in the next one, so the dear retries come round without any picture being late.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from vision.codes.agreement import agree
from vision.codes.cascade import Attempts, Clock, grey_of, on_stripes, places_in, settled
from vision.codes.retries import RETRIES, Retry, moved
from vision.codes.survey import Box, Survey, survey
from vision.decoders import FORMATS, QR, Code, Grey, zxing
from vision.images import Image

FRAME_BUDGET_S = 0.03
"""After so long no attempt on a picture begins but one retry: a machine on which all that is cheap
takes longer than this would otherwise never come to what reads a code out of focus."""

Seen = Callable[[], Survey]
"""The survey of a picture, made when it is first asked for."""

KEPT = 3
"""Pictures whose readings of barcodes wait for a second opinion."""

FORGOTTEN_AFTER = 5
"""Pictures in which nothing was read where something was."""


@dataclass(frozen=True, slots=True)
class Tracker:
    """What the last pictures of one camera tell about the next; a value, never changed.

    Attributes:
        formats: What is read.
        place: Where a code was read last, if it was lately.
        missed: Pictures since then.
        turn: Which retry comes next: the one that read last, or else the one after the last.
        kept: The readings of the last `KEPT` pictures.
    """

    formats: tuple[str, ...] = FORMATS
    place: Box | None = None
    missed: int = 0
    turn: int = 0
    kept: tuple[tuple[Code, ...], ...] = ()

    def look(
        self,
        image: Image,
        *,
        budget_s: float = FRAME_BUDGET_S,
        clock: Clock = time.monotonic,
    ) -> tuple[Tracker, list[Code]]:
        """Read the next picture: what is known after it, and the codes in it that are sure.

        Arguments and errors are those of `scan`.
        """
        deadline_s = clock() + budget_s
        grey = grey_of(image, self.formats)
        here = replace(self, place=self.place if self.place and self.place.inside(grey) else None)
        seen = functools.cache(lambda: survey(grey))
        readings: list[Code] = []
        for found in here._attempts(grey, seen, readings):
            readings += found
            if clock() >= deadline_s:
                break
        turn = self.turn
        for retry, box in here._turns(grey, seen, readings):
            found = retry.read(grey, box)
            readings += found
            # What reads a code reads it in the next picture too; else the next one's turn comes.
            turn = turn % len(RETRIES) if found else turn + 1
            if found or clock() >= deadline_s:
                break
        return here._after(readings, turn)

    def _after(self, readings: list[Code], turn: int) -> tuple[Tracker, list[Code]]:
        kept = (*self.kept[1 - KEPT :], tuple(readings))
        seen = {(code.format, code.text) for code in readings}
        sure = [code for code in agree(kept) if (code.format, code.text) in seen]
        if readings:
            place = Box.around((sure or readings)[0].corners)
            return replace(self, place=place, missed=0, turn=turn, kept=kept), sure
        missed = self.missed + 1
        there = self.place if missed < FORGOTTEN_AFTER else None
        return replace(self, place=there, missed=missed, turn=turn, kept=kept), sure

    def _attempts(self, grey: Grey, seen: Seen, readings: list[Code]) -> Attempts:
        """What is cheap: each `next` is one bounded piece of work."""
        if self.place is not None:
            box = self.place.grown(grey, share=0.5)
            yield [moved(code, box) for code in zxing(box.of(grey), self.formats)]
        if not settled(readings):
            yield zxing(grey, self.formats)
        if not settled(readings):
            yield from on_stripes(grey, self.formats, seen().stripes, readings)

    def _turns(self, grey: Grey, seen: Seen, readings: list[Code]) -> Iterator[tuple[Retry, Box]]:
        """Each retry on each place once, beginning with the one whose turn it is."""
        if QR not in self.formats or settled(readings):
            return
        places = places_in(grey, seen().patterns)
        if self.place is not None:
            places = [self.place.grown(grey), *places]
        turns = [(retry, box) for box in places for retry in RETRIES]
        first = self.turn % max(len(turns), 1)
        yield from turns[first:] + turns[:first]
