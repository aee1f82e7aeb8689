"""A USB camera (V4L2) as the port `Camera`, through OpenCV on a thread of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import cv2

from controller.ports import CameraLostError

if TYPE_CHECKING:
    from controller.ports import Image

STALE_FRAMES = 4
"""A V4L2 queue holds up to four old pictures; they are thrown away before each take."""


class UsbCamera:
    """The camera at `device` (a number, or a path such as `/dev/v4l/by-id/...`).

    Opened at the first picture, and again after it was lost.
    """

    def __init__(self, device: str) -> None:
        self._device = device
        self._capture: cv2.VideoCapture | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=f"camera {device}")

    async def frames(self, count: int) -> Sequence[Image]:
        """Take `count` fresh RGB pictures (height × width × 3).

        Raises:
            CameraLostError: There is no such camera, or it gives no picture.
        """
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, self._take, count)

    def close(self) -> None:
        """Let the device go; idempotent."""
        self._thread.submit(self._release)
        self._thread.shutdown()

    def _take(self, count: int) -> list[Image]:
        capture = self._open()
        for _ in range(STALE_FRAMES):
            capture.grab()
        taken: list[Image] = []
        for _ in range(count):
            good, frame = capture.read()
            if not good:
                self._release()
                raise CameraLostError(f"camera {self._device} gives no picture: check its cable")
            taken.append(cv2.cvtColor(frame, cv2.COLOR_BGR2RGB))  # type: ignore[arg-type]
        return taken

    def _open(self) -> cv2.VideoCapture:
        if self._capture is None:
            device = int(self._device) if self._device.isdigit() else self._device
            capture = cv2.VideoCapture(device)
            if not capture.isOpened():
                raise CameraLostError(f"no camera at {self._device}: check cable and `camera` key")
            self._capture = capture
        return self._capture

    def _release(self) -> None:
        if self._capture is not None:
            self._capture.release()
            self._capture = None
