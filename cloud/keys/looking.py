"""Looking for new files beside whatever runs, as long as it runs."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import TYPE_CHECKING

from cloud.errors import LedgerError

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from typing import Any

EVERY_S = 60
"""A list that the operator put into the folder is known within a minute."""

_log = logging.getLogger(__name__)


async def looked_after(
    running: Coroutine[Any, Any, None], look: Callable[[], None], every_s: float = EVERY_S
) -> None:
    """Await `running`; meanwhile call `look` every `every_s` seconds, on a thread of its own."""
    looking = asyncio.create_task(_look(look, every_s), name="looking")
    try:
        await running
    finally:
        looking.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await looking


async def _look(look: Callable[[], None], every_s: float) -> None:
    while True:
        await asyncio.sleep(every_s)
        try:
            await asyncio.to_thread(look)
        except LedgerError as error:
            _log.error("event=look-failed reason=%s", error)
        except Exception:  # noqa: BLE001 - whatever it is, files must go on being looked for
            _log.exception("event=look-failed")
