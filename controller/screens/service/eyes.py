"""Teaching the eyes: pictures are taken, judged and kept, and what came of it goes on record."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from contract.hours import day_of
from controller.core import touches
from controller.core.service.acts import Act
from controller.ports import FOREIGN, CameraLostError, EyesError
from controller.screens.service.around import CAMERA_S, LIGHT_S
from controller.screens.service.refusal import RefusedError
from vision.chamber import is_still
from vision.quality import DEFAULT_LIMITS, judge

if TYPE_CHECKING:
    from collections.abc import Callable

    from controller.core.touches import PictureOf
    from controller.ports import Image, Lesson, Teaching
    from controller.screens.service.desk import Desk


@dataclass(frozen=True, slots=True)
class Focus:
    """How sharp the chamber's picture is now, with the limit below which it is refused."""

    sharpness: float
    bright_level: float
    problems: tuple[str, ...]
    limit: float = DEFAULT_LIMITS.blur_variance


class EyesDesk:
    """What staff do at the desk with the kiosk's eyes; each act by their token.

    Args:
        desk: The service desk.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def told(self) -> dict[str, Any]:
        """Which pictures there are, by label and by bay."""
        teaching = self._teaching
        bays = {bay: teaching.has_empty(bay) for bay in self._desk.session.bays}
        return {"pictures": dict(teaching.counts()), "empty": bays}

    async def focus(self, token: str, bay: str) -> Focus:
        """How sharp it is now, while somebody turns the lens.

        Raises:
            RefusedError: This token may not, or there is no picture.
        """
        await self._light(token, bay, "focus")
        found = judge((await self._frames(bay, 1))[-1])
        return Focus(round(found.sharpness, 2), round(found.bright_level), found.problems)

    async def take_empty(self, token: str, bay: str) -> str:
        """Take the bay's chamber as empty from now on; what the record says.

        Raises:
            RefusedError: As `focus`; or it is not empty, lit, sharp and still.
        """
        async with self._desk.outside:
            await self._light(token, bay, "empty")
            picture = await self._picture(bay)
            name = await self._do(lambda: self._teaching.take_empty(bay, picture))
            result = f"taken, sharpness {judge(picture).sharpness:.1f}, picture {name}"
            what = f"empty reference of bay {bay}"
            return await self._record_or(
                lambda: self._teaching.undo_empty(bay), token, what, result
            )

    async def undo_empty(self, token: str, bay: str) -> str:
        """Go back to the picture before.

        Raises:
            RefusedError: As `focus`; or there is none.
        """
        async with self._desk.outside:
            await self._light(token, bay, "focus")
            await self._do(lambda: self._teaching.undo_empty(bay))
            return await self._record(token, f"empty reference of bay {bay}", "undone")

    async def show(self, token: str, bay: str, item: str) -> str:
        """Take a picture of an item that lies there, by its code, or of what is foreign.

        Raises:
            RefusedError: As `focus`; or no such item, or nothing that a kiosk would judge.
        """
        label = self._label(item)
        async with self._desk.outside:
            await self._light(token, bay, "item")
            picture = await self._picture(bay)
            count = await self._do(lambda: self._teaching.add(label, picture))
            what = f"picture of {item} in bay {bay}"
            result = f"taken, {count} of {label}"
            return await self._record_or(
                lambda: self._teaching.take_back(label), token, what, result
            )

    async def forget(self, token: str) -> str:
        """Throw the pictures of items away.

        Raises:
            RefusedError: This token may not.
        """
        async with self._desk.outside:
            await self._desk.require(token, Act.TEACH)
            count = await self._do(self._teaching.forget)
            return await self._record(token, "pictures of items", f"thrown away, {count}")

    async def finish(self, token: str) -> Lesson:
        """Learn from the pictures, and see so from now on where it pays.

        Raises:
            RefusedError: This token may not, or the pictures are too few.
        """
        async with self._desk.outside:
            await self._desk.require(token, Act.TEACH)
            day = day_of(self._desk.clock.utc_s())
            found: Lesson = await self._do(lambda: self._teaching.finish(day))
            result = "holds" if found.holds else f"changes nothing: {found.refusal}"
            right = f"{found.right_before:.2f} before, {found.right_after:.2f} after"
            what = f"eyes taught by {found.pictures} pictures"
            if found.holds:
                await self._record_or(self._teaching.undo, token, what, f"{result}, {right}")
            else:
                await self._record(token, what, f"{result}, {right}")
            return found

    async def undo(self, token: str) -> str:
        """See items as before the last lesson.

        Raises:
            RefusedError: This token may not, or there was none.
        """
        async with self._desk.outside:
            await self._desk.require(token, Act.TEACH)
            await self._do(self._teaching.undo)
            return await self._record(token, "eyes taught", "undone")

    @property
    def _teaching(self) -> Teaching:
        found = self._desk.around.teaching
        if found is None:
            raise RefusedError("no-eyes", "this kiosk's eyes cannot be taught here")
        return found

    def _label(self, item: str) -> str:
        if item == FOREIGN:
            return FOREIGN
        catalogue = self._desk.session.catalogue
        classes = next((one.classes for one in catalogue.items if one.code == item), ())
        if not classes:
            known = ", ".join(one.code for one in catalogue.items)
            raise RefusedError("no-such-item", f"no item {item!r}: {known}, or {FOREIGN}")
        return classes[0]

    async def _light(self, token: str, bay: str, of: PictureOf) -> None:
        """Ask for a picture; it is taken once the light is on."""
        duty = self._desk.session.service.duty
        was_lit = duty is not None and bay in duty.lit
        await self._desk.act(token, touches.PictureAsked(bay, of))
        if not was_lit:
            await asyncio.sleep(LIGHT_S)

    async def _picture(self, bay: str) -> Image:
        """A picture of the lit chamber that a kiosk would judge, and in which nothing moves."""
        before, picture = await self._frames(bay, 2)
        if problems := judge(picture).problems:
            raise RefusedError("bad-picture", f"the picture is {', '.join(problems)}: see to that")
        if not is_still(before, picture):
            raise RefusedError("moving", "something moves in the chamber: wait, and take it again")
        return picture

    async def _frames(self, bay: str, count: int) -> list[Image]:
        try:
            async with asyncio.timeout(CAMERA_S):
                return list(await self._desk.around.cameras[bay].frames(count))
        except CameraLostError as error:
            raise RefusedError("camera-lost", str(error)) from error
        except TimeoutError as error:
            raise RefusedError("camera-lost", f"no picture in {CAMERA_S:g} s") from error

    async def _do(self, work: Callable[[], Any]) -> Any:
        """Do it on a thread; whatever goes wrong there changes nothing and is said."""
        try:
            return await asyncio.to_thread(work)
        except EyesError as error:
            raise RefusedError(error.code, str(error)) from error
        except OSError as error:
            raise RefusedError("not-kept", f"it cannot be kept: {error.strerror}") from error

    async def _record_or(self, undo: Callable[[], None], token: str, what: str, result: str) -> str:
        """Put it on record; where service has ended meanwhile, it was never done."""
        try:
            return await self._record(token, what, result)
        except RefusedError:
            await self._do(undo)
            raise

    async def _record(self, token: str, what: str, result: str) -> str:
        await self._desk.act(token, touches.EyesTaught(what, result))
        return result
