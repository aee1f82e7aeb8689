"""A printer's character device, read and written with an end to every wait. Blocks: use a thread.

A printer without paper takes no more bytes, for ever; a driver that waits for it would keep its
thread, and a serial port that is closed meanwhile half a minute more.
"""

from __future__ import annotations

import errno
import fcntl
import os
import select
import stat
import sys
import termios
import time
import tty
from contextlib import suppress
from typing import TYPE_CHECKING, Self

from controller.adapters.escpos.status import DO
from controller.ports import PrinterError

if TYPE_CHECKING:
    from collections.abc import Callable

TICK_S = 0.01

SLICE_S = 0.1
"""So often a wait looks whether it is to be given up."""

FORGOTTEN = 16
"""So many times 4 kB are thrown away, more than any driver holds; what goes on talks for ever."""

BAUDS = {rate: getattr(termios, f"B{rate}") for rate in (9_600, 19_200, 38_400, 57_600, 115_200)}


class Device:
    """An open device; a context that lets it go, and what it has not taken.

    Args:
        path: The device.
        baud: Bits per second, where it is a serial one.
        given_up: Whether whoever waits is to stop waiting.
        limit_s: How long all waits may take together.

    Raises:
        PrinterError: `lost`: it is not there, or may not be opened.
    """

    def __init__(self, path: str, baud: int, given_up: Callable[[], bool], limit_s: float) -> None:
        self._path = path
        self._given_up = given_up
        self._ends_s = time.monotonic() + limit_s
        try:
            self._file = os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY)
        except OSError as error:
            raise self._lost(error) from error
        self._is_serial = os.isatty(self._file)
        try:
            if not stat.S_ISCHR(os.fstat(self._file).st_mode):
                raise OSError(errno.ENODEV, "it is no character device")
            if self._is_serial:
                self._set_up(baud)
        except (OSError, termios.error) as error:
            os.close(self._file)
            raise self._lost(error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, error: type[BaseException] | None, *_: object) -> None:
        if error is not None or self.is_full:
            self._flush()
        os.close(self._file)

    def write(self, data: bytes) -> None:
        """Write all of it.

        Raises:
            PrinterError: `late`: it takes no more; or `lost`.
        """
        left = memoryview(data)
        while left:
            self._until(select.POLLOUT)
            try:
                left = left[os.write(self._file, left) :]
            except BlockingIOError:
                time.sleep(TICK_S)  # USB's driver calls itself ready while it has no paper
            except OSError as error:
                raise self._lost(error) from error

    def give_up_rest(self, patience_s: float) -> None:
        """What it has not taken yet it never gets; so long it may take for what is asked now."""
        self._flush()
        self._ends_s = time.monotonic() + patience_s

    def drain(self) -> None:
        """Wait until a serial printer has all of it; other drivers do not say.

        Raises:
            PrinterError: As `write`.
        """
        while self.is_full:
            self._check()
            time.sleep(SLICE_S)

    @property
    def is_full(self) -> bool:
        """Whether bytes are still with a serial port's driver; others do not say."""
        if not self._is_serial:
            return False
        try:
            count = fcntl.ioctl(self._file, termios.TIOCOUTQ, bytes(4))
        except OSError:
            return False  # it is gone, and so are they
        return int.from_bytes(count, sys.byteorder) > 0

    def read(self, within_s: float) -> bytes:
        """What has come by then, at once where something has; empty where nothing does."""
        ends_s = time.monotonic() + within_s
        while (left_s := ends_s - time.monotonic()) > 0 and not self._given_up():
            if not _ready(self._file, select.POLLIN, min(left_s, SLICE_S)):
                continue
            try:
                if data := os.read(self._file, 64):
                    return data
            except BlockingIOError:
                pass
            except OSError:
                return b""  # a driver that cannot be read: the printer tells nothing
            time.sleep(TICK_S)  # a driver may say that there is something, and have nothing
        return b""

    def forget(self) -> None:
        """Throw away what has come and nobody has read."""
        for _ in range(FORGOTTEN):
            try:
                if not _ready(self._file, select.POLLIN, 0.0) or not os.read(self._file, 4096):
                    return
            except OSError:
                return

    def _set_up(self, baud: int) -> None:
        tty.setraw(self._file)
        settings = termios.tcgetattr(self._file)
        settings[0] |= termios.IXON  # no answer of a printer is one of these two characters
        settings[2] |= termios.CLOCAL | termios.CREAD
        settings[4] = settings[5] = BAUDS[baud]
        termios.tcsetattr(self._file, termios.TCSANOW, settings)
        termios.tcflow(self._file, termios.TCOON)

    def _flush(self) -> None:
        """Or closing a serial port waits for what a printer without paper will not take."""
        if self._is_serial:
            with suppress(OSError, termios.error):
                termios.tcflush(self._file, termios.TCOFLUSH)

    def late(self) -> PrinterError:
        """What is said of a printer that takes nothing, and does not say why."""
        return PrinterError(
            "late", f"the printer at {self._path} takes nothing: see to its paper and cover"
        )

    def _until(self, events: int) -> None:
        self._check()  # each wait may be short, and there be no end of them
        while not _ready(self._file, events, SLICE_S):
            self._check()

    def _check(self) -> None:
        if self._given_up() or time.monotonic() > self._ends_s:
            raise self.late()

    def _lost(self, error: OSError | termios.error) -> PrinterError:
        if isinstance(error, OSError) and error.errno == errno.ENOSPC:  # USB's driver knows
            return PrinterError("paper-out", DO["paper-out"])
        return PrinterError(
            "lost", f"no printer at {self._path}: check its cable, or correct `port` ({error})"
        )


def _ready(file: int, events: int, timeout_s: float) -> bool:
    poll = select.poll()
    poll.register(file, events)
    return bool(poll.poll(timeout_s * 1000))
