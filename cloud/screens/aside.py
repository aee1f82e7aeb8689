"""Work of pages that may wait, done beside the server's own thread.

A page is drawn on that one thread, with every other page of the platform: whoever waited for the
database there would let all of them wait.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

Found = TypeVar("Found")


class Aside:
    """Threads of their own for one kind of work: however much of it waits, the others go on.

    Args:
        at_once: So many threads. All of the process together have fewer than it has connections to
            its database, so that tills and the API find one.
        name: What the threads are called.
    """

    def __init__(self, at_once: int, name: str) -> None:
        self._threads = ThreadPoolExecutor(at_once, thread_name_prefix=name)

    async def __call__(self, work: Callable[[], Found]) -> Found:
        """What `work` gives, or raises: it touches nothing of the page."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)


class Latest:
    """Looks of one page for news: one that another has overtaken is not to be drawn.

    Args:
        aside: The threads on which it looks.
    """

    def __init__(self, aside: Aside) -> None:
        self._aside = aside
        self._asked = 0

    async def __call__(self, work: Callable[[], Found]) -> Found | None:
        """What `work` gives, or raises; None where the page has looked again meanwhile."""
        self._asked += 1
        asked = self._asked
        found = await self._aside(work)
        return found if asked == self._asked else None


look_aside = Aside(4, "residents-look")
"""Residents' pages that look for news."""

act_aside = Aside(2, "residents-act")
"""What residents do there, which waits for whoever writes: looks do not wait with it."""
