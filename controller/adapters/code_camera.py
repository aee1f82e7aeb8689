"""A camera at the kiosk's front as a reader of residents' codes."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING, Protocol, TypeVar

from controller.ports import CameraLostError
from vision.codes import Stillness, Tracker

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

    from controller.ports import Camera, Image

T = TypeVar("T")

_log = logging.getLogger(__name__)

GONE_S = 2.0
"""A code that was not seen for so long was taken away: the same one comes as new."""

CAMERA_PAUSE_S = 2.0
"""Between two attempts while the camera gives no picture."""


RESIDENTS_CODES = ("QR",)
"""A bottle in somebody's hand is none of this camera's business."""


class Run(Protocol):
    """Runs heavy work elsewhere: on a thread on the wall clock, at once in virtual time."""

    def __call__(self, work: Callable[[], T], /) -> Awaitable[T]:
        """Give what `work()` returns."""


class TrackedScan:
    """Reads residents' codes picture by picture, each with what the ones before it told.

    A picture that shows the same as the one before is not read again, but for one now and then,
    as long as there was no code in that.

    Args:
        run: Where the work is done.
        clock: Seconds, for each picture's budget.
    """

    def __init__(self, run: Run, clock: Callable[[], float] = time.monotonic) -> None:
        self._run = run
        self._clock = clock
        self._tracker = Tracker(RESIDENTS_CODES)
        self._stillness = Stillness()
        self._read: list[str] = []

    async def __call__(self, image: Image) -> Sequence[str]:
        """Give the texts of the codes in the camera's next picture."""
        self._stillness, is_worth_it = self._stillness.look(image)
        if not is_worth_it and not self._read:
            return []
        tracker = self._tracker
        self._tracker, found = await self._run(lambda: tracker.look(image, clock=self._clock))
        self._read = [code.text for code in found]
        return self._read


class CameraCodeReader:
    """Reads codes from a camera's pictures (ports.CodeReader); `lost` says why it cannot now.

    Args:
        camera: Looks at where codes are shown.
        scan: Gives the texts in one picture. Reading is heavy: on the wall clock `scan` goes to
            a thread, in virtual time it reads at once.
        period_s: Pause between two pictures.
    """

    def __init__(
        self,
        camera: Camera,
        scan: Callable[[Image], Awaitable[Sequence[str]]],
        period_s: float = 0.2,
    ) -> None:
        self._camera = camera
        self._scan = scan
        self._period_s = period_s
        self._seen_at_s: dict[str, float] = {}
        self.lost = ""

    async def codes(self) -> AsyncIterator[str]:
        """Yield the text of each code as it is shown; the same code held still comes once.

        A camera that gives no picture, or one that is none, is tried again for ever.
        """
        while True:
            try:
                (frame,) = await self._camera.frames(1)
                texts = await self._scan(frame)
            except CameraLostError as error:
                await self._lose(str(error))
            except Exception as error:  # noqa: BLE001 - whatever it is, the kiosk goes on
                await self._lose(f"its pictures cannot be read: {error!r}")
            else:
                self.lost = ""
                for text in self._new(texts):
                    yield text
                await asyncio.sleep(self._period_s)

    async def _lose(self, reason: str) -> None:
        """Say once that nothing is read, and wait until the next try."""
        if not self.lost:
            _log.error("event=code-camera-lost reason=%s", reason)
        self.lost = reason
        await asyncio.sleep(CAMERA_PAUSE_S)

    def _new(self, texts: Sequence[str]) -> list[str]:
        """Those texts that were not there a moment ago, each once."""
        now_s = asyncio.get_running_loop().time()
        held = {text: at_s for text, at_s in self._seen_at_s.items() if now_s - at_s < GONE_S}
        self._seen_at_s = held | dict.fromkeys(texts, now_s)
        return [text for text in dict.fromkeys(texts) if text not in held]
