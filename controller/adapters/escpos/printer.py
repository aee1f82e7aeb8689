"""The port `Printer` over ESC/POS, on a thread: the loop never waits for a printer."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from controller.adapters.escpos import status
from controller.adapters.escpos.aside import aside
from controller.adapters.escpos.device import Device
from controller.adapters.escpos.encode import encoded
from controller.ports import PrinterError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from controller.core.printer_config import PrinterConfig
    from controller.core.slip import Slip

LIMIT_S = 45.0
"""Four codes and their lines on 80 mm are 23 kB, 24 s at 9600 baud."""

ANSWER_S = 0.5
"""A printer answers within milliseconds, or never."""

LOOK_S = 2.0
"""So long it may take to be asked how it is; a slip waits for that, and for nothing else."""

CLOSED_S = 0.5
"""A thread that is given up notices within a tenth of a second; the end of the kiosk waits so long.

What a serial port's driver still holds would keep the process half a minute.
"""

GRACE_S = 5.0
"""So much later than its limit a driver may still come back."""


class EscPosPrinter:
    """The receipt printer of the configuration. Its device is open only while it is spoken to.

    Args:
        config: Where it is and what it has.
        limit_s: How long one slip may take.
        answer_s: How long its answer may take.
    """

    def __init__(
        self, config: PrinterConfig, limit_s: float = LIMIT_S, answer_s: float = ANSWER_S
    ) -> None:
        self._config = config
        self._limit_s = limit_s
        self._answer_s = answer_s
        self._closed = threading.Event()
        self._one_at_a_time = threading.Lock()

    @property
    def patience_s(self) -> float:
        """Nobody waits longer for a slip, whatever its driver does; seconds."""
        return LOOK_S + self._limit_s + GRACE_S

    async def look(self) -> None:
        """Ask how it is; one that tells nothing is well.

        Raises:
            PrinterError: It can print nothing now.
        """
        await aside(self._look, LOOK_S + GRACE_S)

    async def print(self, slip: Slip) -> None:
        """Print a slip, and return once it is out, as far as the printer tells.

        Raises:
            PrinterError: It did not come out, or not all of it.
        """
        await aside(lambda: self._print(slip), self.patience_s)

    def close(self) -> None:
        """Whoever waits for the printer gives up, and lets its device go soon; idempotent."""
        self._closed.set()
        if self._one_at_a_time.acquire(timeout=CLOSED_S):
            self._one_at_a_time.release()

    def _look(self) -> None:
        with self._turn(0.0), self._open(min(LOOK_S, self._limit_s)) as device:
            self._ask(device)

    def _print(self, slip: Slip) -> None:
        config = self._config
        with self._turn(LOOK_S):
            data = encoded(slip, config.width_mm, cuts=config.cuts)
            with self._open(self._limit_s) as device:
                self._ask(device)
                self._send(device, data)
                self._ask(device)  # the paper may have ended within the slip

    def _open(self, limit_s: float) -> Device:
        config = self._config
        return Device(config.port, config.baud, self._closed.is_set, limit_s)

    @contextmanager
    def _turn(self, wait_s: float) -> Iterator[None]:
        """Alone with the device; nobody queues for longer than it takes to be asked how it is."""
        if not self._one_at_a_time.acquire(timeout=wait_s):
            raise PrinterError("busy", "the printer still prints: try again in a moment")
        try:
            yield
        except OSError as error:
            raise PrinterError("failing", f"the printer's driver fails: {error}") from error
        finally:
            self._one_at_a_time.release()

    def _send(self, device: Device, data: bytes) -> None:
        """Send a slip; where the printer takes no more, what it says of that goes before."""
        try:
            device.write(data)
            device.drain()
        except PrinterError as error:
            if error.code == "late":
                device.give_up_rest(self._answer_s)
                self._ask(device)
            raise

    def _ask(self, device: Device) -> None:
        """Hear how it is; one that does not answer the first question is asked no second."""
        device.forget()
        offline = self._answer(device, status.OFFLINE)
        if offline is None and device.is_full:
            raise device.late()
        paper = None if offline is None else self._answer(device, status.PAPER)
        status.judge(offline, paper)

    def _answer(self, device: Device, what: int) -> int | None:
        """The answer; None where none comes, or the printer hears nothing now."""
        device.write(status.question(what))
        return next((one for one in device.read(self._answer_s) if status.is_answer(one)), None)
