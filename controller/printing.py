"""The receipt printer beside the pump of events: slips that were asked for, and how it is."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from controller.core import events
from controller.core.health.sightings import PrinterSeen
from controller.ports import PrinterError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from controller import ports
    from controller.core import commands

_log = logging.getLogger(__name__)

EVERY_S = 60.0
"""So often it is asked how it is: staff hear that the paper is out before a resident does."""

BUSY = "busy"


class Printing:
    """Prints one slip at a time, and answers each with an event.

    Args:
        printer: The printer; None where none is fitted.
        post: Takes the answers.
    """

    def __init__(self, printer: ports.Printer | None, post: Callable[[object], None]) -> None:
        self._printer = printer
        self._post = post
        self._slip: asyncio.Task[None] | None = None
        self._trouble = ""

    @property
    def is_fitted(self) -> bool:
        """Whether there is a printer."""
        return self._printer is not None

    def begin(self, wish: commands.Print) -> None:
        """Print the slip in a task of its own; while another is printed it is refused."""
        if self._printer is None or self._slip is not None:
            self._post(events.Printed(wish.number, BUSY))
            return
        self._slip = asyncio.get_running_loop().create_task(self._print(self._printer, wish))
        self._slip.add_done_callback(_done)

    async def run(self) -> None:
        """Ask the printer now and then how it is, until cancelled; returns where there is none."""
        while self._printer is not None:
            if self._slip is None:
                await self._look(self._printer)
            await asyncio.sleep(EVERY_S)

    async def _look(self, printer: ports.Printer) -> None:
        try:
            await self._seen(printer.look())
        except Exception:  # noqa: BLE001 - whatever it is, the kiosk goes on
            _log.exception("event=printer-unasked")

    async def _print(self, printer: ports.Printer, wish: commands.Print) -> None:
        trouble = "failing"
        try:
            trouble = await self._seen(printer.print(wish.slip))
        finally:
            self._slip = None
            self._post(events.Printed(wish.number, trouble))

    async def _seen(self, asked: Awaitable[None]) -> str:
        """What it came to, in a word; the diagnosis hears it as well."""
        try:
            await asked
        except PrinterError as error:
            if error.code != BUSY:
                self._note(error.code, str(error))
            return error.code
        self._note("", "")
        return ""

    def _note(self, code: str, reason: str) -> None:
        """The log hears of trouble once, the diagnosis of all."""
        if code and code != self._trouble:
            _log.warning("event=printer-trouble code=%s reason=%s", code, reason)
        self._trouble = code
        self._post(PrinterSeen(code, reason))


def _done(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        _log.error("event=print-failed reason=%r", error)  # no reason to end the kiosk
