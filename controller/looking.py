"""Pictures of the chambers and what the eyes say of them, beside the pump of events."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from controller.core import commands, events
from controller.core.health import sightings
from controller.core.trigger import Glance
from controller.ports import CameraLostError

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping, Sequence

    from controller import ports

    Question = commands.Look | commands.Watch | commands.SeeEmpty

_log = logging.getLogger(__name__)


class Looking:
    """Answers what the core asks of the cameras; each answer comes as an event.

    Args:
        cameras: By bay name.
        classifier: Judges the pictures.
        screen: Shows the latest one.
        post: Takes the answers.
    """

    def __init__(
        self,
        cameras: Mapping[str, ports.Camera],
        classifier: ports.Classifier,
        screen: ports.Screen,
        post: Callable[[object], None],
    ) -> None:
        self._cameras = cameras
        self._classifier = classifier
        self._screen = screen
        self._post = post
        self._blind: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    def begin(self, wish: Question) -> None:
        """Take the pictures and judge them, in a task of its own."""
        task = asyncio.get_running_loop().create_task(self._answered(wish))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _answered(self, wish: Question) -> None:
        try:
            await self._answer(wish)
        except Exception as error:  # noqa: BLE001 - whatever it is, the core is answered
            _log.error("event=look-failed reason=%r", error)
            self._post(_blind(wish))

    def _answer(self, wish: Question) -> Coroutine[None, None, None]:
        match wish:
            case commands.Look():
                return self._look(wish)
            case commands.Watch():
                return self._watch(wish)
            case commands.SeeEmpty():
                return self._see_empty(wish)

    async def _look(self, wish: commands.Look) -> None:
        frames = await self._pictures(wish.bay, wish.frames)
        if frames is None:
            self._post(_blind(wish))
            return
        self._screen.picture(wish.bay, frames[-1])
        sight = await self._classifier.look(wish.bay, frames)
        self._tell_of(wish.bay, sight.problems, of_empty=False)
        self._post(events.Looked(wish.bay, wish.number, sight))

    async def _watch(self, wish: commands.Watch) -> None:
        frames = await self._pictures(wish.bay, wish.frames)
        if frames is None:
            self._post(_blind(wish))
            return
        glance = await self._classifier.watch(wish.bay, frames)
        self._post(events.Watched(wish.bay, wish.number, glance))

    async def _see_empty(self, wish: commands.SeeEmpty) -> None:
        frames = await self._pictures(wish.bay, 1)
        if frames is None:
            self._post(_blind(wish))
            return
        self._screen.picture(wish.bay, None)
        empty = await self._classifier.is_empty(wish.bay, frames)
        self._tell_of(wish.bay, (), of_empty=True)
        self._post(events.EmptySeen(wish.bay, wish.number, empty))

    async def _pictures(self, bay: str, count: int) -> Sequence[ports.Image] | None:
        """Pictures of a bay's chamber; None where its camera is lost, of which the core hears."""
        try:
            frames = await self._cameras[bay].frames(count)
        except CameraLostError as error:
            _log.warning("event=camera-lost bay=%s reason=%s", bay, error)
            self._blind.add(bay)
            self._post(events.CameraLost(bay, str(error)))
            return None
        if bay in self._blind:
            self._blind.discard(bay)
            self._post(events.CameraBack(bay))
        return frames

    def _tell_of(self, bay: str, problems: tuple[str, ...], *, of_empty: bool) -> None:
        """What pictures behind the shut hatch show of camera and lamp."""
        found = {*problems, *self._classifier.problems(bay)}
        self._post(sightings.PicturesSeen(bay, tuple(sorted(found)), of_empty))


def _blind(wish: Question) -> object:
    """What the core hears of a camera that shows nothing."""
    match wish:
        case commands.Look():
            return events.Looked(wish.bay, wish.number, None)
        case commands.Watch():
            return events.Watched(wish.bay, wish.number, Glance.BLIND)
        case commands.SeeEmpty():
            return events.EmptySeen(wish.bay, wish.number, None)
