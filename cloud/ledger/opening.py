"""Opening records: reading lines and checking who signed them, here or in other processes.

A signature takes longer to check than all the rest of posting, needs nothing but the line and the
key, and waits for nobody: so it is what several processes share.
"""

from __future__ import annotations

import logging
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context
from typing import TYPE_CHECKING, Protocol

from contract.errors import RecordError
from contract.record import Record

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from concurrent.futures import Future

    from cloud.keys.keyring import Keyring

_log = logging.getLogger(__name__)


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
    """Opens them in `workers` processes; `close` it.

    One of them may die, killed by the system for its memory or by hand. The pool is then no good
    any more: what it still owed is opened here, and the next ones by a new pool.
    """

    def __init__(self, workers: int) -> None:
        self._workers = workers
        self._pool = self._new()

    def open_all(self, asked: Sequence[Asked]) -> Iterator[list[Opened]]:
        """As `Opener` says."""
        pool = self._pool
        given = [self._submitted(pool, one) for one in asked]
        return (self._result(pool, *one) for one in zip(given, asked, strict=True))

    def close(self) -> None:
        """Let the processes go."""
        self._pool.shutdown()

    def _new(self) -> ProcessPoolExecutor:
        # Threads run here already, and a fork would copy what locks they hold.
        return ProcessPoolExecutor(self._workers, mp_context=get_context("spawn"))

    def _submitted(self, pool: ProcessPoolExecutor, one: Asked) -> Future[list[Opened]] | None:
        """What was handed over; None where there is nothing to hand over, or nobody takes it."""
        if not one[1]:
            return None
        try:
            return pool.submit(open_lines, one)
        except BrokenProcessPool as error:
            self._renew(pool, error)
            return None

    def _result(
        self, pool: ProcessPoolExecutor, given: Future[list[Opened]] | None, one: Asked
    ) -> list[Opened]:
        try:
            if given is not None:
                return given.result()
        except BrokenProcessPool as error:
            self._renew(pool, error)
        return open_lines(one)

    def _renew(self, broken: ProcessPoolExecutor, error: BrokenProcessPool) -> None:
        """A new pool in place of one whose process died, once for all that it owed."""
        if self._pool is broken:
            _log.error("a process that checks signatures died, starting others reason=%s", error)
            broken.shutdown(wait=False)
            self._pool = self._new()


def _open(keys: Keyring, line: bytes) -> Opened:
    try:
        return keys.open(line)
    except RecordError as error:
        return Unread(line, error.code, str(error))
