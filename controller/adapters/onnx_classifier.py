"""The eyes of `vision` as the port `Classifier`: items, barcodes, and whether the pan is empty."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

from controller.core.sight import Sight
from vision import codes
from vision.errors import VisionError
from vision.quality import judge
from vision.trigger import EmptyReference

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from controller.ports import Image
    from vision import classify

T = TypeVar("T")

_log = logging.getLogger(__name__)

BARCODES = ("EAN-13", "EAN-8")
BARCODES_S = 0.3
"""So long barcodes are looked for in all pictures of one load together."""

UNREADABLE = "unreadable"
"""The problem of pictures that are none: the camera gives something else."""


class Run(Protocol):
    """Runs heavy work elsewhere: on a thread on the wall clock, at once in virtual time."""

    def __call__(self, work: Callable[[], T], /) -> Awaitable[T]:
        """Give what `work()` returns."""


@dataclass(frozen=True, slots=True)
class _Chamber:
    """An empty chamber, and what its own picture is found fault with (a plain wall is `flat`)."""

    reference: EmptyReference
    usual: frozenset[str]


class OnnxClassifier:
    """Judges pictures of a kiosk's chambers (ports.Classifier).

    Args:
        classifier: The model with its card.
        run: Where its work is done.
        clock: Seconds, for the budget of reading barcodes.
    """

    def __init__(
        self,
        classifier: classify.Classifier,
        run: Run,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._classifier = classifier
        self._run = run
        self._clock = clock
        self._chambers: list[_Chamber] = []

    def learn_empty(self, frames: Sequence[Image]) -> None:
        """Remember one bay's chamber from pictures in which it is empty and lit.

        Chambers of one kiosk are built alike, so a picture may be compared with all of them:
        it is empty where it looks like any.

        Raises:
            VisionError: There is no picture, or one is not RGB.
        """
        usual = frozenset(name for frame in frames for name in judge(frame).problems)
        self._chambers.append(_Chamber(EmptyReference(frames), usual))

    async def look(self, frames: Sequence[Image]) -> Sight:
        """Judge 1 to 5 pictures of the same load together, barcodes included."""
        return await self._run(lambda: self._look(frames))

    async def is_empty(self, frames: Sequence[Image]) -> bool | None:
        """Say whether the chamber is empty in these pictures.

        None where they cannot tell: no chamber was learned, the pictures are bad, or they
        contradict each other.
        """
        return await self._run(lambda: self._is_empty(frames))

    def _look(self, frames: Sequence[Image]) -> Sight:
        try:
            seen = self._classifier.look(frames)
            barcodes = self._barcodes(frames)
        except VisionError as error:
            _log.error("event=pictures-unreadable reason=%s", error)
            return Sight("", 0.0, unknown=True, problems=(UNREADABLE,))
        return Sight(
            label=seen.label,
            probability=seen.probability,
            probabilities=seen.probabilities,
            unknown=seen.unknown,
            unknown_score=seen.unknown_score,
            problems=seen.problems,
            barcodes=barcodes,
            model_sha256=self._classifier.model_sha256,
        )

    def _barcodes(self, frames: Sequence[Image]) -> tuple[str, ...]:
        """The barcodes that two decoders or two pictures agree on."""
        end_s = self._clock() + BARCODES_S
        readings = []
        for frame in frames:
            left_s = end_s - self._clock()
            readings.append(codes.read(frame, budget_s=left_s, formats=BARCODES, clock=self._clock))
        return tuple(code.text for code in codes.agree(readings))

    def _is_empty(self, frames: Sequence[Image]) -> bool | None:
        try:
            answers = {self._frame_is_empty(frame) for frame in frames}
        except VisionError as error:
            _log.error("event=pictures-unreadable reason=%s", error)
            return None
        return answers.pop() if len(answers) == 1 else None

    def _frame_is_empty(self, frame: Image) -> bool | None:
        problems = frozenset(judge(frame).problems)
        able = [one for one in self._chambers if problems <= one.usual]
        return any(one.reference.is_empty(frame) for one in able) if able else None
