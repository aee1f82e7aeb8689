"""A real serial port (`/dev/ttyACM0`, `/dev/serial/by-id/...`) as the `BytePort` of a node.

Reads when the kernel has bytes, never blocks the loop, and opens the port again when a cable
comes back. What cannot be sent at once is dropped: the link above repeats what matters.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os

import serial

_log = logging.getLogger(__name__)

AGAIN_S = 0.5
"""How often a port that is gone is tried again."""

CHUNK = 4096


class SerialPort:
    """The serial port at `path`. Closed until the first `read`.

    Args:
        path: The device.
        baud: Bits per second; USB ports ignore it.
    """

    def __init__(self, path: str, baud: int = 115_200) -> None:
        self._path = path
        self._baud = baud
        self._port: serial.Serial | None = None
        self._trouble = f"port {path} is not open yet"

    @property
    def trouble(self) -> str:
        """What is wrong with the port and what to do; "" where nothing is known to be."""
        return self._trouble

    def write(self, data: bytes) -> None:
        """Send bytes without waiting; dropped where there is no port or its buffer is full."""
        if self._port is None:
            return
        try:
            os.write(self._port.fileno(), data)
        except BlockingIOError:
            _log.debug("event=port-full port=%s dropped=%d", self._path, len(data))
        except OSError as error:
            # Only `read` lets the port go: it waits on the descriptor, and wakes for the same.
            self._say(self._lost())
            _log.debug("event=port-write port=%s reason=%s", self._path, error)

    async def read(self) -> bytes:
        """Wait for bytes and return those that have come; opens the port when it must."""
        while True:
            port = self._port or await self._open()
            try:
                await _readable(port.fileno())
                data = os.read(port.fileno(), CHUNK)
            except BlockingIOError:
                continue
            except OSError as error:
                self._gone(error)
                continue
            if data:
                return data
            self._gone("end of file")  # always ready and always empty: unplugged

    def close(self) -> None:
        """Let the port go; idempotent."""
        port, self._port = self._port, None
        if port is not None:
            with contextlib.suppress(OSError):
                port.close()

    async def _open(self) -> serial.Serial:
        """Try until it opens. Opening may block for a moment, so it has a thread."""
        loop = asyncio.get_running_loop()
        while True:
            try:
                port = await loop.run_in_executor(None, self._opened)
            except (OSError, ValueError) as error:  # SerialException is an OSError
                self._say(f"port {self._path} cannot be opened: plug in the node or correct `port`")
                _log.debug("event=port-closed port=%s reason=%s", self._path, error)
                await asyncio.sleep(AGAIN_S)
                continue
            self._port = port
            self._say("")
            return port

    def _opened(self) -> serial.Serial:
        port = serial.Serial(self._path, self._baud, timeout=0, exclusive=True)
        port.reset_input_buffer()
        self._ask_for_low_latency(port)
        return port

    def _ask_for_low_latency(self, port: serial.Serial) -> None:
        """A bridge holds bytes for up to 16 ms unless its driver is told that somebody waits."""
        try:
            port.set_low_latency_mode(True)
        except (AttributeError, OSError, ValueError) as error:
            # A port that has no such mode (USB of the node's own, no Linux) needs none.
            _log.debug("event=port-latency port=%s reason=%s", self._path, error)

    def _gone(self, reason: object) -> None:
        _log.warning("event=port-lost port=%s reason=%s", self._path, reason)
        self.close()
        self._say(self._lost())

    def _lost(self) -> str:
        return f"port {self._path} is gone: check the node's USB cable"

    def _say(self, trouble: str) -> None:
        if trouble != self._trouble:
            self._trouble = trouble
            _log.info("event=port port=%s trouble=%r", self._path, trouble)


async def _readable(descriptor: int) -> None:
    """Wait until `descriptor` has bytes or news of its end."""
    loop = asyncio.get_running_loop()
    waiting = asyncio.Event()
    loop.add_reader(descriptor, waiting.set)
    try:
        await waiting.wait()
    finally:
        loop.remove_reader(descriptor)
