"""The trace of a run: every byte between the parts with its virtual time, and one hash of it all.

One JSON line an event; where there are several kiosks it names the one that it befell. The hash is
over exactly these lines, so `sha256sum` of a trace file gives the `trace_sha256` of its run; a file
whose name ends in `.gz` is compressed, and its lines are hashed as they were before.
"""

from __future__ import annotations

import gzip
import hashlib
from typing import TYPE_CHECKING, BinaryIO

from sim.errors import SimError

if TYPE_CHECKING:
    from pathlib import Path

PACKED = ".gz"
QUICK = 1
"""Hex of boards and wires shrinks to a seventh with the quickest compression already."""


class Trace:
    """Collects a run's events until it is closed. Writes a file only where one is asked for.

    Raises:
        SimError: The file cannot be written.
    """

    def __init__(self, file: Path | None = None) -> None:
        self._hash = hashlib.sha256()
        self._open = True
        try:
            self._out = _opened(file) if file else None
        except OSError as error:
            raise SimError(f"trace file {file} cannot be written: {error.strerror}") from error

    def passed(self, t_us: int, channel: str, data: bytes, kiosk: str = "") -> None:
        """Note bytes that passed `channel` at `t_us`; `kiosk` is empty where there is one alone."""
        head = f'{{"t_us":{t_us},{_of(kiosk)}"channel":"{channel}","hex":"'
        self._line(f'{head}{data.hex()}"}}\n'.encode())

    def record(self, t_us: int, line: bytes, kiosk: str = "") -> None:
        """Note a record that was committed at `t_us`; `line` is its canonical JSON."""
        head = f'{{"t_us":{t_us},{_of(kiosk)}"channel":"record","record":'
        self._line(head.encode() + line + b"}\n")

    def close(self) -> str:
        """End the trace, so that nothing more counts; return its SHA-256 in hex. Idempotent."""
        self._open = False
        if self._out is not None:
            self._out.close()
            self._out = None
        return self._hash.hexdigest()

    def _line(self, line: bytes) -> None:
        if not self._open:
            return
        self._hash.update(line)
        if self._out is not None:
            self._out.write(line)


class KioskTrace:
    """One kiosk's part of a trace: its name stands in each line, or nothing where it is alone."""

    def __init__(self, trace: Trace, kiosk: str = "") -> None:
        self._trace = trace
        self._kiosk = kiosk

    def passed(self, t_us: int, channel: str, data: bytes) -> None:
        """As `Trace.passed`."""
        self._trace.passed(t_us, channel, data, self._kiosk)

    def record(self, t_us: int, line: bytes) -> None:
        """As `Trace.record`."""
        self._trace.record(t_us, line, self._kiosk)


def _of(kiosk: str) -> str:
    return f'"kiosk":"{kiosk}",' if kiosk else ""


def _opened(file: Path) -> BinaryIO | gzip.GzipFile:
    return gzip.open(file, "wb", QUICK) if file.suffix == PACKED else file.open("wb")
