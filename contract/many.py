"""Checking many signatures: in this process, or in several at a time.

Nearly all the time of a verification goes into Ed25519, which holds Python's lock; so a long
journal is cut into chunks for processes of their own. The chain itself is followed in one.
"""

from __future__ import annotations

from collections import deque
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context
from typing import TYPE_CHECKING

from contract.errors import RecordError
from contract.filed import check_row

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from concurrent.futures import Future

    from contract.chain import Place
    from contract.journal import Row

CHUNK = 500
"""Records a piece of work: 60 ms, beside which handing it over does not count."""

AHEAD = 3
"""So many chunks a process wait for it, so that none is idle and few are in memory."""

Checked = tuple[list["Place"], RecordError | None]
"""Places in order, up to the first row that is wrong, and what is wrong with it."""


def opened(rows: Iterable[Row], public: bytes, workers: int) -> Iterator[Place]:
    """Yield the place of every row in order.

    Raises:
        RecordError: At the first row that is not as it was written, or cannot be read.
    """
    if workers == 1:
        for row in rows:
            yield check_row(row, public)
        return
    # Not forked: a copy of a process with threads may wait for ever for one of their locks.
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        try:
            for places, error in _in_order(pool, _chunks(rows), public, workers * AHEAD):
                yield from places
                if error is not None:
                    raise error
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def check_rows(rows: list[Row], public: bytes) -> Checked:
    """The places of `rows`, up to the first that is wrong."""
    places: list[Place] = []
    for row in rows:
        try:
            places.append(check_row(row, public))
        except RecordError as error:
            return places, error
    return places, None


def _in_order(
    pool: ProcessPoolExecutor,
    chunks: Iterator[tuple[list[Row], RecordError | None]],
    public: bytes,
    ahead: int,
) -> Iterator[Checked]:
    running: deque[tuple[Future[Checked], RecordError | None]] = deque()
    for rows, unread in chunks:
        running.append((pool.submit(check_rows, rows, public), unread))
        if len(running) > ahead:
            yield _result(*running.popleft())
    while running:
        yield _result(*running.popleft())


def _result(work: Future[Checked], unread: RecordError | None) -> Checked:
    places, error = work.result()
    return places, error or unread


def _chunks(rows: Iterable[Row]) -> Iterator[tuple[list[Row], RecordError | None]]:
    """Cut `rows` up; what stops their reading comes after those that were read."""
    source = iter(rows)
    while True:
        chunk: list[Row] = []
        try:
            chunk.extend(islice(source, CHUNK))
        except RecordError as error:
            yield chunk, error
            return
        if not chunk:
            return
        yield chunk, None
