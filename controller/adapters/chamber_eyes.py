"""What a kiosk's cameras see of its chambers besides items: empty, reached into, not seen."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from controller.core.trigger import Glance
from vision.chamber import EmptyReference, Opening, spoiled_by
from vision.quality import judge
from vision.trigger import Observation, observe

if TYPE_CHECKING:
    from collections.abc import Sequence

    from controller.ports import Image

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Chamber:
    """An empty chamber as it looks by now.

    `usual` is what its own picture is found fault with (a plain wall is `covered`).
    """

    reference: EmptyReference
    usual: frozenset[str]


class ChamberEyes:
    """The empty chambers of one kiosk, each under the name of its bay.

    They are built alike and yet differ, so a picture is compared with its own bay's alone.
    """

    def __init__(self) -> None:
        self._chambers: dict[str, _Chamber] = {}
        self._problems: dict[str, tuple[str, ...]] = {}
        self._shut: dict[str, Image] = {}
        self._frozen: set[str] = set()

    def learn(self, bay: str, frames: Sequence[Image], opening: Opening) -> None:
        """Remember a bay's chamber from pictures in which it is empty and lit.

        Raises:
            VisionError: There is no picture, or one is not RGB.
        """
        usual = frozenset(name for frame in frames for name in judge(frame).problems)
        self._chambers[bay] = _Chamber(EmptyReference(frames, opening), usual)

    def forget(self, bay: str) -> None:
        """Know no more what a bay's empty chamber looks like."""
        self._chambers.pop(bay, None)

    def problems(self, bay: str) -> tuple[str, ...]:
        """What the latest pictures of a bay were found fault with; see the port."""
        found = self._problems.get(bay, ())
        return (*found, "frozen") if bay in self._frozen else found

    def watch(self, bay: str, frames: Sequence[Image]) -> Glance:
        """What pictures of a bay's chamber show; `BLIND` where it was not learned.

        Raises:
            VisionError: One of them is not RGB.
        """
        seen = self._observe(bay, frames)
        if seen is None or seen.reaching is None:
            return Glance.BLIND
        if seen.reaching:
            return Glance(seen.reaching)
        if not seen.still:
            return Glance.MOVING
        return Glance.READY if seen.ready else Glance.EMPTY

    def hinders(self, bay: str, frames: Sequence[Image]) -> str:
        """Why a load must not be judged now: `hand`, `string`, `moving`; empty for no reason.

        Raises:
            VisionError: One of the pictures is not RGB.
        """
        if frames:
            self._see_shut(bay, frames[-1])
        glance = self.watch(bay, frames)
        return glance.value if glance in (Glance.HAND, Glance.STRING, Glance.MOVING) else ""

    def is_empty(self, bay: str, frame: Image) -> bool | None:
        """Whether the bay's chamber is empty; None where the picture cannot tell.

        An empty chamber is remembered as it looks now.

        Raises:
            VisionError: The picture is not RGB.
        """
        self._see_shut(bay, frame)
        chamber = self._able(bay, [frame])
        if chamber is None:
            return None
        compared = chamber.reference.compare(frame)
        problems = spoiled_by(chamber.reference, compared)
        self._report(bay, problems)
        if problems:
            return None
        empty = chamber.reference.calls_empty(compared)
        if empty:
            chamber.reference = chamber.reference.renewed(compared)
        return empty

    def _see_shut(self, bay: str, frame: Image) -> None:
        """Behind the shut hatch: a sensor's noise alone makes no two pictures alike."""
        before = self._shut.get(bay)
        frozen = before is not None and np.array_equal(before, frame)
        (self._frozen.add if frozen else self._frozen.discard)(bay)
        self._shut[bay] = frame

    def _observe(self, bay: str, frames: Sequence[Image]) -> Observation | None:
        """What the bay's chamber shows; None where it was not learned or the pictures are bad."""
        chamber = self._able(bay, frames)
        if chamber is None:
            return None
        seen = observe(chamber.reference, frames)
        self._report(bay, seen.problems)
        return seen

    def _able(self, bay: str, frames: Sequence[Image]) -> _Chamber | None:
        """The bay's chamber, if its own picture is no better than any of these."""
        chamber = self._chambers.get(bay)
        if chamber is None or not frames:
            return None
        problems = frozenset(name for frame in frames for name in judge(frame).problems)
        self._problems[bay] = tuple(sorted(problems - chamber.usual))
        return chamber if problems <= chamber.usual else None

    def _report(self, bay: str, problems: tuple[str, ...]) -> None:
        self._problems[bay] = problems
        if problems:
            _log.warning("event=lens bay=%s problems=%s", bay, ",".join(problems))
