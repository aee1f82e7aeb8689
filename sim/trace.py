"""The trace of a run: every byte between the parts with its virtual time, and one hash of it all.

One JSON line an event. The hash is over exactly these lines, so `sha256sum` of a trace file
gives the run's `trace_sha256`; a file whose name ends in `.gz` is compressed, and its lines are
hashed as they were before.
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

    def passed(self, t_us: int, channel: str, data: bytes) -> None:
        """Note bytes that passed `channel` at `t_us`."""
        self._line(f'{{"t_us":{t_us},"channel":"{channel}","hex":"{data.hex()}"}}\n'.encode())

    def record(self, t_us: int, line: bytes) -> None:
        """Note a record that was committed at `t_us`; `line` is its canonical JSON."""
        self._line(f'{{"t_us":{t_us},"channel":"record","record":'.encode() + line + b"}\n")

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


def _opened(file: Path) -> BinaryIO | gzip.GzipFile:
    return gzip.open(file, "wb", QUICK) if file.suffix == PACKED else file.open("wb")
