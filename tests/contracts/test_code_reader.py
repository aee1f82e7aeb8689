"""What a reader of residents' codes keeps to: real pictures, real decoders, each code once."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from controller.adapters.code_camera import CameraCodeReader, TrackedScan
from controller.ports import CameraLostError
from sim import clock
from sim.code_camera import CodeCamera
from sim.seeing import InlineScan
from tests.vision.made import ean_picture, qr_picture

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from controller.ports import CodeReader, Image

T = TypeVar("T")


class Front:
    """The kiosk's front: a phone may be held there, and the camera may fail."""

    def __init__(self) -> None:
        self.phone = CodeCamera(lambda account: account, random.Random(7))
        self.broken = False
        self.spoilt: Image | None = None

    async def frames(self, count: int) -> Sequence[Image]:
        """What the camera sees."""
        if self.broken:
            await asyncio.sleep(0.1)
            raise CameraLostError("no picture: check the camera's cable")
        if self.spoilt is not None:
            return [self.spoilt]
        return await self.phone.frames(count)


@asynccontextmanager
async def reading(reader: CodeReader) -> AsyncIterator[list[str]]:
    """Everything that is read meanwhile."""
    texts: list[str] = []

    async def read() -> None:
        async for text in reader.codes():
            texts.append(text)  # noqa: PERF401  # as they come, not at an end that never comes

    task = asyncio.create_task(read())
    try:
        yield texts
        assert not task.done(), "a reader never ends"
    finally:
        task.cancel()


def play(story: Callable[[Front, list[str]], Awaitable[None]]) -> None:
    """Play a story before the camera in virtual time."""

    async def told() -> None:
        front = Front()
        async with reading(CameraCodeReader(front, InlineScan())) as texts:
            await asyncio.sleep(1)
            await story(front, texts)

    clock.run(told())


def test_a_code_that_is_held_still_comes_once() -> None:
    """However long it is held; nobody holds nothing."""

    async def story(front: Front, texts: list[str]) -> None:
        assert texts == []
        front.phone.show_text("GR1:ONE")
        await asyncio.sleep(1)
        assert texts == ["GR1:ONE"]
        await asyncio.sleep(60)
        assert texts == ["GR1:ONE"]

    play(story)


def test_a_code_comes_again_once_it_was_gone() -> None:
    """A second out of sight is a shaking hand, three are a new showing."""

    async def story(front: Front, texts: list[str]) -> None:
        for gone_s, readings in ((1, 1), (3, 2)):
            front.phone.show_text("GR1:ONE")
            await asyncio.sleep(1)
            front.phone.away()
            await asyncio.sleep(gone_s)
            front.phone.show_text("GR1:ONE")
            await asyncio.sleep(1)
            assert texts == ["GR1:ONE"] * readings
            await asyncio.sleep(1)

    play(story)


def test_another_code_is_read_at_once() -> None:
    """The next resident need not wait until the first one's phone is forgotten."""

    async def story(front: Front, texts: list[str]) -> None:
        for text in ("GR1:ONE", "GR1:TWO", "https://example.org"):
            front.phone.show_text(text)
            await asyncio.sleep(0.6)
        assert texts == ["GR1:ONE", "GR1:TWO", "https://example.org"]

    play(story)


def test_a_camera_that_fails_is_tried_again_for_ever() -> None:
    """It may be plugged in again any time."""

    async def story(front: Front, texts: list[str]) -> None:
        front.broken = True
        await asyncio.sleep(600)
        front.broken = False
        front.phone.show_text("GR1:ONE")
        await asyncio.sleep(4)
        assert texts == ["GR1:ONE"]

    play(story)


def test_a_picture_that_is_none_ends_no_reader() -> None:
    """A camera that is plugged in right now may give anything; the diagnosis hears why."""

    async def story() -> None:
        async def run(work: Callable[[], T], /) -> T:
            return work()

        front = Front()
        reader = CameraCodeReader(front, TrackedScan(run, lambda: 0.0))
        async with reading(reader) as texts:
            front.spoilt = np.zeros((0, 0, 3), np.uint8)
            await asyncio.sleep(5)
            assert reader.lost
            front.spoilt = None
            front.phone.show_text("GR1:ONE")
            await asyncio.sleep(4)
            assert (texts, reader.lost) == (["GR1:ONE"], "")

    clock.run(story())


def test_reading_may_happen_on_a_thread() -> None:
    """As in the kiosk: the loop goes on meanwhile, and each picture knows of those before."""

    async def story() -> None:
        loop = asyncio.get_running_loop()
        front = Front()
        with ThreadPoolExecutor(1) as eyes:

            def run(work: Callable[[], T], /) -> asyncio.Future[T]:
                return loop.run_in_executor(eyes, work)

            reader = CameraCodeReader(front, TrackedScan(run))
            texts = reader.codes()
            async with asyncio.timeout(10):
                for text in ("GR1:ONE", "GR1:TWO"):
                    front.phone.show_text(text)
                    assert await anext(texts) == text

    asyncio.run(story())


def test_a_bottle_held_before_the_residents_camera_says_nothing() -> None:
    """Its barcode is for the chamber's camera."""

    async def story() -> None:
        async def run(work: Callable[[], T], /) -> T:
            return work()

        scan = TrackedScan(run, lambda: 0.0)
        assert await scan(ean_picture("6901939621608")) == []
        assert await scan(qr_picture("GR1:ONE")) == ["GR1:ONE"]

    asyncio.run(story())
