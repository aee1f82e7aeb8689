"""What may never return, on a thread that nobody waits for longer than is said.

A driver may keep whoever opens, writes or closes its device, and nothing ends that. A thread of a
pool would keep the pool's end, and with it the end of the loop and of the process.
"""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from controller.ports import PrinterError

if TYPE_CHECKING:
    from collections.abc import Callable


async def aside(work: Callable[[], object], limit_s: float) -> None:
    """Do the work on a thread of its own, and wait so long for it; then it is left to itself.

    Raises:
        PrinterError: As the work raises; `late`: it has not come back; `failing`: it broke.
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[None] = loop.create_future()

    def settle(error: PrinterError | None) -> None:
        if done.done():
            return  # nobody waits any more
        if error is None:
            done.set_result(None)
        else:
            done.set_exception(error)

    def run() -> None:
        error = _error_of(work)
        with suppress(RuntimeError):  # the loop has ended meanwhile
            loop.call_soon_threadsafe(settle, error)

    try:
        threading.Thread(target=run, name="printer", daemon=True).start()
    except RuntimeError as error:
        raise PrinterError("failing", f"no thread for the printer: {error}") from error
    try:
        async with asyncio.timeout(limit_s):
            await done
    except TimeoutError as error:
        raise PrinterError(
            "late", "the printer's driver does not come back: switch the printer off and on"
        ) from error


def _error_of(work: Callable[[], object]) -> PrinterError | None:
    """How the work ended; a thread that dies would leave whoever waits waiting."""
    try:
        work()
    except PrinterError as error:
        return error
    except Exception as error:  # noqa: BLE001 - whatever it is, it is answered
        return PrinterError("failing", f"the printer's driver fails: {error!r}")
    return None
