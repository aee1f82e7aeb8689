"""The real eyes, called inline: fixed virtual time, no thread, and no picture judged twice."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar

from vision import codes

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from controller.ports import Image

LOOK_S = 0.180
"""What judging three pictures takes on a Pi 5."""

SCAN_S = 0.020
T = TypeVar("T")


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
            # A clock that stands still: how much is tried must not depend on this machine.
            self._texts = [code.text for code in codes.scan(image, clock=lambda: 0.0)]
            self._last = image
        return self._texts
