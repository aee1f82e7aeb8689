"""How fast the desk may be asked: a bucket that fills by the second."""

from __future__ import annotations

from typing import TYPE_CHECKING

from controller.screens.service.refusal import RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable

A_SECOND, BURST = 20.0, 60.0
"""A live view asks some five times a second; a page that opens, ten times at once."""


class Pace:
    """Lets through `A_SECOND` requests a second in the long run, and `BURST` at once.

    Args:
        now_s: The loop's time.
    """

    def __init__(self, now_s: Callable[[], float]) -> None:
        self._now_s = now_s
        self._at_s = now_s()
        self._left = BURST

    def take(self) -> None:
        """Let one through.

        Raises:
            RefusedError: `too-many`.
        """
        now_s = self._now_s()
        self._left = min(BURST, self._left + (now_s - self._at_s) * A_SECOND)
        self._at_s = now_s
        if self._left < 1:
            raise RefusedError("too-many", f"more than {A_SECOND:g} requests a second: slow down")
        self._left -= 1
