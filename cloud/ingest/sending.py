"""Sends commands that are due, beside the answers to what comes."""

from __future__ import annotations

import asyncio
import logging
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from cloud.errors import LedgerError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from concurrent.futures import Executor

    from cloud.ingest.answers import Ingest

_log = logging.getLogger(__name__)

EVERY_S = 1.0
"""Whoever pressed a button looks on: a command leaves within a second."""


def still_wanted() -> bool:
    """True, unless this task was cancelled and nobody told it.

    `asyncio.wait_for` of Python 3.11, by which aiomqtt publishes, swallows a cancellation that
    comes just as it ends: without this whoever was cancelled then would go on for ever.

    Raises:
        CancelledError: It was.
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError
    return True


@asynccontextmanager
async def sending(
    ingest: Ingest, executor: Executor, publish: Callable[[str, bytes], Awaitable[None]]
) -> AsyncIterator[None]:
    """Meanwhile `publish` what is due, each second.

    A connection that breaks is noticed by whoever listens to it; sending ends with it, and with
    nothing else: what could not be sent now is due again.
    """
    task = asyncio.create_task(_send(ingest, executor, publish), name="commands")
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _send(
    ingest: Ingest, executor: Executor, publish: Callable[[str, bytes], Awaitable[None]]
) -> None:
    loop = asyncio.get_running_loop()
    while still_wanted():
        try:
            found = await loop.run_in_executor(executor, ingest.due)
            for topic, payload in found:
                await publish(topic, payload)
        except LedgerError as error:
            _log.error("event=commands-not-sent reason=%s", error)
        except Exception as error:  # noqa: BLE001 - nobody would notice that nothing is sent
            _log.warning("event=commands-not-sent reason=%r", error)
        await asyncio.sleep(EVERY_S)
