"""Dear answers for everybody: whoever asks how often, the database has other work to do."""

from __future__ import annotations

import math
import threading
import time
from typing import TYPE_CHECKING, Generic, NoReturn, TypeVar

from cloud.errors import LedgerError

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

CHEAP_S = 5.0
"""What takes less is worked out anew for whoever asks next: one at a time does no harm."""

RESTS = 20
"""An answer serves so many times as long as it took: a twentieth of a processor at the most."""

WAIT_S = 2.0
"""Whoever asks while the first answer is worked out waits so long; nobody may take all threads."""


class Seldom(Generic[T]):
    """An answer that adds up whole tables, worked out by one at a time and then kept for a while.

    Args:
        work: Works it out; a `LedgerError` of it is kept as well.
        clock: Gives seconds.
    """

    def __init__(self, work: Callable[[], T], clock: Callable[[], float] = time.monotonic) -> None:
        self._work = work
        self._clock = clock
        self._turn = threading.Lock()
        self._kept: Callable[[], T] | None = None
        self._until_s = -math.inf

    def __call__(self) -> T:
        """The answer, or the one before while another is worked out.

        Raises:
            LedgerError: The database failed, or there is no answer yet.
        """
        kept = self._kept
        if not self._turn.acquire(timeout=WAIT_S if kept is None else 0):
            if kept is None:
                raise LedgerError("this is being added up just now: ask again in a minute")
            return kept()
        try:
            if self._kept is not None and self._clock() < self._until_s:
                return self._kept()
            return self._anew()
        finally:
            self._turn.release()

    def _anew(self) -> T:
        began_s = self._clock()
        try:
            found = self._work()
        except LedgerError as error:
            said = str(error)
            self._keep(lambda: _fail(said), began_s)
            raise
        self._keep(lambda: found, began_s)
        return found

    def _keep(self, answer: Callable[[], T], began_s: float) -> None:
        now_s = self._clock()
        self._kept = answer
        self._until_s = now_s + RESTS * (now_s - began_s) if now_s - began_s >= CHEAP_S else now_s


def _fail(said: str) -> NoReturn:
    raise LedgerError(said)
