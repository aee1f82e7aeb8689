"""The camera at the kiosk's front, and the phone that somebody holds before it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import cv2
import numpy as np
import segno

from controller.ports import CameraLostError

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Sequence

    from controller.ports import Image

FRAME_S = 0.033
PAUSE_S = 0.2
"""The reader's between two pictures."""

HEIGHT, WIDTH = 360, 480
MODULE_PX = 4
QUIET_MODULES = 4
NOISE = 6.0
"""Standard deviation of the sensor's noise, of 255."""


class CodeCamera:
    """Sees the phone held before the kiosk, a little tilted and noisy (ports.Camera).

    Args:
        issue: Makes a fresh code's text for an account (16 hex digits).
        rng: How people hold phones.
        latest: By account the code that was shown last, here or at another camera that shares it.
    """

    def __init__(
        self,
        issue: Callable[[str], str],
        rng: random.Random,
        latest: dict[str, str] | None = None,
    ) -> None:
        self._issue = issue
        self._rng = rng
        self._shown: Image | None = None
        self._nobody_seen = False
        self._lost = False
        self._somebody = asyncio.Event()
        self._latest: dict[str, str] = {} if latest is None else latest
        self._nobody = self._picture(np.full((HEIGHT, WIDTH), 90, dtype=np.uint8))

    def show(self, account: str) -> None:
        """Verb: hold up a fresh code of `account`."""
        self._latest[account] = text = self._issue(account)
        self.show_text(text)

    def show_again(self, account: str) -> None:
        """Verb: hold up a copy of the code of `account` that was shown last, or nothing yet."""
        if account in self._latest:
            self.show_text(self._latest[account])

    def show_text(self, text: str) -> None:
        """Verb: hold up a code with any text."""
        self._shown = self._picture(self._held(phone_screen(text)))
        self._somebody.set()

    def away(self) -> None:
        """Verb: put the phone away."""
        self._shown = None

    def lose(self, on: bool) -> None:
        """Verb: its cable is out, or in again."""
        self._lost = on
        self._somebody.set()

    async def frames(self, count: int) -> Sequence[Image]:
        """Take `count` pictures of whatever is before the camera.

        Nobody there looks the same for ever, so that the next picture of nobody is not taken.

        Raises:
            CameraLostError: Its cable is out.
        """
        if self._nobody_seen and self._shown is None:
            await self._somebody.wait()
            # A camera that never stopped would be anywhere between two pictures.
            await asyncio.sleep(self._rng.uniform(0.0, PAUSE_S))
        self._nobody_seen = self._shown is None and not self._lost
        self._somebody.clear()
        if self._lost:
            raise CameraLostError("the camera at the front is gone: check its cable")
        await asyncio.sleep(FRAME_S * count)
        return [self._nobody if self._shown is None else self._shown] * count

    def _held(self, screen: np.ndarray) -> np.ndarray:
        """A phone's screen as it is held: off centre, tilted up to 12 degrees."""
        height, width = screen.shape
        scale = 0.8 * HEIGHT / max(height, width)
        turn = cv2.getRotationMatrix2D(
            (width / 2, height / 2), self._rng.uniform(-12, 12), scale * self._rng.uniform(0.85, 1)
        )
        turn[0, 2] += WIDTH / 2 - width / 2 + self._rng.uniform(-15, 15)
        turn[1, 2] += HEIGHT / 2 - height / 2 + self._rng.uniform(-10, 10)
        return cv2.warpAffine(screen, turn, (WIDTH, HEIGHT), flags=cv2.INTER_AREA, borderValue=90)

    def _picture(self, grey: np.ndarray) -> Image:
        noise = np.random.default_rng(self._rng.getrandbits(32)).normal(0, NOISE, grey.shape)
        noisy = np.clip(grey + noise, 0, 255).astype(np.uint8)
        return np.asarray(np.repeat(noisy[:, :, None], 3, axis=2), dtype=np.uint8)


def phone_screen(text: str) -> np.ndarray:
    """A QR code of `text` as a phone shows it: dark grey on white, with its quiet zone."""
    code = segno.make_qr(text, error="m")
    rows = [list(row) for row in code.matrix_iter(border=QUIET_MODULES)]
    modules = np.where(np.array(rows, dtype=np.uint8) > 0, 25, 245).astype(np.uint8)
    return np.kron(modules, np.ones((MODULE_PX, MODULE_PX), dtype=np.uint8))
