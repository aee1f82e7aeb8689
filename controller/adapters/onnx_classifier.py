"""The eyes of `vision` as the port `Classifier`: items, barcodes, and whether the pan is empty."""

from __future__ import annotations

import copy
import logging
import time
from typing import TYPE_CHECKING, Protocol, TypeVar

from controller.adapters.chamber_eyes import ChamberEyes
from controller.core.sight import Sight
from controller.core.trigger import Glance
from vision import codes
from vision.chamber import Opening
from vision.errors import VisionError

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
        self._chambers = ChamberEyes()

    def learn_empty(
        self, bay: str, frames: Sequence[Image], opening: Opening = Opening.BOTTOM
    ) -> None:
        """Remember a bay's chamber from pictures in which it is empty and lit.

        `opening` is the edge of the picture behind which the hatch lies.

        Raises:
            VisionError: There is no picture, or one is not RGB.
        """
        self._chambers.learn(bay, frames, opening)

    def forget_empty(self, bay: str) -> None:
        """Know no more what a bay's empty chamber looks like; its camera is blind then."""
        self._chambers.forget(bay)

    @property
    def classes(self) -> tuple[str, ...]:
        """Classes that an item may be of."""
        return self._classifier.card.known

    @property
    def model(self) -> str:
        """What the model is called: the beginning of its hash."""
        return self._classifier.model_sha256[:12]

    def use(self, classifier: classify.Classifier) -> None:
        """Judge by this model, or by what it was taught, from now on."""
        self._classifier = classifier

    def anew(self) -> OnnxClassifier:
        """Eyes for another kiosk: the same model, and no chamber learned yet."""
        fresh = copy.copy(self)
        fresh._chambers = ChamberEyes()
        return fresh

    async def look(self, bay: str, frames: Sequence[Image]) -> Sight:
        """Judge 1 to 5 pictures of the same load together, barcodes included."""
        return await self._run(lambda: self._look(bay, frames))

    async def watch(self, bay: str, frames: Sequence[Image]) -> Glance:
        """Say what the chamber's pictures, oldest first, show of the hatch and the pan."""
        return await self._run(lambda: self._watch(bay, frames))

    async def is_empty(self, bay: str, frames: Sequence[Image]) -> bool | None:
        """Say whether the chamber is empty in these pictures.

        None where they cannot tell: the bay's chamber was not learned, the pictures are bad, or
        they contradict each other.
        """
        return await self._run(lambda: self._is_empty(bay, frames))

    def problems(self, bay: str) -> tuple[str, ...]:
        """What the latest pictures of the bay were found fault with; see the port."""
        return self._chambers.problems(bay)

    def _look(self, bay: str, frames: Sequence[Image]) -> Sight:
        try:
            if hindered := self._chambers.hinders(bay, frames):
                return Sight("", 0.0, unknown=True, problems=(hindered,))
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
            calibrated_pictures=self._classifier.card.calibrated_pictures,
            score_tail=self._classifier.card.score_tail,
        )

    def _barcodes(self, frames: Sequence[Image]) -> tuple[str, ...]:
        """The barcodes that two decoders or two pictures agree on."""
        end_s = self._clock() + BARCODES_S
        readings = []
        for frame in frames:
            left_s = end_s - self._clock()
            readings.append(codes.read(frame, budget_s=left_s, formats=BARCODES, clock=self._clock))
        return tuple(code.text for code in codes.agree(readings))

    def _watch(self, bay: str, frames: Sequence[Image]) -> Glance:
        try:
            return self._chambers.watch(bay, frames)
        except VisionError as error:
            _log.error("event=pictures-unreadable reason=%s", error)
            return Glance.BLIND

    def _is_empty(self, bay: str, frames: Sequence[Image]) -> bool | None:
        try:
            answers = {self._chambers.is_empty(bay, frame) for frame in frames}
        except VisionError as error:
            _log.error("event=pictures-unreadable reason=%s", error)
            return None
        return answers.pop() if len(answers) == 1 else None
