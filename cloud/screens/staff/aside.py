"""Work of staff's pages that may wait, done beside the server's own thread.

A page is drawn on that one thread, with every other page of the platform: whoever waited for the
database there would let all of them wait.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

AT_ONCE = 8
"""Fewer than the connections to a database that a process has: residents and tills go on however
many of staff wait."""

_THREADS = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="staff")

Found = TypeVar("Found")


async def aside(work: Callable[[], Found]) -> Found:
    """What `work` gives, or raises, on a thread of its own: it touches nothing of the page."""
    return await asyncio.get_running_loop().run_in_executor(_THREADS, work)
