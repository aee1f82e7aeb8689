"""The real eyes, called inline: fixed virtual time, no thread, and no picture judged twice."""

from __future__ import annotations

import asyncio
import functools
from typing import TYPE_CHECKING, TypeVar

from controller.adapters.onnx_classifier import OnnxClassifier
from sim.chance import rng
from sim.drawn import empty_chamber
from vision import codes
from vision.classify import Classifier

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from controller.ports import Image

LOOK_S = 0.180
"""What judging three pictures takes on a Pi 5."""

SCAN_S = 0.020
T = TypeVar("T")

EMPTIES = 3
"""Pictures from which the empty chamber is learned."""


def standing_still() -> float:
    """A clock for budgets of work: how much is tried must not depend on this machine."""
    return 0.0


async def inline(work: Callable[[], T]) -> T:
    """Do heavy work at once, and let it have taken its time."""
    await asyncio.sleep(LOOK_S)
    return work()


class InlineScan:
    """Reads the codes in a picture; the very same picture again is not read again."""

    def __init__(self) -> None:
        self._last: Image | None = None
        self._texts: list[str] = []

    async def __call__(self, image: Image) -> Sequence[str]:
        """The texts of the codes in one picture."""
        await asyncio.sleep(SCAN_S)
        if image is not self._last:
            self._texts = [code.text for code in codes.scan(image, clock=standing_still)]
            self._last = image
        return self._texts


def shipped_classifier() -> OnnxClassifier:
    """The eyes that come with the kiosk, called inline; load them once for many runs.

    Raises:
        VisionError: The model is missing or broken.
    """
    return OnnxClassifier(Classifier.shipped(), run=inline, clock=standing_still)


def eyes_of(bays: Iterable[str], shared: OnnxClassifier) -> OnnxClassifier:
    """One kiosk's own eyes: `shared` eyes that have learned its bays' chambers as drawn.

    What a kiosk follows of its chambers stays its own, so a run does not depend on others.
    """
    eyes = shared.anew()
    for bay in bays:
        eyes.learn_empty(bay, _empty_chambers())
    return eyes


@functools.cache
def _empty_chambers() -> Sequence[Image]:
    return [empty_chamber(rng(0, "empty", str(number))) for number in range(EMPTIES)]
