"""Opening records: reading lines and checking who signed them, here or in other processes.

A signature takes longer to check than all the rest of posting, needs nothing but the line and the
key, and waits for nobody: so it is what several processes share.
"""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from typing import TYPE_CHECKING, Protocol

from contract.errors import RecordError
from contract.record import Record

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cloud.keys.keyring import Keyring


@dataclass(frozen=True, slots=True)
class Unread:
    """A line that is no record of its kiosk, and why, as `RecordError` says."""

    line: bytes
    code: str
    message: str


Opened = Record | Unread

Asked = tuple["Keyring", "Sequence[bytes]"]
"""A kiosk's keys, and lines that came under its name."""


class Opener(Protocol):
    """Whoever reads lines and checks their signatures."""

    def open_all(self, asked: Sequence[Asked]) -> Iterator[list[Opened]]:
        """What each line is, in the order in which they were asked, as it becomes known."""


def open_lines(asked: Asked) -> list[Opened]:
    """What each line is, by the keys of its kiosk."""
    keys, lines = asked
    return [_open(keys, line) for line in lines]


class InlineOpener:
    """Opens them in the caller's thread."""

    def open_all(self, asked: Sequence[Asked]) -> Iterator[list[Opened]]:
        """As `Opener` says."""
        return map(open_lines, asked)


class PoolOpener:
    """Opens them in `workers` processes; `close` it."""

    def __init__(self, workers: int) -> None:
        # Threads run here already, and a fork would copy what locks they hold.
        self._pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn"))

    def open_all(self, asked: Sequence[Asked]) -> Iterator[list[Opened]]:
        """As `Opener` says."""
        given = [self._pool.submit(open_lines, one) if one[1] else None for one in asked]
        return (one.result() if one else [] for one in given)

    def close(self) -> None:
        """Let the processes go."""
        self._pool.shutdown()


def _open(keys: Keyring, line: bytes) -> Opened:
    try:
        return keys.open(line)
    except RecordError as error:
        return Unread(line, error.code, str(error))
